"""Which row of a CSV of reads says nothing certain, and what is wrong with it?

The engine reads such files, and does not know the lines of rows: this finds the one to name.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NoReturn

from firnline.diagnostics.visible import visible
from firnline.inventory.reads.known import Period
from firnline.inventory.reads.problems import UnusableReads

KNOWN: Final = ("bucket", "key", "read", "since", "until")
COUNTED: Final = ("reads", "bytes")
LOGGED: Final = "logged"
"""Where there is this column, it has the key as the log has it, and `key` is the key itself."""
DAYS: Final = "days"
ZONED: Final = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.]\d+)?)?( UTC|Z|[+-]\d\d(:?\d\d)?)"
"""Moments that say their time zone, ` UTC` as Athena prints it."""
COUNT: Final = r"\d{1,18}"
LENGTH: Final = r"\d{1,9}([.]\d+)?"
EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)
AHEAD: Final = timedelta(days=1)
"""Clocks differ; so much later than now nothing can have been read."""
FORMS: Final = (
    "name what `firnline inventory reads LOGS --into reads.csv` writes, or another CSV with the"
    " columns bucket, key, read, since and until, or logs"
)
_SUCH_AS: Final = "2026-11-02T08:30:00Z"


def named(head: Iterable[str]) -> list[str]:
    """What columns are called: as the head says, but for what nobody needs."""
    found: list[str] = []
    for place, each in enumerate(head):
        is_known = each in (*KNOWN, *COUNTED, LOGGED, DAYS) and each not in found
        found.append(each if is_known else f"column {place}")
    return found


def head_of(line: str) -> list[str]:
    try:
        return [each.strip().lower() for each in next(csv.reader([line]), [])]
    except csv.Error:
        return []


def refuse_uncertain(file: str, lines: Iterable[str], now: datetime, *, counted: bool) -> None:
    """`counted`: it has to tell how often as well. Raises `UnusableReads`."""
    rows = _Rows(file, now, counted=counted)
    for line, row in _rows(file, lines):
        rows.look(line, row)
    if not rows.periods:
        raise UnusableReads(f"{visible(file)} has no rows but its head: {FORMS}")


def _rows(file: str, lines: Iterable[str]) -> Iterator[tuple[int, Mapping[str, str]]]:
    rows = csv.reader(lines, strict=True)
    try:
        head = named(each.strip().lower() for each in next(rows, []))
        if missing := [each for each in KNOWN if each not in head]:
            _refuse(file, 1, f"no column is called `{missing[0]}`: {FORMS}")
        for row in rows:
            if len(row) != len(head):
                _refuse(file, rows.line_num, f"has {len(row)} fields, and the head {len(head)}")
            yield rows.line_num, dict(zip(head, row, strict=True))
    except csv.Error as why:
        _refuse(file, rows.line_num, f"is no CSV: {why}")


class _Rows:
    def __init__(self, file: str, now: datetime, *, counted: bool) -> None:
        self._file, self._now, self._counted = file, now, counted
        self.periods: dict[str, tuple[str, ...]] = {}

    def look(self, line: int, row: Mapping[str, str]) -> None:
        """A row without a key says only for which time the reads of its bucket are known."""
        if not row["bucket"]:
            _refuse(self._file, line, "names no bucket")
        self._look_at_period(line, row)
        if not row["key"] and not row["read"]:
            return
        if not row["key"]:
            _refuse(self._file, line, "says when something was read, and not its key")
        self._moment(line, "read", row["read"])
        for column in COUNTED if self._counted else ():
            if not re.fullmatch(COUNT, row[column]):
                _refuse(self._file, line, f"`{column}` is {row[column]!r}: write a whole number")

    def _look_at_period(self, line: int, row: Mapping[str, str]) -> None:
        bucket, days = row["bucket"], row[DAYS] if self._counted else ""
        said = row["since"], row["until"], days
        if bucket not in self.periods:
            self._period(line, row["since"], row["until"])
            if self._counted and not re.fullmatch(LENGTH, days):
                _refuse(self._file, line, f"`{DAYS}` is {days!r}: write a number")
            self.periods[bucket] = said
        elif self.periods[bucket] != said:
            _refuse(
                self._file,
                line,
                "has another `since` or `until`"
                f"{f' or `{DAYS}`' if self._counted else ''} than the rows of {bucket} before it:"
                " they are of the bucket, and the same in all of its rows; write the answer of one"
                " query",
            )

    def _period(self, line: int, since: str, until: str) -> None:
        period = Period(self._moment(line, "since", since), self._moment(line, "until", until))
        if period.until < period.since:
            _refuse(self._file, line, f"`until` is {until}, and before `since`, {since}")
        if period.until > self._now + AHEAD:
            _refuse(
                self._file,
                line,
                f"`until` is {until}, in the future: write the moment of the last request in the"
                " logs",
            )

    def _moment(self, line: int, column: str, text: str) -> datetime:
        spelt = text.strip()
        try:
            moment = datetime.fromisoformat(spelt.removesuffix(" UTC"))
            if moment.tzinfo is None and not spelt.endswith(" UTC"):
                _refuse(
                    self._file,
                    line,
                    f"`{column}` is {text!r}, without a time zone: write {_SUCH_AS}",
                )
            found = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
            if re.fullmatch(ZONED, spelt) and found >= EARLIEST:
                return found
        except (ValueError, OverflowError):
            pass
        _refuse(self._file, line, f"`{column}` is {text!r}: write it as {_SUCH_AS}")


def _refuse(file: str, line: int, problem: str) -> NoReturn:
    raise UnusableReads(f"{visible(file)}:{line}: {visible(problem)}")
