"""Which prefixes get which tiers, so that a bucket costs least within the months of a forecast?

Of a prefix all choices are compared, and for each all smallest sizes. A prefix gets its tiers as
a whole, or its folders get theirs, whatever saves more. Fewer tiers, no size and fewer prefixes are
preferred where they save as much but for `TOLERANCE`. The whole bucket gets tiers only where its
folders do not save `NEARLY_ALL` of that: nobody knows what else will be written into it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from firnline.inventory.advice.below import Node, Sized, sized
from firnline.inventory.advice.courses import NOTHING
from firnline.inventory.advice.reading import Reading
from firnline.inventory.advice.timeline import Timeline
from firnline.inventory.advice.value import Tariff
from firnline.inventory.forecast.volume import Volume
from firnline.s3.law.limits import SMALL_OBJECT

TOLERANCE: Final = Fraction(1, 100)
"""Of what is saved: as much is given up for a shorter policy, once in a prefix and once for it."""

NEARLY_ALL: Final = Fraction(9, 10)


Reads = Callable[[Timeline], Fraction]


class CheapestTimeline(NamedTuple):
    """`saved` in dollars, within the months of the forecast."""

    prefix: str
    timeline: Timeline
    saved: Fraction


class Limits(NamedTuple):
    """`choices` are the timelines of a prefix without a smallest size; none where nothing may be
    proposed for it as a whole. `ends`: the prefixes that have an end, which are not looked into.
    `least`: what a prefix saves at least, in dollars.
    """

    choices: Callable[[Node], Sequence[Timeline]]
    ends: Mapping[str, int]
    sizes: Sequence[int]
    least: Fraction
    reading: Reading | None = None


def best(root: Node, limits: Limits, tariff: Tariff) -> list[CheapestTimeline]:
    """By prefix. None is below another. Raises `NoPrice`."""
    choices = {node.prefix: tuple(limits.choices(node)) for node in root.all}
    found = {
        node.prefix: sized(node.all, limits.sizes, tariff.kinds)
        for node in root.all
        if choices[node.prefix]
    }
    kinds = {
        prefix: {kind for some in by_size.values() for kind in some}
        for prefix, by_size in found.items()
    }
    wanted: dict[Timeline, set[int]] = {}
    for prefix, timelines in choices.items():
        for timeline in timelines:
            wanted.setdefault(timeline, set()).update(kinds[prefix])
    tariff.learn(wanted)
    return _Search(limits, tariff, found, choices).below(root)


class _Search:
    def __init__(
        self,
        limits: Limits,
        tariff: Tariff,
        sized: Mapping[str, Sized],
        choices: Mapping[str, Sequence[Timeline]],
    ) -> None:
        self._limits, self._tariff = limits, tariff
        self._sized, self._choices = sized, choices

    def below(self, node: Node) -> list[CheapestTimeline]:
        if node.prefix in self._limits.ends:
            return [self._whole(node)]
        found = [each for child in node.below for each in self.below(child)]
        if (
            any(each.prefix in self._limits.ends for each in found)
            or not self._choices[node.prefix]
        ):
            return found
        whole = self._whole(node)
        parts = sum((each.saved for each in found), Fraction())
        is_better = whole.saved >= parts * (1 - TOLERANCE)
        if not node.prefix:
            is_better = whole.saved * NEARLY_ALL > parts
        pays = whole.saved > 0 and whole.saved >= self._limits.least
        return [whole] if is_better and pays else found

    def _whole(self, node: Node) -> CheapestTimeline:
        sized, choices = self._sized[node.prefix], self._choices[node.prefix]
        reads = reads_of(self._limits.reading, list(node.all), self._tariff)
        timeline, saved = cheapest(sized, choices, self._tariff, reads)
        return CheapestTimeline(node.prefix, timeline, saved * self._tariff.unit)


def cheapest(
    sized: Sized, choices: Sequence[Timeline], tariff: Tariff, reads: Reads
) -> tuple[Timeline, Fraction]:
    """What saves most, or nearly as much with fewer moves and without a smallest size."""
    found = [each for timeline in choices for each in _by_size(sized, timeline, tariff, reads)]
    most = max(saved for _, saved in found)
    return min(
        (each for each in found if each[1] >= most - abs(most) * TOLERANCE),
        key=lambda each: (len(each[0].moves), each[0].at_least, -each[1]),
    )


def saved_by(sized: Sized, timeline: Timeline, tariff: Tariff, reads: Reads) -> Fraction:
    """What it saves against no rules, with its smallest size, which is one of the sizes."""
    return dict(_by_size(sized, timeline, tariff, reads))[timeline]


def reads_of(reading: Reading | None, nodes: Sequence[Node], tariff: Tariff) -> Reads:
    """What reads of what is in the nodes cost more under a timeline, in the units of a tariff."""
    if reading is None:
        return lambda _: Fraction()
    return lambda timeline: reading.more(nodes, timeline) / tariff.unit


def _by_size(
    sized: Sized, timeline: Timeline, tariff: Tariff, reads: Reads
) -> Iterator[tuple[Timeline, Fraction]]:
    """With each of the smallest sizes, and what it saves."""
    stays = Timeline(ends=timeline.ends)
    timeline = timeline._replace(at_least=SMALL_OBJECT)
    saved = sum(_gain(some, stays, tariff) for some in sized.values())
    for size in sorted(sized, reverse=True):
        saved += _gain(sized[size], timeline, tariff) - _gain(sized[size], stays, tariff)
        larger = timeline._replace(at_least=size)
        yield larger, saved - reads(larger)


def _gain(some: Mapping[int, Volume], timeline: Timeline, tariff: Tariff) -> int:
    if timeline == NOTHING:
        return 0
    saved = tariff.saved(timeline)
    return sum(saved[kind].of(volume) for kind, volume in some.items())
