"""Does a bucket that had no rules get rules that delete? All of them are one item."""

from __future__ import annotations

from collections.abc import Sequence

from firnline.diagnostics.kinds import Kind, Severity
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import ReviewItem
from firnline.rules.diff.words import called, in_words, subject
from firnline.rules.gates.gate import FirstRun, Gate

_SHOWN = 3
_NO_RULES = """\
firnline: policy/v1
policy: models
owner: ml
why: models that nobody uses any more
applies_to: [{account: lab, buckets: lab-models}]
versioning: enabled
"""
_RULES = """\
old_versions: {delete_after: 30d}
uploads: {abort_after: 7d}
retain:
  candidates: {prefix: models/rc/, delete_after: 180d}
"""
_MOVES = """\
retain:
  candidates: {prefix: models/rc/, warm_after: 30d, delete_after: never}
"""

FIRST_RULES = Kind(
    code="FL415",
    name="first-rules",
    severity=Severity.GATE,
    title="a bucket that had no rules gets rules that delete",
    why=(
        "Nothing was ever deleted there, so everything that is old enough goes on the first run."
        " All rules together are one item to approve, for each bucket. A bucket that is known to"
        " be empty needs no approval."
    ),
    help="have it approved: `firnline approve`",
    wrong={
        "before/models.yaml": _NO_RULES,
        "after/models.yaml": _NO_RULES + _RULES,
    },
    right={
        "before/models.yaml": _NO_RULES,
        "after/models.yaml": _NO_RULES + _MOVES,
    },
)


def gate(bucket: str, items: Sequence[ReviewItem], first_run: FirstRun | None) -> Gate | None:
    """`items` are all that happens there."""
    deleting = [each for each in items if Category.DELETES_SOONER in each.categories]
    if not deleting or (first_run is not None and first_run.objects == 0):
        return None
    named = "; ".join(f"{subject(item.change)}: {in_words(item.change)[1]}" for item in deleting)
    said = named if len(deleting) <= _SHOWN else f"{len(deleting)} scopes in which something ends"
    return Gate(FIRST_RULES, f"{called(bucket)} had no rules: {said}")
