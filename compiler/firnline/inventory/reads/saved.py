"""A CSV of reads, as `firnline inventory reads --into` writes it → the table of reads."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from firnline.inventory.facts.engine import Engine, csv_of
from firnline.inventory.facts.table import BATCH, MEMORY
from firnline.inventory.reads.known import Known, Period
from firnline.inventory.reads.problems import UnusableReads
from firnline.inventory.reads.read_bucket import ReadBucket
from firnline.inventory.reads.reads_table import CSV_COLUMNS, ReadsTable, told

_KNOWN: Final = {"bucket", "key", "read", "since", "until"}
_MOMENT: Final = "try_strptime({}, '%Y-%m-%dT%H:%M:%SZ')::timestamptz"
_ROWS: Final = f"""
    select bucket, key, nullif(logged, '') as logged, {_MOMENT.format("read")} as read,
        try_cast(reads as bigint) as reads, try_cast(bytes as bigint) as bytes
    from saved where key <> ''
"""
_BUCKETS: Final = f"""
    select bucket, count(distinct (since, until, days)) as periods,
        {_MOMENT.format("min(since)")} as since, {_MOMENT.format("min(until)")} as until,
        try_cast(min(days) as double) as days,
        count(*) filter (key <> '' and ({_MOMENT.format("read")} is null
            or try_cast(reads as bigint) is null or try_cast(bytes as bigint) is null)) as bad,
        coalesce(sum(try_cast(reads as bigint)), 0)::bigint as reads,
        coalesce(sum(try_cast(bytes as bigint)), 0)::bigint as bytes
    from saved group by bucket order by bucket
"""


def is_saved(path: Path) -> bool:
    """Otherwise it is a log, or a folder of them."""
    return path.is_file() and set(_head(path)) >= _KNOWN


def is_counted(path: Path) -> bool:
    return set(_head(path)) >= set(CSV_COLUMNS)


def open_saved(path: Path, *, memory: int = MEMORY) -> ReadsTable:
    """Raises `UnusableReads`."""
    head = _head(path)
    if missing := [each for each in CSV_COLUMNS if each not in head]:
        raise UnusableReads(
            f"{path} has no column `{missing[0]}`, and so does not tell how often objects are"
            " read: write it with `firnline inventory reads LOGS --into FILE`"
        )
    with ExitStack() as opened:
        scratch = Path(opened.enter_context(TemporaryDirectory(prefix="firnline-")))
        engine = opened.enter_context(closing(Engine(memory, scratch / "spilled")))
        with told():
            engine.view("saved", csv_of(path, head))
            buckets = [_bucket(path, row) for row in _rows(engine)]
        return ReadsTable(engine, opened.pop_all(), _ROWS, buckets)


def _head(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [each.strip().lower() for each in next(csv.reader([file.readline(4096)]), [])]
    except (OSError, UnicodeDecodeError):
        return []


def _rows(engine: Engine) -> Iterator[Mapping[str, Any]]:
    for batch in engine.batches(_BUCKETS, "select 1", {}, BATCH):
        yield from batch.to_pylist()


def _bucket(path: Path, row: Mapping[str, Any]) -> ReadBucket:
    bucket, since, until, days = (row[each] for each in ("bucket", "since", "until", "days"))
    if row["bad"]:
        raise UnusableReads(
            f"{path} has {row['bad']} rows of {bucket} whose `read`, `reads` or `bytes` is none:"
            " write it again with `firnline inventory reads`"
        )
    whole = isinstance(since, datetime) and isinstance(until, datetime) and days is not None
    if row["periods"] != 1 or not whole:
        raise UnusableReads(
            f"{path} does not tell one period of {bucket}: `since`, `until` and `days` are the"
            " same in all of its rows"
        )
    known = Known(Period(since, until), max(days, 1.0))
    return ReadBucket(bucket, known, row["reads"], row["reads"], row["bytes"])
