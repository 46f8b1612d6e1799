"""A CSV of reads, as `firnline inventory reads --into` or a query of logs writes it → the table of
reads: the one reader of such files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NoReturn

from firnline.diagnostics.visible import visible
from firnline.inventory.facts.engine import BadRows, Engine, csv_of
from firnline.inventory.facts.frame import quoted
from firnline.inventory.facts.table import BATCH, MEMORY
from firnline.inventory.reads.known import Known, Period
from firnline.inventory.reads.problems import UnusableReads
from firnline.inventory.reads.read_bucket import ReadBucket
from firnline.inventory.reads.reads_table import CSV_COLUMNS, ReadsTable, told
from firnline.inventory.reads.saved_rows import (
    AHEAD,
    COUNT,
    COUNTED,
    DAYS,
    EARLIEST,
    FORMS,
    KNOWN,
    LENGTH,
    LOGGED,
    ZONED,
    head_of,
    named,
    refuse_uncertain,
)

_HEAD: Final = 4096
_A_DAY: Final = 86_400


def is_saved(path: Path) -> bool:
    """Otherwise it is a log, or a folder of them."""
    return path.is_file() and set(_head(path)) >= set(KNOWN)


def is_counted(path: Path) -> bool:
    return set(_head(path)) >= set(CSV_COLUMNS)


def open_saved(
    path: Path, now: datetime, *, counted: bool = True, memory: int = MEMORY
) -> ReadsTable:
    """`counted`: it has to tell how often objects were read, and not only when. Raises
    `UnusableReads`.
    """
    head = named(_head(path))
    needed = (*COUNTED, *CSV_COLUMNS) if counted else KNOWN
    missing = [each for each in needed if each not in head]
    if missing and set(head) >= set(KNOWN):
        raise UnusableReads(
            f"{visible(str(path))} has no column `{missing[0]}`, and so does not tell how often"
            " objects are read: write it with `firnline inventory reads LOGS --into FILE`"
        )
    if missing:
        _refuse(path, now, counted=counted)
    with ExitStack() as opened:
        scratch = Path(opened.enter_context(TemporaryDirectory(prefix="firnline-")))
        engine = opened.enter_context(closing(Engine(memory, scratch / "spilled")))
        rows = _buckets(engine, path, head, counted=counted)
        if not rows or not all(_is_certain(row, now) for row in rows):
            _refuse(path, now, counted=counted)
        buckets = [_bucket(row) for row in rows]
        return ReadsTable(engine, opened.pop_all(), _rows_sql(head, counted=counted), buckets)


def _head(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return head_of(file.readline(_HEAD))
    except (OSError, UnicodeDecodeError):
        return []


def _buckets(
    engine: Engine, path: Path, head: Sequence[str], *, counted: bool
) -> list[Mapping[str, Any]]:
    """None of them where the file is no CSV. Raises `UnusableReads`."""
    with told():
        try:
            engine.view("saved", csv_of(path, head))
            return [
                row
                for batch in engine.batches(_buckets_sql(counted=counted), "select 1", {}, BATCH)
                for row in batch.to_pylist()
            ]
        except BadRows:
            return []


def _is_certain(row: Mapping[str, Any], now: datetime) -> bool:
    since, until = row["since"], row["until"]
    is_known = isinstance(since, datetime) and isinstance(until, datetime)
    is_one = not row["bad"] and row["periods"] == 1 and row["days"] is not None
    return is_known and is_one and bool(row["bucket"]) and since <= until <= now + AHEAD


def _bucket(row: Mapping[str, Any]) -> ReadBucket:
    known = Known(Period(row["since"], row["until"]), max(row["days"], 1.0))
    return ReadBucket(row["bucket"], known, row["reads"], row["reads"], row["bytes"])


def _refuse(path: Path, now: datetime, *, counted: bool) -> NoReturn:
    """Names the line, if there is one to name."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            refuse_uncertain(str(path), lines, now, counted=counted)
    except UnicodeDecodeError:
        raise UnusableReads(f"{visible(str(path))} is no text in UTF-8: {FORMS}") from None
    except OSError as why:
        raise UnusableReads(f"{visible(str(path))} cannot be read: {why.strerror or why}") from None
    raise UnusableReads(f"{visible(str(path))} is no CSV that can be read: {FORMS}")


def _moment(text: str) -> str:
    """As SQL; null for what is none."""
    return (
        f"case when regexp_full_match(trim({text}), {quoted(ZONED)})"
        f" then try_cast(trim({text}) as timestamptz) end"
    )


def _number(text: str, pattern: str, kind: str) -> str:
    return f"case when regexp_full_match({text}, {quoted(pattern)}) then {text}::{kind} end"


_READS: Final = _number("reads", COUNT, "bigint")
_BYTES: Final = _number("bytes", COUNT, "bigint")


def _rows_sql(head: Sequence[str], *, counted: bool) -> str:
    """Where no column tells it, the key is as the log has it."""
    logged = f"nullif({LOGGED}, '')" if LOGGED in head else "key"
    reads, sent = (_READS, _BYTES) if counted else ("null::bigint", "null::bigint")
    return f"""
        select bucket, key, {logged} as logged, {_moment("read")} as read,
            {reads} as reads, {sent} as bytes
        from saved where key <> ''
    """


def _buckets_sql(*, counted: bool) -> str:
    moment = f"coalesce({_moment('read')} < {quoted(EARLIEST.isoformat())}::timestamptz, true)"
    bad = f"(key <> '' and {moment}) or (key = '' and read <> '')"
    period, days = "since, until", f"epoch(until - since) / {_A_DAY}"
    reads, sent = "0", "0"
    if counted:
        bad += f" or (key <> '' and ({_READS} is null or {_BYTES} is null))"
        period, days = f"{period}, {DAYS}", DAYS
        reads, sent = f"coalesce(sum({_READS}), 0)", f"coalesce(sum({_BYTES}), 0)"
    return f"""
        select bucket, periods, since, until, {days} as days, bad, reads, bytes from (
            select bucket, count(distinct ({period})) as periods,
                {_moment("min(since)")} as since, {_moment("min(until)")} as until,
                {_number(f"min({DAYS})", LENGTH, "double") if counted else "null"} as days,
                count(*) filter ({bad}) as bad,
                ({reads})::bigint as reads, ({sent})::bigint as bytes
            from saved group by bucket
        ) order by bucket
    """
