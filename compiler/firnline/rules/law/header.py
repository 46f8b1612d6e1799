"""The minimum-size header: what S3 takes for it, and what stands without it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from firnline.rules.law.facts import Confidence, Fact
from firnline.rules.law.verdict import Finding

NAME: Final = "x-amz-transition-default-minimum-object-size"
MEMBER: Final = "TransitionDefaultMinimumObjectSize"
ALL_CLASSES_128K: Final = "all_storage_classes_128K"
VARIES_BY_CLASS: Final = "varies_by_storage_class"

# O: radkawar/stackd, lifecycle_control_replay.json (2026-09-21); since botocore 1.35.32. S3 stores
# ALL_CLASSES_128K where the header is absent, whatever stood before.
VALUES: Final = Fact(
    (ALL_CLASSES_128K, VARIES_BY_CLASS),
    Confidence.OBSERVED,
    "radkawar/stackd, lifecycle_control_replay.json (2026-09-21)",
    since=date(2024, 9, 1),
)


def judge_header(header: object) -> Iterator[Finding]:
    """`header`: its value, or a mapping that may hold it; nothing where it is absent."""
    value = header.get(MEMBER) if isinstance(header, Mapping) else header
    if value is None or value in VALUES.value:
        return
    yield Finding(
        code="InvalidRequest",
        message=f"Invalid TransitionDefaultMinimumObjectSize found: {str(value)[:80]}",
        path=MEMBER,
        status=400,
        confidence=VALUES.confidence,
        topic="document",
        source=VALUES.source,
    )
