"""`firnline diff --inventory PATH`: what is stored, and what the change does to it."""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace

from firnline.cli.by_tag import tell_apart
from firnline.cli.failed import CommandFailed
from firnline.cli.forecast_settings import (
    DEFAULT_REGION,
    add_versioning,
    add_when_and_where,
    settings_of,
)
from firnline.cli.forecasting import forecast_of
from firnline.cli.growth_from import read_growth
from firnline.cli.inventory_source import InventorySource
from firnline.cli.item_options import now
from firnline.cli.known_buckets import (
    Coming,
    Gathered,
    KnownBucket,
    Settings,
    gather,
    known_buckets,
)
from firnline.cli.layouts_of_change import layouts_of_change
from firnline.cli.option_types import count
from firnline.cli.samples import KeptOpen, Samples, samples_of
from firnline.cli.snapshot_keys import is_wanted, name_of
from firnline.cli.stored import StoredIn, add_stored, files_in, read_stored
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.visible import visible
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.forecast import Forecast
from firnline.inventory.prices.price_list import NoPrice
from firnline.inventory.radius.radius import Radius, radius
from firnline.inventory.radius.reached import BucketFacts, TagApart
from firnline.rules.diff.items import UNNAMED, Comparison, Snapshot, paired
from firnline.rules.gates.gate import FirstRun
from firnline.s3.terms import Clock, Versioning
from firnline.settings import policies_folder
from firnline.targets.review.first_runs import first_runs
from firnline.targets.review.model import Facts


def add_facts(parser: argparse.ArgumentParser) -> None:
    stored = parser.add_argument_group("what is stored, as for `firnline forecast`")
    add_stored(stored)
    add_versioning(stored)
    shown = parser.add_argument_group("what is shown of it")
    shown.add_argument(
        "--samples",
        metavar="N",
        type=count,
        default=1,
        help="of each change, so many keys of the oldest objects that it deletes on the first run"
        " (default: %(default)s)",
    )
    shown.add_argument(
        "--by-tag",
        metavar="KEY",
        help="also what the first run deletes by the values of this tag, such as `owner`",
    )
    shown.add_argument(
        "--redact-keys", action="store_true", help="show the prefixes of such keys instead"
    )
    add_when_and_where(parser.add_argument_group("when and where"))


def read_facts(
    arguments: Namespace,
    found: Comparison,
    before: Snapshot,
    after: Snapshot,
    told: Sequence[Diagnostic] = (),
) -> Facts | None:
    """None where nothing was said of what is stored. `told` is what was found without that. Raises
    `CommandFailed`.
    """
    if not (files_in(arguments) or arguments.ingest):
        _refuse_idle(arguments)
        return None
    settings = replace(settings_of(arguments), by_change=True)
    with _read(arguments, found, before, after, settings) as (gathered, tags):
        cost = _cost(gathered, settings, told)
        return _facts(arguments, found, gathered, settings, tags, cost)


def read_first_runs(
    arguments: Namespace, found: Comparison, before: Snapshot, after: Snapshot
) -> Mapping[str, FirstRun]:
    """By the digest of a review item, for `firnline check` and `firnline approve`: a month is more
    than the first run needs. Raises `CommandFailed`.
    """
    others: dict[str, object] = {"ingest": [], "growth_from": [], "by_tag": None, "months": 1}
    only = [arguments.bucket] if arguments.bucket else []
    whole = Namespace(**{**vars(arguments), **others, "bucket": only})
    versioning = Versioning(arguments.versioning) if arguments.versioning else None
    at = arguments.as_of or now()
    settings = Settings(at, whole.months, versioning, DEFAULT_REGION, by_change=True)
    with _read(whole, found, before, after, settings) as (gathered, tags):
        return first_runs(found, _radius(found, gathered, tags))


