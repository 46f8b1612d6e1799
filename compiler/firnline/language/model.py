"""The content of a folder: policies, the fleet, and the lock, each value with its place."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from functools import cache
from typing import Protocol

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Span
from firnline.language.approvals import ApprovalsFile
from firnline.language.expectations import Case
from firnline.language.fleet import Fleet
from firnline.language.lock import Lock
from firnline.language.run_retentions import RunRetention
from firnline.language.said import Said
from firnline.language.tag import Tag, Tags
from firnline.language.units import After, Kept
from firnline.s3.terms import Bytes, Days, StorageClass, Versioning


class ForeignRules(Enum):
    """What a policy says of live rules that Firnline did not write: they stop the deployment, are
    carried verbatim, or go.
    """

    REFUSE = "refuse"
    KEEP = "keep"
    REPLACE = "replace"


class MinimumSizeDefault(Enum):
    """The minimum size for transitions that a bucket keeps, where it is not S3's newer default
    (`varies_by_storage_class`, S3 User Guide, "Transitioning objects").
    """

    VARIES = "varies"


class Markers(Enum):
    """What happens to delete markers that no longer hide a version."""

    EXPIRE = "expire"
    KEEP = "keep"
    WITH_OBJECTS = "with_objects"  # by the deletion of objects alone, once they are as old


class Tier(StrEnum):
    """What a policy calls the classes that bytes move into, the warmest first."""

    WARM = "warm"
    COLD = "cold"
    ARCHIVE = "archive"

    @property
    def key(self) -> str:
        """The setting that says when they enter it."""
        return f"{self.value}_after"


@dataclass(frozen=True, slots=True)
class TierTransition:
    """An age at which bytes enter a tier."""

    tier: Tier
    storage_class: StorageClass
    after: Days
    span: Span

    @property
    def name(self) -> str:
        return self.tier.key


@dataclass(frozen=True, slots=True)
class KeepNewest:
    """How many of the newest noncurrent versions are kept longer than the others, and until
    when.
    """

    span: Span
    count: int
    delete_after: After


@dataclass(frozen=True, slots=True)
class Timeline:
    """The settings of one clock: transitions in the order warm, cold, archive, and a deletion, if
    there is one. Where something in it could not be read it is not `whole`, and nothing may be
    concluded from what is missing.
    """

    span: Span
    moves: tuple[TierTransition, ...]
    delete: Said[After] | None
    whole: bool = True
    keep_newest: KeepNewest | None = None

    @property
    def ends(self) -> Days | None:
        """The age of deletion, except for the newest that are kept; None where it never comes."""
        if self.delete is None or not isinstance(self.delete.value, Days):
            return None
        return self.delete.value

    def ends_of(self, newer: int) -> Days | None:
        """The age at which a version with so many newer noncurrent ones is deleted; None where no
        age is set for the others.
        """
        if self.keep_newest is None or newer >= self.keep_newest.count or self.ends is None:
            return self.ends
        kept = self.keep_newest.delete_after
        return kept if isinstance(kept, Days) else None


@dataclass(frozen=True, slots=True)
class Clocks:
    """The four clocks of a retention; one that is not set does nothing."""

    objects: Timeline | None = None
    old_versions: Timeline | None = None
    delete_markers: Said[Markers] | None = None
    uploads: Said[After] | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """Strictly larger than `over`, strictly smaller than `under`."""

    span: Span
    over: Said[Bytes] | None
    under: Said[Bytes] | None


@dataclass(frozen=True, slots=True)
class Unreferenced:
    """No rule deletes; `gc` may delete objects that are old enough and that no registry needs."""

    span: Span
    least_age: Said[After] | None


@dataclass(frozen=True, slots=True)
class Retention:
    """`listed`: whether the prefixes are a list in the file, even of one entry. With `delete_when`,
    the clock of objects has no deletion: to S3 it is `never`.
    """

    span: Span
    name: Said[str]
    prefixes: tuple[Said[str], ...]
    listed: bool
    clocks: Clocks
    why: Said[str] | None = None
    tags: tuple[Tag, ...] = ()
    size: Size | None = None
    smallest_move: Said[Bytes] | None = None
    delete_when: Unreferenced | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether it matches by more than the key."""
        return bool(self.tags) or self.size is not None


