"""`--reads PATH`, a CSV of what was read in buckets and when, or logs → `Reads`."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NoReturn

from firnline.cli.failed import CommandFailed
from firnline.cli.named_file import beginning_of
from firnline.cli.option_types import path
from firnline.diagnostics.visible import visible
from firnline.inventory.reads.known import Period
from firnline.inventory.reads.log_files import begins_as_log
from firnline.reach.experiments.reads import Reads, ReadsOfBucket, keys_of

_COLUMNS: Final = ("bucket", "key", "read", "since", "until")
_FORMS: Final = (
    "name what `firnline inventory reads LOGS --into reads.csv` writes, or another CSV with the"
    " columns bucket, key, read, since and until"
)
_LOGGED: Final = "logged"
"""Where there is this column, it has the key as the log has it, and `key` is the key itself."""
_AHEAD: Final = timedelta(days=1)


def add_reads(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reads",
        metavar="PATH",
        type=path,
        help="for `keep_read_within`: what was read and when, as `firnline inventory reads --into`"
        " saves it, or the folder of S3's logs themselves",
    )


def reads_in(file: str, now: datetime) -> Reads:
    """Raises `CommandFailed`."""
    if file.startswith("s3://") or begins_as_log(Path(file)):
        from firnline.cli.read_logs import open_reads, reads_of  # an extra

        with open_reads(file) as table:
            return reads_of(table)
    beginning_of(file, _FORMS)
    found = _Found(file, now)
    try:
        with open(file, encoding="utf-8-sig", newline="") as lines:
            for line, row in _rows(file, lines):
                found.add(line, *row)
    except UnicodeDecodeError:
        raise CommandFailed(f"{visible(file)} is no text in UTF-8: {_FORMS}") from None
    except OSError as why:
        raise CommandFailed(f"{visible(file)} cannot be read: {why.strerror or why}") from None
    return found.reads()


Row = tuple[str, tuple[str, ...], str, str, str]
"""With all that the key may be."""


def _keys(key: str, logged: str) -> tuple[str, ...]:
    return (key, *keys_of(logged)) if logged else (key,)


def _rows(file: str, lines: Iterator[str]) -> Iterator[tuple[int, Row]]:
    rows = csv.reader(lines, strict=True)
    try:
        head = [each.strip().lower() for each in next(rows, [])]
        if missing := [each for each in _COLUMNS if each not in head]:
            _refuse(file, 1, f"no column is called `{missing[0]}`: {_FORMS}")
        at = [head.index(each) for each in _COLUMNS]
        for row in rows:
            if len(row) != len(head):
                _refuse(file, rows.line_num, f"has {len(row)} fields, and the head {len(head)}")
            bucket, key, read, since, until = (row[each] for each in at)
            keys = _keys(key, row[head.index(_LOGGED)]) if _LOGGED in head else keys_of(key)
            yield rows.line_num, (bucket, keys if key else (), read, since, until)
    except csv.Error as why:
        _refuse(file, rows.line_num, f"is no CSV: {why}")


class _Found:
    """Rows, one by one: only the newest read of each object is kept."""

    def __init__(self, file: str, now: datetime) -> None:
        self._file, self._now = file, now
        self._newest: dict[str, dict[str, datetime]] = {}
        self._periods: dict[str, tuple[str, str, Period]] = {}

    def add(
        self, line: int, bucket: str, keys: tuple[str, ...], read: str, since: str, until: str
    ) -> None:
        """A row without a key says only for which time the reads of its bucket are known."""
        if not bucket:
            _refuse(self._file, line, "names no bucket")
        said = self._periods.get(bucket)
        if said is None:
            self._periods[bucket] = (since, until, self._period(line, since, until))
        elif said[:2] != (since, until):
            _refuse(
                self._file,
                line,
                f"has another `since` or `until` than the rows of {bucket} before it: they are of"
                " the bucket, and the same in all of its rows; write the answer of one query",
            )
        newest = self._newest.setdefault(bucket, {})
        if not keys and not read:
            return
        if not keys:
            _refuse(self._file, line, "says when something was read, and not its key")
        moment = self._moment(line, "read", read)
        for each in keys:
            newest[each] = max(moment, newest.get(each, moment))

    def reads(self) -> Reads:
        """Those of each bucket are let go once they are in order."""
        if not self._periods:
            raise CommandFailed(f"{visible(self._file)} has no rows but its head: {_FORMS}")
        return Reads(
            {
                bucket: ReadsOfBucket(period, self._newest.pop(bucket))
                for bucket, (_, _, period) in self._periods.items()
            }
        )

    def _period(self, line: int, since: str, until: str) -> Period:
        period = Period(self._moment(line, "since", since), self._moment(line, "until", until))
        if period.until < period.since:
            _refuse(self._file, line, f"`until` is {until}, and before `since`, {since}")
        if period.until > self._now + _AHEAD:
            _refuse(
                self._file,
                line,
                f"`until` is {until}, in the future: write the moment of the last request in the"
                " logs",
            )
        return period

    def _moment(self, line: int, column: str, text: str) -> datetime:
        spelt = text.strip()
        if spelt.endswith(" UTC"):  # as Athena prints a timestamp with a time zone
            spelt = f"{spelt[:-4]}+00:00"
        try:
            moment = datetime.fromisoformat(spelt)
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            _refuse(self._file, line, f"`{column}` is {text!r}: write it as {_SUCH_AS}")
        _refuse(self._file, line, f"`{column}` is {text!r}, without a time zone: write {_SUCH_AS}")


_SUCH_AS: Final = "2026-11-02T08:30:00Z"


def _refuse(file: str, line: int, problem: str) -> NoReturn:
    raise CommandFailed(f"{visible(file)}:{line}: {visible(problem)}")
