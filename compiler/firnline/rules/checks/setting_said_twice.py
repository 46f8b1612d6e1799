"""Is one setting of one bucket said differently twice?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.model import Timeline
from firnline.language.units import Days
from firnline.rules.program import Clock, Owned, Program

SETTING_SAID_TWICE = Kind(
    code="FL702",
    name="claimed-twice",
    severity=Severity.ERROR,
    title="one setting of one bucket is said differently twice",
    why="A bucket does what all policies that apply to it say; here they contradict each other.",
    help="say it in one place, or say the same in both",
    wrong="""\
retain:
  checkpoints: {prefix: checkpoints/, delete_after: 90d}
  old-checkpoints: {prefix: checkpoints/, delete_after: 30d}
""",
    right="""\
retain:
  checkpoints: {prefix: checkpoints/, delete_after: 90d}
  old-checkpoints: {prefix: old-checkpoints/, delete_after: 30d}
""",
)


def check(program: Program) -> Iterator[Diagnostic]:
    for clock in Clock:
        for _, same_prefix in groupby(program.owned(clock), key=lambda each: each.prefix):
            first, *others = sorted(same_prefix, key=_place)
            for other in others:
                if _settings(other.timeline) != _settings(first.timeline):
                    yield _contradiction(program, clock, first, other)


def _contradiction(program: Program, clock: Clock, first: Owned, other: Owned) -> Diagnostic:
    one, two = (each.timeline.delete for each in (first, other))
    differ_in_end = one and two and one.value != two.value
    return SETTING_SAID_TWICE.at(
        two.span if two and differ_in_end else other.timeline.span,
        f"{other.unit.called} says one thing about {clock.value}",
        also=[
            (
                one.span if one and differ_in_end else first.timeline.span,
                f"{first.unit.called} says another",
            )
        ],
        notes=[f"both speak of {clock.value} under `{first.prefix}` in `{program.example}`"],
    )


def _settings(timeline: Timeline) -> tuple[frozenset[tuple[str, int]], Days | None]:
    return frozenset((m.storage_class, int(m.after)) for m in timeline.moves), timeline.ends


def _place(owned: Owned) -> tuple[str, int]:
    return owned.timeline.span.path, owned.timeline.span.start
