"""What some buckets store, summed up: the summary of each, and what it is exact for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from firnline.inventory.summary.cut import Cut
from firnline.inventory.summary.rows import AgesBy, Row, Stack
from firnline.s3.simulate.clock import midnight_from

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class BucketSummary:
    """`as_of` is the date of the facts, and `newest` the last moment at which one of the items was
    made, which may be later: a list takes its time. `all_versions` and `lists_uploads` are what
    the facts tell of. `ages_by` says how far apart in age items of one row may be.
    """

    bucket: str
    as_of: datetime
    newest: datetime
    all_versions: bool
    lists_uploads: bool
    cut: Cut
    ages_by: AgesBy
    stacks: tuple[Stack, ...]

    @property
    def rows(self) -> Iterator[Row]:
        return (row for stack in self.stacks for row in stack)

    @property
    def day(self) -> int:
        """The one from which ages are counted back, as days are counted in rows."""
        return (midnight_from(self.as_of) - _EPOCH).days

    @property
    def known_from(self) -> datetime:
        """From this moment on all that is summed up is there."""
        return max(self.as_of, self.newest)


@dataclass(frozen=True, slots=True)
class Summary:
    """Of buckets with different names, in their order."""

    buckets: tuple[BucketSummary, ...]
