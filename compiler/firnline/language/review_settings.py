"""The table `[review]` of the settings: what a change is compared with, and who approves it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from firnline.language.setting import BadSetting, Wrong, read, table

_KNOWN: Final = ("approvals", "base")
_SELF: Final = "self"
# What git-check-ref-format(1) forbids in the name of a reference.
_NO_NAME: Final = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/.]|[/.]$|/\.|\.lock(/|$)")


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """`base` is the branch that changes are merged into, where the settings name it. Approvals are
    `self_approved` where one person works without a forge, and nobody else reviews them.
    """

    base: str | None = None
    self_approved: bool = False


NO_REVIEW_SETTINGS: Final = ReviewSettings()


def is_branch_name(name: str) -> bool:
    """Whether it names a branch, a tag or a commit, and is no expression such as `HEAD~3`."""
    return bool(name) and name not in ("HEAD", "@") and _NO_NAME.search(name) is None


def read_review_settings(value: object, wrong: Wrong) -> ReviewSettings:
    values = table(value, ("review",), _KNOWN, wrong)
    return ReviewSettings(
        read(_base, values, "base", wrong), read(_is_self, values, "approvals", wrong) or False
    )


def _base(value: object) -> str:
    if isinstance(value, str) and is_branch_name(value):
        return value
    raise BadSetting(
        ("review", "base"),
        "`review.base` must be the branch that changes are merged into",
        'write its name, such as "origin/main"',
    )


def _is_self(value: object) -> bool:
    if value == _SELF:
        return True
    raise BadSetting(
        ("review", "approvals"),
        '`review.approvals` is "self" or left out',
        'write "self" where one person works without a forge; else leave it out, and name owners in'
        " CODEOWNERS",
    )
