"""The clock over HTTP: a request to advance it, from JSON; its time and the report, to JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple, assert_never

from firnline.language.units import NotADuration, parse_duration
from firnline.s3.phrases import done_in_words
from firnline.s3.shape import Json
from firnline.testing.advance_report import AdvanceReport
from firnline.testing.emulated_clock import BadAdvance
from firnline.testing.plan_advance import LifecycleEvent


class _Way(StrEnum):
    """The key of a request, which says how far."""

    DAYS = "days"
    FOR = "for"
    UNTIL = "until"


_TAKES: Final = {_Way.DAYS: "a whole number", _Way.FOR: "a duration", _Way.UNTIL: "a date"}


class AdvanceRequest(NamedTuple):
    days: int | None = None
    until: date | None = None


def read_advance(body: bytes) -> AdvanceRequest:
    """`{"days": 180}`, `{"for": "26w"}` or `{"until": "2027-05-20"}`; raises `BadAdvance`."""
    try:
        request = json.loads(body)
    except ValueError as error:
        raise BadAdvance(f"it is not JSON: {error}") from error
    if not isinstance(request, Mapping) or len(request) != 1:
        raise BadAdvance('send one of `{"days": 180}`, `{"for": "26w"}`, `{"until": "2027-05-20"}`')
    ((name, value),) = request.items()
    if name not in tuple(_Way):
        raise BadAdvance(f"`{name}` is not known; expected one of: {', '.join(_Way)}")
    way = _Way(name)
    match way:
        case _Way.DAYS:
            if isinstance(value, int) and not isinstance(value, bool):
                return AdvanceRequest(days=value)
        case _Way.FOR:
            if isinstance(value, str):
                return AdvanceRequest(days=_days(value))
        case _Way.UNTIL:
            if isinstance(value, str):
                return AdvanceRequest(until=_date(value))
        case _:
            assert_never(way)
    raise BadAdvance(f"`{way}` takes {_TAKES[way]}, not {json.dumps(value)}")


def write_clock(now: datetime, started: datetime) -> Json:
    return {"now": _second(now), "started": _second(started)}


def write_report(report: AdvanceReport) -> Json:
    """Sizes in bytes, times as ISO 8601 in UTC."""
    return {
        "since": _second(report.since),
        "until": _second(report.until),
        "events": [_event(each) for each in report.events],
        "by_action": {
            action.value: asdict(tally)
            for action, tally in sorted(report.by_action().items(), key=lambda pair: pair[0].value)
        },
        "by_rule": [
            {"bucket": bucket, "rule": rule, **asdict(tally)}
            for (bucket, rule), tally in sorted(report.by_rule().items())
        ],
        "before": [asdict(each) for each in report.before],
        "buckets": [asdict(each) for each in report.buckets],
        "inventories": list(report.inventories),
    }


def _days(text: str) -> int:
    try:
        return parse_duration(text)
    except NotADuration as error:
        raise BadAdvance(f"`{text}` {error}: write 180d, 26w or 7y") from error


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadAdvance(f"`{text}` is not a date: write it as 2027-05-20") from error


def _event(each: LifecycleEvent) -> Json:
    entered = {"storage_class": each.storage_class} if each.storage_class else {}
    created = {"marker": each.marker} if each.marker else {}
    return {
        "at": _second(each.at),
        "account": each.account,
        "bucket": each.bucket,
        "key": each.key,
        "id": each.id,
        "kind": each.kind.value,
        "action": each.action.value,
        "in_words": done_in_words(each.action, each.storage_class),
        **entered,
        **created,
        "due": _second(each.due),
        "bytes": each.bytes,
        "freed": each.freed,
        "rules": list(each.rules),
    }


def _second(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
