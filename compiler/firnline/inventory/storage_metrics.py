"""What CloudWatch knows of a bucket: bytes by storage type and a number of objects, day by day.

S3 User Guide, "Metrics and dimensions", daily storage metrics for buckets: `BucketSizeBytes` counts
all versions and the parts of incomplete uploads, `NumberOfObjects` delete markers and parts too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import inf
from typing import Any, Final, NamedTuple

from firnline.s3.terms import AccessTier

NAMESPACE: Final = "AWS/S3"
SIZE, OBJECTS = "BucketSizeBytes", "NumberOfObjects"
ALL: Final = "AllStorageTypes"
"""The storage type of `NumberOfObjects`."""


class Place(NamedTuple):
    storage_class: str
    tier: AccessTier | None = None


_TIERING: Final = "INTELLIGENT_TIERING"
STORED: Final = {
    "StandardStorage": Place("STANDARD"),
    "ReducedRedundancyStorage": Place("REDUCED_REDUNDANCY"),
    "StandardIAStorage": Place("STANDARD_IA"),
    "OneZoneIAStorage": Place("ONEZONE_IA"),
    "GlacierInstantRetrievalStorage": Place("GLACIER_IR"),
    "GlacierStorage": Place("GLACIER"),
    "DeepArchiveStorage": Place("DEEP_ARCHIVE"),
    "IntelligentTieringFAStorage": Place(_TIERING, AccessTier.FREQUENT),
    "IntelligentTieringIAStorage": Place(_TIERING, AccessTier.INFREQUENT),
    "IntelligentTieringAIAStorage": Place(_TIERING, AccessTier.ARCHIVE_INSTANT),
    "IntelligentTieringAAStorage": Place(_TIERING, AccessTier.ARCHIVE),
    "IntelligentTieringDAAStorage": Place(_TIERING, AccessTier.DEEP_ARCHIVE),
}
"""The bytes that somebody stored."""
PADDING: Final = {
    "StandardIASizeOverhead": Place("STANDARD_IA"),
    "OneZoneIASizeOverhead": Place("ONEZONE_IA"),
    "GlacierIRSizeOverhead": Place("GLACIER_IR"),
}
"""What objects of less than 128 KiB are billed beyond their size."""
OVERHEAD: Final = {
    "GlacierObjectOverhead": Place("GLACIER"),
    "DeepArchiveObjectOverhead": Place("DEEP_ARCHIVE"),
    "IntAAObjectOverhead": Place(_TIERING, AccessTier.ARCHIVE),
    "IntDAAObjectOverhead": Place(_TIERING, AccessTier.DEEP_ARCHIVE),
}
"""32 KiB for each archived object, so it says how many they are."""
OVERHEAD_IN_STANDARD: Final = (
    "GlacierS3ObjectOverhead",
    "DeepArchiveS3ObjectOverhead",
    "IntAAS3ObjectOverhead",
    "IntDAAS3ObjectOverhead",
)
"""8 KiB for each of them."""
STAGING: Final = ("GlacierStagingStorage", "DeepArchiveStagingStorage")
"""The parts of incomplete uploads into an archive class, which are billed as STANDARD."""

KNOWN: Final = frozenset((*STORED, *PADDING, *OVERHEAD, *OVERHEAD_IN_STANDARD, *STAGING, ALL))


class NotMetrics(ValueError):
    """The text says why, and goes on after the name of a file."""


@dataclass(frozen=True, slots=True)
class StorageMetrics:
    """Of one bucket. `sizes` are bytes by storage type and day; S3 reports a day once, and nothing
    of a type in which nothing is stored.
    """

    bucket: str
    sizes: Mapping[str, Mapping[date, int]]
    objects: Mapping[date, int]

    @property
    def day(self) -> date:
        """The last that is whole: of yesterday some types may be still to come."""
        days = _days(self.sizes, self.objects)
        last = days[-1]
        before = last - timedelta(days=1)
        late = any(before in found and last not in found for found in self.sizes.values())
        return before if late and self.objects[last] and before in days else last

    def until(self, day: date) -> StorageMetrics:
        """Raises `NotMetrics` where they begin later."""
        sizes = {name: _until(day, found) for name, found in self.sizes.items()}
        objects = _until(day, self.objects)
        if not _days(sizes, objects):
            raise NotMetrics(f"has no sizes of {day}: the first are of {min(self.objects)}")
        return StorageMetrics(self.bucket, sizes, objects)

    def on(self, day: date) -> dict[str, int]:
        """By storage type."""
        return {name: found[day] for name, found in self.sizes.items() if day in found}

    def stored_on(self, day: date) -> int:
        """The bytes that somebody stored."""
        found = self.on(day)
        return sum(found.get(name, 0) for name in (*STORED, *STAGING))


def _until(day: date, found: Mapping[date, int]) -> dict[date, int]:
    return {each: value for each, value in found.items() if each <= day}


Series = Iterable[tuple[datetime, float]]


def metrics_of(bucket: str, found: Iterable[tuple[str, Series]]) -> StorageMetrics:
    """By storage type, each on its own or in parts. Raises `NotMetrics` where it cannot be said
    what is stored.
    """
    sizes: dict[str, dict[date, int]] = defaultdict(dict)
    for name, values in found:
        for moment, value in values:
            day, amount = moment.astimezone(UTC).date(), round(value)
            if sizes[name].setdefault(day, amount) != amount:
                raise NotMetrics(
                    f"has two values of {bucket} {name} for {day}, {sizes[name][day]} and {amount}:"
                    " ask for one statistic, `Average`, with a period of 86400"
                )
    objects = sizes.pop(ALL, {})
    unknown = [name for name, values in sizes.items() if name not in KNOWN and any(values.values())]
    if unknown:
        raise NotMetrics(f"has a storage type that is not known here, `{unknown[0]}`")
    if not _days(sizes, objects):
        raise NotMetrics("has no day with both sizes and a number of objects")
    return StorageMetrics(bucket, {name: sizes[name] for name in sizes if name in KNOWN}, objects)


def _days(sizes: Mapping[str, Mapping[date, int]], objects: Mapping[date, int]) -> list[date]:
    """Of which both sizes and the number of objects are known, or that there are none."""
    sized = {day for found in sizes.values() for day in found}
    return sorted(day for day, number in objects.items() if day in sized or not number)


def read_metric_data(document: Any) -> list[StorageMetrics]:
    """What `aws cloudwatch get-metric-data` prints, with labels of a bucket and a storage type. By
    bucket. Raises `NotMetrics`.
    """
    if isinstance(document, dict) and "Datapoints" in document:
        raise NotMetrics(
            "is of `aws cloudwatch get-metric-statistics`, which does not say of which bucket and"
            " storage type: use get-metric-data"
        )
    results = document.get("MetricDataResults") if isinstance(document, dict) else None
    if not isinstance(results, list) or not all(isinstance(each, dict) for each in results):
        raise NotMetrics("has no `MetricDataResults`, as `aws cloudwatch get-metric-data` prints")
    if document.get("NextToken"):
        raise NotMetrics("is not whole: it ends with a `NextToken`")
    by_bucket: dict[str, list[tuple[str, Series]]] = defaultdict(list)
    for each in results:
        bucket, name = _label(each)
        by_bucket[bucket].append((name, list(_series(each))))
    if not by_bucket:
        raise NotMetrics("has no metric: is the bucket's name right, and the region its own?")
    return [metrics_of(bucket, found) for bucket, found in by_bucket.items()]


def _label(result: Mapping[str, Any]) -> tuple[str, str]:
    label = result.get("Label")
    words = label.split() if isinstance(label, str) else []
    if len(words) != 2:
        raise NotMetrics(
            f"has a metric labelled {label!r}: let the query's Label be"
            " ${PROP('Dim.BucketName')} ${PROP('Dim.StorageType')}"
        )
    return words[0], words[1]


def _series(result: Mapping[str, Any]) -> Iterator[tuple[datetime, float]]:
    moments, values = result.get("Timestamps", []), result.get("Values", [])
    status = result.get("StatusCode", "Complete")
    if not (isinstance(moments, list) and isinstance(values, list)):
        raise NotMetrics(f"has no lists of `Timestamps` and `Values` for {result.get('Label')}")
    if status not in ("Complete", "PartialData") or len(moments) != len(values):
        raise NotMetrics(f"is not whole: {result.get('Label')} has the status {status}")
    for moment, value in zip(moments, values, strict=True):
        try:
            yield _moment(moment), _amount(value)
        except (TypeError, ValueError) as problem:
            raise NotMetrics(f"has a value that is none: {problem}") from None


def _moment(text: str) -> datetime:
    """CloudWatch tells UTC, whatever the time zone here. Raises `TypeError`, `ValueError`."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _amount(value: Any) -> float:
    """Of bytes or objects. Python reads `NaN` and `Infinity` in JSON too. Raises `ValueError`."""
    amount = float(value)
    if not 0 <= amount < inf:
        raise ValueError(f"{value} is no number of bytes or objects")
    return amount
