"""What else is to be said of the policies after a change, and what of that do they waive?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Severity, Waived
from firnline.targets.review.findings_lines import file_and_line, gravest_first, where
from firnline.targets.review.markdown_text import code, prose
from firnline.targets.review.model import Review
from firnline.targets.review.room import fitting

SIGNS: Final = {
    Severity.ERROR: "❌",
    Severity.GATE: "🔴",
    Severity.WARNING: "🟡",
    Severity.NOTE: "🔵",
}
WAIVED: Final = "⚪"
_MOST: Final = 30
_CHARACTERS: Final = 8_000
_MOST_NOTES: Final = 3


def counted(review: Review) -> Iterator[str]:
    """`🟡 1 warning`"""
    for severity in Severity:
        count = sum(each.severity is severity for each in review.findings.new)
        if count:
            yield f"{SIGNS[severity]} {how_many(count, severity.value)}"
    if waived := len(review.findings.waived):
        yield f"{WAIVED} {waived:,} waived"


def entries(review: Review) -> list[str]:
    """The gravest first; then how many were there before the change."""
    found = review.findings
    lines = [_finding(each, review) for each in gravest_first(found.new)]
    lines += [_waived(each, review) for each in found.waived]
    shown = fitting(lines, _MOST, _CHARACTERS) if lines else []
    if left := len(lines) - len(shown):
        shown.append(f"- {left:,} more not shown: `firnline diff --all`")
    if found.known:
        were = how_many(len(found.known), "finding was", "findings were")
        shown.append(f"- {were} there before: `firnline check`")
    return shown


def _finding(each: Diagnostic, review: Review) -> str:
    about = f"{each.resource}: " if each.resource else ""
    said = prose(f"{about}{each.message}")
    line = f"- {SIGNS[each.severity]} {code(each.kind.code)} {said} ({_place(each, review)})"
    return "\n".join([line, *(f"  - {prose(note)}" for note in each.notes[:_MOST_NOTES])])


def _waived(each: Waived, review: Review) -> str:
    found = each.diagnostic
    why = f"waived until {each.until.isoformat()}: {each.why}"
    return f"- {WAIVED} {code(found.kind.code)} {prose(why)} ({_place(found, review)})"


def _place(each: Diagnostic, review: Review) -> str:
    file = file_and_line(each.place, review)
    return code(file) if file else prose(where(each.place, review))
