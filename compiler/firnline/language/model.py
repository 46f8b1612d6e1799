"""What a folder of policies says: policies, the fleet, and the lock, each value with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from functools import cache
from typing import Protocol

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Span
from firnline.language.fleet import Fleet
from firnline.language.lock import Lock
from firnline.language.said import Said
from firnline.language.units import After, Kept
from firnline.s3.terms import Bytes, Days, StorageClass, Versioning


class Markers(Enum):
    """What happens to delete markers that hide nothing any more."""

    EXPIRE = "expire"
    KEEP = "keep"


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
    """How many of the newest old versions outlive the others, and until when."""

    span: Span
    count: int
    delete_after: After


@dataclass(frozen=True, slots=True)
class Timeline:
    """What one clock asks: moves in the order warm, cold, archive, and an end, if one is said.

    Where something in it could not be read it is not `whole`, and nothing may be concluded from
    what it leaves unsaid.
    """

    span: Span
    moves: tuple[TierTransition, ...]
    delete: Said[After] | None
    whole: bool = True
    keep_newest: KeepNewest | None = None

    @property
    def ends(self) -> Days | None:
        """The day of the end, of all but the newest that are kept; none where it never comes."""
        if self.delete is None or not isinstance(self.delete.value, Days):
            return None
        return self.delete.value

    def ends_of(self, newer: int) -> Days | None:
        """The day on which a version ends that has so many newer old ones beside it; never, where
        nothing is said of when the others do."""
        if self.keep_newest is None or newer >= self.keep_newest.count or self.ends is None:
            return self.ends
        kept = self.keep_newest.delete_after
        return kept if isinstance(kept, Days) else None


@dataclass(frozen=True, slots=True)
class Clocks:
    """The four things a retention times; a clock nobody speaks of stands still."""

    objects: Timeline | None = None
    old_versions: Timeline | None = None
    delete_markers: Said[Markers] | None = None
    uploads: Said[After] | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag key, and the values of which any will do."""

    key: Said[str]
    values: tuple[Said[str], ...]


@dataclass(frozen=True, slots=True)
class Size:
    """Strictly larger than `over`, strictly smaller than `under`."""

    span: Span
    over: Said[Bytes] | None
    under: Said[Bytes] | None


@dataclass(frozen=True, slots=True)
class Unreferenced:
    """No rule deletes; `gc` may, what is so old and needed by no registry."""

    span: Span
    least_age: Said[After] | None


@dataclass(frozen=True, slots=True)
class Retention:
    """`listed` tells whether the prefixes were written as a list, be it of one.

    Where `delete_when` is said, the clock of objects has no end: to S3 it is `never`.
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
        """Whether anything but the key decides what it speaks of."""
        return bool(self.tags) or self.size is not None


@dataclass(frozen=True, slots=True)
class Buckets:
    """One entry of `applies_to`: names and patterns with `*`, and exclusions.

    No regions are all regions.
    """

    accounts: tuple[Said[str], ...]
    regions: tuple[Said[str], ...]
    included: tuple[Said[str], ...]
    excluded: tuple[Said[str], ...]

    def is_for(self, account: str, region: str | None) -> bool:
        """Whether buckets of the account may be meant; an unknown region counts as any."""
        there = (
            not self.regions or region is None or region in {said.value for said in self.regions}
        )
        return there and any(matches(account, said.value) for said in self.accounts)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A warning that is accepted until a day, in one retention or in the whole policy.

    `entry` is all of it in the file, `key` the word `waivers` above it.
    """

    code: Said[str]
    retention: Said[str] | None
    expires: Said[date]
    entry: Span
    key: Span


@dataclass(frozen=True, slots=True)
class Promise:
    """What must hold for every object under one of the prefixes, whatever the retentions say.

    `keep_at_least` counts from an object's creation, `old_versions_at_least` from the day a version
    was replaced or deleted, and `gone_within` from the creation of any version.
    """

    span: Span
    name: Said[str]
    prefixes: tuple[Said[str], ...]
    keep_at_least: Said[Kept] | None = None
    old_versions_at_least: Said[Kept] | None = None
    gone_within: Said[Days] | None = None


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
            prefix.startswith(held.value) or held.value.startswith(prefix) for held in self.prefixes
        )

    def covers(self, prefix: str) -> bool:
        """Whether every key that begins with that prefix is held."""
        return any(prefix.startswith(held.value) for held in self.prefixes)


@dataclass(frozen=True, slots=True)
class References:
    """The registries that are asked what is still needed, and how long nothing may need it."""

    span: Span
    registries: tuple[Said[str], ...]
    grace: Said[Days] | None


class Overridden(Protocol):
    """What a policy says under `per_account` and `per_bucket`."""

    accounts: tuple[Said[str], ...]
    buckets: tuple[Said[str], ...]

    def settle(self, account: str, bucket: str) -> Policy: ...


@dataclass(frozen=True, slots=True)
class Policy:
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
    promises: tuple[Promise, ...] = ()
    holds: tuple[Hold, ...] = ()
    overridden: Overridden | None = None
    remarks: tuple[Diagnostic, ...] = ()

    @property
    def prefixes(self) -> tuple[Said[str], ...]:
        """Every prefix that is written in it."""
        named: tuple[Retention | Promise | Hold, ...]
        named = (*self.retentions, *self.promises, *self.holds)
        return tuple(prefix for each in named for prefix in each.prefixes)

    def for_bucket(self, account: str, bucket: str) -> Policy:
        """The policy as it holds there, overrides merged; the same object for the same overrides.

        What is wrong with the overrides stands in its `remarks`.
        """
        return self.overridden.settle(account, bucket) if self.overridden else self

    def covers(self, account: str, bucket: str, region: str | None = None) -> bool:
        """Whether the policy is for a bucket.

        Exclusions subtract wherever they stand; where an account has nothing but exclusions, all
        its buckets but those are meant.
        """
        entries = [entry for entry in self.applies_to if entry.is_for(account, region)]
        excluded = [name.value for entry in entries for name in entry.excluded]
        if not entries or any(matches(bucket, name) for name in excluded):
            return False
        included = [name.value for entry in entries for name in entry.included]
        return not included or any(matches(bucket, name) for name in included)


def matches(bucket: str, pattern: str) -> bool:
    """Whether a bucket's name fits a pattern, in which only `*` is special."""
    return bucket == pattern or ("*" in pattern and bool(_compiled(pattern).fullmatch(bucket)))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # A piece between two `*` is taken where it comes first, and never sought again: else a name
    # could be tried in more ways than there are seconds.
    first, *between, last = map(re.escape, pattern.split("*"))
    sought = "".join(f"(?>.*?{piece})" for piece in between if piece)
    return re.compile(f"{first}{sought}.*{last}")


@dataclass(frozen=True, slots=True)
class Folder:
    """Everything one folder of policies says.

    It is `whole` where every file could be read to its end: else what is missing may be there.
    """

    policies: tuple[Policy, ...] = ()
    fleets: tuple[Fleet, ...] = ()
    locks: tuple[Lock, ...] = ()
    whole: bool = True

    @property
    def fleet(self) -> Fleet | None:
        return self.fleets[0] if self.fleets else None

    @property
    def lock(self) -> Lock | None:
        return self.locks[0] if self.locks else None
