"""What is stored, as far as facts decide how rules see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from firnline.inventory.forecast.groups import Group


@dataclass(frozen=True, slots=True)
class Undecided:
    """Keys of which facts leave open what the rules do to them: each is like one of `possible`,
    and any number of them, of whatever size, may be like each. It is the same possibility under
    the rules before a change and after it.

    The volumes of all are those of the keys: they are the same in each.
    """

    possible: tuple[Group, ...]

    def __post_init__(self) -> None:
        assert self.possible, "nothing that it could be like"
        volumes = {tuple(each.volume for each in group) for group in self.possible}
        assert len(volumes) == 1, "one volume, whatever it is like"


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """Keys that are like one of `possible` too, but of which too much is open to follow each
    possibility: rules may do whatever they do at all to such items, at any time.
    """

    possible: tuple[Group, ...]


class Contents(NamedTuple):
    """What is stored in a bucket, or is written into it every day. `because` says in words why not
    all of it is decided, and what would decide it.
    """

    decided: Sequence[Group]
    undecided: Sequence[Undecided] = ()
    unfollowed: Sequence[Unfollowed] = ()
    because: Sequence[str] = ()

    @property
    def left_open(self) -> Contents:
        """Without what is decided."""
        return self._replace(decided=())

    @property
    def likely(self) -> Iterator[Group]:
        """All that is there, each as what is in the middle of what it may be like."""
        yield from self.decided
        for keys in self._open_keys:
            yield keys.possible[len(keys.possible) // 2]

    @property
    def is_decided(self) -> bool:
        return not self.undecided and not self.unfollowed

    @property
    def groups(self) -> list[Group]:
        """All that is there, each as the first that it may be like."""
        return [*self.decided, *(each.possible[0] for each in self._open_keys)]

    @property
    def _open_keys(self) -> Sequence[Undecided | Unfollowed]:
        return [*self.undecided, *self.unfollowed]


def all_of(found: Sequence[Contents]) -> Contents:
    return Contents(
        [group for each in found for group in each.decided],
        [keys for each in found for keys in each.undecided],
        [keys for each in found for keys in each.unfollowed],
        [why for each in found for why in each.because],
    )
