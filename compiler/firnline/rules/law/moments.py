"""A `Date` as boto3 takes it, and as it stands on the wire → a moment, or nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_ISO = re.compile(
    r"(\d{4})[-/]?(\d\d)[-/]?(\d\d)"
    r"(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d{1,9}))?)?)?"
    r" ?(Z|z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?"
)
_WIRE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# RFC 1123, as `Wed, 02 Jan 2030 00:00:00 GMT`, and less of it: `2 Jan 2030`.
_WORDS = re.compile(
    r"(?:[A-Za-z]{3,9},? )?(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})"
    r"(?: (\d\d):(\d\d)(?::(\d\d))?)?(?: (?:Z|GMT|UTC|[+]0000))?"
)


def as_boto3(value: object) -> datetime | None:
    """What boto3 would send for a timestamp; nothing where it refuses or we cannot tell.

    Numbers, and texts that are numbers, are seconds since 1970 (verified with botocore 1.44.5);
    a time without a zone is read as UTC, as boto3 does on a machine that runs in UTC.
    """
    if isinstance(value, datetime):
        return _in_utc(value)
    if isinstance(value, int | float):
        return _epoch(value)
    if not isinstance(value, str) or len(value) > 64:
        return None
    text = value.strip()
    if number := re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
        return _epoch(float(number[0]))
    if iso := _ISO.fullmatch(text):
        return _moment(*iso.groups())
    if words := _WORDS.fullmatch(text):
        day, name, year, hour, minute, second = words.groups()
        month = name[:3].lower()
        if month in _MONTHS:
            number_of_month = str(_MONTHS.index(month) + 1)
            return _moment(year, number_of_month, day, hour, minute, second, None, "Z")
    return None


def on_the_wire(text: str) -> datetime | None:
    """XML Schema's dateTime. A date alone, digits or RFC 1123 are MalformedXML (observed)."""
    found = _WIRE.fullmatch(text.strip())
    return _moment(*found.groups()) if found else None


def _epoch(seconds: float) -> datetime | None:
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None


def _moment(
    year: str,
    month: str,
    day: str,
    hour: str | None,
    minute: str | None,
    second: str | None,
    fraction: str | None,
    zone: str | None,
) -> datetime | None:
    try:
        read = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            _microseconds(fraction),
            _zone(zone),
        )
    except ValueError:
        return None
    return _in_utc(read)


def _microseconds(fraction: str | None) -> int:
    if not fraction:
        return 0
    # What is finer than a microsecond is still not midnight.
    return max(int(fraction[:6].ljust(6, "0")), int(bool(fraction.strip("0"))))


def _zone(text: str | None) -> timezone:
    if text is None or text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _in_utc(moment: datetime) -> datetime | None:
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
