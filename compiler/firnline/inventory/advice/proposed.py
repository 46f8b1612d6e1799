"""What is proposed for a bucket, and which line of it saves how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple

from firnline.inventory.advice.search import CheapestTimeline
from firnline.inventory.advice.timeline import Cleanup, Timeline, cleaning, rules_of
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.volume import Volume
from firnline.s3.model import Rule

OLD_VERSIONS = "old_versions"
UPLOADS = "uploads"


class Line(NamedTuple):
    """A setting that is proposed: the place of a move in its timeline, or what else it is of; and
    the prefix, None of the whole bucket.
    """

    prefix: str | None
    setting: int | str


SMALLEST, ENDS = "smallest_move", "delete_after"


class Change(NamedTuple):
    """Of a retention that is there: what it does to objects now, and what it would do. `others` are
    so many other buckets that it is also for.
    """

    path: str
    policy: str
    retention: str
    prefixes: tuple[str, ...]
    before: Timeline
    after: Timeline
    others: int
    steps: tuple[tuple[str, ...], ...] = ()
    """Its keys, one after the other; those of one step have a share in what is saved together."""

    def line(self, keys: tuple[str, ...]) -> Line:
        """Of a step."""
        return Line(None, f"{self.policy}/{self.retention}: {', '.join(keys)}")

    @property
    def lines(self) -> list[Line]:
        return [self.line(keys) for keys in self.steps]


class Worth(NamedTuple):
    """What a line adds to the lines above it, in dollars: what is saved by month, negative where it
    costs more, and what of that is paid for transitions. `first` is what the first run does more
    with it, but for moves.
    """

    saved: tuple[Fraction, ...]
    paid: Fraction
    first: Mapping[Happens, Volume] = MappingProxyType({})

    def plus(self, other: Worth) -> Worth:
        saved = zip(self.saved, other.saved, strict=True)
        return Worth(tuple(one + more for one, more in saved), self.paid + other.paid)

    @property
    def a_month(self) -> Fraction:
        """In the last month of the forecast."""
        return self.saved[-1]

    @property
    def in_all(self) -> Fraction:
        return sum(self.saved, Fraction())


@dataclass(frozen=True, slots=True)
class Proposed:
    """`kept` are prefixes that are written down as they are: no tier pays there."""

    cleanup: Cleanup
    tiers: tuple[CheapestTimeline, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def prefixes(self) -> list[str]:
        """Of its retentions, in order."""
        return sorted({*self.kept, *(each.prefix for each in self.tiers)})

    def steps(self) -> Iterator[tuple[Line, tuple[Rule, ...]]]:
        """Each line with all rules of its prefix, or of the whole bucket, up to it."""
        old, uploads, _ = self.cleanup
        if uploads is not None:
            yield Line(None, UPLOADS), tuple(cleaning(Cleanup(uploads=uploads)))
        if old is not None:
            yield Line(None, OLD_VERSIONS), tuple(cleaning(self.cleanup))
        for each in self.tiers:
            for setting, timeline in _growing(each.timeline):
                yield Line(each.prefix, setting), tuple(rules_of(each.prefix, timeline))


def _growing(whole: Timeline) -> Iterator[tuple[int | str, Timeline]]:
    grown = Timeline()
    for place in range(len(whole.moves)):
        grown = grown._replace(moves=whole.moves[: place + 1])
        yield place, grown
    if whole.at_least != grown.at_least:
        grown = grown._replace(at_least=whole.at_least)
        yield SMALLEST, grown
    if whole.ends is not None:
        yield ENDS, whole
