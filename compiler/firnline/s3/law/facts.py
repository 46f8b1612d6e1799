"""How sure is a fact about S3, where is it from, and since when and where does it hold?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final, Generic, TypeVar

from firnline.s3.terms import Partition

Value = TypeVar("Value")

AS_OF: Final = date(2026, 9, 21)
"""The day of the newest replies of the real service that the tables of this folder were compared
with (radkawar/stackd, lifecycle_control_replay.json).
"""


class Confidence(Enum):
    """From surest to least sure."""

    OBSERVED = "observed"  # a reply of the real service was observed
    DOCUMENTED = "documented"  # AWS says so
    INFERRED = "inferred"  # concluded from the other two


@dataclass(frozen=True, slots=True)
class Fact(Generic[Value]):
    """One row: holds from `since` up to, not including, `until`, in these partitions."""

    value: Value
    confidence: Confidence
    source: str
    since: date | None = None
    until: date | None = None
    partitions: tuple[Partition, ...] = tuple(Partition)

    def holds(self, partition: Partition, as_of: date | None) -> bool:
        """Without a day: whether it holds now."""
        if partition not in self.partitions:
            return False
        if as_of is None:
            return self.until is None
        return (self.since or date.min) <= as_of < (self.until or date.max)


def holding(
    rows: Iterable[Fact[Value]], partition: Partition, as_of: date | None
) -> Fact[Value] | None:
    """The row of a table that holds there and then, at most one."""
    return next((row for row in rows if row.holds(partition, as_of)), None)
