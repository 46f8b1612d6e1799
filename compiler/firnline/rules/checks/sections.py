"""Which section of which policy sets a unit, and under which keys?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from firnline.diagnostics.remedy import KeyPath, Section, Setting
from firnline.language.model import Timeline
from firnline.language.units import NEVER
from firnline.rules.program import Unit
from firnline.s3.terms import Clock, Days

CLOCK_KEYS: Final[dict[Clock, KeyPath]] = {
    Clock.OBJECTS: (),
    Clock.NONCURRENT_VERSIONS: ("old_versions",),
    Clock.DELETE_MARKERS: ("delete_markers",),
    Clock.MULTIPART_UPLOADS: ("uploads",),
}
"""The keys of each clock's settings."""


def section_of(unit: Unit) -> Section:
    if unit.retention is None:
        return Section(unit.policy.name.span.source.whole(), None, unit.called)
    return Section(unit.retention.span, unit.retention.name.value, unit.called)


def prefixes_above(outer: Unit, inner: Unit) -> tuple[str, ...]:
    """The prefixes of a retention that are above the other one's; none where it names that one too,
    so that naming siblings would not help.
    """
    assert outer.retention is not None
    written = [prefix.value for prefix in outer.retention.prefixes]
    below = inner.scope.prefix
    return () if below in written else tuple(each for each in written if below.startswith(each))


def longer_end(one: Timeline, other: Timeline, clock: Clock) -> tuple[Setting, ...]:
    """The settings with which a clock keeps for as long as the longer of two, whichever the
    version.
    """
    return tuple(_longer_end(one, other, clock))


def _longer_end(one: Timeline, other: Timeline, clock: Clock) -> Iterator[Setting]:
    keys = CLOCK_KEYS[clock]
    end = _later(one.ends, other.ends)
    match clock:
        case Clock.DELETE_MARKERS:
            yield keys, "keep"
        case Clock.MULTIPART_UPLOADS:
            yield (*keys, "abort_after"), _written(end)
        case Clock.OBJECTS | Clock.NONCURRENT_VERSIONS:
            yield (*keys, "delete_after"), _written(end)
        case _:
            assert_never(clock)
    newest_end = _later(one.ends_of(0), other.ends_of(0))
    if newest_end == end:
        return
    key = (*keys, "keep_newest")
    count = str(max(each.keep_newest.count for each in (one, other) if each.keep_newest))
    if newest_end is None:
        yield key, count
    else:
        yield (*key, "count"), count
        yield (*key, "delete_after"), _written(newest_end)


def _later(one: Days | None, other: Days | None) -> Days | None:
    return None if one is None or other is None else max(one, other)


def _written(end: Days | None) -> str:
    return str(NEVER if end is None else end)
