"""Where do two rule sets differ in a cell, for each kind of stored item?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from firnline.s3.compare.cells import Cell
from firnline.s3.compare.effect import NO_EFFECT, Effect, State, first_difference
from firnline.s3.terms import Clock, Days, Versioning, When


@dataclass(frozen=True, slots=True)
class MarkersAndUploads:
    """The effect on items of a region that have neither tags nor a size: delete markers that hide
    nothing, those that are noncurrent themselves, and incomplete multipart uploads.

    `ends` are the ages or dates at which an object would end: a sole marker ends with them (S3 User
    Guide, "Removing expired object delete markers").
    """

    removes_markers: bool = False
    expirations: frozenset[When] = frozenset()
    old_markers: Effect = NO_EFFECT
    uploads: int | None = None

    @property
    def sole_markers(self) -> frozenset[When]:
        return frozenset({Days(0)}) if self.removes_markers else self.expirations


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts about a bucket that decide: how it may be versioned, and whether Object Lock may be
    on.
    """

    versionings: tuple[Versioning, ...] = (Versioning.ENABLED, Versioning.OFF)
    locks: bool = False


def facts(versioning: Versioning | None, *, object_lock: bool = False) -> Facts:
    """The facts of one bucket; if its versioning is unknown, both cases are analysed."""
    return Facts((versioning,) if versioning else Facts().versionings, object_lock)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two rule sets differ; `one` and `other` are their effects on the cell."""

    cell: Cell
    state: State
    versioning: Versioning
    one: Effect | MarkersAndUploads
    other: Effect | MarkersAndUploads


def of_objects(cell: Cell, one: Effect, other: Effect, facts: Facts) -> Iterator[Difference]:
    """At most one difference for objects and one for noncurrent versions, each in the simplest
    state.
    """
    if one == other:
        return
    for clock in (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS):
        for versioning in facts.versionings:
            keeps = versioning is not Versioning.OFF
            if clock is Clock.NONCURRENT_VERSIONS and not keeps:
                continue
            state = first_difference(clock, one, other, keeps_versions=keeps, locked=facts.locks)
            if state is not None:
                yield Difference(cell, state, versioning, one, other)
                break


def of_markers_and_uploads(
    prefix: str, one: MarkersAndUploads, other: MarkersAndUploads, facts: Facts
) -> Iterator[Difference]:
    """As `of_objects`, for delete markers and uploads."""
    if one == other:
        return
    cell = Cell(prefix, (), 0)
    keeping = [each for each in facts.versionings if each is not Versioning.OFF]
    if keeping and one.sole_markers != other.sole_markers:
        marker = Effect(expirations=one.sole_markers), Effect(expirations=other.sole_markers)
        state = first_difference(Clock.OBJECTS, *marker, keeps_versions=False)
        assert state is not None
        state = State(Clock.DELETE_MARKERS, age=state.age, today=state.today)
        yield Difference(cell, state, keeping[0], one, other)
    if keeping:
        state = first_difference(
            Clock.NONCURRENT_VERSIONS, one.old_markers, other.old_markers, keeps_versions=True
        )
        if state is not None:
            state = State(
                Clock.NONCURRENT_VERSIONS, age=state.age, newer=state.newer, is_old_marker=True
            )
            yield Difference(cell, state, keeping[0], one, other)
    if one.uploads != other.uploads:
        age = min(days for days in (one.uploads, other.uploads) if days is not None)
        yield Difference(
            cell, State(Clock.MULTIPART_UPLOADS, age=age), facts.versionings[0], one, other
        )
