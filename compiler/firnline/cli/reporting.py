"""Policies, and what is stored in their buckets → a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, assert_never

from firnline.cli.ages_of import ages_of
from firnline.cli.covering import covered_buckets, rules_of
from firnline.cli.failed import CommandFailed
from firnline.cli.forecasting import outlook_of
from firnline.cli.known_buckets import Coming, KnownBucket, Settings, gather
from firnline.cli.portioned import Portioned, portioned
from firnline.cli.prices_of import known_prices
from firnline.cli.snapshot_keys import is_wanted
from firnline.cli.stored import StoredIn
from firnline.cli.told_prefixes import told_apart, told_prefixes
from firnline.inventory.forecast.groups import Stored
from firnline.inventory.portions.portion import Portion
from firnline.language.code_owners import owners_of
from firnline.pipeline import Compilation
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.diff.items import ANYWHERE, Snapshot
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.kept_acts import acting_on_item, may_not_act
from firnline.rules.program import Program
from firnline.rules.responsible import Responsible
from firnline.s3.model import Rule, RuleSet
from firnline.s3.scope import Scope
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.terms import Clock
from firnline.targets.report.model import (
    BucketPart,
    BucketsLeftOut,
    Decides,
    KeptRules,
    Line,
    Report,
    by_owner,
    together,
)
from firnline.targets.report.retentions import retention_lines, retention_of
from firnline.workspace import code_owners_around, path_in_repository


@dataclass(frozen=True, slots=True)
class Reported:
    """`policies` is the path that they were read from, and `buckets` those that they are about."""

    policies: str
    compilation: Compilation
    buckets: Sequence[KnownBucket]
    stored: Sequence[StoredIn]
    coming: Coming
    settings: Settings


def with_others(
    covered: Snapshot, stored: Sequence[StoredIn], named: str | None, compilation: Compilation
) -> Snapshot:
    """With the buckets of which it is known what they store, and that policies cover by a pattern
    which no lock resolves, or not at all.
    """
    names = dict.fromkeys(each.bucket or named for each in stored)
    others = [name for name in names if name and not any(is_wanted(key, [name]) for key in covered)]
    patterns = covered_buckets(compilation)
    return {**covered, **dict(_other(name, rules_of(name, patterns)) for name in others)}


def _other(name: str, rules: BucketRules | None) -> tuple[str, BucketConfig]:
    if rules is None:
        return f"{ANYWHERE}{name}", BucketConfig(RuleSet(()))
    bucket = rules.bucket
    config = BucketConfig(rules.rules, bucket.versioning, program=rules.program)
    return f"{bucket.account}/{bucket.region or '*'}/{name}", config


class _Place(NamedTuple):
    prefix: str
    retentions: tuple[Decides, ...]


def reported(given: Reported) -> Report:
    """Raises `CommandFailed`, also where nothing is stored."""
    prefixes: dict[str, tuple[str, ...]] = {}
    for bucket in given.buckets:
        known_prices(bucket.region(given.settings))  # before anything large is read
        prefixes[bucket.key] = told_prefixes(bucket.after.program, bucket.stored)
        bucket.told_apart = told_apart(prefixes[bucket.key])
    gathered = gather(given.buckets, given.stored, given.coming, given.settings)
    found = portioned(
        gathered,
        given.settings,
        lambda bucket: _naming(bucket.after.program, prefixes[bucket.key]),
    )
    parts, lines = _parts(found)
    if not parts:
        raise CommandFailed(f"nothing is stored as of {given.settings.as_of:%Y-%m-%d}")
    return Report(
        name=path_in_repository(given.policies),
        forecast=outlook_of(gathered, given.settings, found.unpriced),
        buckets=tuple(parts),
        owners=tuple(by_owner(lines)),
        lines=tuple(lines),
        whole=together(part.portion for part in parts),
        retentions=tuple(
            line
            for bucket, changed in gathered.buckets
            for line in retention_lines(
                bucket.name, bucket.after.program, changed.after.bucket.versioning
            )
        ),
        coverage=_coverage(given),
        approvers=_approvers(given),
        ages=ages_of(given.buckets, given.settings.as_of),
        unpriced=found.unpriced_buckets,
    )


def _parts(found: Portioned[_Place]) -> tuple[list[BucketPart], list[Line]]:
    """The most bytes first."""
    buckets: list[BucketPart] = []
    lines: list[Line] = []
    for bucket, changed, portions in found.buckets:
        lines += [Line(bucket.name, *place, portion) for place, portion in portions.items()]
        if portions:
            known = bucket.key.split("/", 2)[1]
            buckets.append(
                BucketPart(
                    bucket.name,
                    bucket.account,
                    known,
                    changed.after.bucket.versioning,
                    together(portions.values()),
                )
            )
    buckets.sort(key=lambda each: (*_most_bytes(each.portion), each.name))
    lines.sort(key=lambda each: (*_most_bytes(each.portion), each.bucket, each.prefix))
    return buckets, lines


def _most_bytes(portion: Portion) -> tuple[int, int]:
    total = portion.now.total
    return -total.bytes, -total.objects


def _naming(program: Program | None, prefixes: Sequence[str]) -> Callable[[Stored], _Place]:
    responsible = Responsible(program) if program else None
    kept = program.kept if program else ()
    longest_first = sorted(prefixes, key=len, reverse=True)
    known: dict[str, str] = {}

    def name(stored: Stored) -> _Place:
        key = stored.example.key
        if key not in known:
            known[key] = next(each for each in longest_first if key.startswith(each))
        retentions = _retentions(responsible, kept, stored) if responsible else (None,)
        return _Place(known[key], retentions)

    return name


def _retentions(
    responsible: Responsible, kept: Sequence[Rule], stored: Stored
) -> tuple[Decides, ...]:
    """Those of its own clock; of what is noncurrent, those of the object where there are none."""
    item = stored.example
    point = Scope(item.key, item.tags, item.size, item.size)
    known = stored.tags_known or item.kind is not ItemKind.OBJECT_VERSION
    found: dict[Decides, None] = {}
    for clock in _clocks(item):
        units = responsible.units(clock, point, tags_known=known)
        found = dict.fromkeys(retention_of(each) for each in units if each)
        if None in units:
            theirs = acting_on_item(
                kept if _runs(clock, item) else (), clock, point, tags_known=known
            )
            if theirs:
                found[KeptRules(tuple(rule.id for rule in theirs))] = None
            if may_not_act(theirs, tags_known=known) or not theirs:
                found[None] = None
        if tuple(found) != (None,):
            break
    return tuple(found)


def _runs(clock: Clock, item: StoredItem) -> bool:
    """Of a noncurrent version that of its object does not run any more."""
    return item.current or clock is not Clock.OBJECTS


def _clocks(item: StoredItem) -> tuple[Clock, ...]:
    match item.kind:
        case ItemKind.MULTIPART_UPLOAD:
            return (Clock.MULTIPART_UPLOADS, Clock.OBJECTS)
        case ItemKind.DELETE_MARKER:
            return (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS, Clock.DELETE_MARKERS)
        case ItemKind.OBJECT_VERSION:
            return (Clock.OBJECTS, Clock.NONCURRENT_VERSIONS)
        case _:
            assert_never(item.kind)


def _coverage(given: Reported) -> BucketsLeftOut:
    told = {bucket.name for bucket in given.buckets}
    covered = {each.bucket.name for each in given.compilation.buckets if each.program}
    without = {bucket.name for bucket in given.buckets if bucket.after.program is None}
    return BucketsLeftOut(
        not_told=tuple(sorted(covered - told)), not_covered=tuple(sorted(without))
    )


def _approvers(given: Reported) -> tuple[str, ...]:
    """The code owners of the approvals that were read, or of those beside the policies."""
    named = Path(given.policies)
    beside = (named.parent if named.is_file() else named) / "approvals.yaml"
    paths = [file.path for file in given.compilation.folder.approvals] or [str(beside)]
    texts = {path: code_owners_around(path) for path in paths}
    found = (owners_of(text, path_in_repository(path)) for path, text in texts.items() if text)
    return tuple(dict.fromkeys(owner for owners in found for owner in owners))
