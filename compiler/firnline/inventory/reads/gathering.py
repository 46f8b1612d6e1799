"""Log files → the table of reads, gathered by the table engine in bounded memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from firnline.inventory.facts.engine import BadRows, Engine, NoRoom, json_of, lines_of
from firnline.inventory.facts.table import BATCH, MEMORY
from firnline.inventory.reads.known import HOUR, LONGEST_SILENCE, Period, known
from firnline.inventory.reads.log_files import LogFile, LogKind, recode, refuse_cut_off
from firnline.inventory.reads.log_sql import HOURS, READS, UNREADABLE, gathered
from firnline.inventory.reads.problems import UnusableReads
from firnline.inventory.reads.read_bucket import ReadBucket, Unreadable
from firnline.inventory.reads.reads_table import ReadsTable, told

_HOURS_OF_A_DAY: Final = 24
_LEFT: Final = 4
"""The part of the memory that is left to what was gathered."""


def gather(
    files: Sequence[LogFile],
    *,
    longest_silence: timedelta = LONGEST_SILENCE,
    memory: int = MEMORY,
    threads: int | None = None,
) -> ReadsTable:
    """`memory` is that of the engine, and `threads` by default as many as the machine has. Raises
    `UnusableReads`.
    """
    with ExitStack() as opened:
        scratch = Path(opened.enter_context(TemporaryDirectory(prefix="firnline-")))
        engine = opened.enter_context(closing(Engine(memory, scratch / "spilled", threads)))
        names = _gather(engine, files, scratch)
        with told():
            engine.limit(memory // _LEFT)  # beside it, another engine reads what is stored
        days = defaultdict(list)
        for row in _rows(engine, HOURS):
            days[row["bucket"]].append(row)
        buckets = [
            found for bucket, rows in days.items() if (found := _of(bucket, rows, longest_silence))
        ]
        unreadable = list(_unreadable(engine, days, names))
        return ReadsTable(engine, opened.pop_all(), READS, buckets, unreadable)


def _gather(engine: Engine, files: Sequence[LogFile], scratch: Path) -> Mapping[str, str]:
    """The names of files that were read by other names."""
    if not files:
        raise UnusableReads("there is no log file with anything in it")
    try:
        _gather_as(engine, files)
    except BadRows:
        refuse_cut_off(files)
        # What is no UTF-8 was sent by a client in a field that nobody needs here.
        recoded = recode(files, scratch)
        with told():
            _gather_as(engine, [each for each, _ in recoded])
        return {str(each.path): str(before.path) for each, before in recoded}
    except NoRoom as why:
        refuse_cut_off(files)  # it was read on for its end
        raise UnusableReads(f"the logs need more room: {why}") from None
    return {}


def _gather_as(engine: Engine, files: Sequence[LogFile]) -> None:
    logs = [each for each in files if each.kind is LogKind.ACCESS_LOG]
    trails = [each.path for each in files if each.kind is LogKind.TRAIL]
    plain = [each.path for each in logs if not each.is_gzip]
    compressed = [each.path for each in logs if each.is_gzip]
    if logs:
        engine.view("log_lines", lines_of((plain, compressed)))
    if trails:
        engine.view("trail_records", json_of(trails))
    engine.keep("gathered", gathered(logs=bool(logs), trails=bool(trails)))


def _rows(engine: Engine, sql: str) -> Iterator[Mapping[str, Any]]:
    with told():
        for batch in engine.batches(sql, "select 1", {}, BATCH):
            yield from batch.to_pylist()


def _of(
    bucket: str, rows: Sequence[Mapping[str, Any]], longest_silence: timedelta
) -> ReadBucket | None:
    """None where nothing tells that reads were logged."""
    covered = [each for each in rows if each["hours"] and each["first"] and each["last"]]
    if not covered:
        return None
    if len({each["kind"] for each in covered}) > 1:
        raise UnusableReads(
            f"bucket {bucket} is both in server access logs and in a trail, so that its requests"
            " would count twice: name only one of them"
        )
    hours = (each["day"] + hour * HOUR for each in covered for hour in _set(each["hours"]))
    logged = Period(min(each["first"] for each in covered), max(each["last"] for each in covered))
    dated = [each for each in rows if each["day"] is not None]
    sums = [sum(each[name] for each in dated) for name in ("requests", "reads", "bytes", "by_s3")]
    return ReadBucket(bucket, known(hours, logged, longest_silence), *sums)


def _set(hours: int) -> Iterator[int]:
    return (each for each in range(_HOURS_OF_A_DAY) if hours >> each & 1)


def _unreadable(
    engine: Engine, days: Mapping[str, Sequence[Mapping[str, Any]]], names: Mapping[str, str]
) -> Iterator[Unreadable]:
    for row in _rows(engine, UNREADABLE):
        file = names.get(row["file"], row["file"])
        yield Unreadable(file, row["lines"], row["sample"] or "")
    for bucket, rows in days.items():
        for row in rows:
            if row["day"] is None:
                yield Unreadable(f"the log of {bucket}", row["requests"], "a day that is none")
