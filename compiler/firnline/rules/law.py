"""What S3 accepts: facts as tables, each with its source.

D: S3 documentation. O: seen on S3 (captures of 2026-09-21 in radkawar/stackd,
testdata/aws/s3/lifecycle_control_replay.json). I: inferred.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from firnline.language.model import StorageClass
from firnline.language.units import Days

MOST_RULES: Final = 1_000  # O: 1,000 accepted, 1,001 MalformedXML
LONGEST_ID: Final = 255  # O: InvalidArgument "ID length should not exceed allowed limit of 255"
LONGEST_PREFIX: Final = 1_024  # O: InvalidRequest "The maximum size of a prefix is 1024"
LARGEST_SIZE_BOUND: Final = 1_099_511_627_776_000  # O: bytes
SMALL_OBJECT: Final = 131_072  # D: bytes; smaller objects do not move by default


class Steps(NamedTuple):
    """Where an object may go next from a class, and how many days later at the earliest."""

    next: tuple[str, ...]
    gap: Days


# D: S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle" (waterfall);
# gaps within one rule O for STANDARD_IA → GLACIER (59/60), GLACIER_IR → GLACIER and DEEP_ARCHIVE
# (89/90), GLACIER → DEEP_ARCHIVE (89/90); I for the others.
STEPS: Final[dict[str, Steps]] = {
    "STANDARD_IA": Steps(
        ("INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"), Days(30)
    ),
    "ONEZONE_IA": Steps(("GLACIER", "DEEP_ARCHIVE"), Days(30)),
    "INTELLIGENT_TIERING": Steps(("ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"), Days(1)),
    "GLACIER_IR": Steps(("GLACIER", "DEEP_ARCHIVE"), Days(90)),
    "GLACIER": Steps(("DEEP_ARCHIVE",), Days(90)),
    "DEEP_ARCHIVE": Steps((), Days(0)),
}

# Which class wins when two rules are due: I, consistent with D (S3 User Guide, "How S3 Lifecycle
# handles conflicts"): the cheaper one, but INTELLIGENT_TIERING before the infrequent-access
# classes and GLACIER_IR.
RANK: Final[dict[str, int]] = {
    "STANDARD_IA": 1,
    "ONEZONE_IA": 2,
    "GLACIER_IR": 3,
    "INTELLIGENT_TIERING": 4,
    "GLACIER": 5,
    "DEEP_ARCHIVE": 6,
}

# D: S3 User Guide, "Expiring objects": who deletes sooner is charged for as many days.
MINIMUM_STAY: Final[dict[str, Days]] = {
    "STANDARD_IA": Days(30),
    "ONEZONE_IA": Days(30),
    "GLACIER_IR": Days(90),
    "GLACIER": Days(90),
    "DEEP_ARCHIVE": Days(180),
}


def can_move(origin: StorageClass, target: StorageClass) -> bool:
    return target in STEPS[origin].next


def gap_after(origin: StorageClass) -> Days:
    """How many days S3 wants between entering a class and leaving it, within one rule."""
    return STEPS[origin].gap
