"""Our own format of prices, in TOML or JSON → the prices: what teams write, and what is cached."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import chain
from typing import Final

from firnline.inventory.prices.price_list import (
    INTELLIGENT_TIERING,
    Band,
    MonitoringPrice,
    Prices,
    ReadPrice,
    Source,
    StoragePrice,
    TransitionPrice,
    are_ascending,
    in_words,
)
from firnline.inventory.prices.retrieval import BILLED
from firnline.inventory.prices.table import NotAPriceFile, Table
from firnline.language.price_settings import is_region
from firnline.s3.law.classes import CLASSES, DIRECTORY_CLASS, TARGETS
from firnline.s3.terms import AccessTier

SCHEMA_VERSION: Final = 1
PER: Final = 1_000
"""Transitions and monitoring are stated for so many objects, as AWS states them."""


def read_price_file(text: str, *, toml: bool) -> Prices:
    """Raises `NotAPriceFile`."""
    document = Table(_parsed(text, toml), "")
    if document.whole_number("schema_version") != SCHEMA_VERSION:
        raise NotAPriceFile(f"`schema_version` must be {SCHEMA_VERSION}")
    if document.has("price_factor"):
        raise NotAPriceFile(
            "`price_factor` is no part of a price file: state it under [prices] in firnline.toml"
        )
    region, published = document.text("region"), document.day("published")
    if not is_region(region):
        raise document.wrong("region", "must be a region such as eu-central-1")
    source = Source(document.text("source"), published)
    reads = document.tables("reads")
    prices = Prices(
        region=region,
        published=published,
        storage_prices=tuple(_storage(each, source) for each in document.tables("storage")),
        transition_prices=tuple(
            _transition(each, source) for each in document.tables("transitions")
        ),
        monitoring_price=_monitoring(document, source),
        read_prices=tuple(chain.from_iterable(_reads(each, source) for each in reads)),
    )
    document.end()
    _once((in_words(each.storage_class, each.tier) for each in prices.storage_prices), "storage")
    _once((each.storage_class for each in prices.transition_prices), "transitions")
    _once((f"{each.storage_class}, {each.figure}" for each in prices.read_prices), "reads")
    return prices


def _parsed(text: str, toml: bool) -> object:
    try:
        if toml:
            return tomllib.loads(text, parse_float=Decimal)
        return json.loads(text, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
        raise NotAPriceFile(str(error)) from None
    except RecursionError:
        raise NotAPriceFile("it is nested too deeply") from None


def _storage(table: Table, default: Source) -> StoragePrice:
    storage_class = table.one_of("class", (*CLASSES, DIRECTORY_CLASS))
    tier = None
    if storage_class == INTELLIGENT_TIERING:
        tier = AccessTier(table.one_of("tier", tuple(AccessTier)))
    price = StoragePrice(storage_class, tier, tuple(_bands(table)), _source(table, default))
    table.end()
    return price


def _bands(table: Table) -> Iterator[Band]:
    name = "usd_per_gb_month"
    if not table.is_list(name):
        yield Band(None, table.usd(name))
        return
    bands = []
    for each in table.tables(name):
        bands.append(
            Band(each.whole_number("up_to_gb") if each.has("up_to_gb") else None, each.usd("usd"))
        )
        each.end()
    if not are_ascending([band.up_to_gb for band in bands]):
        raise table.wrong(
            name, "must ascend by `up_to_gb`, which the last one, and no other, leaves out"
        )
    yield from bands


def _transition(table: Table, default: Source) -> TransitionPrice:
    price = TransitionPrice(
        table.one_of("class", tuple(TARGETS)),
        table.usd("usd_per_1000_objects") / PER,
        _source(table, default),
    )
    table.end()
    return price


def _monitoring(document: Table, default: Source) -> MonitoringPrice | None:
    if not document.has("monitoring"):
        return None
    table = document.table("monitoring")
    price = MonitoringPrice(table.usd("usd_per_1000_object_months") / PER, _source(table, default))
    table.end()
    return price


def _reads(table: Table, default: Source) -> Iterator[ReadPrice]:
    storage_class = table.one_of("class", tuple(BILLED))
    source = _source(table, default)
    billed = BILLED[storage_class]
    stated = [figure for figure in billed if table.has(figure)]
    table.end()
    if not stated:
        raise table.wrong(billed[0], "is missing")
    for figure in stated:
        yield ReadPrice(storage_class, figure, table.usd(figure), source)


def _source(table: Table, default: Source) -> Source:
    if not table.has("source"):
        return default
    stated = table.table("source")
    item = stated.text("item") if stated.has("item") else ""
    source = Source(stated.text("name"), stated.day("published"), item)
    stated.end()
    return source


def _once(names: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise NotAPriceFile(f"`{where}` states the price of {name} twice")
        seen.add(name)
