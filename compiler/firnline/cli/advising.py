"""What is stored in a bucket → the policy that is proposed for it, and its forecast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain

from firnline.cli.advice_judged import judged
from firnline.cli.advised_prefixes import prefixes_in, sizes_in
from firnline.cli.failed import CommandFailed
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
from firnline.diagnostics.visible import visible
from firnline.inventory.advice.advice import Advice, Draft, Header
from firnline.inventory.advice.below import likely, tree
from firnline.inventory.advice.choices import AGES, told_apart
from firnline.inventory.advice.names import names_of
from firnline.inventory.advice.tiers import Seeking
from firnline.inventory.advice.timeline import Cleanup
from firnline.inventory.advice.worth import Circumstances, worths
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.forecast import Forecast
from firnline.rules.diff.items import ANYWHERE
from firnline.rules.diff.owners import BucketConfig
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


def advise(stored: StoredIn, coming: Coming, settings: Settings, wanted: Wanted) -> Advice:
    """Raises `CommandFailed`, `NoPrice`."""
    if stored.bucket is None:
        raise CommandFailed(
            f"{visible(stored.path)} does not say which bucket it is of: name it with --bucket"
        )
    prices_of(settings.region)  # before anything large is read
    with ExitStack() as opened:
        if isinstance(stored, KeptOpen):
            opened.enter_context(stored.kept_open())
        prefixes = prefixes_in(stored, wanted.depth, wanted.ends)
        sizes = sizes_in(stored)
        last = max((*AGES, *wanted.ends.values(), wanted.old_versions or 0))
        gathered = _gathered(stored, coming, settings, told_apart(prefixes, sizes, last))
    ((bucket, changed),) = gathered.buckets
    state = changed.before.bucket
    prices = prices_of(bucket.region(settings))
    keeps = state.versioning is not Versioning.OFF
    cleanup = Cleanup(wanted.old_versions if keeps else None, wanted.uploads)
    at = Circumstances(bucket.before.rules, state, gathered.starts, prices)
    root = tree(prefixes, changed)
    least = Fraction(wanted.worth * settings.months)
    seeking = Seeking(root, at, cleanup, wanted.classes, wanted.ends, sizes, least)
    header = _header(bucket, stored, wanted, state.versioning if keeps else None)
    draft, forecast = _settled(seeking, header, gathered, settings)
    return Advice(draft, worths(root, draft.proposed, at), forecast, tuple(_notes(wanted, keeps)))


def _gathered(stored: StoredIn, coming: Coming, settings: Settings, apart: RuleSet) -> Gathered:
    """Where it has old versions, and nothing else tells, the bucket keeps versions. Raises
    `CommandFailed`.
    """
    rules = {f"{ANYWHERE}{stored.bucket}": BucketConfig(RuleSet(()))}
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
    items = chain.from_iterable(likely(changed.stored))
    return any(not each.example.current for each in items)


def _header(
    bucket: KnownBucket, stored: StoredIn, wanted: Wanted, versioning: Versioning | None
) -> Header:
    return Header(
        name=wanted.name or bucket.name,
        owner=wanted.owner,
        why=wanted.why or f"tiers that pay by what was stored on {stored.as_of:%Y-%m-%d}",
        account=wanted.account or bucket.account,
        bucket=bucket.name,
        versioning=versioning,
    )


def _settled(
    seeking: Seeking, header: Header, gathered: Gathered, settings: Settings
) -> tuple[Draft, Forecast]:
    """Until no move is left that a check warns about, but for what the first run costs once."""
    while True:
        proposed = seeking.best()
        draft = Draft(header, proposed, names_of(each.prefix for each in proposed.tiers))
        found = judged(draft, gathered, settings)
        if found.refused:
            seeking.refused.update(found.refused)
            continue
        if not found.accepted:
            return draft, found.forecast
        draft = replace(draft, accepted=tuple(dict.fromkeys(found.accepted)))
        return draft, judged(draft, gathered, settings).forecast


def _notes(wanted: Wanted, keeps_versions: bool) -> Iterator[str]:
    yield (
        "reads are not known: only classes that answer in milliseconds are proposed, and what is"
        " billed for reading from them is not counted"
    )
    if not keeps_versions:
        yield "nothing is proposed for old versions: the bucket is taken to keep none"
    if wanted.owner is None:
        yield "no --owner was given: write the team into the policy before it is merged"
