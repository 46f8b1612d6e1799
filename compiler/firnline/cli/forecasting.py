"""Snapshots before and after, and what is stored in their buckets → a forecast of all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from firnline.cli.growth_from import GrowthFrom, growth_in_words, net_growth_in_words
from firnline.cli.prices_of import prices_of
from firnline.cli.snapshot_keys import key_of, name_of
from firnline.cli.stored import StoredIn
from firnline.cli.stored_metrics import Measured
from firnline.cli.untold_tags import untold_tags
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.visible import visible
from firnline.inventory.checks.findings import findings
from firnline.inventory.checks.judged import BucketAfter, Place
from firnline.inventory.forecast.arrivals import Arrives, Ingest, arriving
from firnline.inventory.forecast.change import Change, Changed, change
from firnline.inventory.forecast.forecast import Forecast, together
from firnline.inventory.forecast.growth import Window, Written, by_prefix, each_day, oldest, written
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.not_counted import ALWAYS, NotCounted
from firnline.inventory.forecast.possible_tags import Rules, with_possible_tags
from firnline.inventory.forecast.rule_of_thumb import RuleOfThumb, rule_of_thumb
from firnline.inventory.forecast.undecided import Contents, all_of
from firnline.inventory.forecast.volume import Volume
from firnline.rules.diff.items import UNNAMED, Snapshot
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState
from firnline.s3.terms import Versioning

_FIRST = "STANDARD"
_NO_RULES = BucketConfig(RuleSet(()))


@dataclass(frozen=True, slots=True)
class Settings:
    """What is the same for all buckets; `versioning` and `region` hold where nothing says them."""

    as_of: datetime
    months: int
    versioning: Versioning | None
    region: str
    rule_of_thumb: bool = False


@dataclass(frozen=True, slots=True)
class Coming:
    """What is written later: as it is stated, and as it was until now."""

    ingests: Sequence[Ingest]
    growth: GrowthFrom


@dataclass(slots=True)
class _Bucket:
    key: str
    before: BucketConfig
    after: BucketConfig
    stored: list[StoredIn]
    ingests: list[Ingest]
    arrives: list[Arrives]

    @property
    def name(self) -> str:
        """As what is stored there names it, where the rules are of a file that names none."""
        named = (each.bucket for each in self.stored if each.bucket)
        return next(named, name_of(UNNAMED)) if self.key == UNNAMED else name_of(self.key)


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
    coming.growth.refuse_others([each.bucket for each in stored])
    buckets = _buckets(before, after, stored, coming.ingests)
    begins = starts(settings.as_of, settings.months)
    places: dict[tuple[str, str], list[_Bucket]] = defaultdict(list)
    for bucket in buckets:
        account, region, _ = _parts(bucket.key)
        places[account, settings.region if region == "*" else region].append(bucket)
    found: list[Change] = []
    judged: list[Place] = []
    notes: dict[str, None] = dict.fromkeys(each.in_words for each in stored)
    notes |= dict.fromkeys(each.in_words for each in coming.ingests)
    prices = {region: prices_of(region) for _, region in places}
    for (_, region), here in places.items():
        changed = [_changed(bucket, coming.growth, begins, settings, notes) for bucket in here]
        found.append(change(changed, begins, prices[region]))
        if not found[-1].is_exact:
            for bucket, each in zip(here, changed, strict=True):
                notes |= dict.fromkeys(_why_bounds(bucket, each))
        after_here = [
            BucketAfter(bucket.name, bucket.after, each)
            for bucket, each in zip(here, changed, strict=True)
        ]
        judged.append(Place(prices[region], after_here))
    whole = together(found)
    return Forecast(
        buckets=tuple(bucket.name for bucket in buckets),
        as_of=settings.as_of,
        starts=tuple(begins),
        prices=tuple(prices.values()),
        change=whole,
        facts=tuple(notes),
        not_counted=tuple(_not_counted(buckets)),
        arrives=tuple(each for bucket in buckets for each in bucket.arrives),
        diagnostics=findings(judged, settings.as_of, settings.months, told),
        rule_of_thumb=_rule_of_thumb(found, judged, whole) if settings.rule_of_thumb else None,
    )


def _rule_of_thumb(found: Sequence[Change], judged: Sequence[Place], whole: Change) -> RuleOfThumb:
    return rule_of_thumb(zip(found, [place.prices for place in judged], strict=True), whole)


def _filter_by_tags(bucket: _Bucket) -> bool:
    rules = (*bucket.before.rules.rules, *bucket.after.rules.rules)
    return any(rule.enabled and rule.filter.tags for rule in rules)


def _parts(key: str) -> tuple[str, str, str]:
    account, region, name = key.split("/", 2)
    return account, region, name


def _buckets(
    before: Snapshot, after: Snapshot, stored: Sequence[StoredIn], ingests: Sequence[Ingest]
) -> list[_Bucket]:
    """Those of which it is known what is stored. Raises `CommandFailed`."""
    found: dict[str, _Bucket] = {}

    def bucket(name: str | None, what: str) -> _Bucket:
        key = key_of(name, what, list(dict.fromkeys((*before, *after))))
        return found.setdefault(
            key, _Bucket(key, before.get(key, _NO_RULES), after.get(key, _NO_RULES), [], [], [])
        )

    for each in stored:
        bucket(each.bucket, each.path).stored.append(each)
    for ingest in ingests:
        found_bucket = bucket(None, f"--ingest {ingest.prefix}")
        found_bucket.ingests.append(ingest)
        name = found_bucket.name
        found_bucket.arrives.append(Arrives(name, ingest.prefix, _FIRST, ingest.volume))
    return list(found.values())


def _changed(
    bucket: _Bucket,
    growth: GrowthFrom,
    begins: Sequence[datetime],
    settings: Settings,
    notes: dict[str, None],
) -> Changed:
    state = BucketState(_versioning(bucket, settings, notes))
    rules = (bucket.before.rules, bucket.after.rules)
    stored: list[Contents] = []
    coming = [Contents([arriving(ingest, begins[0]) for ingest in bucket.ingests])]
    for each in bucket.stored:
        within = growth.window(each, settings.as_of)
        days_since = within.since if within else None
        contents = each.contents(rules, state, settings.as_of, days_since)
        stored.append(contents)
        if within and isinstance(each, Measured):
            more, a_month = each.arriving(within, rules, state, begins[0])
            coming.append(more)
            _tell_net_growth(bucket, within, a_month, notes)
        elif within:
            found = written(contents, rules, state, within, begins[0])
            coming.append(each_day(found))
            _tell_growth(bucket, within, found, oldest(contents), notes)
    before, after = (Batch(each, state) for each in rules)
    filters = Rules(*rules, state)
    return Changed(
        before,
        after,
        with_possible_tags(all_of(stored), filters, settings.as_of),
        with_possible_tags(all_of(coming), filters, None),
    )


def _why_bounds(bucket: _Bucket, found: Changed) -> Iterator[str]:
    yield from found.stored.because
    if _filter_by_tags(bucket):
        yield from untold_tags(bucket.name, found)


def _tell_growth(
    bucket: _Bucket,
    within: Window,
    found: Sequence[Written],
    since: datetime | None,
    notes: dict[str, None],
) -> None:
    name, day = bucket.name, within.since.date()
    told = [Arrives(name, *of, volume, day) for of, volume in by_prefix(found).items()]
    bucket.arrives += told
    notes[growth_in_words(name, within, told, since)] = None


def _tell_net_growth(bucket: _Bucket, within: Window, a_month: int, notes: dict[str, None]) -> None:
    name = bucket.name
    volume = Volume(0, a_month, a_month)
    bucket.arrives.append(Arrives(name, "", _FIRST, volume, within.since.date()))
    notes[net_growth_in_words(name, within, a_month)] = None


def _versioning(bucket: _Bucket, settings: Settings, notes: dict[str, None]) -> Versioning:
    for known in (bucket.after.versioning, bucket.before.versioning, settings.versioning):
        if known is not None:
            return known
    if any(each.shows_versions for each in bucket.stored):
        return Versioning.ENABLED
    notes[
        f"{visible(bucket.name)}: nothing says whether it keeps versions, so it counts as"
        " never versioned (--versioning says otherwise)"
    ] = None
    return Versioning.OFF


def _not_counted(buckets: Sequence[_Bucket]) -> Iterator[NotCounted]:
    yield from ALWAYS
    if not any(bucket.arrives for bucket in buckets):
        yield NotCounted.GROWTH
    stored = [each for bucket in buckets for each in bucket.stored]
    if not (stored and all(each.has_uploads for each in stored)):
        yield NotCounted.UPLOADS
