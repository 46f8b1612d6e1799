"""Which section of which policy sets a unit, and under which keys?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from firnline.diagnostics.remedy import KeyPath, Section, Setting
from firnline.language.model import Timeline
from firnline.language.units import NEVER
from firnline.rules.program import Unit
from firnline.s3.terms import Clock

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


def end_of(timeline: Timeline, clock: Clock) -> tuple[Setting, ...]:
    """The settings that say how long a clock keeps."""
    return tuple(_end_of(timeline, clock))


def _end_of(timeline: Timeline, clock: Clock) -> Iterator[Setting]:
    keys = CLOCK_KEYS[clock]
    end = str(timeline.delete.value if timeline.delete else NEVER)
    match clock:
        case Clock.DELETE_MARKERS:
            yield keys, "keep"
        case Clock.MULTIPART_UPLOADS:
            yield (*keys, "abort_after"), end
        case Clock.OBJECTS | Clock.NONCURRENT_VERSIONS:
            yield (*keys, "delete_after"), end
        case _:
            assert_never(clock)
    if newest := timeline.keep_newest:
        key = (*keys, "keep_newest")
        if newest.delete_after is NEVER:
            yield key, str(newest.count)
        else:
            yield (*key, "count"), str(newest.count)
            yield (*key, "delete_after"), str(newest.delete_after)
