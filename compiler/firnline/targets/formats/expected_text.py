"""The outcomes of expectations, for people: a line for each case, then what is not as expected."""

from __future__ import annotations

from collections.abc import Sequence

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.text import to_text as diagnostics_to_text
from firnline.diagnostics.visible import visible
from firnline.diagnostics.wrapping import wrapped
from firnline.rules.expected import Outcome
from firnline.targets.expected import Answered

_GREEN, _RED, _PLAIN = "\x1b[1;32m", "\x1b[1;31m", "\x1b[0m"


def to_text(tested: Answered, *, colour: bool = False, columns: int = 100) -> str:
    by_case: dict[int, list[Outcome]] = {}
    for each in tested.outcomes:
        by_case.setdefault(id(each.case), []).append(each)
    lines = [line for group in by_case.values() for line in _lines(group, colour, columns)]
    judged = [group for group in by_case.values() if group[0].is_judged]
    failed = sum(any(each.failure for each in group) for group in judged)
    kept = len(judged) - failed
    summary = f"{how_many(len(by_case), 'case')}: {kept:,} as expected, {failed:,} not"
    if unjudged := len(by_case) - len(judged):
        summary += f", {unjudged:,} for no bucket that there is"
    drawn = diagnostics_to_text(tested.failures, colour=colour, columns=columns)
    return "\n".join([*lines, "", *([drawn] if drawn else []), summary, ""])


def _lines(group: Sequence[Outcome], colour: bool, columns: int) -> list[str]:
    """The case, and what holds at which age, and what does not."""
    holds = ", ".join(str(each.expected) for each in group if not each.failure)
    fails = ", ".join(str(each.expected) for each in group if each.failure)
    word, code = ("FAIL", _RED) if fails else ("pass", _GREEN)
    said = f"{holds}, but not {fails}" if holds and fails else holds or f"not {fails}"
    if group[0].failure and not group[0].is_judged:
        word, said = "ERROR", group[0].failure.message
    first, *more = wrapped(f"{visible(group[0].case.name.value)}: {said}", max(columns - 6, 30))
    head = f"{code}{word}{_PLAIN}" if colour else word
    return [f"{head}{' ' * (6 - len(word))}{first}", *(f"        {line}" for line in more)]
