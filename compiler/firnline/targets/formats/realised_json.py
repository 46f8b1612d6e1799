"""What came of changes of rules, as data: stable and versioned (`firnline schema realised`)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from firnline.inventory.forecast.stays import by_class
from firnline.inventory.forecast.volume import Volume
from firnline.inventory.savings.entry import Entry
from firnline.inventory.savings.gap import Gap, gaps
from firnline.inventory.savings.overdue import NotDone
from firnline.inventory.savings.realised import Look, Rates, Realised

SCHEMA_VERSION = 1
_DIGITS = 6


def to_json(found: Sequence[Realised]) -> str:
    document = {"schema_version": SCHEMA_VERSION, "changes": [_change(each) for each in found]}
    return json.dumps(document, indent=2) + "\n"


def _change(found: Realised) -> dict[str, Any]:
    change = found.entry.change
    return {
        "bucket": change.bucket,
        "account": change.account,
        "region": change.region,
        "at": change.at.isoformat(),
        "inventory": found.entry.inventory,
        "made": found.entry.made and found.entry.made.isoformat(),
        "forecast": _forecast(found.entry),
        "inventories": [_look(each) for each in found.looks],
        "tags_unknown": found.tags_unknown,
        "notes": list(found.notes),
    }


def _forecast(entry: Entry) -> dict[str, Any]:
    if entry.forecast is None:
        return {"missing": entry.missing}
    return {
        "prices_of": entry.forecast.prices_of,
        "usd": {"before": list(entry.forecast.before.usd), "after": list(entry.forecast.after.usd)},
    }


def _look(look: Look) -> dict[str, Any]:
    shown = look.shown
    return {
        "made": shown.made.isoformat(),
        "inventory": shown.called,
        "basis": look.expected.basis.value if look.expected else None,
        "classes": {each.storage_class: _gap(each) for each in gaps(look)},
        "created": _volumes(by_class(shown.created)),
        "lagging": [_not_done(each) for each in shown.lagging],
        "overdue": [_not_done(each) for each in shown.overdue],
        "usd_a_month": None if look.rates is None else _rates(look.rates),
    }


def _gap(gap: Gap) -> dict[str, int | None]:
    return {
        "unchanged": gap.unchanged,
        "forecast": gap.forecast,
        "found": gap.found,
        "gap": gap.whole,
        "created": gap.created,
        "lagging": gap.lagging,
        "overdue": gap.overdue,
        "otherwise": gap.otherwise,
    }


def _volumes(volumes: Mapping[str, Volume]) -> dict[str, Any]:
    return {name: _volume(volume) for name, volume in volumes.items()}


def _volume(volume: Volume) -> dict[str, int]:
    return {"objects": volume.objects, "bytes": volume.bytes}


def _not_done(found: NotDone) -> dict[str, Any]:
    return {
        "rule": found.rule,
        "action": found.action.value,
        "into": found.into,
        "since": f"{found.since:%Y-%m-%d}",
        **_volume(found.volume),
        "key": found.key,
    }


def _rates(rates: Rates) -> dict[str, float]:
    return {
        "unchanged": _number(rates.unchanged),
        "forecast": _number(rates.forecast),
        "found": _number(rates.found),
        "found_of_then": _number(rates.found_of_then),
        "saved": _number(rates.unchanged - rates.found_of_then),
        "forecast_saved": _number(rates.unchanged - rates.forecast),
    }


def _number(amount: Fraction) -> float:
    return round(float(amount), _DIGITS)
