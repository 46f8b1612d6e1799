"""Storage classes: which may follow which, how long after, and which wins when two are due."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from firnline.s3.law.facts import Confidence, Fact
from firnline.s3.terms import Days, Partition, StorageClass

_O, _D, _I = Confidence.OBSERVED, Confidence.DOCUMENTED, Confidence.INFERRED
_WATERFALL = 'S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle"'
_CAPTURES = "radkawar/stackd, lifecycle_control_replay.json (2026-09-21)"


class Steps(NamedTuple):
    """Where an object may go next from a class, and how many days later at the earliest."""

    next: tuple[str, ...]
    gap: Days


# Where objects may go. The gaps within one rule are observed for STANDARD_IA → GLACIER (59/60),
# GLACIER_IR → GLACIER and DEEP_ARCHIVE (89/90) and GLACIER → DEEP_ARCHIVE (89/90).
MATRIX: Final[dict[str, Fact[Steps]]] = {
    "STANDARD_IA": Fact(
        Steps(
            ("INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"), Days(30)
        ),
        _O,
        _CAPTURES,
    ),
    "ONEZONE_IA": Fact(Steps(("GLACIER", "DEEP_ARCHIVE"), Days(30)), _I, _WATERFALL),
    # A gap of one day only: nobody has seen S3 ask for more, or for less.
    "INTELLIGENT_TIERING": Fact(
        Steps(("ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"), Days(1)), _I, _WATERFALL
    ),
    "GLACIER_IR": Fact(Steps(("GLACIER", "DEEP_ARCHIVE"), Days(90)), _O, _CAPTURES),
    "GLACIER": Fact(Steps(("DEEP_ARCHIVE",), Days(90)), _O, _CAPTURES),
    "DEEP_ARCHIVE": Fact(Steps((), Days(0)), _D, _WATERFALL),
}
STEPS: Final[dict[str, Steps]] = {name: row.value for name, row in MATRIX.items()}

# Which class wins when two rules are due: the cheaper one, but INTELLIGENT_TIERING before the
# infrequent-access classes and GLACIER_IR (inferred, and consistent with the S3 User Guide, "How
# S3 Lifecycle handles conflicts").
RANK: Final[dict[str, int]] = {
    "STANDARD_IA": 1,
    "ONEZONE_IA": 2,
    "GLACIER_IR": 3,
    "INTELLIGENT_TIERING": 4,
    "GLACIER": 5,
    "DEEP_ARCHIVE": 6,
}

# Where objects below 128 KiB may go under the header `varies_by_storage_class`.
SMALL_TARGETS: Final[Fact[tuple[str, ...]]] = Fact(("GLACIER", "DEEP_ARCHIVE"), _D, _WATERFALL)

# Who deletes or moves on sooner is charged for as many days.
MINIMUM_STAY: Final[dict[str, Fact[Days]]] = {
    name: Fact(Days(days), _D, 'S3 User Guide, "Expiring objects"')
    for name, days in (
        ("STANDARD_IA", 30),
        ("ONEZONE_IA", 30),
        ("GLACIER_IR", 90),
        ("GLACIER", 90),
        ("DEEP_ARCHIVE", 180),
    )
}

# Since when S3 knows a class as a target; before, its name is an unknown word.
TARGETS: Final[dict[str, Fact[str]]] = {
    "STANDARD_IA": Fact("STANDARD_IA", _O, _CAPTURES),
    "GLACIER": Fact("GLACIER", _O, _CAPTURES),
    "ONEZONE_IA": Fact("ONEZONE_IA", _O, _CAPTURES, since=date(2018, 4, 4)),
    "INTELLIGENT_TIERING": Fact("INTELLIGENT_TIERING", _O, _CAPTURES, since=date(2018, 11, 26)),
    "DEEP_ARCHIVE": Fact("DEEP_ARCHIVE", _O, _CAPTURES, since=date(2019, 3, 27)),
    "GLACIER_IR": Fact("GLACIER_IR", _O, _CAPTURES, since=date(2021, 11, 30)),
}
# Classes that S3 knows and refuses as a target, and with which code is another row.
NO_TARGETS: Final = ("STANDARD", "REDUCED_REDUNDANCY")

# How many days after its creation an object may enter these classes at the earliest.
_BEFORE = "S3 User Guide of 2023-06, lifecycle-transition-general-considerations"
_FELL = date(2026, 7, 16)
_IA = ("STANDARD_IA", "ONEZONE_IA")
EARLIEST: Final[dict[str, tuple[Fact[Days], ...]]] = dict.fromkeys(
    _IA,
    (
        Fact(
            Days(0), _O, f"botocore 1.43.50; {_CAPTURES}", since=_FELL, partitions=(Partition.AWS,)
        ),
        # The service model is one for all partitions; only the China pages still state 30 days.
        Fact(Days(0), _I, "botocore 1.43.50", since=_FELL, partitions=(Partition.GOVCLOUD,)),
        Fact(Days(30), _D, _BEFORE, until=_FELL, partitions=(Partition.AWS, Partition.GOVCLOUD)),
        Fact(Days(30), _D, "S3 User Guide of the China regions", partitions=(Partition.CHINA,)),
    ),
)


def can_move(origin: StorageClass, target: StorageClass) -> bool:
    """Whether one rule may name the one after the other."""
    return target in STEPS[origin].next


def gap_after(origin: StorageClass) -> Days:
    """How many days S3 wants between entering a class and leaving it, within one rule."""
    return STEPS[origin].gap


# From the access tiers inside INTELLIGENT_TIERING less is reachable.
_FROM_TIERS: Final[dict[str, tuple[str, ...]]] = {
    "ARCHIVE_INSTANT_ACCESS": ("GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
    "ARCHIVE_ACCESS": ("GLACIER", "DEEP_ARCHIVE"),
    "DEEP_ARCHIVE_ACCESS": ("DEEP_ARCHIVE",),
}
CLASSES: Final = (*NO_TARGETS, *RANK)
"""All classes in which lifecycle finds objects, the warmest first."""


def reachable(origin: str, target: str, tier: str | None = None) -> bool:
    """Whether S3 moves an object that lies in `origin` to `target` when a rule is due.

    `tier` is the access tier of one in INTELLIGENT_TIERING, where it is known.

    D: S3 User Guide, "Supported transitions". That an object in a class without a way to the target
    just stays is inferred.
    """
    if origin in NO_TARGETS:
        return target in STEPS
    if origin == "INTELLIGENT_TIERING" and tier in _FROM_TIERS:
        return target in _FROM_TIERS[tier]
    return origin in STEPS and target in STEPS[origin].next
