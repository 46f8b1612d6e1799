"""Snapshots before and after, and what is stored in their buckets → a forecast of all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from firnline.cli.known_buckets import (
    Coming,
    Gathered,
    KnownBucket,
    Region,
    Settings,
    gather,
    known_buckets,
)
from firnline.cli.known_reads import read_costs
from firnline.cli.prices_of import prices_of
from firnline.cli.stored import StoredIn
from firnline.cli.untold_tags import untold_tags
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.visible import visible
from firnline.inventory.checks.findings import findings
from firnline.inventory.checks.judged import BilledTogether, BucketAfter
from firnline.inventory.forecast.change import Change, Changed, change
from firnline.inventory.forecast.forecast import Forecast, together
from firnline.inventory.forecast.not_counted import ALWAYS, NotCounted
from firnline.inventory.forecast.reads import BucketCells, ReadCosts
from firnline.inventory.forecast.rule_of_thumb import rule_of_thumb
from firnline.inventory.prices.free import free
from firnline.inventory.prices.price_list import Prices
from firnline.inventory.prices.retrieval import not_known
from firnline.rules.diff.items import Snapshot


def forecast(
    before: Snapshot,
    after: Snapshot,
    stored: Sequence[StoredIn],
    coming: Coming,
    settings: Settings,
    told: Sequence[Diagnostic] = (),
) -> Forecast:
    """`told` is what `firnline check` says of the rules after the change. Raises `CommandFailed`,
    `NoPrice`.
    """
    buckets = known_buckets(before, after, stored, coming)
    for bucket in buckets:
        prices_of(bucket.region(settings))  # before anything large is read
    return forecast_of(gather(buckets, stored, coming, settings), settings, told)


InRegion = Sequence[tuple[KnownBucket, Changed]]


def by_region(gathered: Gathered, settings: Settings) -> Mapping[Region, InRegion]:
    found: dict[Region, list[tuple[KnownBucket, Changed]]] = defaultdict(list)
    for bucket, changed in gathered.buckets:
        found[bucket.place(settings)].append((bucket, changed))
    return found


def forecast_of(
    gathered: Gathered, settings: Settings, told: Sequence[Diagnostic] = ()
) -> Forecast:
    """Of what the rules do, with a judgement of those after the change. Raises `NoPrice`."""
    found = outlook_of(gathered, settings)
    judged = findings(_judged(gathered, settings), settings.as_of, settings.months, told)
    return replace(found, diagnostics=judged.diagnostics, waived=judged.waived)


def outlook_of(gathered: Gathered, settings: Settings, unpriced: Container[str] = ()) -> Forecast:
    """Without a judgement of the rules. Its dollars leave out the buckets of which the keys are
    `unpriced`. Raises `NoPrice` of others.
    """
    found: list[Change] = []
    priced: list[tuple[Change, Prices]] = []
    read: list[tuple[BucketCells, Changed, Prices]] = []
    notes = dict.fromkeys(gathered.notes)
    for prices, here in _billed_together(gathered, settings, unpriced):
        contents = [changed for _, changed in here]
        found.append(change(contents, gathered.starts, prices or free(_classes(contents))))
        if not found[-1].is_exact:
            for bucket, changed in here:
                notes |= dict.fromkeys(_why_bounds(bucket, changed))
        if prices:
            priced.append((found[-1], prices))
            read += [(each.reads, changed, prices) for each, changed in here if each.reads]
        for bucket, _ in here:
            if bucket.reads and prices and (said := not_known(visible(bucket.name), prices)):
                bucket.about_reads[said] = None
            notes |= bucket.about_reads
    whole, reads = together(found), read_costs(read)
    buckets = [bucket for bucket, _ in gathered.buckets]
    return Forecast(
        buckets=tuple(bucket.name for bucket in buckets),
        as_of=settings.as_of,
        starts=tuple(gathered.starts),
        prices=tuple({each.region: each for _, each in priced}.values()),
        change=whole,
        facts=tuple(notes),
        not_counted=tuple(_not_counted(buckets, reads)),
        reads=reads,
        about_reads=tuple(line for bucket, _ in gathered.buckets for line in bucket.about_reads),
        arrives=tuple(each for bucket in buckets for each in bucket.arrives),
        rule_of_thumb=rule_of_thumb(priced, whole) if settings.rule_of_thumb else None,
    )


def _billed_together(
    gathered: Gathered, settings: Settings, unpriced: Container[str]
) -> Iterator[tuple[Prices | None, InRegion]]:
    """Buckets that share price bands, and others that have no prices."""
    for (_, region), here in by_region(gathered, settings).items():
        known = [each for each in here if each[0].key not in unpriced]
        if known:
            yield prices_of(region), known
        if others := [each for each in here if each[0].key in unpriced]:
            yield None, others


def _judged(gathered: Gathered, settings: Settings) -> list[BilledTogether]:
    return [
        BilledTogether(
            prices_of(region),
            [BucketAfter(each.name, each.after, found, each.reads) for each, found in here],
        )
        for (_, region), here in by_region(gathered, settings).items()
    ]


def _classes(buckets: Iterable[Changed]) -> Iterator[str]:
    for bucket in buckets:
        for group in (*bucket.stored.groups, *bucket.arriving.groups):
            yield from (each.example.storage_class for each in group)


def _filter_by_tags(bucket: KnownBucket) -> bool:
    rules = (*bucket.before.rules.rules, *bucket.after.rules.rules)
    return any(rule.enabled and rule.filter.tags for rule in rules)


def _why_bounds(bucket: KnownBucket, found: Changed) -> Iterator[str]:
    yield from found.stored.because
    if _filter_by_tags(bucket):
        yield from untold_tags(bucket.name, found)


def _not_counted(buckets: Sequence[KnownBucket], costs: ReadCosts | None) -> Iterator[NotCounted]:
    is_read = costs is not None and None not in (costs.before.usd, costs.after.usd)
    is_read = is_read and all(bucket.reads for bucket in buckets)
    counted = (NotCounted.RETRIEVAL, NotCounted.READS) if is_read else ()
    yield from (each for each in ALWAYS if each not in counted)
    if not any(bucket.arrives for bucket in buckets):
        yield NotCounted.GROWTH
    stored = [each for bucket in buckets for each in bucket.stored]
    if not (stored and all(each.has_uploads for each in stored)):
        yield NotCounted.UPLOADS
