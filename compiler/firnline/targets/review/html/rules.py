"""The S3 rules that change, as patches."""

from __future__ import annotations

from itertools import islice
from typing import Final

from markupsafe import Markup

from firnline.rules.diff.words import few
from firnline.targets.review.html.template import rendered
from firnline.targets.review.model import Review
from firnline.targets.review.room import fitting
from firnline.targets.review.rule_changes import RuleChange, rule_changes

_MOST: Final = 100
_CHARACTERS: Final = 25_000
_TAGS: Final = {"-": "del", "+": "ins", " ": "span"}
"""By the sign of a part."""


def rules(review: Review) -> Markup:
    """Empty where every rule is the same, such as for a change of versioning."""
    entries = [_entry(each) for each in islice(rule_changes(review), _MOST + 1)]
    if not entries:
        return Markup()
    shown = fitting(entries, _MOST, _CHARACTERS)
    return rendered(
        "rules.html", entries=[Markup(each) for each in shown], has_more=shown != entries
    )


def _entry(change: RuleChange) -> str:
    return rendered(
        "rule.html",
        buckets=few(change.buckets),
        rule=change.rule,
        parts=[(Markup(_TAGS[part.sign]), part) for part in change.parts],
    )
