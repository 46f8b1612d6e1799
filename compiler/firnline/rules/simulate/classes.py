"""Into which class can lifecycle move an object that lies in another?

S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle" (supported transitions and
constraints). That an object in a class without a way to the target just stays is inferred.
"""

from __future__ import annotations

from typing import Final

from firnline.rules.law import RANK, STEPS

_FROM_TIERS: Final[dict[str, tuple[str, ...]]] = {
    "ARCHIVE_INSTANT_ACCESS": ("GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
    "ARCHIVE_ACCESS": ("GLACIER", "DEEP_ARCHIVE"),
    "DEEP_ARCHIVE_ACCESS": ("DEEP_ARCHIVE",),
}
CLASSES: Final = ("STANDARD", "REDUCED_REDUNDANCY", *RANK)


def can_enter(origin: str, target: str, tier: str | None = None) -> bool:
    """`tier` is the access tier of an object in INTELLIGENT_TIERING, where it is known."""
    if origin in ("STANDARD", "REDUCED_REDUNDANCY"):
        return target in RANK
    if origin == "INTELLIGENT_TIERING" and tier in _FROM_TIERS:
        return target in _FROM_TIERS[tier]
    return origin in STEPS and target in STEPS[origin].next
