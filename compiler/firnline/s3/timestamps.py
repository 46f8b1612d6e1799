"""A `Date` as boto3 accepts it, or as S3's XML has it → a moment, or None."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_TIME = (
    r"(?:[T ](?P<hour>\d\d):?(?P<minute>\d\d)"
    r"(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?)?"
    r" ?(?P<zone>Z|z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?"
)
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,? )?"
# boto3 understands more than that: whatever dateutil can parse.
_FORMS = (
    r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)",
    r"(?P<year>\d{4})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)",
    r"(?P<month>\d\d?)[-/](?P<day>\d\d?)[-/](?P<year>\d{4})",  # as in the United States
    _WEEKDAY + r"(?P<day>\d\d?)[ -](?P<name>[A-Za-z]{3,9})[ -](?P<year>\d{4})",  # RFC 1123
    _WEEKDAY + r"(?P<name>[A-Za-z]{3,9}) (?P<day>\d\d?),? (?P<year>\d{4})",
)
_WIRE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]


def read_moment(text: object) -> datetime:
    """ISO 8601, with or without a time; UTC where it says no offset. A `datetime` is taken as is.

    Raises `ValueError`; its text completes a sentence that begins with the name of the value.
    """
    try:
        moment = text if isinstance(text, datetime) else datetime.fromisoformat(str(text).strip())
        if moment.tzinfo is not UTC:
            moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"is no date: {str(text)[:60]!r}") from None
    if not 1 < moment.year < 9999:
        raise ValueError(f"is a date too far away: {str(text)[:60]!r}")
    return moment


def as_boto3(value: object) -> datetime | None:
    """What boto3 would send for a timestamp; None where it refuses or we cannot know.

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
    try:
        return _epoch(float(text))
    except ValueError:
        pass
    for form in _FORMS:
        if found := re.fullmatch(form + _TIME, text):
            return _in_words(found.groupdict())
    return None


def on_the_wire(text: str) -> datetime | None:
    """XML Schema's dateTime. A date alone, digits or RFC 1123 are MalformedXML (observed)."""
    found = _WIRE.fullmatch(text.strip())
    return _moment(*found.groups()) if found else None


def _in_words(said: dict[str, str | None]) -> datetime | None:
    month, name = said.get("month"), (said.get("name") or "").lower()
    if name:
        fitting = [n for n, full in enumerate(_MONTHS, 1) if name in (full, full[:3])]
        month = str(fitting[0]) if fitting else "0"
    clock = (said["hour"], said["minute"], said["second"], said["fraction"], said["zone"])
    return _moment(said["year"] or "", month or "", said["day"] or "", *clock)


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
    # A fraction finer than a microsecond is still not midnight.
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
