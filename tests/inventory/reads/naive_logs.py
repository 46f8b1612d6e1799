"""Server access logs read line by line in Python: what the engine's answers are compared with."""

from __future__ import annotations

import re
from calendar import month_abbr
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

OPERATIONS = {
    "REST.GET.OBJECT": "read",
    "WEBSITE.GET.OBJECT": "read",
    "REST.COPY.OBJECT_GET": "read",
    "REST.COPY.PART_GET": "read",
    "REST.SELECT.OBJECT": "read",
    "REST.HEAD.OBJECT": "look",
    "WEBSITE.HEAD.OBJECT": "look",
    "REST.COPY.OBJECT": "",
    "REST.COPY.PART": "",
    "REST.PUT.OBJECT": "",
    "REST.PUT.PART": "",
    "REST.DELETE.OBJECT": "",
    "REST.GET.OBJECT_TAGGING": "",
    "REST.GET.ACL": "",
    "REST.GET.UPLOAD": "",
    "REST.GET.BUCKET": "",
    "REST.GET.BUCKETPOLICY": "",
    "REST.GET.LOGGING_STATUS": "",
    "REST.GET.VERSIONING": "",
    "REST.HEAD.BUCKET": "",
    "BATCH.DELETE.OBJECT": "",
    "S3.EXPIRE.OBJECT": "",
    "S3.CREATE.DELETEMARKER": "",
    "S3.TRANSITION_GIR.OBJECT": "",
    "S3.RESTORE.OBJECT": "",
}
"""An operation is `REST.HTTP_method.resource_type`, `WEBSITE.HTTP_method.resource_type`,
`BATCH.DELETE.OBJECT` or `S3.action.resource_type`; a copy has a record of its GET besides that of
its PUT (S3 User Guide, "Amazon S3 server access log format"). Which of them read an object, and
which only look whether it is there, one by one.
"""
ANSWERS = {
    "200": True,  # OK
    "206": True,  # Partial Content, of a GET with a range
    "304": True,  # Not Modified, since the client has it already
    "404": False,  # Not Found
    "403": False,  # Forbidden
    "412": False,  # Precondition Failed
    "503": False,  # Slow Down
    "-": False,  # unknown
}
"""Whether somebody used the object that it names (S3 API Reference, GetObject and its errors)."""
_MONTHS = {name: number for number, name in enumerate(month_abbr) if name}


class Read(NamedTuple):
    """Of a key on a day."""

    last: datetime
    reads: int
    bytes: int


class Naive:
    """`requests` by bucket, `reads` by bucket, key and day."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.unreadable = 0
        self.requests: dict[str, int] = defaultdict(int)
        self.hours: dict[str, set[datetime]] = defaultdict(set)
        self.reads: dict[tuple[str, str, str], Read] = {}
        for line in lines:
            if line.strip(" \t\r"):
                self._add(line)

    def _add(self, line: str) -> None:
        fields = _fields(line)
        if fields is None:
            self.unreadable += 1
            return
        bucket, at, operation, key, status, sent = fields
        self.requests[bucket] += 1
        self.hours[bucket].add(at.replace(minute=0, second=0))
        does = OPERATIONS.get(operation)
        if not does or not ANSWERS.get(status) or key == "-":
            return
        is_head = does == "look"
        place = bucket, _decoded(key), f"{at:%Y-%m-%d}"
        before = self.reads.get(place, Read(at, 0, 0))
        self.reads[place] = Read(
            max(at, before.last),
            before.reads + (not is_head),
            before.bytes + (0 if is_head or sent == "-" else int(sent)),
        )


def _fields(line: str) -> tuple[str, datetime, str, str, str, str] | None:
    """None for a line that is none of S3's."""
    start = line.split(" ", 9)
    if len(start) < 10 or not all(start[:9]):
        return None
    _, bucket, time, zone, _, _, _, operation, key, rest = start
    moment = re.fullmatch(r"\[(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d)", time)
    if moment is None or zone != "+0000]":
        return None
    after = _after_uri(rest)
    if after is None:
        return None
    day, month, year, hour, minute, second = moment.groups()
    try:
        date = datetime(int(year), _MONTHS[month], int(day), tzinfo=UTC)
        at = date.replace(hour=int(hour), minute=int(minute), second=int(second))
    except (KeyError, ValueError):
        return None
    status, _, sent = after
    return bucket, at, operation, key, status, sent


def _after_uri(rest: str) -> list[str] | None:
    """The three fields behind the Request-URI: behind the first quote that they stand behind."""
    if rest.startswith("- "):
        return _three(rest[2:])
    if not rest.startswith('"'):
        return None
    for place, sign in enumerate(rest):
        if place and sign == '"' and rest[place + 1 : place + 2] == " ":
            found = _three(rest[place + 2 :])
            if found:
                return found
    return None


def _three(text: str) -> list[str] | None:
    parts = text.split(" ", 3)
    if len(parts) < 4 or not all(parts[:3]):
        return None
    good = re.fullmatch(r"\d{3}|-", parts[0]) and re.fullmatch(r"\d+|-", parts[2])
    return parts[:3] if good else None


def _decoded(key: str) -> str:
    once = _once(key)
    if once is None:
        return key
    twice = _once(once)
    return once if twice is None else twice


def _once(text: str) -> str | None:
    """None where it is no UTF-8."""
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        return None
