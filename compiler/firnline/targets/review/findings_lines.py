"""In which order are findings of a review told, and where do they stand?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import Place, Span
from firnline.rules.gates.owner import APPROVALS_WITHOUT_OWNER, EMERGENCY, SELF_APPROVED
from firnline.targets.review.model import Review

_OF_APPROVALS: Final = (APPROVALS_WITHOUT_OWNER, SELF_APPROVED, EMERGENCY)
_ORDER: Final = {severity: rank for rank, severity in enumerate(Severity)}


def gravest_first(found: Sequence[Diagnostic]) -> list[Diagnostic]:
    return sorted(found, key=lambda each: _ORDER[each.severity])


def about_approvals(review: Review) -> tuple[Kind, ...]:
    """What every report says of who has approved."""
    found = (each.kind for each in review.findings.new if each.kind in _OF_APPROVALS)
    return tuple(dict.fromkeys(found))


def where(place: Place, review: Review) -> str:
    """`policies/ml.yaml:23`, as the repository has the file."""
    if not isinstance(place, Span):
        return str(place)
    repository = review.repository
    path = (repository.path(place.path) if repository else None) or place.path
    return f"{path}:{place.line}" if place.source.text else path


def file_and_line(place: Place, review: Review) -> str | None:
    """None where it is in no file."""
    return where(place, review) if isinstance(place, Span) else None
