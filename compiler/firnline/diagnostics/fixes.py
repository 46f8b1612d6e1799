"""Which diagnostics have fixes, and which fixes could not be made?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from firnline.diagnostics.fix import Fix
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity

FIX_SKIPPED = Kind(
    code="FL905",
    name="fix-skipped",
    severity=Severity.NOTE,
    title="a fix was left out because it overlaps another",
    why="Two edits of the same characters cannot both be right; the one further up was made.",
    help="look at the text, and run `firnline check --fix` again",
    wrong='retain: {tmp: {prefix: "/tmp/*", delete_after: 7d}}',
    right="retain: {tmp: {prefix: tmp/, delete_after: 7d}}",
)


def fixable(found: Iterable[Diagnostic], *, unsafe: bool) -> tuple[Diagnostic, ...]:
    """Diagnostics with a fix: the safe ones, or with `unsafe` all."""
    return tuple(each for each in found if each.fix and (each.fix.safe or unsafe))


def skipped(found: Iterable[Diagnostic], left_out: Sequence[Fix]) -> tuple[Diagnostic, ...]:
    """A note on each diagnostic whose fix was not made."""
    return tuple(
        FIX_SKIPPED.at(each.place, f"not fixed: {each.kind.code} {each.message}")
        for each in found
        if each.fix in left_out
    )


def offer(found: Sequence[Diagnostic]) -> str:
    """One line that says how many can be fixed, and how; empty where none can."""
    safe = len(fixable(found, unsafe=False))
    others = len(fixable(found, unsafe=True)) - safe
    if not safe:
        return f"{others} fixable with {_UNSAFE}" if others else ""
    more = f", {others} more with {_UNSAFE}" if others else ""
    return f"{safe} fixable with `firnline check --fix`{more}"


_UNSAFE = "`firnline check --fix --unsafe-fixes`"
