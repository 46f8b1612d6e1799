"""Entries ↔ the JSON in which they are kept. Each set of rules is in it once, by a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from firnline.inventory.savings.entry import Change, Entry, Forecast, Side
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.s3.shape import Json, to_s3
from firnline.s3.terms import Versioning

SCHEMA_VERSION: Final = 1
KEPT: Final = 8
"""Entries of one bucket, the newest: a state is written often, and whole."""


class NotALedger(ValueError):
    """The text says what is wrong."""


def to_json(entries: Iterable[Entry]) -> Json:
    """Of each bucket the newest ones, the oldest first."""
    kept = sorted(_newest(entries), key=lambda entry: entry.change.at)
    rules: Json = {}
    return {
        "schema_version": SCHEMA_VERSION,
        "entries": [_entry(each, rules) for each in kept],
        "rules": rules,
    }


def read_ledger(document: object) -> list[Entry]:
    """Raises `NotALedger`."""
    if not isinstance(document, Mapping) or "schema_version" not in document:
        raise NotALedger("it is no ledger of forecasts")
    if document["schema_version"] != SCHEMA_VERSION:
        raise NotALedger(
            f"its schema_version is {document['schema_version']}, and this Firnline reads"
            f" {SCHEMA_VERSION}"
        )
    try:
        rules = {name: read_configuration(each) for name, each in document["rules"].items()}
        return [_read_entry(each, rules) for each in document["entries"]]
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise NotALedger(f"an entry is not what Firnline writes: {problem!r}") from None


def _newest(entries: Iterable[Entry]) -> Iterator[Entry]:
    by_bucket: dict[tuple[str, str], dict[datetime, Entry]] = defaultdict(dict)
    for entry in entries:
        change = entry.change
        by_bucket[change.account, change.bucket].setdefault(change.at, entry)
    for found in by_bucket.values():
        in_order = [found[moment] for moment in sorted(found)]
        old, (oldest, *others) = in_order[:-KEPT], in_order[-KEPT:]
        dropped = [*(id for each in old for id in (*each.dropped, each.rollout)), *oldest.dropped]
        yield replace(oldest, dropped=tuple(dict.fromkeys(filter(None, dropped))))
        yield from others


def _entry(entry: Entry, rules: Json) -> Json:
    change = entry.change
    names = _named(change.before, rules), _named(change.after, rules)
    told: Json = {
        "bucket": change.bucket,
        "account": change.account,
        "region": change.region,
        "versioning": change.versioning.value,
        "at": _moment(change.at),
        "rules": {"before": names[0], "after": names[1]},
        **({} if entry.inventory is None else {"inventory": entry.inventory}),
        **({} if entry.made is None else {"made": _moment(entry.made)}),
        **({"late": True} if entry.late else {}),
        **({} if entry.rollout is None else {"rollout": entry.rollout}),
        **({"dropped": list(entry.dropped)} if entry.dropped else {}),
    }
    if entry.forecast is None:
        return {**told, "missing": entry.missing}
    forecast = entry.forecast
    sides = {"before": forecast.before, "after": forecast.after}
    return {
        **told,
        "prices_of": forecast.prices_of,
        "stored": {
            name: {into: list(amounts) for into, amounts in side.stored.items()}
            for name, side in sides.items()
        },
        "usd": {name: list(side.usd) for name, side in sides.items()},
    }


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _named(found: RuleSet, rules: Json) -> str:
    shape = to_s3(found)
    for name, known in rules.items():
        if known == shape:
            return name
    name = f"rules {len(rules) + 1}"
    rules[name] = shape
    return name


def _read_entry(told: Mapping[str, Any], rules: Mapping[str, RuleSet]) -> Entry:
    made = _read_moment(told["made"]) if "made" in told else None
    change = Change(
        bucket=told["bucket"],
        account=told["account"],
        region=told["region"],
        versioning=Versioning(told["versioning"]),
        at=_read_moment(told["at"]),
        before=rules[told["rules"]["before"]],
        after=rules[told["rules"]["after"]],
    )
    rollout, dropped = told.get("rollout"), tuple(told.get("dropped", ()))
    read = Entry(change, told.get("inventory"), made, rollout=rollout, dropped=dropped)
    if "stored" not in told:
        return replace(read, missing=told["missing"], late=bool(told.get("late")))
    before, after = (
        Side(
            {into: tuple(map(int, amounts)) for into, amounts in told["stored"][side].items()},
            tuple(map(float, told["usd"][side])),
        )
        for side in ("before", "after")
    )
    return replace(read, forecast=Forecast(told["prices_of"], before, after))


def _read_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} lacks its time zone")
    return moment
