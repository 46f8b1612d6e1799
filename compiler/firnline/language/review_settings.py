"""The table `[review]` of the settings: what a change is compared with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_KNOWN: Final = "approvals, base"
_SELF: Final = "self"
# What git-check-ref-format(1) forbids in the name of a reference.
_NO_NAME: Final = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/.]|[/.]$|/\.|\.lock(/|$)")


class BadReviewSettings(ValueError):
    """The text says what is wrong, and what to write."""


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


def read_review_settings(value: object) -> ReviewSettings:
    """Raises `BadReviewSettings`."""
    if not isinstance(value, Mapping):
        raise BadReviewSettings("`review` must be a table: [review]")
    for key in value:
        if key not in _KNOWN.split(", "):
            raise BadReviewSettings(f"unknown setting `review.{key}`; known here: {_KNOWN}")
    return ReviewSettings(_base(value.get("base")), _is_self(value.get("approvals")))


def _base(value: object) -> str | None:
    if value is None or (isinstance(value, str) and is_branch_name(value)):
        return value
    raise BadReviewSettings(
        '`review.base` must be the branch that changes are merged into, such as "origin/main"'
    )


def _is_self(value: object) -> bool:
    if value not in (None, _SELF):
        raise BadReviewSettings(
            '`review.approvals` is "self", where one person works without a forge, or left out'
        )
    return value == _SELF
