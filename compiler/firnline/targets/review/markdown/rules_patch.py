"""The S3 rules that change, as a patch."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from firnline.diagnostics.shortened import shortened
from firnline.diagnostics.visible import visible
from firnline.rules.diff.words import few
from firnline.targets.review.markdown.dialect import Dialect, folded
from firnline.targets.review.model import Review
from firnline.targets.review.room import fitting
from firnline.targets.review.rule_changes import RuleChange, rule_changes

_MOST: Final = 40
_CHARACTERS: Final = 16_000
_LONGEST: Final = 500
_BACKTICKS: Final = re.compile("`+")


def rules_patch(review: Review, dialect: Dialect) -> str:
    """Empty where every rule is the same, such as for a change of versioning."""
    entries = [_entry(each) for each in islice(rule_changes(review), _MOST + 1)]
    if not entries:
        return ""
    shown = fitting(entries, _MOST, _CHARACTERS)
    text = "\n".join(shown)
    fence = "`" * max(3, *(len(run) + 1 for run in _BACKTICKS.findall(text) or [""]))
    more = ["", "More rules change: `firnline compile` prints all."] if shown != entries else []
    body = "\n".join([f"{fence}diff", text, fence, *more])
    return folded(dialect, "The S3 rules that change", body)


def _entry(change: RuleChange) -> str:
    what = "the whole configuration" if change.rule is None else f"rule {_shown(change.rule)}"
    lines = [f" {_shown(few(change.buckets))} · {what}"]
    lines += [f"{part.sign}  {part.name}: {_shown(part.value)}" for part in change.parts]
    return "\n".join(lines)


def _shown(text: str) -> str:
    return visible(shortened(text, _LONGEST))
