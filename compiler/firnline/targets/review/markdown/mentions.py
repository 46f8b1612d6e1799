"""Who is mentioned: those who own the approvals at the base, while one is missing."""

from __future__ import annotations

from typing import Final

from firnline.forge.marker import may_mention
from firnline.targets.review.model import Review

_MOST: Final = 5


def mentioned(review: Review) -> tuple[str, ...]:
    if review.reviewed is None or not review.open_codes:
        return ()
    names = (each for each in review.reviewed.owners if may_mention(each))
    return tuple(dict.fromkeys(names))[:_MOST]
