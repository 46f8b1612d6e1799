"""Does anything fall due in another way when a rule, or a step of one, is gone?"""

from __future__ import annotations

from collections.abc import Iterator, Set
from functools import cached_property
from itertools import product

from firnline.s3.shape import Json
from tests.lint.lifecycle_files import Place
from tests.lint.oracle.stays import is_possible
from tests.lint.oracle.universe import (
    ABORT,
    BEFORE_ALL_DATES,
    COUNT,
    EXPIRATION,
    MOVES,
    OLD_EXPIRATION,
    OLD_MOVES,
    Cell,
    Item,
    Reading,
    Universe,
    matches,
    ordinal,
)
from tests.rules.oracle import RANK

ACTIONS = (EXPIRATION, MOVES, OLD_EXPIRATION, OLD_MOVES, ABORT)


class Remaining:
    """The actions of a file that are left while some are taken away."""

    def __init__(self, universe: Universe) -> None:
        self._universe = universe
        self._readings = [each for each in universe.readings if each is not Reading.NULL]
        self.places = {
            place for action in ACTIONS for place, _ in universe.stated(universe.enabled, action)
        }

    def of_rule(self, n: int) -> set[Place]:
        return {place for place in self.places if place.rule == n}

    def lose(self, gone: Set[Place]) -> bool:
        """Take these away, if it changes nothing: in no state, in no bucket that this may be."""
        left = self.places - gone
        rules = {place.rule for place in gone}
        for reading in self._readings:
            for cell in self._universe.cells:
                if rules.isdisjoint(cell.rules):
                    continue
                both = zip(
                    self._due(cell, reading, self.places),
                    self._due(cell, reading, left),
                    strict=True,
                )
                if any(before != after for before, after in both):
                    return False
            if [*self._elsewhere(reading, self.places)] != [*self._elsewhere(reading, left)]:
                return False
        self.places = left
        return True

    def _due(self, cell: Cell, reading: Reading, left: Set[Place]) -> Iterator[object]:
        """Of objects and noncurrent versions, in each class and at each age."""
        moves, ends = self._of(cell, MOVES, EXPIRATION, left)
        ends = [each for each in ends if "ExpiredObjectDeleteMarker" not in each]
        for held, age, day in product(RANK, self._ages, self._dates):
            to = [
                each["StorageClass"]
                for each in moves
                if _is_due(each, age, day) and is_possible(held, each["StorageClass"])
            ]
            ended = any(_is_due(each, age, day) for each in ends)
            first = ended and (reading is Reading.OFF or not to)
            yield "ends" if first else max(to, key=RANK.__getitem__, default=None)
        if reading is Reading.OFF:
            return
        moves, ends = self._of(cell, OLD_MOVES, OLD_EXPIRATION, left)
        for held, age, newer in product(RANK, self._ages, range(self._universe.most_newer + 1)):
            to = [
                each["StorageClass"]
                for each in moves
                if _is_due_of_old(each, age, newer) and is_possible(held, each["StorageClass"])
            ]
            yield any(_is_due_of_old(each, age, newer) for each in ends)
            yield max(to, key=RANK.__getitem__, default=None)  # what Object Lock keeps moves on

    def _of(
        self, cell: Cell, moves: str, ends: str, left: Set[Place]
    ) -> tuple[list[Json], list[Json]]:
        stated = self._universe.moves(cell, moves), self._universe.stated(cell.rules, ends)
        one, other = ([step for place, step in each if place in left] for each in stated)
        return one, other

    def _elsewhere(self, reading: Reading, left: Set[Place]) -> Iterator[object]:
        """Of uploads, and of delete markers that hide nothing: they have neither tags nor bytes."""
        for key in self._universe.keys:
            marker = Item(key, frozenset(), 0)
            rules = [n for n in self._universe.enabled if matches(self._universe.rules[n], marker)]
            aborts, ends = (
                [step for place, step in self._universe.stated(rules, action) if place in left]
                for action in (ABORT, EXPIRATION)
            )
            yield min((each["DaysAfterInitiation"] for each in aborts), default=None)
            for age, day in product(self._ages, self._dates) if reading is Reading.KEEPS else ():
                yield any(_is_due(each, age, day) for each in ends)

    @cached_property
    def _ages(self) -> list[int]:
        """Of creation, and wherever something falls due; a day before and after, too."""
        stated = [step for action in ACTIONS[:4] for _, step in self._everything(action)]
        days = {int(each.get("Days") or each.get("NoncurrentDays") or 0) for each in stated}
        return sorted({0, *(max(day + offset, 0) for day in days for offset in (-1, 0, 1))})

    @cached_property
    def _dates(self) -> list[int]:
        """One before all dates, and the dates: also those that have passed."""
        stated = [step for action in (EXPIRATION, MOVES) for _, step in self._everything(action)]
        return sorted(
            {BEFORE_ALL_DATES, *(ordinal(each["Date"]) for each in stated if "Date" in each)}
        )

    def _everything(self, action: str) -> Iterator[tuple[Place, Json]]:
        return self._universe.stated(self._universe.enabled, action)


def _is_due(stated: Json, age: int, day: int) -> bool:
    """`ExpiredObjectDeleteMarker` is for delete markers alone, but then at any age."""
    if "Days" in stated:
        return bool(stated["Days"] <= age)
    return "Date" not in stated or ordinal(stated["Date"]) <= day


def _is_due_of_old(stated: Json, age: int, newer: int) -> bool:
    return bool(stated["NoncurrentDays"] <= age and newer >= stated.get(COUNT, 0))
