"""Which bytes does S3 bill that nobody stored? The rules, not the prices.

How long an object is billed at least is in `law/classes.py`.
"""

from __future__ import annotations

from typing import Final

from firnline.s3.law.facts import Confidence, Fact
from firnline.s3.terms import AccessTier, Bytes, Days

_D = Confidence.DOCUMENTED
_CLASSES = "S3 User Guide, storage classes; S3 pricing"

GB: Final = 2**30
"""In prices, "1 GB is 2^30 bytes" (S3 pricing)."""

MINIMUM_SIZE: Final[Fact[Bytes]] = Fact(Bytes(131_072), _D, _CLASSES)
"""A smaller object is billed as if it had so many bytes, in these classes:"""
WITH_MINIMUM_SIZE: Final = ("STANDARD_IA", "ONEZONE_IA", "GLACIER_IR")

ARCHIVED: Final = ("GLACIER", "DEEP_ARCHIVE")
"""These storage classes and access tiers have an overhead for each object."""
ARCHIVED_TIERS: Final = (AccessTier.ARCHIVE, AccessTier.DEEP_ARCHIVE)
OVERHEAD: Final[Fact[Bytes]] = Fact(Bytes(32 * 1024), _D, _CLASSES)
"""Of each archived object, at the rate of its class."""
OVERHEAD_IN_STANDARD: Final[Fact[Bytes]] = Fact(Bytes(8 * 1024), _D, _CLASSES)
"""Of each archived object, at the rate of STANDARD."""

MONITORED_FROM: Final[Fact[Bytes]] = Fact(Bytes(131_072), _D, _CLASSES)
"""INTELLIGENT_TIERING neither monitors nor tiers smaller objects: they stay FREQUENT."""

TIERS_WHEN_NOT_READ: Final[tuple[tuple[AccessTier, Days], ...]] = (
    (AccessTier.FREQUENT, Days(0)),
    (AccessTier.INFREQUENT, Days(30)),
    (AccessTier.ARCHIVE_INSTANT, Days(90)),
)
"""Of an object in INTELLIGENT_TIERING that nobody reads, by the days since it came there; the
archive tiers are opt-in (S3 User Guide, managing storage costs with Intelligent-Tiering)."""
