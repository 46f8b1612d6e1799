"""Prices → JSON in our own format, as it is cached and printed."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, Final

from firnline.inventory.prices.price_file import PER, SCHEMA_VERSION
from firnline.inventory.prices.price_list import Prices, Source, StoragePrice

_EXACT: Final = "exactly "
"""Before a number that is written digit by digit: floats would round it."""


def to_json(prices: Prices) -> str:
    document = {
        "schema_version": SCHEMA_VERSION,
        "region": prices.region,
        "published": prices.published.isoformat(),
        "source": ", ".join(each.name for each in prices.sources),
        **({} if prices.factor == 1 else {"price_factor": prices.factor}),
        "storage": [_storage(each) for each in prices.storage_prices],
        "transitions": [
            {
                "class": each.storage_class,
                "usd_per_1000_objects": each.usd_per_request * PER,
                "source": _source(each.source),
            }
            for each in prices.transition_prices
        ],
    }
    if monitoring := prices.monitoring_price:
        document["monitoring"] = {
            "usd_per_1000_object_months": monitoring.usd_per_object_month * PER,
            "source": _source(monitoring.source),
        }
    if prices.read_prices:
        document["reads"] = [
            {"class": each.storage_class, each.figure: each.usd, "source": _source(each.source)}
            for each in prices.read_prices
        ]
    text = json.dumps(document, indent=2, default=_number)
    return re.sub(rf'"{_EXACT}([0-9.]+)"', r"\1", text) + "\n"


def _storage(price: StoragePrice) -> dict[str, Any]:
    bands: Any = [
        {**({} if end is None else {"up_to_gb": end}), "usd": usd} for end, usd in price.bands
    ]
    return {
        "class": price.storage_class,
        **({} if price.tier is None else {"tier": price.tier}),
        "usd_per_gb_month": bands if len(bands) > 1 else price.bands[0].usd_per_gb_month,
        "source": _source(price.source),
    }


def _source(source: Source) -> dict[str, str]:
    item = {"item": source.item} if source.item else {}
    return {"name": source.name, "published": source.published.isoformat(), **item}


def _number(value: object) -> str:
    assert isinstance(value, Decimal), value
    return f"{_EXACT}{value.normalize():f}"
