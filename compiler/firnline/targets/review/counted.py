"""How many items are there, of which categories, and on how many buckets?"""

from __future__ import annotations

from collections import Counter

from firnline.diagnostics.how_many import how_many
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import Comparison, ReviewItem


def headline(found: Comparison) -> str:
    """`1 change on 3 of 7 buckets: 1 deletes sooner`; there are items."""
    changed = len({bucket for item in found.items for bucket in item.buckets})
    of = f"{changed:,} of " if changed < found.buckets else ""
    on = f"{of}{how_many(found.buckets, 'bucket')}"
    return f"{how_many(len(found.items), 'change')} on {on}: {counted(found.items)}"


def counted(items: tuple[ReviewItem, ...]) -> str:
    """`2 deletes sooner, 1 cost only`"""
    counts = Counter(item.category for item in items)
    return ", ".join(f"{counts[each]:,} {each.words}" for each in Category if counts[each])
