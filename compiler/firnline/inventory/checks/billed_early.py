"""What is billed for objects that are deleted before the minimum duration of their class?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Place
from firnline.diagnostics.remedy import Advise, Bound, Way, WriteValue
from firnline.inventory.checks.transition import WORTH_TELLING
from firnline.inventory.checks.where import Where
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.how_much import how_much
from firnline.inventory.money import dollars
from firnline.rules.checks.minimum_duration import MINIMUM_DURATION
from firnline.s3.law.classes import minimum_stay
from firnline.s3.terms import Days


class Early(NamedTuple):
    """Objects that are deleted early, from a class, and what is billed for the days they lack. They
    stayed there for `least` to `most` days. They `came_late` where the rules alone end them, and
    none of them is still to be written.
    """

    where: Where
    storage_class: str
    volume: Volume
    usd: Fraction
    least: int
    most: int
    came_late: bool

    @property
    def key(self) -> _Key:
        return self.where.place, self.where.by, self.storage_class

    @property
    def shortest(self) -> int:
        """How long such objects are billed at least."""
        fact = minimum_stay(self.storage_class)
        assert fact is not None
        return int(fact.value)

    @property
    def missing(self) -> int:
        return self.shortest - self.least

    def plus(self, other: Early) -> Early:
        return self._replace(
            volume=self.volume.plus(other.volume),
            usd=self.usd + other.usd,
            least=min(self.least, other.least),
            most=max(self.most, other.most),
            came_late=self.came_late and other.came_late,
        )


_Key = tuple[Place, str, str]


def billed_early(
    found: Iterable[Early], told: Iterable[Diagnostic], months: int
) -> Iterator[Diagnostic]:
    """What is billed, beside what was `told` of it without facts where it was."""
    left = {key: each for key, each in _summed(found).items() if each.usd >= WORTH_TELLING}
    for each in told:
        places = (each.place, *(place for place, _ in each.also))
        if each.kind is MINIMUM_DURATION and (mine := _at(places, left)):
            for one in mine:
                del left[one.key]
            yield replace(each, notes=(*each.notes, *(_note(one, months) for one in mine)))
    for one in left.values():
        yield _untold(one, months)


def _summed(found: Iterable[Early]) -> dict[_Key, Early]:
    sums: dict[_Key, Early] = {}
    for each in found:
        before = sums.get(each.key)
        sums[each.key] = each if before is None else before.plus(each)
    return sums


def _at(places: Iterable[Place], left: dict[_Key, Early]) -> list[Early]:
    wanted = set(places)
    return [each for each in left.values() if each.where.place in wanted]


def _note(each: Early, months: int) -> str:
    return (
        f"for the days that are missing {dollars(each.usd)} is billed within {_months(months)}, of"
        f" {_objects(each)}"
    )


def _untold(each: Early, months: int) -> Diagnostic:
    """Where a policy itself leaves enough time, but what is there already came late."""
    days = f"{each.least}" if each.least == each.most else f"{each.least} to {each.most}"
    is_late = each.came_late and each.where.retention is not None
    return MINIMUM_DURATION.at(
        each.where.place,
        f"{each.where.by}{_objects(each)} are deleted after {days} days in {each.storage_class},"
        f" and {each.shortest} are billed: {dollars(each.usd)} for the rest, within"
        f" {_months(months)}",
        notes=[_LATE] if is_late else (),
        remedy=(_later(each), *([Advise("accept it, since it is billed once")] if is_late else [])),
    )


_LATE = "what is written from now on is not concerned"


def _later(each: Early) -> Way:
    line = each.where.timeline
    if line is None or line.ends is None:
        days = how_many(each.missing, "day")
        return Advise(f"delete {days} later, which costs nothing for those objects")
    day = Days(line.ends + each.missing)
    return WriteValue(str(day), Bound.AT_LEAST, "which costs nothing for those objects")


def _objects(each: Early) -> str:
    return how_much(each.volume.objects, each.volume.bytes)


def _months(months: int) -> str:
    return how_many(months, "month")
