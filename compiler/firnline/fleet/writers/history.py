"""Writes of one bucket → what its rules meant after each, and which meanings they flip between.

Rules that do the same mean the same, whatever their order, IDs and text: writing them again is no
change. A *flip* is a write after which the rules mean something else than after the one before it.
Two meanings are in conflict where at least three flips lead directly from one of them to the other,
in either direction and whatever else was written in between: A → B → A → B is three flips between A
and B, and so is A → B → C → A → B → C → A → B, where B and C, and C and A, flip only twice each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from firnline.fleet.writers.events import LifecycleWrite
from firnline.fleet.writers.writer import Writer
from firnline.s3.compare.cells import NotAnalysed
from firnline.s3.compare.difference import Facts
from firnline.s3.compare.same import same, surely_same, unknown_classes
from firnline.s3.model import RuleSet

FLIPS_OF_A_CONFLICT: Final = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """A write, and what the rules meant after it: a number of `History.meanings`, None where the
    rules are not known.
    """

    write: LifecycleWrite
    meaning: int | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two meanings, the earlier one first, and the turns that changed one into the other."""

    meanings: tuple[int, int]
    flips: tuple[Turn, ...]


@dataclass(frozen=True)
class History:
    """`meanings` are told by the first rules that had them; `turns` are in the order of time."""

    meanings: tuple[RuleSet, ...]
    turns: tuple[Turn, ...]

    def meaning_of(self, rules: RuleSet, facts: Facts) -> int | None:
        """None where no write had it."""
        number = _meaning(rules, self.meanings, facts)
        return number if number < len(self.meanings) else None

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The one with the most flips first."""
        flips: dict[tuple[int, int], list[Turn]] = defaultdict(list)
        for before, turn in pairwise(self.turns):
            one, other = before.meaning, turn.meaning
            if one is not None and other is not None and one != other:
                flips[min(one, other), max(one, other)].append(turn)
        found = (Conflict(pair, tuple(turns)) for pair, turns in flips.items())
        among = [each for each in found if len(each.flips) >= FLIPS_OF_A_CONFLICT]
        return tuple(sorted(among, key=lambda each: (-len(each.flips), each.meanings)))

    def writers_of(self, meaning: int) -> dict[Writer, tuple[Turn, ...]]:
        """Who wrote it, and when; the writer of the newest such write first."""
        found: dict[Writer, list[Turn]] = {}
        for turn in self.turns:
            if turn.meaning == meaning:
                turns = found.pop(turn.write.writer, [])
                found[turn.write.writer] = [*turns, turn]
        return {writer: tuple(turns) for writer, turns in reversed(found.items())}


def history(writes: Iterable[LifecycleWrite], facts: Facts) -> History:
    """Of one bucket. A request that is told twice counts once; of those of one second, the earlier
    one is the one that stands first.
    """
    meanings: list[RuleSet] = []
    known: dict[RuleSet, int] = {}
    turns = []
    for write in sorted(_once(writes), key=lambda each: each.at):
        rules = write.rules
        if rules is not None and rules not in known:
            known[rules] = _meaning(rules, meanings, facts)
            if known[rules] == len(meanings):
                meanings.append(rules)
        turns.append(Turn(write, None if rules is None else known[rules]))
    return History(tuple(meanings), tuple(turns))


def _once(writes: Iterable[LifecycleWrite]) -> Iterable[LifecycleWrite]:
    seen: set[str] = set()
    for each in writes:
        if not each.request_id or each.request_id not in seen:
            seen.add(each.request_id)
            yield each


def _meaning(rules: RuleSet, meanings: Sequence[RuleSet], facts: Facts) -> int:
    """The number of the known meaning that it has, or else the next one."""
    alike = (number for number, each in enumerate(meanings) if mean_the_same(rules, each, facts))
    return next(alike, len(meanings))


def mean_the_same(one: RuleSet, other: RuleSet, facts: Facts) -> bool:
    """Where that cannot be proved, only rules made of the same actions do."""
    if unknown_classes(one) or unknown_classes(other):
        return surely_same(one, other)
    try:
        return same(one, other, facts)
    except NotAnalysed:
        return surely_same(one, other)
