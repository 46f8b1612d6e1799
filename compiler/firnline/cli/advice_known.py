"""What is stored in a bucket that advice is given for, and below which prefixes?"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain

from firnline.cli.advice_changes import Covered
from firnline.cli.advice_evidence import evidence_of, reads_opened
from firnline.cli.advised_prefixes import can_be_written, folders_in, prefixes_in, sizes_in
from firnline.cli.known_buckets import (
    Coming,
    Gathered,
    KnownBucket,
    Settings,
    gather,
    known_buckets,
)
from firnline.cli.prices_of import prices_of
from firnline.cli.samples import KeptOpen
from firnline.cli.stored import StoredIn
from firnline.inventory.advice.below import Node, tree
from firnline.inventory.advice.choices import AGES, told_apart
from firnline.inventory.advice.evidence import Evidence
from firnline.inventory.advice.existing import owned_prefixes, smallest_moves
from firnline.inventory.advice.reading import Reading
from firnline.inventory.advice.worth import Circumstances
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.cost import Usd
from firnline.inventory.forecast.monthly import of_a_month
from firnline.inventory.portions.now import now
from firnline.inventory.prices.retrieval import unpriced
from firnline.rules.diff.items import ANYWHERE
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.model import RuleSet
from firnline.s3.terms import Days, Versioning


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user said of the proposal. `ends`: by prefix, the age at which current objects may
    be deleted. `worth`: dollars a month that tiers of a prefix must save.
    """

    bucket: str | None
    name: str | None
    owner: str | None
    why: str | None
    account: str | None
    ends: Mapping[str, Days]
    classes: tuple[str, ...]
    old_versions: Days | None
    uploads: Days | None
    worth: int
    depth: int
    reads: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored in the bucket, below which prefixes, and from which sizes on it may move.
    `unnamed` are large folders that no policy can name.
    """

    stored: StoredIn
    gathered: Gathered
    root: Node
    at: Circumstances
    sizes: list[int]
    evidence: Evidence
    unnamed: tuple[str, ...]

    @property
    def bucket(self) -> KnownBucket:
        ((bucket, _),) = self.gathered.buckets
        return bucket

    @property
    def reading(self) -> Reading | None:
        """Where it is known at which age objects are read, and what that costs."""
        if self.bucket.reads is None or not self.evidence.by_age:
            return None
        months = len(self.at.starts) - 1
        prefixes = {node.prefix for node in self.root.all}
        return Reading(self.bucket.reads, self.at.prices, months, prefixes, self.sizes)

    @property
    def usd_a_month(self) -> Usd:
        """Of what is stored, as it is: rules change nothing of that."""
        ((_, changed),) = self.gathered.buckets
        return of_a_month(now(changed.stored).billed, self.at.prices)

    @property
    def is_stored(self) -> bool:
        return any(node.stored for node in self.root.all)

    @property
    def is_written(self) -> bool:
        """Whether anything will be."""
        return any(node.arriving for node in self.root.all)

    @property
    def keeps_versions(self) -> bool:
        return self.at.state.versioning is not Versioning.OFF


def what_is_known(
    stored: StoredIn,
    coming: Coming,
    settings: Settings,
    wanted: Wanted,
    covered: Covered | None,
) -> Known:
    with ExitStack() as opened:
        if isinstance(stored, KeptOpen):
            opened.enter_context(stored.kept_open())
        folders = folders_in(stored, wanted.depth)
        prefixes = prefixes_in(stored, folders, wanted.ends)
        sizes = sizes_in(stored)
        if covered:
            prefixes = sorted({*prefixes, *owned_prefixes(covered.program)})
            sizes = sorted({*sizes, *smallest_moves(covered.program)} - set(range(SMALL_OBJECT)))
        last = max((*AGES, *wanted.ends.values(), wanted.old_versions or 0))
        apart = told_apart(prefixes, sizes, last)
        table = opened.enter_context(reads_opened(wanted.reads, stored.bucket or ""))
        settings = replace(settings, reads=table)
        gathered = _gathered(stored, coming, settings, apart, covered)
        ((bucket, changed),) = gathered.buckets
        prices = prices_of(bucket.region(settings))
        by_age = bucket.reads is not None and not unpriced(prices)
        evidence = evidence_of(stored, prefixes, table, by_age=by_age)
    at = Circumstances(bucket.before.rules, changed.before.bucket, gathered.starts, prices)
    unnamed = tuple(sorted(each for each in folders if not can_be_written(each)))
    return Known(stored, gathered, tree(prefixes, changed), at, sizes, evidence, unnamed)


def _gathered(
    stored: StoredIn,
    coming: Coming,
    settings: Settings,
    apart: RuleSet,
    covered: Covered | None,
) -> Gathered:
    """Where it has old versions, and nothing else tells, the bucket keeps versions. Raises
    `CommandFailed`.
    """
    rules = {f"{ANYWHERE}{stored.bucket}": BucketConfig(RuleSet(()))}
    if covered:
        of = covered.rules
        config = BucketConfig(of.rules, of.bucket.versioning, of.bucket.object_lock, of.program)
        rules = {of.bucket.key: config}
    buckets = known_buckets(rules, rules, [stored], coming)
    for each in buckets:
        each.told_apart = apart
    found = gather(buckets, [stored], coming, settings)
    ((_, changed),) = found.buckets
    if settings.versioning is not None or not _has_versions(changed):
        return found
    return gather(buckets, [stored], coming, replace(settings, versioning=Versioning.ENABLED))


def _has_versions(changed: Changed) -> bool:
    if changed.before.bucket.versioning is not Versioning.OFF:
        return False
    items = chain.from_iterable(changed.stored.likely)
    return any(not each.example.current for each in items)
