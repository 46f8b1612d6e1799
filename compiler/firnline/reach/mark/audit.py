"""What a bucket stores × what registries need → what nobody needs, and why. It reads only."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import polars as pl

from firnline.inventory.facts.branch import total
from firnline.inventory.facts.engine import Batch
from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.priced_alike import columns_for, priced_alike, stored_as
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.monthly import of_a_month
from firnline.inventory.forecast.reads import DAYS_OF_A_MONTH
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume, merged
from firnline.inventory.prices.price_list import Prices
from firnline.reach.mark.areas import Areas
from firnline.reach.mark.classes import Ages, Classes
from firnline.reach.mark.known import Known, OfBucket
from firnline.reach.mark.rates import Rates
from firnline.reach.mark.report import LAST_READ, READS_A_MONTH, BucketAudit, ObjectClass, Total
from firnline.reach.mark.totals import Totals
from firnline.reach.references import Strength
from firnline.s3.billing import MINIMUM_SIZE

NEEDED: Final = (Column.SIZE, Column.LAST_MODIFIED, Column.STORAGE_CLASS)
ROWS: Final = 100_000
"""Of a batch: enough that some keys lie near each other among the references."""

_READS: Final = "reads_of_keys"
_CURRENT: Final = "is_latest and not is_delete_marker"
_FLAGS: Final = (Column.IS_LATEST, Column.IS_DELETE_MARKER)
Stored = dict[tuple[Any, ...], tuple[StoredAs, Volume]]


@dataclass(frozen=True, slots=True)
class Found:
    """`missing` are the places, among all that registries said, of the references that keep
    something firmly and of which no object is stored.
    """

    audit: BucketAudit
    missing: frozenset[int]


@dataclass(frozen=True, slots=True)
class KeysRead:
    """What was read of a bucket in so many days; `rows` have `key`, `read` and `reads`."""

    rows: Iterable[Batch]
    days: float


def audit_bucket(
    facts: Facts,
    called: str,
    known: Known,
    areas: Areas,
    ages: Ages,
    prices: Prices,
    read: KeysRead | None = None,
) -> Generator[pl.DataFrame, None, Found]:
    """Of facts of one bucket, which know `NEEDED`. On the way it yields every current object that
    nothing needs, in batches; where reads are known, with `LAST_READ` and `READS_A_MONTH`. Raises
    what a query of facts raises, and `NoPrice`.
    """
    (inventory,) = facts.inventories
    bucket, made = inventory.bucket, inventory.made.astimezone(UTC)
    current, noncurrent, markers = _stored(facts)
    rates = Rates([*current.values(), *noncurrent.values()], current, prices)
    classes = Classes(known, bucket, areas, ages, made)
    for keys in _young(facts, made - ages.quiet):
        classes.add_young(keys)
    if classes.checkpoints:
        for objects in _dated(facts):
            classes.checkpoints.add(objects)
    totals = Totals(bucket, classes.named)
    if read:
        facts.load(_READS, read.rows)
    for objects in _current(facts, read.days if read else None):
        found = rates.priced(classes.of(objects))
        totals.add(found)
        yield classes.named(found.filter(pl.col("class") != ObjectClass.ACTIVE.value))
    audit = BucketAudit(
        bucket,
        called,
        made,
        totals.shares,
        noncurrent_total(noncurrent, prices) if facts.all_versions else None,
        markers,
        totals.orphans,
    )
    return Found(audit, missing_places(known.of(bucket), classes))


def _stored(facts: Facts) -> tuple[Stored, Stored, int]:
    """Current and noncurrent objects by what decides their price; how many delete markers."""
    sql = f"""
        select {priced_alike(facts)}, is_delete_marker, is_latest, count(*)::bigint,
            coalesce(sum(size), 0)::bigint,
            sum(greatest(coalesce(size, 0), {int(MINIMUM_SIZE.value)}))::bigint
        from objects group by all
    """
    batches = facts.query(sql, (*columns_for(facts), Column.IS_LATEST))
    return stored_by_price(row for batch in batches for row in _rows(batch))


def stored_by_price(rows: Iterable[tuple[Any, ...]]) -> tuple[Stored, Stored, int]:
    """Current and noncurrent objects, and how many delete markers, of rows with what decides the
    price, whether they are delete markers and the latest, and a volume.
    """
    current: Stored = {}
    noncurrent: Stored = {}
    markers = 0
    for *alike, is_marker, is_latest, objects, size, padded in rows:
        if is_marker:
            markers += objects
            continue
        volume = Volume(objects, size, padded)
        (current if is_latest else noncurrent)[tuple(alike)] = stored_as(*alike), volume
    return current, noncurrent, markers


def _rows(batch: Any) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _young(facts: Facts, since: datetime) -> Iterator[pl.Series]:
    """The keys of current objects that are no older, or whose age is not known."""
    moment = quoted(since.isoformat())
    sql = f"""
        select key from objects where {_CURRENT}
            and (last_modified is null or last_modified >= {moment}::timestamptz)
    """
    columns = (Column.KEY, Column.LAST_MODIFIED, *_FLAGS)
    for batch in facts.query(sql, columns, rows=ROWS):
        yield pl.DataFrame(batch)["key"]


def _dated(facts: Facts) -> Iterator[pl.DataFrame]:
    sql = f"select key, last_modified from objects where {_CURRENT}"
    columns = (Column.KEY, Column.LAST_MODIFIED, *_FLAGS)
    for batch in facts.query(sql, columns, rows=ROWS):
        yield pl.DataFrame(batch)


def _current(facts: Facts, days: float | None) -> Iterator[pl.DataFrame]:
    """With what was read of them in so many days, where that is known."""
    read = "" if days is None else f", {LAST_READ}, coalesce({READS_A_MONTH}, 0) as {READS_A_MONTH}"
    sql = f"""
        select key, version_id, size, last_modified, {priced_alike(facts)} {read}
        from objects {"" if days is None else _joined(days)} where {_CURRENT}
    """
    columns = dict.fromkeys(
        (Column.KEY, Column.VERSION_ID, Column.LAST_MODIFIED, *columns_for(facts), *_FLAGS)
    )
    for batch in facts.query(sql, tuple(columns), rows=ROWS):
        yield pl.DataFrame(batch)


def _joined(days: float) -> str:
    return f"""
        left join (
            select key, max(read) as {LAST_READ},
                sum(reads)::double / {days} * {DAYS_OF_A_MONTH} as {READS_A_MONTH}
            from {_READS} group by key
        ) using (key)
    """


def noncurrent_total(stored: Stored, prices: Prices) -> Total:
    volumes = merged({each: volume} for each, volume in stored.values())
    objects, size, _ = total(volumes)
    return Total(objects, size, float(of_a_month(volumes, prices)))


def missing_places(known: OfBucket, classes: Classes) -> frozenset[int]:
    firm = (known.lines["strength"] >= Strength.PIN).arg_true()
    there = classes.seen.among(known, firm)
    return frozenset(known.lines["place"].gather(firm.filter(~firm.is_in(there.implode()))))
