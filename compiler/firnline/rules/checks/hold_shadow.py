"""Which objects does a hold keep that it does not name?"""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Subject
from firnline.language.model import Hold
from firnline.rules.program import Program, Unit
from firnline.s3.scope import Scope

_HOLD = (
    "holds: {{lit-7: {{prefix: {prefix}, ask_again: 2999-12-31, why: discovery request,"
    " approved_by: legal}}}}\n"
    "retain: {{mail: {{prefix: mail/, delete_after: 30d}}}}"
)
HOLD_SHADOW = Kind(
    code="FL701",
    name="hold-keeps-more",
    severity=Severity.NOTE,
    title="a hold keeps more than it names",
    why=(
        "S3 has no exclusions: a rule destroys all that its filter matches, or nothing. So a rule"
        " that covers held objects is suspended for all of its objects while the hold lasts."
    ),
    help="split the retention into narrower prefixes to keep less",
    wrong=_HOLD.format(prefix="mail/2026/"),
    right=_HOLD.format(prefix="mail/"),
)


_MOST_NAMED = 5


def check(program: Program) -> Iterator[Diagnostic]:
    for unit in program.units:
        prefix = unit.scope.prefix
        if unit.before_hold is None or any(hold.covers(prefix) for hold in unit.holds):
            continue
        for hold in unit.holds:
            yield _shadow(program, unit, hold)


CHECK = Check(Subject.PROGRAM_UNDER_HOLDS, check, (HOLD_SHADOW,))


def _shadow(program: Program, unit: Unit, hold: Hold) -> Diagnostic:
    inside = next(each for each in hold.prefixes if each.value.startswith(unit.scope.prefix))
    going_on = _going_on(program, unit)
    where = Scope(unit.scope.prefix)
    everywhere = "all of " if unit.scope.prefix and not going_on else ""
    return HOLD_SHADOW.at(
        inside.span,
        f"this suspends {unit.called} in {everywhere}{where}",
        also=[(unit.span, f"suspended here: {_suspended(unit)}")],
        notes=[
            f"for example s3://{program.example}/{_outside(unit)} stays, which no hold names",
            *going_on,
        ],
    )


def _suspended(unit: Unit) -> str:
    assert unit.before_hold is not None
    clocks = {
        "objects": unit.before_hold.objects,
        "noncurrent versions": unit.before_hold.old_versions,
    }
    after = (unit.clocks.objects, unit.clocks.old_versions)
    return " and ".join(name for name, line in clocks.items() if line not in after)


def _going_on(program: Program, unit: Unit) -> list[str]:
    """Where a clock that is suspended continues nevertheless."""
    parts = [each for each in program.units if each.serves and each.span == unit.span]
    where = ", ".join(str(part.scope) for part in parts[:_MOST_NAMED])
    more = f" and {len(parts) - _MOST_NAMED} more" if len(parts) > _MOST_NAMED else ""
    return [f"it continues in {where}{more}"] if where else []


def _outside(unit: Unit) -> str:
    """A key of the unit that no hold covers: there are more letters than holds, so one is free."""
    names = sum(len(hold.prefixes) for hold in unit.holds)
    letters = ("x", *ascii_lowercase, *(chr(0x100 + number) for number in range(names)))
    keys = (f"{unit.scope.prefix}{letter}" for letter in letters)
    return next(key for key in keys if not any(hold.covers(key) for hold in unit.holds))
