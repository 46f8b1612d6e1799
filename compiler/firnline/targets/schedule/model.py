"""A retention schedule: what is kept how long, of every key of every bucket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from firnline.language.approvals import Approval
from firnline.language.model import Hold, Policy, Promise
from firnline.rules.diff.where import Where
from firnline.rules.program import Bucket
from firnline.s3.terms import Clock, Versioning


class Unbounded(StrEnum):
    """Why there is no maximum. Of several reasons the first one here is told."""

    HOLD = "hold"
    REGISTRIES = "registries"
    ON_DATE = "on-date"
    NO_RULE = "no-rule"
    OLD_VERSIONS_STAY = "old-versions-stay"
    NEWEST_STAY = "newest-stay"
    OBJECT_LOCK = "object-lock"
    SUCCESSOR_DELETED = "successor-deleted"


class Access(StrEnum):
    """How soon an object in a storage class can be read."""

    MILLISECONDS = "milliseconds"
    HOURS = "hours"


class KnownBy(StrEnum):
    """How buckets are known: only the lock says that they exist and how they are versioned. In
    policies they may be patterns.
    """

    LOCK = "lock"
    POLICIES = "policies"


@dataclass(frozen=True, slots=True)
class Kept:
    """For how many days at least, None for ever, and at most, None where there is no maximum:
    then `unbounded` says why. `by_rules` is how long rules alone would keep it, where something
    else may keep it longer. `from_date`: on that day a rule of others deletes it, however young it
    is, and what is written later at once.
    """

    least: int | None
    most: int | None
    unbounded: Unbounded | None = None
    by_rules: int | None = None
    from_date: date | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """`readable` and `bytes` count from the creation of an object that nobody overwrites or
    deletes: until it cannot be read any more, and until all its bytes are gone. `old_versions`
    counts from when somebody does.
    """

    readable: Kept
    bytes: Kept
    old_versions: Kept


@dataclass(frozen=True, slots=True)
class Setting:
    """The retention of a policy that decides, or its top level; where it stands in which file."""

    policy: str
    retention: str | None
    owner: str
    why: str
    path: str
    line: int

    @property
    def name(self) -> str:
        return f"{self.policy}/{self.retention}" if self.retention else self.policy


@dataclass(frozen=True, slots=True)
class TierOnTheWay:
    """Objects of `from_bytes` or more, or their noncurrent versions but the `newest`, move into a
    class `after` so many days, or on a date: only rules of others have those.
    """

    clock: Clock
    storage_class: str
    after: int | date
    from_bytes: int
    newest: int

    @property
    def sort_key(self) -> tuple[object, ...]:
        dated = isinstance(self.after, date)
        after = str(self.after) if dated else f"{self.after:09}"
        return self.clock is not Clock.OBJECTS, dated, after, self.storage_class, self.newest


@dataclass(frozen=True, slots=True)
class Row:
    """Objects of a bucket that the same settings, promises and holds are about; `where` says which
    below `prefix`. No row but one has an object of a given key, tags and size. `without_holds` is
    how long they would be kept without the holds that suspend their expiration. `kept` are the IDs
    of rules of others that act here, where no setting decides.
    """

    prefix: str
    where: tuple[Where, ...]
    objects: Setting | None
    old_versions: Setting | None
    ends: Ends
    tiers: tuple[TierOnTheWay, ...]
    promises: tuple[tuple[Policy, Promise], ...]
    holds: tuple[tuple[Policy, Hold], ...]
    without_holds: Ends | None
    registries: tuple[str, ...]
    kept: tuple[str, ...]
    uploads: int | None
    """Within how many days incomplete uploads are gone; None where that may be never."""

    @property
    def settings(self) -> tuple[Setting, ...]:
        both = (self.objects, self.old_versions)
        return tuple(dict.fromkeys(each for each in both if each is not None))


@dataclass(frozen=True, slots=True)
class BucketRows:
    """The rows of buckets that the same policies cover and about which the same is known."""

    buckets: tuple[Bucket, ...]
    known_by: KnownBy
    versioning: Versioning | None
    object_lock: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Approvers:
    """Who reviews changes of each policy's file, by its path; what owners of data agreed to, and
    who reviews that: nobody, where approvals count without.
    """

    code_owners: Mapping[str, tuple[str, ...]]
    approvals: tuple[Approval, ...]
    reviewers: tuple[str, ...]
    self_approved: bool


@dataclass(frozen=True, slots=True)
class Schedule:
    """As of a day, of the fleet of that namespace. `uncovered` are buckets of the lock that no
    policy covers: they are released.
    """

    today: date
    namespace: str
    groups: tuple[BucketRows, ...]
    uncovered: tuple[str, ...]
    has_lock: bool
    approvers: Approvers
