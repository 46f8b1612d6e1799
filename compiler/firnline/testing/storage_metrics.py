"""What S3 reports to CloudWatch once a day: bytes by storage type and a number of objects.

moto reports the current objects of now alone, all as STANDARD.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Final

from moto.cloudwatch.models import MetricDatum
from moto.s3.models import FakeBucket, FakeDeleteMarker

from firnline.inventory.storage_metrics import (
    ALL,
    NAMESPACE,
    OBJECTS,
    OVERHEAD,
    PADDING,
    SIZE,
    STORED,
    Place,
)
from firnline.s3.billing import MINIMUM_SIZE, OVERHEAD_IN_STANDARD
from firnline.s3.billing import OVERHEAD as ARCHIVE_OVERHEAD
from firnline.testing.bucket_contents import all_buckets, created
from firnline.testing.moto_process import initiated

_HISTORY: Final = 60
"""Days; CloudWatch keeps more, but moto looks at each of them for each answer."""

Day = Counter[str]
"""By storage type; `ALL` is the number of objects."""


@dataclass(slots=True)
class StorageMetrics:
    """Nothing is reported before `begin`: an emulator whose tests do not ask need not count."""

    asked: bytes = b""
    """The request that is answered: what is reported of buckets that it does not name, is not."""

    _days: dict[str, dict[date, Day]] = field(default_factory=dict)
    is_on: bool = False

    def begin(self, now: datetime) -> None:
        """With what there was on the days before, of what there is now."""
        self.is_on = True
        for bucket in all_buckets():
            for days in range(_HISTORY):
                day = now.date() - timedelta(days=days)
                until = datetime.combine(day, time(), UTC)
                self._days.setdefault(bucket.name, {})[day] = _stored(bucket, until)

    def record(self, moment: datetime, changed: Collection[str] | None) -> None:
        """Of the day that begins with that moment. `changed` are the buckets that are not as on the
        day before, if that is known.
        """
        if not self.is_on:
            return
        day = moment.astimezone(UTC).date()
        for bucket in all_buckets():
            found = self._days.setdefault(bucket.name, {})
            before = found.get(day - timedelta(days=1))
            same = changed is not None and bucket.name not in changed and before is not None
            found[day] = before if same and before is not None else _stored(bucket, moment)

    def data(self, account: str, region: str) -> list[MetricDatum]:
        """For moto, which asks for all that one account has in one region."""
        return [
            each
            for bucket in all_buckets()
            if (bucket.account_id, bucket.region_name) == (account, region)
            and bucket.name.encode() in self.asked
            for day, found in self._days.get(bucket.name, {}).items()
            for each in _data(bucket.name, day, found)
        ]


def _stored(bucket: FakeBucket, until: datetime) -> Day:
    found: Day = Counter()
    for version in chain.from_iterable(versions for _, versions in bucket.keys.lists()):
        if created(version) > until:
            continue
        found[ALL] += 1
        if not isinstance(version, FakeDeleteMarker):
            found.update(_billed(version.storage_class or "STANDARD", version.size))
    for upload in list(bucket.multiparts.values()):
        if initiated(upload, until) <= until:
            found[ALL] += len(upload.parts)
            found[_NAMES[Place("STANDARD")]] += sum(part.size for part in upload.parts.values())
    return found


_NAMES: Final = {place: name for name, place in reversed(STORED.items())} | {
    Place("INTELLIGENT_TIERING"): "IntelligentTieringFAStorage"
}
_PADDING: Final = {place: name for name, place in PADDING.items()}
_OVERHEAD: Final = {place: name for name, place in OVERHEAD.items()}


def _billed(storage_class: str, size: int) -> dict[str, int]:
    place = Place(storage_class)
    found = {_NAMES[place]: size}
    if place in _PADDING and size < MINIMUM_SIZE.value:
        found[_PADDING[place]] = MINIMUM_SIZE.value - size
    if place in _OVERHEAD:
        found[_OVERHEAD[place]] = ARCHIVE_OVERHEAD.value
        of_standard = _OVERHEAD[place].replace("ObjectOverhead", "S3ObjectOverhead")
        found[of_standard] = OVERHEAD_IN_STANDARD.value
    return found


def _data(bucket: str, day: date, found: Day) -> Iterator[MetricDatum]:
    for storage_type, value in _reported(found):
        counts = storage_type == ALL
        yield MetricDatum(
            namespace=NAMESPACE,
            name=OBJECTS if counts else SIZE,
            value=value,
            dimensions=[
                {"Name": "BucketName", "Value": bucket},
                {"Name": "StorageType", "Value": storage_type},
            ],
            timestamp=datetime.combine(day, time()),
            unit="Count" if counts else "Bytes",
        )


def _reported(found: Day) -> Iterable[tuple[str, int]]:
    """Nothing of a type in which nothing is stored; always a number of objects."""
    return ((name, found[name]) for name in {ALL, *found} if name == ALL or found[name])
