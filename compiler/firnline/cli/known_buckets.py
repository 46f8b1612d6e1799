"""Snapshots before and after, and what files tell → what is stored in each bucket, under both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, assert_never

from firnline.cli.growth_from import GrowthFrom, growth_in_words, net_growth_in_words
from firnline.cli.known_reads import cells_of, kept_open
from firnline.cli.snapshot_keys import is_wanted, key_of, name_of
from firnline.cli.stored import StoredIn
from firnline.cli.stored_metrics import Measured
from firnline.diagnostics.visible import visible
from firnline.inventory.forecast.arrivals import Arrives, Ingest, arriving
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.growth import Window, Written, by_prefix, each_day, oldest, written
from firnline.inventory.forecast.months import starts
from firnline.inventory.forecast.possible_tags import Rules, with_possible_tags
from firnline.inventory.forecast.reads import BucketCells
from firnline.inventory.forecast.undecided import Contents, all_of
from firnline.inventory.forecast.volume import Volume
from firnline.rules.diff.items import UNNAMED, Snapshot
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.model import RuleSet
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState
from firnline.s3.terms import Clock, Versioning

if TYPE_CHECKING:  # it needs an extra
    from firnline.inventory.reads.reads_table import ReadsTable

Region = tuple[str, str]
"""Of an account, whose buckets in it share the price bands."""

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
    by_change: bool = False
    """Whether what is stored is asked for by the changes of a review too."""
    reads: ReadsTable | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """What is written later: as it is stated, and as it was until now. `bucket` is that of what is
    stated, None where nobody named it.
    """

    ingests: Sequence[Ingest]
    growth: GrowthFrom
    bucket: str | None = None


@dataclass(slots=True)
class KnownBucket:
    key: str
    before: BucketConfig
    after: BucketConfig
    stored: list[StoredIn]
    ingests: list[Ingest]
    arrives: list[Arrives]
    told_apart: RuleSet = _NO_RULES.rules
    """Rules that do nothing: what matches some of them is told from what does not."""
    reads: BucketCells | None = None
    about_reads: dict[str, None] = field(default_factory=dict)
    """Lines that say for which time they are known, or why not."""

    def tells_of(self, clock: Clock, versioning: Versioning) -> bool:
        """Whether it is known what is stored that a clock counts for; what is written later is not
        there yet.
        """
        match clock:
            case _ if not self.stored:
                return False
            case Clock.OBJECTS:
                return True
            case Clock.NONCURRENT_VERSIONS | Clock.DELETE_MARKERS:
                listed = all(each.lists_versions for each in self.stored)
                return listed or versioning is Versioning.OFF
            case Clock.MULTIPART_UPLOADS:
                return all(each.has_uploads for each in self.stored)
            case _:
                assert_never(clock)

    @property
    def account(self) -> str:
        """Its label, `*` where it is unknown."""
        return self.key.split("/", 2)[0]

    def place(self, settings: Settings) -> Region:
        return self.account, self.region(settings)

    def region(self, settings: Settings) -> str:
        region = self.key.split("/", 2)[1]
        return settings.region if region == "*" else region

    @property
    def name(self) -> str:
        """As what is stored there names it, where the rules are of a file that names none."""
        named = (each.bucket for each in self.stored if each.bucket)
        return next(named, name_of(UNNAMED)) if self.key == UNNAMED else name_of(self.key)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is stored in the buckets, and written into them later; `starts` are the midnights at
    which months begin, and at which the last one ends. `notes` are lines that say what it stands
    on, and what was assumed.
    """

    buckets: Sequence[tuple[KnownBucket, Changed]]
    starts: Sequence[datetime]
    notes: tuple[str, ...]


def gather(
    buckets: Sequence[KnownBucket], stored: Sequence[StoredIn], coming: Coming, settings: Settings
) -> Gathered:
    """Reads what is stored. Raises `CommandFailed`."""
    notes: dict[str, None] = dict.fromkeys(each.in_words for each in stored)
    notes |= dict.fromkeys(each.in_words for each in coming.ingests)
    begins = starts(settings.as_of, settings.months)
    read = [(bucket, _read(bucket, coming.growth, begins, settings, notes)) for bucket in buckets]
    return Gathered(read, begins, tuple(notes))


def known_buckets(
    before: Snapshot, after: Snapshot, stored: Sequence[StoredIn], coming: Coming
) -> list[KnownBucket]:
    """Those of which it is known what is stored. Raises `CommandFailed`."""
    coming.growth.refuse_others([each.bucket for each in stored])
    found: dict[str, KnownBucket] = {}
    keys = list(dict.fromkeys((*before, *after)))
    into = coming.bucket
    if into and not any(is_wanted(key, [into]) for key in keys):
        into = None  # the name of a resource, of which the bucket is the only one here

    def bucket(name: str | None, what: str) -> KnownBucket:
        key = key_of(name, what, keys)
        return found.setdefault(
            key, KnownBucket(key, before.get(key, _NO_RULES), after.get(key, _NO_RULES), [], [], [])
        )

    for each in stored:
        bucket(each.bucket, each.path).stored.append(each)
    for ingest in coming.ingests:
        found_bucket = bucket(into, f"--ingest {ingest.prefix}")
        found_bucket.ingests.append(ingest)
        name = found_bucket.name
        found_bucket.arrives.append(Arrives(name, ingest.prefix, _FIRST, ingest.volume))
    return list(found.values())


def _read(
    bucket: KnownBucket,
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
        told_apart = (*rules, bucket.told_apart) if bucket.told_apart.rules else rules
        with kept_open(each, settings.reads):
            contents = each.contents(told_apart, state, settings.as_of, days_since)
            if settings.reads is not None:
                bucket.reads = cells_of(each, told_apart, state, settings.reads, bucket.about_reads)
                notes.update(bucket.about_reads)
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
        with_possible_tags(all_of(stored), filters, settings.as_of, also_idle=settings.by_change),
        with_possible_tags(all_of(coming), filters, None, also_idle=settings.by_change),
    )


def _tell_growth(
    bucket: KnownBucket,
    within: Window,
    found: Sequence[Written],
    since: datetime | None,
    notes: dict[str, None],
) -> None:
    name, day = bucket.name, within.since.date()
    told = [Arrives(name, *of, volume, day) for of, volume in by_prefix(found).items()]
    bucket.arrives += told
    notes[growth_in_words(name, within, told, since)] = None


def _tell_net_growth(
    bucket: KnownBucket, within: Window, a_month: int, notes: dict[str, None]
) -> None:
    name = bucket.name
    volume = Volume(0, a_month, a_month)
    bucket.arrives.append(Arrives(name, "", _FIRST, volume, within.since.date()))
    notes[net_growth_in_words(name, within, a_month)] = None


def _versioning(bucket: KnownBucket, settings: Settings, notes: dict[str, None]) -> Versioning:
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