@contextmanager
def _read(
    arguments: Namespace, found: Comparison, before: Snapshot, after: Snapshot, settings: Settings
) -> Iterator[tuple[Gathered, Mapping[str, TagApart]]]:
    """What is stored in the buckets that are compared. Raises `CommandFailed`."""
    pairs = [each for each in paired(before, after) if each[0] not in found.not_compared]
    before = {key: config for key, config, _ in pairs}
    after = {key: config for key, _, config in pairs}
    named = Namespace(**{**vars(arguments), "bucket": _only(arguments.bucket)})
    source = InventorySource(arguments.account, policies_folder().path)
    stored = list(read_stored(named, settings.as_of, source))
    if arguments.bucket:
        stored = _of_compared(stored, list(dict.fromkeys((*before, *after))))
    coming = Coming(arguments.ingest, read_growth(arguments.growth_from, source))
    with ExitStack() as opened:
        for each in stored:
            if isinstance(each, KeptOpen):
                opened.enter_context(each.kept_open())
        buckets = known_buckets(before, after, stored, coming)
        tags = tell_apart(arguments.by_tag, buckets) if arguments.by_tag is not None else {}
        yield gather(buckets, stored, coming, settings), tags


def _refuse_idle(arguments: Namespace) -> None:
    """Options that would change nothing. Raises `CommandFailed`."""
    of_stored = {
        "--growth-from": arguments.growth_from,
        "--max-age": arguments.max_age,
        "--by-tag": arguments.by_tag,
        "--redact-keys": arguments.redact_keys,
        # It is also the day on which references are judged.
        "--as-of": None if arguments.references else arguments.as_of,
    }
    idle = [option for option, value in of_stored.items() if value not in (None, [], False)]
    if idle:
        raise CommandFailed(
            f"{' and '.join(idle)} is about what is stored, and nothing says it: name it with"
            " --inventory, --summary or --cloudwatch"
        )


def _facts(
    arguments: Namespace,
    found: Comparison,
    gathered: Gathered,
    settings: Settings,
    tags: Mapping[str, TagApart],
    cost: Forecast | NoPrice,
) -> Facts:
    reached = _radius(found, gathered, tags)
    wanted = Samples(arguments.samples, arguments.redact_keys)
    return Facts(
        reached,
        settings.months,
        cost.facts if isinstance(cost, Forecast) else gathered.notes,
        cost,
        samples_of(reached, found.items, gathered, settings.as_of, wanted),
        arguments.by_tag,
        layouts_of_change(bucket for bucket, _ in gathered.buckets),
    )


def _radius(found: Comparison, gathered: Gathered, tags: Mapping[str, TagApart]) -> Radius:
    buckets = [
        BucketFacts(bucket.key, changed, _told(bucket, changed), tags.get(bucket.key))
        for bucket, changed in gathered.buckets
    ]
    return radius(found.items, buckets, gathered.starts)


def _told(bucket: KnownBucket, changed: Changed) -> frozenset[Clock]:
    versioning = changed.after.bucket.versioning
    return frozenset(clock for clock in Clock if bucket.tells_of(clock, versioning))


def _cost(gathered: Gathered, settings: Settings, told: Sequence[Diagnostic]) -> Forecast | NoPrice:
    try:
        return forecast_of(gathered, settings, told)
    except NoPrice as why:
        return why


def _only(buckets: list[str]) -> str | None:
    """The bucket that a listing is of which names none."""
    return name_of(buckets[0]) if len(buckets) == 1 else None


def _of_compared(stored: Sequence[StoredIn], keys: Sequence[str]) -> list[StoredIn]:
    """Without those of buckets that `--bucket` leaves out. Raises `CommandFailed` where that leaves
    none.
    """
    left = [
        each
        for each in stored
        if each.bucket is None
        or UNNAMED in keys
        or any(is_wanted(key, [each.bucket]) for key in keys)
    ]
    if stored and not left:
        told = ", ".join(dict.fromkeys(f"`{visible(each.bucket or '')}`" for each in stored))
        raise CommandFailed(
            f"what is stored is told of {told}, and --bucket names none of these: name an inventory"
            " of a bucket that is compared, or leave --bucket out"
        )
    return left
