"""Do live rules delete anything sooner than the policies do, and how soon?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import inf
from typing import Final

from firnline.rules.diff.category import Category
from firnline.rules.diff.items import ReviewItem
from firnline.s3.compare.story import comes_before
from firnline.s3.model import Rule
from firnline.s3.terms import Clock, When

SHORT: Final = 7
"""Days: what is deleted so soon is gone before many would notice."""
_DATA: Final = (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS)


def deletes_sooner(item: ReviewItem) -> bool:
    """Of objects and their versions: an upload that is aborted sooner was never readable."""
    return Category.DELETES_SOONER in item.categories and item.change.clock in _DATA


def days_left(item: ReviewItem, today: date) -> float:
    """After how many days something ends that the policies would keep then; 0 for a date that has
    come.
    """
    old, new = item.change.old.ends, item.change.new.ends
    sooner = [end for end in new if not any(comes_before(each, end) for each in old)]
    return min((_days(end.when, today) for end in sooner), default=inf)


def soonest_first(items: Iterable[ReviewItem], today: date) -> list[ReviewItem]:
    return sorted(items, key=lambda item: (days_left(item, today), item.digest))


def days_of(rule: Rule, today: date) -> float:
    """After how many days at the soonest a rule by itself deletes objects or versions."""
    if not rule.enabled:
        return inf
    noncurrent = rule.noncurrent_expires.after if rule.noncurrent_expires else None
    found = (each for each in (rule.expires, noncurrent) if each is not None)
    return min((_days(each, today) for each in found), default=inf)


def _days(when: When, today: date) -> int:
    return int(when) if isinstance(when, int) else max(0, (when - today).days)
