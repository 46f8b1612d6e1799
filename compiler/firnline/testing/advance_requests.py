"""The clock over HTTP: a request to advance it, from JSON; its time and the report, to JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, NamedTuple

from firnline.language.units import NotADuration, parse_duration
from firnline.s3.phrases import done_in_words
from firnline.testing.advance_report import AdvanceReport
from firnline.testing.emulated_clock import BadAdvance
from firnline.testing.plan_advance import LifecycleEvent

Json = dict[str, Any]


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
    match name, value:
        case "days", int() if not isinstance(value, bool):
            return AdvanceRequest(days=value)
        case "for", str():
            return AdvanceRequest(days=_days(value))
        case "until", str():
            return AdvanceRequest(until=_date(value))
        case "days" | "for" | "until", _:
            wanted = {"days": "a whole number", "for": "a duration", "until": "a date"}[name]
            raise BadAdvance(f"`{name}` takes {wanted}, not {json.dumps(value)}")
        case _:
            raise BadAdvance(f"`{name}` is not known; expected one of: days, for, until")


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
        "buckets": [asdict(each) for each in report.buckets],
    }


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
