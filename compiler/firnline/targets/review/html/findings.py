"""What else is to be said of the policies after a change, and what of that do they waive?"""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Severity, Waived
from firnline.targets.review.findings_lines import gravest_first, where
from firnline.targets.review.html.template import rendered
from firnline.targets.review.model import Review
from firnline.targets.review.room import fitting

SIGNS: Final = {
    Severity.ERROR: "refused",
    Severity.GATE: "gate",
    Severity.WARNING: "warning",
    Severity.NOTE: "note",
}
"""How a severity is painted."""
_WAIVED: Final = "quiet"
_MOST: Final = 100
_CHARACTERS: Final = 20_000
_MOST_NOTES: Final = 3


def findings(review: Review) -> Markup:
    """The gravest first; empty where there is nothing to be said."""
    found = review.findings
    if not (found.new or found.waived or found.known):
        return Markup()
    entries = [_finding(each, review) for each in gravest_first(found.new)]
    entries += [_waived(each, review) for each in found.waived]
    shown = fitting(entries, _MOST, _CHARACTERS) if entries else []
    return rendered(
        "findings.html",
        entries=[Markup(each) for each in shown],
        not_shown=len(entries) - len(shown),
        known=how_many(len(found.known), "finding was", "findings were") if found.known else None,
    )


def _finding(each: Diagnostic, review: Review) -> str:
    about = f"{each.resource}: " if each.resource else ""
    said = f"{about}{each.message}"
    return _entry(each, review, SIGNS[each.severity], said, each.notes[:_MOST_NOTES])


def _waived(each: Waived, review: Review) -> str:
    said = f"waived until {each.until.isoformat()}: {each.why}"
    return _entry(each.diagnostic, review, _WAIVED, said)


def _entry(
    each: Diagnostic, review: Review, sign: str, said: str, notes: tuple[str, ...] = ()
) -> str:
    return rendered(
        "finding.html",
        sign=sign,
        code=each.kind.code,
        said=said,
        place=where(each.place, review),
        notes=notes,
    )
