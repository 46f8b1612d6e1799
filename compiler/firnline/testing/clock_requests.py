"""The clock over HTTP: what was asked of it in JSON, and what a turn of it did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, NamedTuple

from firnline.language.units import NotADuration, parse_duration
from firnline.testing.advance import Happened
from firnline.testing.advanced import Advanced
from firnline.testing.clock import BadTurn

Json = dict[str, Any]


class Turn(NamedTuple):
    days: int | None = None
    until: date | None = None


def read_turn(body: bytes) -> Turn:
    """`{"days": 180}`, `{"for": "26w"}` or `{"until": "2027-05-20"}`; raises `BadTurn`."""
    try:
        asked = json.loads(body)
    except ValueError as error:
        raise BadTurn(f"no JSON: {error}") from error
    if not isinstance(asked, Mapping) or len(asked) != 1:
        raise BadTurn('say one of `{"days": 180}`, `{"for": "26w"}`, `{"until": "2027-05-20"}`')
    ((name, value),) = asked.items()
    match name, value:
        case "days", int() if not isinstance(value, bool):
            return Turn(days=value)
        case "for", str():
            return Turn(days=_days(value))
        case "until", str():
            return Turn(until=_date(value))
        case "days" | "for" | "until", _:
            wanted = {"days": "a whole number", "for": "a duration", "until": "a date"}[name]
            raise BadTurn(f"`{name}` is {wanted}, not {json.dumps(value)}")
        case _:
            raise BadTurn(f"`{name}` is not known; these are: days, for, until")


def _days(text: str) -> int:
    try:
        return parse_duration(text)
    except NotADuration as error:
        raise BadTurn(f"`{text}` {error}: write 180d, 26w or 7y") from error


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadTurn(f"`{text}` is no date: write it as 2027-05-20") from error


def write_clock(now: datetime, started: datetime) -> Json:
    return {"now": _second(now), "started": _second(started)}


def write_advanced(done: Advanced) -> Json:
    """Sizes in bytes, moments as ISO 8601 in UTC."""
    return {
        "since": _second(done.since),
        "until": _second(done.until),
        "events": [_event(each) for each in done.happened],
        "by_action": {
            action.value: asdict(tally)
            for action, tally in sorted(done.by_action().items(), key=lambda pair: pair[0].value)
        },
        "by_rule": [
            {"bucket": bucket, "rule": rule, **asdict(tally)}
            for (bucket, rule), tally in sorted(done.by_rule().items())
        ],
        "left": [asdict(each) for each in done.left],
    }


def _event(each: Happened) -> Json:
    moved = {"storage_class": each.storage_class} if each.storage_class else {}
    marked = {"marker": each.marker} if each.marker else {}
    return {
        "at": _second(each.at),
        "account": each.account,
        "bucket": each.bucket,
        "key": each.key,
        "id": each.id,
        "sort": each.kind.value,
        "action": each.action.value,
        **moved,
        **marked,
        "due": _second(each.due),
        "bytes": each.bytes,
        "freed": each.freed,
        "rules": list(each.rules),
    }


def _second(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
