"""What `firnline show --writers` found: who wrote the lifecycle of each bucket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from firnline.diagnostics.kinds import Diagnostic
from firnline.fleet.writers.conflict import conflict_diagnostic
from firnline.fleet.writers.events import LifecycleWrite
from firnline.fleet.writers.history import History, history
from firnline.language.lock import LockedBucket
from firnline.s3.compare.difference import Facts, facts
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning


@dataclass(frozen=True, slots=True)
class Live:
    """What S3 has now: `meaning` is None where no write that is told had it."""

    rules: RuleSet
    meaning: int | None


@dataclass(frozen=True, slots=True)
class WrittenBucket:
    """`label` is that of its account in the fleet file, and `versioning` the lock's: both None
    where no lock has the bucket. `conflict` is None where there is none, `live` where S3 was not
    asked.
    """

    name: str
    account_id: str
    label: str | None
    region: str
    versioning: Versioning | None
    history: History
    conflict: Diagnostic | None
    live: Live | None = None


@dataclass(frozen=True, slots=True)
class Writers:
    """`source` is where the writes were read, in words; none before `since` are in it."""

    source: str
    since: datetime | None
    buckets: tuple[WrittenBucket, ...]

    @property
    def conflicts(self) -> tuple[Diagnostic, ...]:
        return tuple(each.conflict for each in self.buckets if each.conflict)


def written_bucket(
    name: str,
    writes: Iterable[LifecycleWrite],
    locked: LockedBucket | None,
    label: str | None,
    live: RuleSet | None = None,
) -> WrittenBucket:
    """`live` is None where S3 was not asked."""
    found = tuple(writes)
    told = _facts(locked)
    turns = history(found, told)
    newest = turns.turns[-1].write if turns.turns else None
    return WrittenBucket(
        name=name,
        account_id=locked.account_id if locked else newest.account_id if newest else "",
        label=label,
        region=locked.region if locked else newest.region if newest else "",
        versioning=locked.versioning if locked else None,
        history=turns,
        conflict=conflict_diagnostic(turns, told),
        live=None if live is None else Live(live, turns.meaning_of(live, told)),
    )


def _facts(locked: LockedBucket | None) -> Facts:
    if locked is None:
        return Facts(locks=True)
    return facts(locked.versioning, object_lock=locked.object_lock)
