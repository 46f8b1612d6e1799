"""A bucket in which every price and every minimum has its part."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.inventory.forecast.ledger import law
from tests.inventory.forecast.ledger.law import DAY
from tests.inventory.forecast.ledger.stored import Key, Rule, Upload, Version, World

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TIB = 1 << 40
CLASSES = (
    *("STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "INTELLIGENT_TIERING"),
    *("ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
)
TARGETS = tuple(law.STRONGER)
MANY = 10_000_000
MIDNIGHT = Version(NOW.replace(hour=0, minute=0), TIB)


def everything() -> World:
    """Each class with huge, small and young objects, of which some move on and some are deleted."""
    keys = [
        Key(f"{end}/{each}/{size}", (Version(NOW - days * DAY, size, each),), times)
        for each in CLASSES
        for size, times in ((1_000, MANY), (131_071, MANY), (131_072, MANY), (TIB, 100))
        for end, days in (("kept", 0), ("kept", 200), ("deleted", 0))
    ]
    keys += [Key(f"moved/{each}/1", (Version(NOW, 1 << 30),), MANY) for each in TARGETS]
    old = (Version(NOW - 40 * DAY, TIB), Version(NOW - 20 * DAY, TIB), Version(NOW, TIB))
    return World(
        NOW,
        (*keys, Key("deleted/versions", old), Key("deleted/midnight", (MIDNIGHT,))),
        (Upload("deleted/upload", NOW, TIB),),
        tuple(rules()),
        "Enabled",
    )


def rules() -> list[Rule]:
    deleted = {
        "Expiration": {"Days": 5},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 10},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    moved = [("moved", each, [{"Days": 3, "StorageClass": each}]) for each in TARGETS]
    small = ("kept", "STANDARD", [{"Days": 20, "StorageClass": "STANDARD_IA"}])
    return [
        {"Filter": {"Prefix": "deleted/"}, "Status": "Enabled", **deleted},
        *(
            {"Filter": {"Prefix": f"{top}/{each}/"}, "Status": "Enabled", "Transitions": steps}
            for top, each, steps in (*moved, small)
        ),
    ]
