"""Undecided keys → the courses that they may take under the rules before a change and after it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from firnline.inventory.forecast.course import Calendar, Course, course
from firnline.inventory.forecast.groups import Group
from firnline.inventory.forecast.undecided import Undecided
from firnline.inventory.forecast.usage import Fate, fates
from firnline.inventory.forecast.volume import Volume
from firnline.s3.simulate.batch import Batch


class Courses(NamedTuple):
    """Of one version, under each of the two sets of rules."""

    before: Course
    after: Course


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Each key takes one of the `courses`, which tell of its versions in their order; `volumes` are
    of the versions too, and `sizes` those of the smallest ones.
    """

    courses: tuple[tuple[Courses, ...], ...]
    volumes: tuple[Volume, ...]
    sizes: tuple[int, ...]

    def is_decided(self, side: int) -> bool:
        """Whether the same happens under one set of rules, whichever of the courses they take."""
        return all(
            len({versions[place][side] for versions in self.courses}) == 1
            for place in range(len(self.volumes))
        )

    def without(self, side: int) -> Alternatives:
        """As if they were not there under one set of rules."""
        pairs = {id(both): both for versions in self.courses for both in versions}
        left = {
            known: Courses(
                *(Course() if place == side else each for place, each in enumerate(both))
            )
            for known, both in pairs.items()
        }
        courses = (tuple(left[id(both)] for both in versions) for versions in self.courses)
        return replace(self, courses=tuple(dict.fromkeys(courses)))

    @property
    def is_uniform(self) -> bool:
        """Whether all keys are of the same sizes."""
        return self.volumes == self._smallest

    @property
    def _smallest(self) -> tuple[Volume, ...]:
        """If all were as small as the smallest ones."""
        return tuple(
            Volume().plus(Volume.of(size), volume.objects)
            for size, volume in zip(self.sizes, self.volumes, strict=True)
        )

    def parts(self) -> Iterator[tuple[Volume, ...]]:
        """Of the volumes: what takes each course together. Of objects of several sizes it is not
        known how many bytes go with how many objects.
        """
        if self.is_uniform:
            yield self.volumes
            return
        nothing = Volume()
        for place, (smallest, volume) in enumerate(zip(self._smallest, self.volumes, strict=True)):
            for part in _parts(smallest, volume):
                if part != nothing:
                    yield tuple(
                        part if number == place else nothing for number in range(len(self.volumes))
                    )


def _parts(smallest: Volume, volume: Volume) -> Iterator[Volume]:
    """Of larger objects so many bytes as the smallest one has, and what they have beyond. Of small
    ones, which are padded by what they lack, objects, bytes and padding apart.
    """
    is_padded = smallest.padded > smallest.bytes or volume.padded > volume.bytes
    if not is_padded and smallest.bytes <= volume.bytes:
        rest = volume.bytes - smallest.bytes
        yield smallest
        yield Volume(0, rest, rest)
        return
    yield Volume(volume.objects, 0, 0)
    yield Volume(0, volume.bytes, volume.bytes)
    yield Volume(0, 0, volume.padded - volume.bytes)


def alternatives(
    undecided: Undecided, before: Batch, after: Batch, calendar: Calendar, later: int = 0
) -> Alternatives:
    """`later`: of keys that are written so many days later."""
    followed = _Followed(before, after, calendar, later)
    found: dict[tuple[int, ...], tuple[Courses, ...]] = {}
    for group in undecided.possible:
        courses = tuple(followed.courses(group))
        found[tuple(map(id, courses))] = courses
    group = undecided.possible[0]
    return Alternatives(
        tuple(dict.fromkeys(found.values())),
        tuple(each.volume for each in group),
        tuple(each.example.size for each in group),
    )


def together(found: Iterable[Alternatives]) -> list[Alternatives]:
    """Those with the same courses as one."""
    sums: dict[object, Alternatives] = {}
    for each in found:
        alike = each.courses, each.sizes if each.is_uniform else None
        known = sums.get(alike)
        sums[alike] = each if known is None else _sum(known, each)
    return list(sums.values())


def _sum(one: Alternatives, other: Alternatives) -> Alternatives:
    return Alternatives(
        one.courses,
        tuple(mine.plus(volume) for mine, volume in zip(one.volumes, other.volumes, strict=True)),
        tuple(map(min, one.sizes, other.sizes)),
    )


class _Followed:
    """Versions of a key take few courses, in many combinations: each course is one object."""

    def __init__(self, before: Batch, after: Batch, calendar: Calendar, later: int) -> None:
        self._batches = before, after
        self._calendar, self._later = calendar, later
        self._courses: dict[Hashable, Course] = {}
        self._both: dict[tuple[int, int], Courses] = {}

    def courses(self, group: Group) -> Iterator[Courses]:
        begin, end = self._calendar.begin, self._calendar.end
        sides = (fates(batch, [group], begin, end) for batch in self._batches)
        for one, other in zip(*sides, strict=True):
            before, after = self._course(one), self._course(other)
            yield self._both.setdefault((id(before), id(after)), Courses(before, after))

    def _course(self, fate: Fate) -> Course:
        item = fate.stored.example
        decides = (
            item.kind.value,
            item.size,
            item.storage_class,
            item.tier,
            fate.stored.in_class_since,
            tuple((step.at, step.left, step.taken.action.value) for step in fate.steps),
        )
        if decides not in self._courses:
            self._courses[decides] = course(fate, self._calendar, self._later)
        return self._courses[decides]
