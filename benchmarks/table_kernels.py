"""The kernels of two table engines, each for a process of its own: KERNEL FOLDER.

Prints as JSON its answer, its seconds, and the megabytes that were resident at most. The rows are
those of `table_engines.py`; KERNEL is such as `duckdb-summary`.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

MEMORY = 1_000
"""Megabytes: what the engines are told to stay below. Beside them they hold some buffers."""

AS_OF = date(2026, 11, 28)
BATCH = 100_000
Answer = Sequence[Any]


def duckdb_floor(folder: Path) -> Answer:
    """Only reads the columns of the summary."""
    return _row(
        _duckdb(folder),
        "select count(*), sum(strlen(key)), sum(size), sum(strlen(storage_class)),"
        " epoch(max(last_modified))::bigint from rows",
    )


def polars_floor(folder: Path) -> Answer:
    import polars as pl

    return _collected(
        _polars(folder).select(
            pl.len(),
            pl.col("key").str.len_bytes().cast(pl.Int64).sum(),
            pl.col("size").sum(),
            pl.col("storage_class").str.len_bytes().cast(pl.Int64).sum(),
            pl.col("last_modified").max().dt.epoch("s"),
        )
    )


def duckdb_summary(folder: Path) -> Answer:
    """By two levels of prefix, class, and age in days: how many groups, objects and bytes."""
    return _row(
        _duckdb(folder),
        f"""
        select count(*), sum(objects), sum(bytes), sum(billed) from (
            select left(key, first + instr(key[first + 1:], '/') - 1) as prefix,
                storage_class, age, count(*) as objects, sum(size)::bigint as bytes,
                sum(greatest(size, 131072))::bigint as billed
            from (select key, instr(key, '/') as first, size, storage_class,
                date_diff('day', last_modified, timestamp '{AS_OF}') as age from rows)
            group by all)
        """,
    )


def polars_summary(folder: Path) -> Answer:
    import polars as pl

    days = pl.lit(AS_OF) - pl.col("last_modified").dt.date()
    groups = (
        _polars(folder)
        .group_by(
            pl.col("key").str.extract(r"^([^/]*/[^/]*)"),
            "storage_class",
            days.dt.total_days().alias("age"),
        )
        .agg(
            pl.len().cast(pl.Int64).alias("objects"),
            pl.col("size").sum().alias("bytes"),
            pl.col("size").clip(131_072).sum().alias("billed"),
        )
    )
    return _collected(groups.select(pl.len(), pl.sum("objects", "bytes", "billed")))


def duckdb_noncurrent(folder: Path) -> Answer:
    """Since when is each version noncurrent, how many noncurrent ones are newer: by a sort within
    two hashes of the key, together 128 bits.
    """
    return _row(_duckdb(folder), _noncurrent("hash(key) as k0, hash('.' || key) as k1", "k0, k1"))


def duckdb_noncurrent_by_key(folder: Path) -> Answer:
    """The same with the keys themselves and all the columns, which is ten times as much to sort."""
    whole = "key, version_id, is_delete_marker, e_tag"
    return _row(_duckdb(folder), _noncurrent(whole, "key", also="max(key), max(e_tag)"))


def _noncurrent(carried: str, within: str, also: str = "1, 1") -> str:
    return f"""
        select count(*), count(since), sum(newer), sum(since), sum(size), {also} from (
            select *,
                case when not is_latest then lag(made) over newest_first end as since,
                case when not is_latest then row_number() over newest_first
                    - 1 - count(*) filter (is_latest) over newest_first end as newer
            from (select {carried}, size, storage_class, is_latest, hash(version_id) as tie,
                epoch(last_modified)::int as made from rows)
            window newest_first as (partition by {within}
                order by is_latest desc, made desc, tie desc
                rows between unbounded preceding and current row))
    """


def polars_noncurrent(folder: Path) -> Answer:
    import polars as pl

    return _polars_noncurrent(
        folder,
        [pl.col("key").hash().alias("k")],
        [pl.lit(1).alias("one"), pl.lit(1).alias("other")],
    )


def polars_noncurrent_by_key(folder: Path) -> Answer:
    import polars as pl

    whole = [pl.col("key").alias("k"), "version_id", "is_delete_marker", "e_tag"]
    return _polars_noncurrent(folder, whole, [pl.col("k").max(), pl.col("e_tag").max()])


def _polars_noncurrent(folder: Path, carried: list[Any], also: list[Any]) -> Answer:
    import polars as pl

    same = (pl.col("k") == pl.col("k").shift(1)).fill_null(False)
    old = (~pl.col("is_latest")).cast(pl.Int64)
    before_key = pl.when(~same).then(old.cum_sum() - old).forward_fill()
    made = pl.col("last_modified").dt.epoch("s").cast(pl.Int32).alias("made")
    tie = pl.col("version_id").hash().alias("tie")
    derived = (
        _polars(folder)
        .select(*carried, "size", "storage_class", "is_latest", tie, made)
        .sort("k", "is_latest", "made", "tie", descending=[False, True, True, True])
        .with_columns(
            pl.when(same & ~pl.col("is_latest"))
            .then(pl.col("made").shift(1).cast(pl.Int64))
            .alias("since"),
            pl.when(~pl.col("is_latest")).then(old.cum_sum() - 1 - before_key).alias("newer"),
        )
    )
    return _collected(
        derived.select(
            pl.len(),
            pl.col("since").count().alias("count"),
            pl.sum("newer", "since", "size"),
            *also,
        )
    )


def duckdb_mark(folder: Path) -> Answer:
    """How many objects and bytes lie below one of 400,000 references: by an as-of join."""
    return _row(
        _duckdb(folder),
        f"""
        select count(*), sum(size) from rows
        asof join '{folder}/references/all.parquet' on rows.key >= reference
        where starts_with(rows.key, reference)
        """,
    )


def duckdb_mark_by_bisection(folder: Path) -> Answer:
    """The same in Python, on the batches of the engine."""
    connection = _duckdb(folder)
    named = f"select reference from '{folder}/references/all.parquet' order by 1"
    references = [reference for (reference,) in connection.execute(named).fetchall()]
    rows = size = 0
    for batch in connection.sql("select key, size from rows").to_arrow_reader(BATCH):
        for key, of_key in zip(batch[0].to_pylist(), batch[1].to_pylist(), strict=True):
            at = bisect_right(references, key) - 1
            if at >= 0 and key.startswith(references[at]):
                rows, size = rows + 1, size + of_key
    return rows, size


def polars_mark(folder: Path) -> Answer:
    import polars as pl

    references = pl.read_parquet(folder / "references" / "all.parquet")["reference"].sort()
    rows = size = 0
    for batch in _polars(folder).select("key", "size").collect_batches(chunk_size=5 * BATCH):
        at = references.search_sorted(batch["key"], side="right").cast(pl.Int64) - 1
        below = batch["key"].str.starts_with(references.gather(at.clip(0))) & (at >= 0)
        rows, size = rows + below.sum(), size + batch["size"].filter(below).sum()
    return rows, size


def _duckdb(folder: Path) -> Any:
    import duckdb

    connection = duckdb.connect(
        config={
            "memory_limit": f"{MEMORY}MB",
            "temp_directory": str(folder / "spilled"),
            "preserve_insertion_order": False,
        }
    )
    connection.execute("set enable_progress_bar = false")
    connection.execute(f"create view rows as from '{folder}/rows/*.parquet'")
    return connection


def _row(connection: Any, query: str) -> Answer:
    row: Answer = connection.execute(query).fetchone()
    return row


def _polars(folder: Path) -> Any:
    os.environ["POLARS_OOC_MEMORY_BUDGET_MB"] = str(MEMORY)
    os.environ["POLARS_OOC_SPILL_DIR"] = str(folder / "spilled")
    import polars as pl

    return pl.scan_parquet(folder / "rows" / "*.parquet")


def _collected(frame: Any) -> Answer:
    row: Answer = frame.collect(engine="streaming").row(0)
    return row


_ALL: tuple[Callable[[Path], Answer], ...] = (
    *(duckdb_floor, polars_floor, duckdb_summary, polars_summary),
    *(duckdb_noncurrent, polars_noncurrent, duckdb_noncurrent_by_key, polars_noncurrent_by_key),
    *(duckdb_mark, duckdb_mark_by_bisection, polars_mark),
)
KERNELS = {kernel.__name__.replace("_", "-"): kernel for kernel in _ALL}


def main(name: str, folder: Path) -> None:
    began = time.perf_counter()
    answer = [str(value) for value in KERNELS[name](folder)]
    seconds = time.perf_counter() - began
    # In kilobytes, on Linux.
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    print(json.dumps({"answer": answer, "seconds": seconds, "megabytes": megabytes}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
