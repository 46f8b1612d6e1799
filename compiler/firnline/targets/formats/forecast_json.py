"""A forecast as data: a stable, versioned format (`firnline schema forecast`)."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from firnline.diagnostics.json import diagnostic_json
from firnline.inventory.forecast.arrivals import Arrives
from firnline.inventory.forecast.bounded import BoundedOutlook, BoundedRun
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.forecast.reads import ReadCosts, ReadsUnder
from firnline.inventory.forecast.rule_of_thumb import CLAIMED, DELETED, SHARES, RuleOfThumb
from firnline.inventory.prices.price_list import Prices
from firnline.targets.between_json import break_even, count, number, volume_of

SCHEMA_VERSION = 2
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
                "month": place + 1,
                "from": f"{start:%Y-%m-%d}",
                **{name: _month(side, place) for name, side in sides.items()},
                "saved_usd": number(change.saved[place]),
            }
            for place, start in enumerate(forecast.starts[:-1])
        ],
        "first_run": {name: _first_run(side.first_run) for name, side in sides.items()},
        "saved_usd": number(change.saved_so_far[-1]),
        "break_even_month": break_even(change.break_even),
        "diagnostics": [diagnostic_json(each) for each in forecast.diagnostics],
        "not_counted": [each.value for each in forecast.not_counted],
    }
    if forecast.reads is not None:
        document["reads"] = _reads(forecast.reads)
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
        "saves": number(rule.saves),
        "saved_usd": [number(each) for each in rule.saved],
        "saved_usd_in_all": number(rule.saved_in_all),
        "forecast_shares": {
            **{name: number(share) for name, share in rule.shares.items()},
            _DELETED: number(rule.deleted),
        },
        "left_out_usd": {name: number(amount) for name, amount in rule.left_out.items()},
    }


def _reads(found: ReadCosts) -> dict[str, Any]:
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "before": _by_class(found.before),
        "after": _by_class(found.after),
    }


def _by_class(found: ReadsUnder) -> dict[str, Any]:
    document: dict[str, Any] = {
        "usd_a_month": found.usd and number(found.usd),
        "classes": {
            name: {
                "reads": each.volume.reads,
                "bytes": each.volume.bytes,
                "usd_a_month": None if each.usd is None else float(each.usd),
            }
            for name, each in found.by_class.items()
        },
    }
    if found.open is not None:
        volume, usd = found.open
        document["by_unknown_tags"] = {
            "reads": volume.reads,
            "bytes": volume.bytes,
            "usd_a_month": usd and number(usd),
        }
    return document


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
        **{each.value: volume_of(volume) for each, volume in run.happens.items()},
        "transitions": {
            into: {**volume_of(volume), "usd": number(run.paid[into])}
            for into, volume in run.transitions.items()
        },
    }


def _month(side: BoundedOutlook, place: int) -> dict[str, Any]:
    stored, cost = side.by_class[place], side.costs[place]
    return {
        "bytes": {name: count(volume.bytes) for name, volume in stored.items()},
        "objects": {name: count(volume.objects) for name, volume in stored.items()},
        "usd": {each.name: number(getattr(cost, each.name)) for each in fields(cost)},
    }
