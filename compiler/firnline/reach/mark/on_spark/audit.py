"""The audit of one bucket inside Spark, which reads the Parquet files of its S3 Inventory where
they lie. Workers run the kernel of one machine; what registries need is broadcast to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from firnline.inventory.facts.fields import known_columns
from firnline.inventory.facts.frame import Column
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.manifest import Manifest
from firnline.inventory.prices.price_list import Prices
from firnline.inventory.summary.cut import Detail
from firnline.inventory.summary.summary import BucketSummary
from firnline.reach.mark.areas import Areas
from firnline.reach.mark.audit import ROWS, Found, missing_places, noncurrent_total, stored_by_price
from firnline.reach.mark.classes import Ages, Classes
from firnline.reach.mark.in_parts import (
    ALIKE,
    SEEN,
    SUMS,
    UNNEEDED,
    add_first,
    add_seen,
    answer,
    first_look,
    shares_of,
)
from firnline.reach.mark.known import Known
from firnline.reach.mark.on_spark.fields import CURRENT, PRICED, all_versions
from firnline.reach.mark.on_spark.in_arrow import on_frames
from firnline.reach.mark.on_spark.inventory import (
    SparkInventory,
    first_line,
    objects_of,
    prove,
    rows_in,
    rows_of,
    volumes_of,
)
from firnline.reach.mark.on_spark.summary import folders_in, summary_on_spark
from firnline.reach.mark.rates import Rates
from firnline.reach.mark.report import BucketAudit, ObjectClass, Orphan
from firnline.reach.mark.summary_in_parts import NotSummedUp
from firnline.reach.mark.totals import SHOWN

MOST_YOUNG: Final = 20_000_000
"""Rows that the first look may find: the driver and each worker keep some 100 bytes of each."""

_FIRST: Final = "what string, number bigint, name string, moment timestamp, is_undated boolean"
_ANSWER: Final = (
    "bucket string, key string, version_id string, bytes bigint, last_modified timestamp,"
    " class string, strength string, reason string, owner string, experiment string,"
    " usd_month double, objects bigint, what string"
)


class SparkFailed(Exception):
    """The text says what failed, and what to do."""


def session() -> SparkSession:
    """The one that `spark-submit` made, or a new one; with what the audit relies on."""
    spark = SparkSession.builder.appName("firnline gc audit").getOrCreate()
    for name, value in {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.files.ignoreMissingFiles": "false",
        "spark.sql.files.ignoreCorruptFiles": "false",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(ROWS),
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        # Candidates, sums and what was seen are written side by side, without a sort.
        "spark.sql.maxConcurrentOutputFileWriters": "4",
    }.items():
        spark.conf.set(name, value)
    return spark


@dataclass(frozen=True, slots=True)
class Audited:
    """What is audited, and by what; and what its summary has to tell, where one is wanted."""

    inventory: SparkInventory
    manifest: Manifest
    known: Known
    areas: Areas
    ages: Ages
    prices: Prices
    detail: Detail | None = None


def audit_on_spark(of: Audited, out: str) -> tuple[Found, BucketSummary | None]:
    """As `audit_bucket`; all of what nothing needs is written below `out`, as Parquet files in
    `what=unneeded`. Raises `UnusableInventory`, `NoPrice`, `SparkFailed`.
    """
    try:
        return _audited(of, out)
    except PySparkException as problem:
        raise SparkFailed(f"Spark failed: {first_line(problem)}") from problem
    except NotSummedUp as problem:
        raise SparkFailed(str(problem)) from None


def _audited(of: Audited, out: str) -> tuple[Found, BucketSummary | None]:
    spark, manifest = of.inventory.spark, of.manifest
    addresses = of.inventory.addresses(manifest)
    prove(of.inventory, manifest, addresses)
    rows = rows_in(spark, manifest, addresses)
    objects = objects_of(rows, manifest.schema)
    current, noncurrent, markers = stored_by_price(volumes_of(objects))
    rates = Rates([*current.values(), *noncurrent.values()], current, of.prices)
    assert manifest.made is not None
    made = manifest.made.astimezone(UTC)
    volumes = [volume for _, volume in (*current.values(), *noncurrent.values())]
    summary = None
    if of.detail is not None:
        summary = _summed_up(of, of.detail, rows, objects, volumes, markers)
    classes = Classes(of.known, manifest.bucket, of.areas, of.ages, made)
    _look_first(spark, objects, classes, made - of.ages.quiet)
    written = _write(spark, objects, classes, rates, manifest.bucket, out)
    add_seen(classes, rows_of(written.where(F.col("what") == SEEN).select("class", "objects")))
    sums = written.where(F.col("what") == SUMS).groupBy(*ALIKE)
    shares = shares_of(rows_of(sums.agg(*map(F.sum, ("objects", "bytes", "usd_month")))))
    audit = BucketAudit(
        manifest.bucket,
        of.inventory.called,
        made,
        shares,
        noncurrent_total(noncurrent, of.prices) if all_versions(manifest.schema) else None,
        markers,
        tuple(_first_orphans(written)),
    )
    return Found(audit, missing_places(of.known.of(manifest.bucket), classes)), summary


def _summed_up(
    of: Audited, detail: Detail, rows: Any, objects: Any, stored: Sequence[Volume], markers: int
) -> BucketSummary:
    folders = folders_in(objects, sum(each.bytes for each in stored), detail.depth)
    cut = detail.cut(
        folders,
        all_versions=all_versions(of.manifest.schema),
        tags_known=Column.TAGS in known_columns(of.manifest.schema),
    )
    count = sum(each.objects for each in stored) + markers
    called = of.inventory.called
    return summary_on_spark(rows, count, of.manifest, called, cut, detail.groups)


def _look_first(spark: SparkSession, objects: Any, classes: Classes, since: datetime) -> None:
    told = objects.where(CURRENT).select("key", "last_modified")
    if not classes.checkpoints:
        moment = F.lit(since.isoformat()).cast("timestamp")
        told = told.where(F.col("last_modified") >= moment)
    shared = spark.sparkContext.broadcast(classes)

    def look(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        for each in frames:
            yield from first_look(shared.value, each, since)

    found = told.mapInArrow(on_frames(look, _FIRST), _FIRST).groupBy("what", "number", "name")
    add_first(classes, _few(rows_of(found.agg(F.max("moment"), F.max("is_undated")))))
    shared.destroy()


def _few(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Raises `SparkFailed` before they fill the driver's memory."""
    for count, row in enumerate(rows):
        if count == MOST_YOUNG:
            raise SparkFailed(
                f"the bucket has more than {MOST_YOUNG:,} folders with young objects and"
                " checkpoints, which is more than a driver keeps: say a shorter `quiet` in the"
                " policy's `references`, or audit when the bucket is quieter"
            )
        yield row


def _write(
    spark: SparkSession, objects: Any, classes: Classes, rates: Rates, bucket: str, out: str
) -> Any:
    """The answer, as it was written. Spark commits the files of a task once, however often that
    runs.
    """
    shared = spark.sparkContext.broadcast((classes, rates))

    def judge(frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        classes, rates = shared.value
        return answer(classes, rates, bucket, frames)

    told = objects.where(CURRENT).select("key", "version_id", "size", "last_modified", *PRICED)
    found = told.mapInArrow(on_frames(judge, _ANSWER), _ANSWER)
    found.write.mode("error").partitionBy("what").parquet(out)
    return spark.read.schema(_ANSWER).parquet(out)


def _first_orphans(written: Any) -> Iterator[Orphan]:
    of = (F.col("what") == UNNEEDED) & (F.col("class") == ObjectClass.ORPHAN.value)
    ordered = written.where(of).orderBy(F.desc("usd_month"), "key").limit(SHOWN)
    columns = ("bucket", "key", "version_id", "bytes", "last_modified", "reason", "owner")
    for row in rows_of(ordered.select(*columns, "experiment", "usd_month")):
        yield Orphan(*row)
