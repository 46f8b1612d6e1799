"""What is deleted and moved because of a change, and what it costs, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from firnline.inventory.forecast.bounded import NO_VOLUME, BoundedVolume
from firnline.inventory.forecast.first_run import Happens
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.prices.price_list import NoPrice
from firnline.inventory.radius.radius import Affected
from firnline.inventory.radius.sooner import Done, Way, Window
from firnline.targets.between_json import break_even, number, volume_of
from firnline.targets.review.model import Facts, Review


def facts_json(facts: Facts) -> dict[str, Any]:
    return {
        "months": facts.months,
        "by_tag": facts.by_tag,
        "stands_on": list(facts.stands_on),
        "buckets": {
            "known": list(facts.radius.known),
            "unknown": list(facts.radius.unknown),
            "untold": [{"bucket": key, "clock": clock.value} for key, clock in facts.radius.untold],
        },
        "radius": _affected(facts.radius.total),
        "cost": _cost(facts.cost),
    }


def radius_json(review: Review, place: int) -> dict[str, Any] | None:
    """Of one item; None where nothing is known."""
    found = review.facts.radius.items[place] if review.facts else None
    return None if found is None else _affected(found)


def seen_json(review: Review, place: int) -> dict[str, Any] | None:
    """Of one item; None where nothing is known."""
    seen = review.facts.seen[place] if review.facts else None
    return seen and {"oldest": seen.oldest.isoformat(), "keys": list(seen.keys)}


def _affected(found: Affected) -> dict[str, Any]:
    return {
        "stored": volume_of(found.scope),
        "deletes": volume_of(found.deleted),
        "deletes_by_tag": [
            {"value": value, **volume_of(volume)} for value, volume in found.deleted_by_tag.items()
        ],
        **{
            window.value: {way.value: _done(found.in_window(window, way)) for way in Way}
            for window in Window
        },
    }


def _done(found: Mapping[Done, BoundedVolume]) -> dict[str, Any]:
    return {
        **{each.value: volume_of(found.get(each, NO_VOLUME)) for each in Happens},
        "transitions": {
            done: volume_of(volume)
            for done, volume in sorted(found.items(), key=lambda pair: str(pair[0]))
            if not isinstance(done, Happens)
        },
    }


def _cost(found: Forecast | NoPrice) -> dict[str, Any]:
    """As in the last month of the forecast."""
    if isinstance(found, NoPrice):
        return {"not_known": str(found)}
    change = found.change
    return {
        "month": len(change.saved),
        "before_usd": number(change.before.costs[-1].total),
        "after_usd": number(change.after.costs[-1].total),
        "saved_usd": number(change.saved[-1]),
        "saved_usd_in_all": number(change.saved_so_far[-1]),
        "break_even_month": break_even(change.break_even),
    }
