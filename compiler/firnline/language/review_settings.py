"""The table `[review]` of the settings: what a change is compared with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_KNOWN: Final = "base"
# What git-check-ref-format(1) forbids in the name of a reference.
_NO_NAME: Final = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-/.]|[/.]$|/\.|\.lock(/|$)")


class BadReviewSettings(ValueError):
    """The text says what is wrong, and what to write."""


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """`base` is the branch that changes are merged into, where the settings name it."""

    base: str | None = None


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
    return ReviewSettings(_base(value.get("base")))


def _base(value: object) -> str | None:
    if value is None or (isinstance(value, str) and is_branch_name(value)):
        return value
    raise BadReviewSettings(
        '`review.base` must be the branch that changes are merged into, such as "origin/main"'
    )
