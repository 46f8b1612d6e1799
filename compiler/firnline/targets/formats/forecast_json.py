"""A forecast as data: a stable, versioned format (`firnline schema forecast`)."""

from __future__ import annotations

import json
from dataclasses import fields
from fractions import Fraction
from typing import Any

from firnline.diagnostics.json import diagnostic_json
from firnline.inventory.forecast.arrivals import Arrives
from firnline.inventory.forecast.between import Between
from firnline.inventory.forecast.bounded import BoundedOutlook, BoundedRun, BoundedVolume
from firnline.inventory.forecast.change import BreakEven
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.forecast.rule_of_thumb import CLAIMED, DELETED, SHARES, RuleOfThumb
from firnline.inventory.prices.price_list import Prices

SCHEMA_VERSION = 2
_DIGITS = 6
_DELETED = "deleted"


def to_json(forecast: Forecast) -> str:
    change = forecast.change
    sides = {"before": change.before, "after": change.after}
    document = {
        "schema_version": SCHEMA_VERSION,
        "exact": change.is_exact,
        "buckets": list(forecast.buckets),
        "as_of": forecast.as_of.isoformat(),
        "prices_of": [_prices(each) for each in forecast.prices],
        "facts": list(forecast.facts),
        "arrives": [_arrives(each) for each in forecast.arrives],
        "months": [
            {
                "month": number + 1,
                "from": f"{start:%Y-%m-%d}",
                **{name: _month(side, number) for name, side in sides.items()},
                "saved_usd": _number(change.saved[number]),
            }
            for number, start in enumerate(forecast.starts[:-1])
        ],
        "first_run": {name: _first_run(side.first_run) for name, side in sides.items()},
        "saved_usd": _number(change.saved_so_far[-1]),
        "break_even_month": _break_even(change.break_even),
        "diagnostics": [diagnostic_json(each) for each in forecast.diagnostics],
        "not_counted": [each.value for each in forecast.not_counted],
    }
    if forecast.rule_of_thumb is not None:
        document["rule_of_thumb"] = _rule_of_thumb(forecast.rule_of_thumb)
    return json.dumps(document, indent=2) + "\n"


def _rule_of_thumb(rule: RuleOfThumb) -> dict[str, Any]:
    """The rule's word, and what is forecast instead."""
    return {
        "shares": {
            **{name: float(share) for name, share in SHARES.items()},
            _DELETED: float(DELETED),
        },
        "claimed": [float(each) for each in CLAIMED],
        "saves": _number(rule.saves),
        "saved_usd": [_number(each) for each in rule.saved],
        "saved_usd_in_all": _number(rule.saved_in_all),
        "forecast_shares": {
            **{name: _number(share) for name, share in rule.shares.items()},
            _DELETED: _number(rule.deleted),
        },
        "left_out_usd": {name: _number(amount) for name, amount in rule.left_out.items()},
    }


def _arrives(found: Arrives) -> dict[str, Any]:
    return {
        "bucket": found.bucket,
        "prefix": found.prefix,
        "storage_class": found.storage_class,
        "objects_a_month": found.volume.objects,
        "bytes_a_month": found.volume.bytes,
        "since": found.since and found.since.isoformat(),
    }


def _prices(prices: Prices) -> dict[str, Any]:
    return {
        "region": prices.region,
        "published": prices.published.isoformat(),
        "price_factor": float(prices.factor),
        "sources": [
            {"name": each.name, "published": each.published.isoformat()} for each in prices.sources
        ],
    }


def _first_run(run: BoundedRun) -> dict[str, Any]:
    return {
        **{each.value: _volume(volume) for each, volume in run.happens.items()},
        "transitions": {
            into: {**_volume(volume), "usd": _number(run.paid[into])}
            for into, volume in run.transitions.items()
        },
    }


def _volume(volume: BoundedVolume) -> dict[str, Any]:
    return {"objects": _count(volume.objects), "bytes": _count(volume.bytes)}


def _month(side: BoundedOutlook, number: int) -> dict[str, Any]:
    stored, cost = side.by_class[number], side.costs[number]
    return {
        "bytes": {name: _count(volume.bytes) for name, volume in stored.items()},
        "objects": {name: _count(volume.objects) for name, volume in stored.items()},
        "usd": {each.name: _number(getattr(cost, each.name)) for each in fields(cost)},
    }


def _break_even(found: BreakEven) -> Any:
    return _between(found.earliest, found.latest)


def _count(amount: Between[int]) -> Any:
    return _between(amount.at_least, amount.at_most)


def _number(amount: Between[Fraction]) -> Any:
    return _between(_rounded(amount.at_least), _rounded(amount.at_most))


def _rounded(amount: Fraction) -> float:
    return round(float(amount), _DIGITS)


def _between(least: float | None, most: float | None) -> Any:
    """A number where it is known."""
    return least if least == most else {"at_least": least, "at_most": most}
