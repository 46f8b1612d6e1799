"""Entries that cover keys → the intervals of keys of which the same is known, in order.

S3 orders keys by their UTF-8 bytes. All keys below a folder are one interval of that order, and of
two such intervals one lies inside the other or they have nothing in common. So a walk over sorted
entries, with those that enclose the current one on a stack, cuts the keys of a bucket into
intervals; a binary search then finds the one of a key, and with it everything that covers the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple, assert_never

from firnline.reach.location import Location, LocationKind

NONE: Final = -1


class Mark(NamedTuple):
    """What is known of a key, or said by one entry. `strength` is 0 where nothing references it,
    else that of the strongest reference; the others are numbers, or `NONE`: of that reference, of
    the nearest enclosing location that is not needed, of the nearest root, and of the nearest names
    of an owner and of an experiment.
    """

    strength: int = 0
    reference: int = NONE
    unneeded: int = NONE
    root: int = NONE
    owner: int = NONE
    experiment: int = NONE

    def within(self, outer: Mark) -> Mark:
        """What is known where both are said, this one of the narrower location."""
        stronger = self if self.strength and self.strength >= outer.strength else outer
        return Mark(
            stronger.strength,
            stronger.reference,
            outer.unneeded if self.unneeded == NONE else self.unneeded,
            outer.root if self.root == NONE else self.root,
            outer.owner if self.owner == NONE else self.owner,
            outer.experiment if self.experiment == NONE else self.experiment,
        )


NOTHING: Final = Mark()


class Entry(NamedTuple):
    """`text` is the prefix of what it covers, or with `exact` the whole of it."""

    text: str
    exact: bool
    mark: Mark


def terminated(key: str) -> str:
    """A key or the key of a `dir`, so that one is below the other where it begins with it. The
    whole bucket is no folder: everything is below the empty text.
    """
    return f"{key}/"


def text_of(location: Location, kind: LocationKind) -> str:
    match kind:
        case LocationKind.EXACT:
            return terminated(location.key)
        case LocationKind.DIR:
            return terminated(location.key) if location.key else ""
        case LocationKind.RAW_PREFIX:
            return location.key
        case _:
            assert_never(kind)


def intervals(entries: Iterable[Entry]) -> Iterator[tuple[str, Mark]]:
    """The first text of each interval, and what is known in it: of several with the same first text
    the last counts. `entries` are sorted by text.
    """
    yield "", NOTHING
    enclosing = [("", NOTHING)]
    for text, group in groupby(entries, key=itemgetter(0)):
        if not text.startswith(enclosing[-1][0]):
            yield from _left(enclosing, text)
        said = tuple(group)
        outer = enclosing[-1][1]
        if len(said) == 1 and not said[0].exact:
            # Nearly all are: the rest of this is too slow for a million of them.
            mark = said[0].mark
            below = mark if outer is NOTHING else mark.within(outer)
            yield text, below
            enclosing.append((text, below))
            continue
        below = _joined((each.mark for each in said if not each.exact), outer)
        at = _joined((each.mark for each in said if each.exact), below)
        yield text, at
        if any(each.exact for each in said):
            yield f"{text}\0", below  # the very next text
        if not all(each.exact for each in said):
            enclosing.append((text, below))
    yield from _left(enclosing, None)


def _left(enclosing: list[tuple[str, Mark]], text: str | None) -> Iterator[tuple[str, Mark]]:
    """The ends of the intervals in which `text` is not, which leave the list; of all for None."""
    while len(enclosing) > 1 and (text is None or not text.startswith(enclosing[-1][0])):
        ended, _ = enclosing.pop()
        if (after := end_of(ended)) is not None:
            yield after, enclosing[-1][1]


def _joined(marks: Iterable[Mark], outer: Mark) -> Mark:
    for mark in marks:
        outer = mark.within(outer)
    return outer


_LAST: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


def end_of(prefix: str) -> str | None:
    """The first text behind all that begin with the prefix; None where none is behind them."""
    if prefix.endswith("/"):
        return f"{prefix[:-1]}0"
    kept = prefix.rstrip(chr(_LAST))
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(_SURROGATES.stop if following in _SURROGATES else following)
