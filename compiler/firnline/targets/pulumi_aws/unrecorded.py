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
    """None where the ledger has what is applied, or nothing tells what was live before. `begun` are
    the rollouts of the runs that ended early, "" for one outside of any.
    """
    is_applied = guard.was_written or guard.applied_before == digest(guard.proved.rules)
    if not (_is_live_already(guard) if guard.writes and begun else is_applied and not guard.writes):
        return None
    access = guard.look.access
    changes = [
        each.change
        for each in earlier
        if (each.change.account, each.change.bucket) == (access.account_id, guard.name)
    ]
    last = max(changes, key=lambda each: each.at, default=None)
    before, after = last.after if last else _at_first(guard), as_sent(guard.proved.rules)
    if before is None or surely_same(before, after):
        return None
    versioning = guard.proved.proved_for.versioning
    found = Change(guard.name, access.account_id, access.region, versioning, now, before, after)
    rollout = next(iter(begun)) if len(set(begun)) == 1 else None
    return Entry(found, missing=LATE, late=True, rollout=rollout or None)


def _is_live_already(guard: Guard) -> bool:
    """Whether this run writes again what is live, as Pulumi's state did not get to know it."""
    write = guard.allowed
    live = guard.shared.accepted(write.bucket).rules if write else None
    return write is not None and live is not None and surely_same(live, as_sent(write.rules))


def _at_first(guard: Guard) -> RuleSet | None:
    """A first write is refused where others of ours are live: only those of others were there."""
    if guard.writes and guard.allowed and guard.allowed.written is not None:
        return as_sent(guard.allowed.written)
    if not (guard.was_written or guard.writes) or guard.applied_before is not None:
        return None
    rules = as_sent(guard.proved.rules)
    namespace = guard.proved.namespace
    return replace(rules, rules=tuple(r for r in rules.rules if not is_ours(r.id, namespace)))
