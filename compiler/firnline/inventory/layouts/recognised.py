"""What was recognised in a bucket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from firnline.consumers.found import Found, enclosing, of_key, of_prefixes
from firnline.consumers.layout import Layout
from firnline.s3.simulate.stored import ItemKind, StoredItem


@dataclass(frozen=True, slots=True)
class Recognised:
    """`shown_by` so many current objects; None where it is only known by the name of a prefix. With
    `has_more`, there are more of its kind than were looked at.
    """

    found: Found
    shown_by: int | None
    has_more: bool = False

    @property
    def layout(self) -> Layout:
        return self.found.layout

    @property
    def prefix(self) -> str:
        return self.found.root


def of_items(items: Iterable[StoredItem]) -> tuple[Recognised, ...]:
    """By the current objects of a listing."""
    counts: Counter[Found] = Counter()
    for item in items:
        if item.current and item.kind is ItemKind.OBJECT_VERSION and (found := of_key(item.key)):
            counts[found] += 1
    return recognised(counts)


def of_summary(prefixes: Iterable[str]) -> tuple[Recognised, ...]:
    """By the names of folders alone: a summary has no keys, so that most are not recognised."""
    return tuple(Recognised(each, None) for each in of_prefixes(prefixes) if each.is_shown)


def recognised(counts: Mapping[Found, int], most: int | None = None) -> tuple[Recognised, ...]:
    """By so many objects each, `most` of one kind. What lies inside another one of its kind counts
    there.
    """
    kinds = Counter(each.layout.called for each in counts)
    shown: Counter[Found] = Counter()
    for each, outer in enclosing(counts).items():
        shown[outer] += counts[each]
    return tuple(
        Recognised(each, count, most is not None and kinds[each.layout.called] >= most)
        for each, count in shown.items()
    )
