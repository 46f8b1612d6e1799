"""Snapshots before and after, and what is stored in their buckets → a forecast of all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from firnline.cli.known_buckets import (
    Coming,
    Gathered,
    KnownBucket,
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
from firnline.inventory.forecast.rule_of_thumb import RuleOfThumb, rule_of_thumb
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


def forecast_of(
    gathered: Gathered, settings: Settings, told: Sequence[Diagnostic] = ()
) -> Forecast:
    """Raises `NoPrice`."""
    places: dict[tuple[str, str], list[tuple[KnownBucket, Changed]]] = defaultdict(list)
    for bucket, changed in gathered.buckets:
        places[bucket.account, bucket.region(settings)].append((bucket, changed))
    prices = {region: prices_of(region) for _, region in places}
    found: list[Change] = []
    judged: list[BilledTogether] = []
    read: list[tuple[BucketCells, Changed, Prices]] = []
    notes = dict.fromkeys(gathered.notes)
    for (_, region), here in places.items():
        found.append(change([changed for _, changed in here], gathered.starts, prices[region]))
        if not found[-1].is_exact:
            for bucket, changed in here:
                notes |= dict.fromkeys(_why_bounds(bucket, changed))
        for bucket, _ in here:
            if bucket.reads and (said := not_known(visible(bucket.name), prices[region])):
                bucket.about_reads[said] = None
            notes |= bucket.about_reads
        after_here = [BucketAfter(each.name, each.after, found, each.reads) for each, found in here]
        read += [(each.reads, changed, prices[region]) for each, changed in here if each.reads]
        judged.append(BilledTogether(prices[region], after_here))
    whole, reads = together(found), read_costs(read)
    diagnostics, waived = findings(judged, settings.as_of, settings.months, told)
    buckets = [bucket for bucket, _ in gathered.buckets]
    return Forecast(
        buckets=tuple(bucket.name for bucket in buckets),
        as_of=settings.as_of,
        starts=tuple(gathered.starts),
        prices=tuple(prices.values()),
        change=whole,
        facts=tuple(notes),
        not_counted=tuple(_not_counted(buckets, reads)),
        reads=reads,
        about_reads=tuple(line for bucket, _ in gathered.buckets for line in bucket.about_reads),
        arrives=tuple(each for bucket in buckets for each in bucket.arrives),
        diagnostics=diagnostics,
        waived=waived,
        rule_of_thumb=_rule_of_thumb(found, judged, whole) if settings.rule_of_thumb else None,
    )


def _rule_of_thumb(
    found: Sequence[Change], judged: Sequence[BilledTogether], whole: Change
) -> RuleOfThumb:
    return rule_of_thumb(zip(found, [place.prices for place in judged], strict=True), whole)


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
    yield from (each for each in ALWAYS if not (is_read and each is NotCounted.RETRIEVAL))
    if not any(bucket.arrives for bucket in buckets):
        yield NotCounted.GROWTH
    stored = [each for bucket in buckets for each in bucket.stored]
    if not (stored and all(each.has_uploads for each in stored)):
        yield NotCounted.UPLOADS