@dataclass(frozen=True, slots=True)
class Buckets:
    """One entry of `applies_to`: names and patterns with `*`, and exclusions. With `tags`, it
    includes only buckets that have them all.

    No regions are all regions.
    """

    accounts: tuple[Said[str], ...]
    regions: tuple[Said[str], ...]
    included: tuple[Said[str], ...]
    excluded: tuple[Said[str], ...]
    tags: tuple[Tag, ...] = ()

    def names(self, account: str) -> bool:
        return any(matches(account, said.value) for said in self.accounts)

    def is_for(self, account: str, region: str | None, tags: Tags | None = None) -> bool:
        """Whether it may cover buckets of the account with these tags; an unknown region counts as
        any, and so do unknown tags.
        """
        there = (
            not self.regions or region is None or region in {said.value for said in self.regions}
        )
        has = tags is None or all(tag.is_on(tags) for tag in self.tags)
        return there and has and self.names(account)

    def includes(self, bucket: str) -> bool:
        """By name or pattern; an entry of exclusions alone includes all that they do not match."""
        return not self.included or any(matches(bucket, said.value) for said in self.included)

    def excludes(self, bucket: str) -> bool:
        return any(matches(bucket, said.value) for said in self.excluded)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A warning that is accepted until a day, in one retention or in the whole policy.

    `entry` is its whole text in the file, `key` the word `waivers` above it.
    """

    code: Said[str]
    retention: Said[str] | None
    expires: Said[date]
    why: str
    entry: Span
    key: Span


@dataclass(frozen=True, slots=True)
class Promise:
    """What must hold for every object under one of the prefixes that has all of the tags, whatever
    the retentions say.

    `keep_at_least` counts from an object's creation, `old_versions_at_least` from the day a version
    was replaced or deleted, and `gone_within` from the creation of any version.
    """

    span: Span
    name: Said[str]
    prefixes: tuple[Said[str], ...]
    tags: tuple[Tag, ...] = ()
    keep_at_least: Said[Kept] | None = None
    old_versions_at_least: Said[Kept] | None = None
    gone_within: Said[Days] | None = None

    def covers(self, key: str, tags: Collection[tuple[str, str]]) -> bool:
        """Whether an object with that key and those tags is promised anything."""
        return any(key.startswith(prefix.value) for prefix in self.prefixes) and all(
            tag.is_on(tags) for tag in self.tags
        )


@dataclass(frozen=True, slots=True)
class Hold:
    """Under its prefixes no rule destroys anything, until a person removes the hold."""

    span: Span
    name: Said[str]
    prefixes: tuple[Said[str], ...]
    ask_again: Said[date] | None
    why: str
    approved_by: str

    def may_cover(self, prefix: str) -> bool:
        """Whether a key may begin with that prefix and one of the hold's."""
        return any(
            prefix.startswith(each.value) or each.value.startswith(prefix) for each in self.prefixes
        )

    def covers(self, prefix: str) -> bool:
        """Whether every key that begins with that prefix is under the hold."""
        return any(prefix.startswith(each.value) for each in self.prefixes)


@dataclass(frozen=True, slots=True)
class References:
    """The registries that know what is still needed, and how long an object must have been
    unneeded. Nothing younger than `min_age` counts as unneeded, nor anything in the folder of a run
    to which something younger than `quiet` was written; a file of references older than `max_age`
    is not used. What is not said is None.
    """

    span: Span
    registries: tuple[Said[str], ...]
    grace: Said[Days] | None
    min_age: Said[Days] | None = None
    quiet: Said[Days] | None = None
    max_age: Said[Days] | None = None


class Overridden(Protocol):
    """The overrides of a policy: `per_account` and `per_bucket`."""

    accounts: tuple[Said[str], ...]
    buckets: tuple[Said[str], ...]

    def settle(self, account: str, bucket: str) -> Policy: ...


@dataclass(frozen=True, slots=True)
class Policy:
    """`adopts` are IDs of live rules of others that its retentions take over."""

    name: Said[str]
    owner: Said[str]
    why: Said[str]
    review_by: Said[date] | None
    applies_to: tuple[Buckets, ...]
    versioning: Said[Versioning] | None
    retentions: tuple[Retention, ...]
    whole_bucket: Clocks
    waivers: tuple[Waiver, ...] = ()
    references: References | None = None
    run_retentions: tuple[RunRetention, ...] = ()
    promises: tuple[Promise, ...] = ()
    holds: tuple[Hold, ...] = ()
    foreign_rules: Said[ForeignRules] | None = None
    adopts: tuple[Said[str], ...] = ()
    minimum_size_default: Said[MinimumSizeDefault] | None = None
    overridden: Overridden | None = None
    remarks: tuple[Diagnostic, ...] = ()

    @property
    def prefixes(self) -> tuple[Said[str], ...]:
        """Every prefix that is written in it."""
        named: tuple[Retention | Promise | Hold, ...]
        named = (*self.retentions, *self.promises, *self.holds)
        return tuple(prefix for each in named for prefix in each.prefixes)

    def for_bucket(self, account: str, bucket: str) -> Policy:
        """The policy as it applies there, with overrides merged; the same object for the same
        overrides. Problems of the overrides are in its `remarks`.
        """
        return self.overridden.settle(account, bucket) if self.overridden else self

    def covers(
        self, account: str, bucket: str, region: str | None = None, tags: Tags | None = None
    ) -> bool:
        """Whether the policy applies to a bucket: any entry that is for its account, region and
        tags includes it, and none that names its account, whatever the rest, excludes it.
        """
        naming = [entry for entry in self.applies_to if entry.names(account)]
        return not any(entry.excludes(bucket) for entry in naming) and any(
            entry.is_for(account, region, tags) and entry.includes(bucket) for entry in naming
        )


def matches(bucket: str, pattern: str) -> bool:
    """Whether a bucket's name fits a pattern, in which only `*` is special."""
    return bucket == pattern or ("*" in pattern and bool(_compiled(pattern).fullmatch(bucket)))


@dataclass(frozen=True, slots=True)
class Folder:
    """The content of one folder. It is `whole` if every file could be read to its end: otherwise
    something that seems to be missing may exist. Nothing is compiled of `cases`, which say what is
    expected of the rules, nor of `approvals`.
    """

    policies: tuple[Policy, ...] = ()
    fleets: tuple[Fleet, ...] = ()
    locks: tuple[Lock, ...] = ()
    whole: bool = True
    cases: tuple[Case, ...] = ()
    approvals: tuple[ApprovalsFile, ...] = ()

    @property
    def fleet(self) -> Fleet | None:
        return self.fleets[0] if self.fleets else None

    @property
    def lock(self) -> Lock | None:
        return self.locks[0] if self.locks else None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # A piece between two `*` matches at its first occurrence only: backtracking would take
    # exponential time.
    first, *between, last = map(re.escape, pattern.split("*"))
    sought = "".join(f"(?>.*?{piece})" for piece in between if piece)
    return re.compile(f"{first}{sought}.*{last}")
