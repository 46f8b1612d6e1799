"""What an audit found: values, without the machinery that finds them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class ObjectClass(StrEnum):
    """Of a current object."""

    ACTIVE = "active"
    """Something needs it."""

    ORPHAN = "orphan"
    """Nothing needs it: a candidate."""

    RECENT = "recent"
    """Nothing needs it, but it is too young, or something young lies in the same folder."""

    KEPT = "kept"
    """Nothing needs it, but a policy keeps it for ever, or holds it."""

    UNCLASSIFIED = "unclassified"
    """Nothing needs it, and nothing says what it is: never a candidate."""


class Total(NamedTuple):
    objects: int = 0
    bytes: int = 0
    usd_a_month: float = 0.0

    def plus(self, other: Total) -> Total:
        return Total(
            self.objects + other.objects,
            self.bytes + other.bytes,
            self.usd_a_month + other.usd_a_month,
        )


class Share(NamedTuple):
    """Of a bucket, what is alike in all of these. `strength` is of what is active, `reason` of the
    rest; that of unclassified objects is `unclassified`.
    """

    is_: ObjectClass
    strength: str | None
    reason: str | None
    owner: str | None
    experiment: str | None
    total: Total


LAST_READ, READS_A_MONTH = "last_read", "reads_per_month"
"""Columns of objects, where reads are known."""


class Orphan(NamedTuple):
    """The last two where reads are known."""

    bucket: str
    key: str
    version_id: str | None
    bytes: int
    last_modified: datetime
    reason: str
    owner: str | None
    experiment: str | None
    usd_a_month: float
    last_read: datetime | None = None
    reads_a_month: float | None = None


class Missing(NamedTuple):
    """A reference of which no object is stored."""

    location: str
    strength: str
    because: tuple[str, ...]
    registry: str
    owner: str | None


@dataclass(frozen=True, slots=True)
class BucketAudit:
    """`facts` says in words which inventory it is of. `noncurrent` is None where that lists no
    noncurrent versions. `orphans` are the first, by dollars.
    """

    bucket: str
    facts: str
    made: datetime
    shares: tuple[Share, ...]
    noncurrent: Total | None
    delete_markers: int
    orphans: tuple[Orphan, ...]

    def total(self, *classes: ObjectClass) -> Total:
        return summed(share.total for share in self.shares if share.is_ in (classes or ObjectClass))


class Registry(NamedTuple):
    """`is_counted`: whether another call than the listing confirmed the count."""

    name: str
    kind: str
    records: int
    is_counted: bool


class Gone(NamedTuple):
    """An owner whom the directory does not list as present. `unneeded` is all that is not active.
    A successor is proposed where one is known.
    """

    owner: str
    active: Total
    unneeded: Total
    successor: str | None
    because: str | None


class OrphansOf(NamedTuple):
    bucket: str
    reason: str | None
    owner: str | None
    experiment: str | None


class Change(NamedTuple):
    """Since the last audit."""

    of: OrphansOf
    before: Total
    now: Total


@dataclass(frozen=True, slots=True)
class Audit:
    """`references` is when registries began to be read; `prices` says in words which they are, and
    each of `assumptions` what the answer stands on. `missing` are the first of all of those. `gone`
    is None without a directory of people, and `changes` without an earlier audit.
    """

    buckets: tuple[BucketAudit, ...]
    references: datetime
    registries: tuple[Registry, ...]
    prices: str
    assumptions: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    more_missing: int = 0
    gone: tuple[Gone, ...] | None = None
    changes: tuple[Change, ...] | None = None


def summed(totals: Iterable[Total]) -> Total:
    whole = Total()
    for each in totals:
        whole = whole.plus(each)
    return whole
