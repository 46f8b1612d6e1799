"""What does each retention of a bucket say: which class at which age, and when is it gone?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.language.model import Timeline
from firnline.rules.program import Program, Unit, timeline_of
from firnline.rules.responsible import Responsible
from firnline.s3.compare.story import Step, Story
from firnline.s3.terms import Clock, Days, Versioning
from firnline.targets.report.model import RetentionLine, RetentionName


def retention_lines(
    bucket: str, program: Program | None, versioning: Versioning
) -> Iterator[RetentionLine]:
    """By prefix, with the old versions as whoever sets them there says. What holds suspend is not
    in it.
    """
    if program is None:
        return
    responsible = Responsible(program)
    for unit in sorted(program.units, key=lambda each: each.scope.place):
        objects, old = (
            timeline_of(unit, clock) for clock in (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS)
        )
        if unit.serves is not None or (objects is None and old is None):
            continue
        if old is None:
            (said,) = responsible.units(Clock.NONCURRENT_VERSIONS, unit.scope, tags_known=True)
            old = timeline_of(said, Clock.NONCURRENT_VERSIONS) if said else None
        keeps = versioning is not Versioning.OFF
        yield RetentionLine(
            retention_of(unit),
            bucket,
            unit.scope.prefix,
            _story(Clock.OBJECTS, objects),
            _story(Clock.NONCURRENT_VERSIONS, old) if keeps else None,
        )


def retention_of(unit: Unit) -> RetentionName:
    name = unit.retention.name.value if unit.retention else None
    return RetentionName(unit.policy.name.value, name, unit.policy.owner.value)


def _story(clock: Clock, timeline: Timeline | None) -> Story:
    if timeline is None:
        return Story(clock)
    moves = tuple(Step(Days(int(move.after)), move.storage_class) for move in timeline.moves)
    ends = timeline.ends_of(0)  # of the newest, which stay longest
    return Story(clock, moves, () if ends is None else (Step(ends),))
