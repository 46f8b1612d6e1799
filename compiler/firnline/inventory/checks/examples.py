"""What is stored in the examples of the findings, and what is found there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from firnline.diagnostics.kinds import Diagnostic, Kind
from firnline.inventory.checks.cold_reads import COLD_READS
from firnline.inventory.checks.findings import findings
from firnline.inventory.checks.judged import BilledTogether, BucketAfter
from firnline.inventory.checks.move_bill import MOVE_BILL
from firnline.inventory.checks.never_pays_back import NEVER_PAYS_BACK
from firnline.inventory.checks.short_stop import SHORT_STOP
from firnline.inventory.checks.small_object import SMALL_OBJECT
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.forecast.reads import (
    DAYS_OF_A_MONTH,
    BucketCells,
    ReadCell,
    ReadVolume,
)
from firnline.inventory.forecast.undecided import Contents
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, StoredItem
from firnline.s3.terms import Bytes, Versioning

_MONTHS: Final = 12
_KEY: Final = "runs/x"


class ExampleFacts(NamedTuple):
    """So many objects of a size and an age below `runs/`, with so many reads a month at an age of
    `read_at` days.
    """

    objects: int
    size: Bytes
    days: int
    reads: int = 0
    read_at: int = 0

    @property
    def in_words(self) -> str:
        reads = f", read {self.reads:,} times a month when they are {self.read_at} days old"
        return (
            f"{self.objects:,} objects of {self.size} below `runs/` that are {self.days} days old"
            f"{reads if self.reads else ''}"
        )

    def read(self, now: datetime) -> BucketCells | None:
        if not self.reads:
            return None
        volume = ReadVolume(self.reads, self.reads * self.size, self.reads, self.reads * self.size)
        cell = ReadCell(StoredItem(_KEY, now, self.size), self.read_at, volume)
        month = timedelta(days=DAYS_OF_A_MONTH)
        return BucketCells((cell,), DAYS_OF_A_MONTH, now - month, now)


_MANY: Final = 10_000_000
FACTS: Final = {
    NEVER_PAYS_BACK: ExampleFacts(_MANY, Bytes(150 * 2**10), 40),
    SMALL_OBJECT: ExampleFacts(_MANY, Bytes(40 * 2**10), 40),
    SHORT_STOP: ExampleFacts(_MANY, Bytes(400 * 2**10), 10),
    MOVE_BILL: ExampleFacts(_MANY, Bytes(800 * 2**10), 40),
    COLD_READS: ExampleFacts(1_000, Bytes(10 * 2**20), 40, reads=12_000, read_at=90),
}


def found_in_example(
    kind: Kind, buckets: Iterable[BucketRules], today: date
) -> tuple[Diagnostic, ...]:
    """With the prices of us-east-1; nothing of a kind that needs no facts."""
    if kind not in FACTS:
        return ()
    now = datetime.combine(today, time(), UTC)
    facts = FACTS[kind]
    objects, size, days = facts[:3]
    since = now - timedelta(days=days)
    item = StoredItem(_KEY, since, size)
    each = Volume.of(size)
    stored = Stored(item, Volume().plus(each, objects), since)
    judged = []
    for bucket in buckets:
        config = BucketConfig(bucket.rules, bucket.bucket.versioning, program=bucket.program)
        batch = Batch(config.rules, BucketState(config.versioning or Versioning.OFF))
        changed = Changed(batch, batch, Contents([(stored,)]))
        judged.append(BucketAfter(bucket.bucket.name, config, changed, facts.read(now)))
    return findings([BilledTogether(US_EAST_1, judged)], now, _MONTHS).diagnostics
