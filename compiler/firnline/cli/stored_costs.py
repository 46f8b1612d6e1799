"""What is stored in buckets of policies → what does not pay, as `firnline forecast` finds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from firnline.cli.failed import CommandFailed
from firnline.cli.forecast_settings import DEFAULT_REGION
from firnline.cli.forecasting import forecast
from firnline.cli.growth_from import GrowthFrom
from firnline.cli.known_buckets import Coming, Settings
from firnline.cli.known_reads import named_reads
from firnline.cli.prices_of import prices_of
from firnline.cli.stored import StoredIn
from firnline.cli.streams import say
from firnline.diagnostics.kinds import Diagnostic, Waived
from firnline.diagnostics.position import Span
from firnline.diagnostics.visible import visible
from firnline.inventory.prices.price_list import NoPrice
from firnline.language.waivers import WAIVER_UNUSED
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.checks.minimum_duration import MINIMUM_DURATION
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.terms import Versioning

MONTHS = 12


class Costs(NamedTuple):
    """What does not pay, beside what was told; `waived` is what the policies waive of it."""

    told: Sequence[Diagnostic]
    waived: tuple[Waived, ...] = ()


class StoredUnder(NamedTuple):
    """What is stored in a bucket of a name, and its rules."""

    name: str
    stored: StoredIn
    rules: BucketRules


def with_costs(
    told: Sequence[Diagnostic],
    buckets: Iterable[StoredUnder],
    at: datetime,
    versioning: Versioning | None,
    reads: str | None = None,
) -> Costs:
    """What was told, with its numbers, and what else does not pay within a year. `reads` is what
    tells of reads. Says of which buckets that is not known. Raises `CommandFailed` where `reads`
    cannot be read.
    """
    buckets, unpriced = _priced(buckets)
    after = {_key(each): _config(each.rules) for each in buckets}
    stored = [each.stored for each in buckets]
    with named_reads(reads) as read:
        if not buckets:
            return Costs(told)
        settings = Settings(at, MONTHS, versioning, DEFAULT_REGION, reads=read)
        try:
            foretold = forecast({}, after, stored, Coming((), GrowthFrom()), settings, told)
        except (CommandFailed, NoPrice) as why:
            say(f"what does not pay is not known: {why}")
            return Costs(told)
    for line in foretold.about_reads:
        say(line)
    found = [_with_left_out(each, unpriced) for each in foretold.diagnostics]
    again = {(each.kind, each.place, each.message) for each in found}
    kept = (each for each in told if (each.kind, each.place, each.message) not in again)
    left = (each for each in kept if not _is_needed_with_facts(each))
    return Costs([*left, *found], foretold.waived)


def _priced(buckets: Iterable[StoredUnder]) -> tuple[list[StoredUnder], list[StoredUnder]]:
    """Those of regions whose prices are known; and the others, of which it says why."""
    found: list[StoredUnder] = []
    others: list[StoredUnder] = []
    causes: dict[str, list[str]] = defaultdict(list)
    for each in buckets:
        try:
            prices_of(each.rules.bucket.region or DEFAULT_REGION)
            found.append(each)
        except NoPrice as why:
            others.append(each)
            causes[str(why)].append(f"`{visible(each.name)}`")
    for cause, names in causes.items():
        say(f"what does not pay in {', '.join(names)} is not known, and in no number here: {cause}")
    return found, others


def _with_left_out(each: Diagnostic, unpriced: Sequence[StoredUnder]) -> Diagnostic:
    """Names the buckets that its policy covers, too, and its numbers leave out."""
    path = each.place.path if isinstance(each.place, Span) else None
    names = [
        f"`{visible(bucket.name)}`"
        for bucket in unpriced
        if bucket.rules.program is not None
        and any(policy.name.span.path == path for policy in bucket.rules.program.policies)
    ]
    if not names:
        return each
    note = f"the numbers leave out {', '.join(names)}, whose prices are not known"
    return replace(each, notes=(*each.notes, note))


def _is_needed_with_facts(each: Diagnostic) -> bool:
    """Whether a waiver that files alone do not need may accept what facts find: of FL502 they find
    more than files do.
    """
    if each.kind is not WAIVER_UNUSED or not isinstance(each.place, Span):
        return False
    code = each.place.source.text[each.place.start : each.place.end]
    return code in (MINIMUM_DURATION.code, MINIMUM_DURATION.name)


def _key(each: StoredUnder) -> str:
    bucket = each.rules.bucket
    return f"{bucket.account}/{bucket.region or '*'}/{each.name}"


def _config(rules: BucketRules) -> BucketConfig:
    return BucketConfig(rules.rules, rules.bucket.versioning, program=rules.program)
