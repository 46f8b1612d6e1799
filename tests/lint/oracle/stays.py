"""What leaves a storage class before its minimum stay is over?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.lint.lifecycle_files import Place
from tests.lint.oracle.sufferer import Sufferer
from tests.lint.oracle.universe import (
    COUNT,
    EXPIRATION,
    MOVES,
    OLD_EXPIRATION,
    OLD_MOVES,
    Cell,
    Reading,
    Universe,
)
from tests.rules.oracle import RANK, UNREACHABLE

MINIMUM_DAYS = {
    "STANDARD_IA": 30,
    "ONEZONE_IA": 30,
    "GLACIER_IR": 90,
    "GLACIER": 90,
    "DEEP_ARCHIVE": 180,
}
GONE = ""


class Stated(NamedTuple):
    """A transition to a class, or an end."""

    place: Place
    days: int
    to: str = GONE


class Happens(NamedTuple):
    day: int
    to: str
    places: frozenset[Place]

    def __str__(self) -> str:
        return f"day {self.day}: {self.to or 'ends'}"


def of_short_stays(universe: Universe) -> Iterator[Sufferer]:
    """FL502, of everything from its first day in STANDARD on, by rules in days alone."""
    for cell in universe.cells:
        for reading in universe.readings:
            life = _object_life(universe, cell, reading)
            if reading is Reading.KEEPS and life and life[-1].to == GONE:
                *life, expires = life
                later = _old_life(universe, cell, 0, _class_after(life))
                life += [each._replace(day=expires.day + each.day) for each in later]
            yield from _short(f"{cell.item}, {reading.value}", life, reading)
        for newer in range(universe.most_newer + 1) if universe.keeps_versions else ():
            old = _old_life(universe, cell, newer, "STANDARD")
            yield from _short(f"{cell.item}, old under {newer} newer", old, Reading.KEEPS)


def _short(who: str, life: Sequence[Happens], reading: Reading) -> Iterator[Sufferer]:
    story = f"{who}: " + ", ".join(str(each) for each in life)
    for nth, entered in enumerate(life[:-1]):
        left = life[nth + 1]
        if left.day - entered.day < MINIMUM_DAYS.get(entered.to, 0):
            yield Sufferer("FL502", left.places, story, reading)


def _object_life(universe: Universe, cell: Cell, reading: Reading) -> list[Happens]:
    stated = [*universe.moves(cell, MOVES), *universe.stated(cell.rules, EXPIRATION)]
    due = [
        Stated(place, each["Days"], each.get("StorageClass", GONE))
        for place, each in stated
        if "Days" in each
    ]
    return list(_days(due, "STANDARD", deletes=reading is Reading.OFF))


def _old_life(universe: Universe, cell: Cell, newer: int, held: str) -> list[Happens]:
    stated = [*universe.moves(cell, OLD_MOVES), *universe.stated(cell.rules, OLD_EXPIRATION)]
    due = [
        Stated(place, each["NoncurrentDays"], each.get("StorageClass", GONE))
        for place, each in stated
        if newer >= each.get(COUNT, 0)
    ]
    return list(_days(due, held, deletes=True))


def _days(stated: list[Stated], held: str, *, deletes: bool) -> Iterator[Happens]:
    """One action a day: a deletion before a transition, that before a delete marker. On days long
    after those that are stated nothing is left to do.
    """
    for day in sorted({each.days + late for each in stated for late in range(len(RANK))}):
        due = [each for each in stated if each.days <= day]
        moves = [each for each in due if each.to and is_possible(held, each.to)]
        ends = [each for each in due if each.to == GONE]
        if ends and (deletes or not moves):
            yield Happens(day, GONE, frozenset(each.place for each in ends))
            return
        if moves:
            held = max((each.to for each in moves), key=RANK.__getitem__)
            yield Happens(day, held, frozenset(each.place for each in moves if each.to == held))


def is_possible(held: str, to: str) -> bool:
    return held != to and (held, to) not in UNREACHABLE


def _class_after(life: Sequence[Happens]) -> str:
    return life[-1].to if life else "STANDARD"
