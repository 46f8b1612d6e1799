"""Which rules did an earlier run write that ended before the ledger had them?

A write of another bucket that fails ends the program, as Ctrl-C does, and the next run finds
nothing to write.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from firnline.fleet.ownership import is_ours
from firnline.inventory.savings.entry import Change, Entry
from firnline.s3.compare.same import surely_same
from firnline.s3.model import RuleSet
from firnline.s3.terraform_provider import as_sent
from firnline.targets.pulumi_aws.hooks import Guard
from firnline.targets.pulumi_aws.stack import digest

LATE: Final = (
    "the run that wrote these rules ended before it was recorded, so when they began to act is not"
    " known, and neither is what was there"
)


def unrecorded(
    guard: Guard, earlier: Iterable[Entry], now: datetime, begun: Collection[str] = ()
) -> Entry | None:
    """None where the ledger has what was applied before this run, or nothing tells what was live
    before that. `begun` are the rollouts of the runs that ended early, "" for one outside of any.
    """
    after = _applied(guard, is_begun=bool(begun))
    if after is None:
        return None
    access = guard.look.access
    changes = [
        each.change
        for each in earlier
        if (each.change.account, each.change.bucket) == (access.account_id, guard.name)
    ]
    last = max(changes, key=lambda each: each.at, default=None)
    before = last.after if last else _at_first(guard, after)
    if before is None or surely_same(before, after):
        return None
    versioning = guard.proved.proved_for.versioning
    found = Change(guard.name, access.account_id, access.region, versioning, now, before, after)
    (rollout,) = begun if len(begun) == 1 else (None,)
    return Entry(found, missing=LATE, late=True, rollout=rollout or None)


def _applied(guard: Guard, *, is_begun: bool) -> RuleSet | None:
    """What is live, or what this run replaces, where an earlier run of this stack wrote it."""
    if not guard.writes:
        is_applied = guard.was_written or guard.applied_before == digest(guard.proved.rules)
        return as_sent(guard.proved.rules) if is_applied else None
    write = guard.allowed
    return guard.shared.accepted(write.bucket).rules if write and is_begun else None


def _at_first(guard: Guard, applied: RuleSet) -> RuleSet | None:
    """What was live before the first change of a bucket: a first write is refused where others of
    ours are live, so that only those of others were there.
    """
    write = guard.allowed
    if write and write.written is not None:
        written = as_sent(write.written)
        return None if surely_same(written, applied) else written
    is_first = guard.was_written or write is not None
    if not is_first or guard.applied_before is not None:
        return None
    namespace = guard.proved.namespace
    return replace(applied, rules=tuple(r for r in applied.rules if not is_ours(r.id, namespace)))
