"""The minimum-size header: which values S3 accepts, and what applies without it."""

from __future__ import annotations

from datetime import date
from typing import Final

from firnline.s3.law.facts import Confidence, Fact

NAME: Final = "x-amz-transition-default-minimum-object-size"
MEMBER: Final = "TransitionDefaultMinimumObjectSize"
ALL_CLASSES_128K: Final = "all_storage_classes_128K"
VARIES_BY_CLASS: Final = "varies_by_storage_class"

# O: radkawar/stackd, lifecycle_control_replay.json (2026-09-21); since botocore 1.35.32. S3 stores
# ALL_CLASSES_128K where the header is absent, whatever was stored before.
VALUES: Final = Fact(
    (ALL_CLASSES_128K, VARIES_BY_CLASS),
    Confidence.OBSERVED,
    "radkawar/stackd, lifecycle_control_replay.json (2026-09-21)",
    since=date(2024, 9, 1),
)
