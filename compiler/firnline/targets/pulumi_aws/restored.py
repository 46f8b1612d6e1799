"""Which rules does an undo write? Those from before a rollout; elsewhere, what is applied.

It writes no rule that the present policies bring: a bucket that the rollout did not change keeps
the rules that are in the stack's state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import BucketPlace
from firnline.fleet.ownership import is_ours
from firnline.inventory.savings.before_rollout import BeforeRollout, NotKnown, before_rollout
from firnline.inventory.savings.entry import Change, Entry
from firnline.language.fleet import Account
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.checks.not_analysed import not_analysed
from firnline.rules.lower import placeholder
from firnline.rules.program import Bucket
from firnline.rules.prove.broken_by import broken_by
from firnline.s3.compare.cells import NotAnalysed
from firnline.s3.compare.same import surely_same
from firnline.s3.model import Rule, RuleSet
from firnline.s3.terms import Partition
from firnline.targets.pulumi_aws.agreed import Agreed
from firnline.targets.pulumi_aws.not_restored import (
    breaks,
    not_known,
    nowhere,
    rollout_unknown,
    versioned_otherwise,
)
from firnline.targets.pulumi_aws.proved_rules import BucketState, ProvedRules
from firnline.targets.pulumi_aws.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Restored:
    """What is to be applied to a bucket; the later changes in `again` are undone as well. Rules of
    others were `lost` before the rollout or by it, which nobody knows: they stay away.
    """

    bucket: Bucket
    proved: ProvedRules
    again: tuple[Change, ...] = ()
    lost: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Undo:
    """What is known of a stack when the rollout is to be undone: the `entries` of its ledger, the
    rollouts of runs that `begun` and ended early, and what its state has `recorded` for each
    bucket. Of the present policies, the `compiled` buckets of its accounts; and those that are
    `locked`, whether a policy covers them or not.
    """

    rollout: str
    entries: tuple[Entry, ...]
    begun: tuple[str, ...]
    recorded: Mapping[str, Recorded]
    compiled: Sequence[BucketRules]
    locked: Sequence[Bucket]
    accounts: Sequence[Account]
    namespace: str
    agreed: Agreed

    def entries_of(self, name: str) -> list[Entry]:
        ids = {account.id.value for account in self.accounts}
        found = (e for e in self.entries if e.change.bucket == name and e.change.account in ids)
        return sorted(found, key=lambda each: each.change.at)

    def of(self, name: str) -> BucketRules | None:
        """What the present policies say."""
        return next((each for each in self.compiled if each.bucket.name == name), None)

    def stay(self, bucket: Bucket) -> tuple[Rule, ...]:
        """The rules of others that are live on it, as far as that is known."""
        if any(each.key == bucket.key for each in self.locked):
            return tuple(each.rule for each in bucket.foreign if each.rule is not None)
        recorded = self.recorded.get(bucket.name)
        return self.theirs(recorded.rules) if recorded else ()

    def ours(self, rules: RuleSet) -> tuple[Rule, ...]:
        return tuple(rule for rule in rules.rules if is_ours(rule.id, self.namespace))

    def theirs(self, rules: RuleSet) -> tuple[Rule, ...]:
        return tuple(rule for rule in rules.rules if not is_ours(rule.id, self.namespace))


def restored(undo: Undo) -> tuple[list[Restored], list[Diagnostic]]:
    """Every bucket of the stack, and why nothing may be written."""
    told = {name: _before(name, undo) for name in sorted(_names(undo))}
    if not any(told.values()) and undo.rollout not in undo.begun:
        return [], [rollout_unknown(undo.rollout, undo.entries)]
    found: list[Restored] = []
    problems: list[Diagnostic] = []
    for name, before in told.items():
        bucket = _bucket(name, undo)
        if isinstance(before, NotKnown):
            problems.append(not_known(before, BucketPlace(name), undo.rollout))
        elif bucket is None:
            problems.append(nowhere(BucketPlace(name)))
        elif before is None:
            found.append(_kept(bucket, undo.recorded[name], undo))
        else:
            found.append(_restored(bucket, before, undo))
            problems += _obstacles(found[-1], before, undo)
    return found, problems


def _names(undo: Undo) -> Iterator[str]:
    yield from undo.recorded
    ids = {account.id.value for account in undo.accounts}
    for each in undo.entries:
        if each.change.account in ids and undo.rollout in (each.rollout, *each.dropped):
            yield each.change.bucket
    if undo.rollout in undo.begun:
        yield from (each.bucket.name for each in undo.compiled)


def _before(name: str, undo: Undo) -> BeforeRollout | NotKnown | None:
    entries, recorded = undo.entries_of(name), undo.recorded.get(name)
    if recorded or entries:
        applied = recorded.rules if recorded else None
        return before_rollout(entries, undo.rollout, applied, undo.begun)
    return _before_first(undo.of(name))


def _before_first(compiled: BucketRules | None) -> BeforeRollout:
    """Of a bucket that a run which ended early may have written, as the first one to do so."""
    assert compiled is not None, "it is the only one without anything known"
    assert compiled.bucket.versioning is not None, "the lock knows it"
    header = compiled.bucket.minimum_size or compiled.rules.minimum_size
    return BeforeRollout(RuleSet((), header), compiled.rules, compiled.bucket.versioning)


def _bucket(name: str, undo: Undo) -> Bucket | None:
    """As the lock has it, else as it was when its rules last changed; None where its account is not
    known.
    """
    known = [each.bucket for each in undo.compiled] + list(undo.locked)
    if (found := next((each for each in known if each.name == name), None)) is not None:
        return found
    by_id = {account.id.value: account.label.value for account in undo.accounts}
    changes = [each.change for each in undo.entries_of(name)]
    if not changes:
        return None
    last = changes[-1]
    return Bucket(
        account=by_id[last.account],
        account_id=last.account,
        name=name,
        region=last.region,
        versioning=last.versioning,
        partition=Partition.of_region(last.region),
        locked=True,
    )


def _kept(bucket: Bucket, recorded: Recorded, undo: Undo) -> Restored:
    """A run that ended early may have written it, and then Pulumi does not know."""
    proved = _proved(bucket, recorded.rules, undo)
    return Restored(bucket, replace(proved, is_compared=bool(undo.begun)))


def _restored(bucket: Bucket, told: BeforeRollout, undo: Undo) -> Restored:
    """The rules of others are those of now, with those that the rollout took away."""
    stay, ours = undo.stay(bucket), undo.ours(told.before)
    missing = [r for r in undo.theirs(told.before) if not _is_in(r, told.after.rules)]
    taken, lost = ([], tuple(missing)) if told.late else (missing, ())
    ids = {rule.id for rule in stay}
    back = tuple(rule for rule in taken if rule.id not in ids)
    rules = replace(told.before, rules=(*ours, *stay, *back))
    recorded = undo.recorded.get(bucket.name)
    if stay and not told.before.rules:
        header = recorded.rules.minimum_size if recorded else bucket.minimum_size
        rules = replace(rules, minimum_size=header or rules.minimum_size)
    if not rules.rules:
        rules = placeholder(undo.namespace)
    # One that the lock has may be gone too: it may be older than the rollout.
    returning = tuple(rule for rule in taken if _is_in(rule, (*back, *stay)))
    proved = replace(
        _proved(bucket, rules, undo),
        returning=returning,
        restores=undo.rollout,
        perhaps=_left(bucket.name, undo) if recorded is None else None,
        is_compared=True,
    )
    is_applied = recorded is not None and surely_same(recorded.rules, rules)
    return Restored(bucket, proved, () if is_applied else told.again, lost)


def _left(name: str, undo: Undo) -> RuleSet | None:
    """What may be live of a bucket that is not in the state: what the stack wrote last, before it
    let go of it, or what a run that ended early wrote first.
    """
    if entries := undo.entries_of(name):
        return entries[-1].change.after
    compiled = undo.of(name)
    return compiled.rules if compiled else None


def _proved(bucket: Bucket, rules: RuleSet, undo: Undo) -> ProvedRules:
    assert bucket.versioning is not None, "the lock and the ledger know it"
    return ProvedRules(
        rules=rules,
        namespace=undo.namespace,
        proved_for=BucketState(bucket.versioning, bucket.object_lock),
        from_lock=True,
        kept=undo.theirs(rules),
        compiled=BucketRules(bucket, rules, None, None),
        agreed=undo.agreed,
    )


def _obstacles(now: Restored, told: BeforeRollout, undo: Undo) -> Iterator[Diagnostic]:
    bucket = now.bucket
    assert bucket.versioning is not None, "the lock and the ledger know it"
    if bucket.versioning is not told.versioning:
        yield versioned_otherwise(bucket, told.versioning, bucket.versioning)
        return
    compiled = undo.of(bucket.name)
    if compiled is None or compiled.program is None:
        return
    rules, stay = now.proved.rules, undo.stay(bucket)
    written = [rule for rule in rules.rules if not _is_in(rule, stay)]
    try:
        found = list(broken_by(compiled.program, rules, written))
    except NotAnalysed as why:
        yield not_analysed(bucket.key, why.prefix)
        return
    is_first = not undo.ours(told.before)
    yield from (breaks(each, bucket, undo.rollout, is_first=is_first) for each in found)


def _is_in(rule: Rule, rules: Iterable[Rule]) -> bool:
    """In exactly this form."""
    return rule.in_order in (each.in_order for each in rules)
