"""Which moves are looked at: into which classes, and at which ages?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, pairwise, product
from typing import Final

from firnline.inventory.advice.timeline import Move
from firnline.inventory.forecast.stays import INTELLIGENT_TIERING
from firnline.s3.law.classes import gap_after
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import Filter, NoncurrentExpiration, Rule, RuleSet, Transition
from firnline.s3.terms import Days, StorageClass

AGES: Final = (30, 60, 90, 120, 180, 270, 365, 730)
"""In days. Between two of them a tier costs little more than on the better one."""
YOUNGEST: Final[Mapping[str, int]] = {
    "STANDARD_IA": 30,
    INTELLIGENT_TIERING: 30,
    "GLACIER_IR": 90,
    "GLACIER": 90,
    "DEEP_ARCHIVE": 180,
}
"""Where nothing is known of reads: AWS names GLACIER_IR for what is read once a quarter, and the
infrequent-access classes for what is read once a month (S3 User Guide, storage classes).
"""
OF_MILLISECONDS: Final = ("STANDARD_IA", "GLACIER_IR", INTELLIGENT_TIERING)
"""They answer at once, and keep objects in several zones."""
ARCHIVES: Final = ("GLACIER", "DEEP_ARCHIVE")
SIZES: Final = (SMALL_OBJECT, 1 << 18, 1 << 19, 1 << 20, 1 << 22, 1 << 24)
"""The smallest objects that move."""

Moves = tuple[Move, ...]
_ONE_AFTER_ANOTHER: Final = (("STANDARD_IA",), ("GLACIER_IR",), ARCHIVES)


def choices(
    classes: Collection[str], youngest: Mapping[str, int], ends: int | None = None
) -> list[Moves]:
    """All moves into these classes that S3 allows, at `AGES`; before an object `ends`."""
    found: list[Moves] = []
    for into in _sequences(classes):
        at = [[age for age in AGES if age >= youngest[name]] for name in into]
        tried = (tuple(map(Move, ages, into)) for ages in product(*at))
        found += (
            each for each in tried if in_order(each) and (ends is None or each[-1].after < ends)
        )
    return found


def in_order(moves: Moves) -> bool:
    """Whether S3 lets one rule make them one after the other."""
    return all(
        one.after + gap_after(StorageClass(one.into)) <= other.after
        for one, other in pairwise(moves)
    )


def _sequences(classes: Collection[str]) -> Iterator[Sequence[str]]:
    tiers = [[name for name in tier if name in classes] for tier in _ONE_AFTER_ANOTHER]
    for number in range(1, len(tiers) + 1):
        for some in combinations(tiers, number):
            yield from product(*some)
    if INTELLIGENT_TIERING in classes:
        yield (INTELLIGENT_TIERING,)


def told_apart(prefixes: Collection[str], sizes: Sequence[int], last: int) -> RuleSet:
    """Rules that cut what is stored wherever a choice may; `last` is the highest age."""
    archived = (Transition(Days(last), StorageClass("DEEP_ARCHIVE")),)
    found = [
        Rule(f"{size} {prefix}", Filter(prefix, larger_than=size - 1), transitions=archived)
        for prefix in sorted(prefixes)
        for size in sizes
    ]
    old = NoncurrentExpiration(Days(last))
    return RuleSet((*found, Rule("old", Filter(), noncurrent_expires=old)))
