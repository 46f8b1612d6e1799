"""`firnline diff --inventory PATH`: what is stored, and what the change does to it."""

from __future__ import annotations

import argparse
from argparse import Namespace

from firnline.cli.failed import CommandFailed
from firnline.cli.forecast_settings import add_versioning, add_when_and_where, settings_of
from firnline.cli.forecasting import forecast_of
from firnline.cli.growth_from import read_growth
from firnline.cli.inventory_source import InventorySource
from firnline.cli.known_buckets import Coming, Gathered, Settings, gather, known_buckets
from firnline.cli.snapshot_keys import name_of
from firnline.cli.stored import add_stored, files_in, read_stored
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.prices.price_list import NoPrice
from firnline.inventory.radius.radius import BucketFacts, radius
from firnline.rules.diff.items import Comparison, Snapshot
from firnline.settings import policies_folder
from firnline.targets.review.model import Facts


def add_facts(parser: argparse.ArgumentParser) -> None:
    stored = parser.add_argument_group("what is stored, as for `firnline forecast`")
    add_stored(stored)
    add_versioning(stored)
    add_when_and_where(parser.add_argument_group("when and where"))


def read_facts(
    arguments: Namespace, found: Comparison, before: Snapshot, after: Snapshot
) -> Facts | None:
    """None where nothing was said of what is stored. Raises `CommandFailed`."""
    if not (files_in(arguments) or arguments.ingest):
        return None
    settings = settings_of(arguments)
    before, after = (_compared(side, found) for side in (before, after))
    named = Namespace(**{**vars(arguments), "bucket": _only(arguments.bucket)})
    source = InventorySource(arguments.account, policies_folder().path)
    stored = list(read_stored(named, settings.as_of, source))
    coming = Coming(arguments.ingest, read_growth(arguments.growth_from, source))
    gathered = gather(known_buckets(before, after, stored, coming), stored, coming, settings)
    buckets = [BucketFacts(bucket.key, changed) for bucket, changed in gathered.buckets]
    cost = _cost(gathered, settings)
    return Facts(
        radius(found.items, buckets, gathered.starts),
        settings.months,
        cost.facts if isinstance(cost, Forecast) else gathered.notes,
        cost,
    )


def _cost(gathered: Gathered, settings: Settings) -> Forecast | NoPrice:
    try:
        return forecast_of(gathered, settings)
    except NoPrice as why:
        return why


def _compared(side: Snapshot, found: Comparison) -> Snapshot:
    return {key: config for key, config in side.items() if key not in found.not_compared}


def _only(buckets: list[str]) -> str | None:
    """The bucket that a listing is of which names none. Raises `CommandFailed`."""
    if len(buckets) > 1:
        raise CommandFailed("with what is stored, name one --bucket at most, or none")
    return name_of(buckets[0]) if buckets else None
