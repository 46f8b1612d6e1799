"""Storage classes, one row for each: where objects go from it, which wins, what leaving costs.

A class that is added here is known everywhere: the law, the simulator, the comparison, the schema
of policies, completion and drawings read this table and no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Final, NamedTuple

from firnline.s3.law.facts import Confidence, Fact
from firnline.s3.terms import AccessTier, Days, Partition, StorageClass

_O, _D, _I = Confidence.OBSERVED, Confidence.DOCUMENTED, Confidence.INFERRED
_WATERFALL = 'S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle"'
_CAPTURES = "radkawar/stackd, lifecycle_control_replay.json (2026-09-21)"
_EXPIRING = 'S3 User Guide, "Expiring objects"'


class Steps(NamedTuple):
    """Where an object may go next from a class, and how many days later at the earliest."""

    next: tuple[str, ...]
    gap: Days


class Reading(IntEnum):
    """How slow or expensive it is to read objects in it (S3 User Guide, "Comparing the Amazon S3
    storage classes"; S3 pricing).
    """

    FREE = 0
    FEE = 1  # for each GB
    HIGHER_FEE = 2
    RESTORE = 3  # of minutes to hours
    SLOW_RESTORE = 4  # of hours to days


@dataclass(frozen=True, slots=True)
class TargetClass:
    """A class that rules move objects into.

    `rank` decides which class wins when two rules are due: the cheaper one, but INTELLIGENT_TIERING
    before the infrequent-access classes and GLACIER_IR (inferred, and consistent with the S3 User
    Guide, "How S3 Lifecycle handles conflicts"). `target` holds since S3 has the class as a target;
    before, its name is unknown. An object that leaves before `minimum_stay` is charged for that
    many days; `earliest` is how old an object must be to enter. `takes_small`: whether objects
    below 128 KiB may go there under the header `varies_by_storage_class`.
    """

    name: str
    rank: int
    steps: Fact[Steps]
    target: Fact[str]
    reading: Reading
    minimum_stay: Fact[Days] | None = None
    earliest: tuple[Fact[Days], ...] = ()
    takes_small: bool = False


# How many days after its creation an object may enter the infrequent-access classes.
_BEFORE = "S3 User Guide of 2023-06, lifecycle-transition-general-considerations"
_FELL = date(2026, 7, 16)
_IA_EARLIEST: Final = (
    Fact(Days(0), _O, f"botocore 1.43.50; {_CAPTURES}", since=_FELL, partitions=(Partition.AWS,)),
    # The service model is one for all partitions; only the China pages still state 30 days.
    Fact(Days(0), _I, "botocore 1.43.50", since=_FELL, partitions=(Partition.GOVCLOUD,)),
    Fact(Days(30), _D, _BEFORE, until=_FELL, partitions=(Partition.AWS, Partition.GOVCLOUD)),
    Fact(Days(30), _D, "S3 User Guide of the China regions", partitions=(Partition.CHINA,)),
)

# The warmest first. The gaps within one rule are observed for STANDARD_IA → GLACIER (59/60),
# GLACIER_IR → GLACIER and DEEP_ARCHIVE (89/90) and GLACIER → DEEP_ARCHIVE (89/90).
_TARGET_CLASSES: Final = (
    TargetClass(
        "STANDARD_IA",
        rank=1,
        steps=Fact(
            Steps(
                ("INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
                Days(30),
            ),
            _O,
            _CAPTURES,
        ),
        target=Fact("STANDARD_IA", _O, _CAPTURES),
        reading=Reading.FEE,
        minimum_stay=Fact(Days(30), _D, _EXPIRING),
        earliest=_IA_EARLIEST,
    ),
    TargetClass(
        "ONEZONE_IA",
        rank=2,
        steps=Fact(Steps(("GLACIER", "DEEP_ARCHIVE"), Days(30)), _I, _WATERFALL),
        target=Fact("ONEZONE_IA", _O, _CAPTURES, since=date(2018, 4, 4)),
        reading=Reading.FEE,
        minimum_stay=Fact(Days(30), _D, _EXPIRING),
        earliest=_IA_EARLIEST,
    ),
    TargetClass(
        "GLACIER_IR",
        rank=3,
        steps=Fact(Steps(("GLACIER", "DEEP_ARCHIVE"), Days(90)), _O, _CAPTURES),
        target=Fact("GLACIER_IR", _O, _CAPTURES, since=date(2021, 11, 30)),
        reading=Reading.HIGHER_FEE,
        minimum_stay=Fact(Days(90), _D, _EXPIRING),
    ),
    TargetClass(
        "INTELLIGENT_TIERING",
        rank=4,
        # A gap of one day only: no other gap has been observed.
        steps=Fact(
            Steps(("ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"), Days(1)), _I, _WATERFALL
        ),
        target=Fact("INTELLIGENT_TIERING", _O, _CAPTURES, since=date(2018, 11, 26)),
        # Its optional archive tiers are not set by lifecycle rules.
        reading=Reading.FREE,
    ),
    TargetClass(
        "GLACIER",
        rank=5,
        steps=Fact(Steps(("DEEP_ARCHIVE",), Days(90)), _O, _CAPTURES),
        target=Fact("GLACIER", _O, _CAPTURES),
        reading=Reading.RESTORE,
        minimum_stay=Fact(Days(90), _D, _EXPIRING),
        takes_small=True,
    ),
    TargetClass(
        "DEEP_ARCHIVE",
        rank=6,
        steps=Fact(Steps((), Days(0)), _D, _WATERFALL),
        target=Fact("DEEP_ARCHIVE", _O, _CAPTURES, since=date(2019, 3, 27)),
        reading=Reading.SLOW_RESTORE,
        minimum_stay=Fact(Days(180), _D, _EXPIRING),
        takes_small=True,
    ),
)
# Classes that S3 knows and refuses as a target (for the code, see the refusals). From these,
# objects may go anywhere.
NO_TARGETS: Final = ("STANDARD", "REDUCED_REDUNDANCY")
# Objects of a directory bucket are in this one, and nothing moves into it or out of it.
DIRECTORY_CLASS: Final = "EXPRESS_ONEZONE"

TARGETS: Final = {row.name: row for row in _TARGET_CLASSES}
CLASSES: Final = (*NO_TARGETS, *TARGETS)
"""All classes in which lifecycle finds objects, the warmest first."""
RANK: Final = {row.name: row.rank for row in _TARGET_CLASSES}
STEPS: Final = {row.name: row.steps.value for row in _TARGET_CLASSES}
READING: Final = {
    **dict.fromkeys(NO_TARGETS, Reading.FREE),
    **{row.name: row.reading for row in _TARGET_CLASSES},
}
SMALL_TARGETS: Final = frozenset(row.name for row in _TARGET_CLASSES if row.takes_small)


def can_move(origin: StorageClass, target: StorageClass) -> bool:
    """Whether one rule may name the one after the other."""
    return target in STEPS[origin].next


def gap_after(origin: StorageClass) -> Days:
    """How many days S3 requires between entering a class and leaving it, within one rule."""
    return STEPS[origin].gap


def minimum_stay(storage_class: str) -> Fact[Days] | None:
    """How long an object is charged for there at least."""
    row = TARGETS.get(storage_class)
    return row.minimum_stay if row else None


def earliest(storage_class: str) -> tuple[Fact[Days], ...]:
    """How old an object must be to enter the class: by partition and day, if S3 ever required
    any.
    """
    row = TARGETS.get(storage_class)
    return row.earliest if row else ()


# From the access tiers inside INTELLIGENT_TIERING less is reachable.
_FROM_TIERS: Final[dict[AccessTier, tuple[str, ...]]] = {
    AccessTier.FREQUENT: STEPS["INTELLIGENT_TIERING"].next,
    AccessTier.INFREQUENT: STEPS["INTELLIGENT_TIERING"].next,
    AccessTier.ARCHIVE_INSTANT: ("GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"),
    AccessTier.ARCHIVE: ("GLACIER", "DEEP_ARCHIVE"),
    AccessTier.DEEP_ARCHIVE: ("DEEP_ARCHIVE",),
}


def reachable(origin: str, target: str, tier: AccessTier | None = None) -> bool:
    """Whether S3 moves an object from `origin` to `target` when a rule is due.

    `tier` is the access tier of one in INTELLIGENT_TIERING, where it is known.

    D: S3 User Guide, "Supported transitions". That an object in a class without a way to the target
    just stays is inferred.
    """
    if origin in NO_TARGETS:
        return target in STEPS
    if origin == "INTELLIGENT_TIERING" and tier is not None:
        return target in _FROM_TIERS[tier]
    return origin in STEPS and target in STEPS[origin].next
