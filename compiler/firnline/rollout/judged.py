"""May what a rollout would write be written, compared with what is live? Reads AWS.

It is judged for all accounts before the first write. The guard of each stack judges again right
before it writes, by several reads.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.fleet.accounts import Clients
from firnline.fleet.look import LiveBucket, look
from firnline.fleet.questions import Failure, ListedBucket, access_of
from firnline.rollout.plan import AccountPlan, BucketPlan, Plan, listed
from firnline.rules.checks.not_analysed import not_analysed
from firnline.rules.diff.items import BucketNotAnalysed
from firnline.s3.model import RuleSet
from firnline.targets.changes_in_short import names
from firnline.targets.pulumi_aws.guard import judge, no_bucket
from firnline.targets.pulumi_aws.live_change import Comparisons, LiveChange
from firnline.targets.pulumi_aws.look import Look
from firnline.targets.pulumi_aws.proved_rules import BucketState, ProvedRules, differs
from firnline.targets.pulumi_aws.verdict import core_of, verdict_on
from firnline.targets.pulumi_aws.write import Write, write_of

_GRAVE: Final = (Severity.ERROR, Severity.GATE)
_MORE_READS: Final = 2
_PAUSE_SECONDS: Final = 1.5
_Planned = tuple[AccountPlan, BucketPlan]
_Answer = LiveBucket | Failure


@dataclass(frozen=True, slots=True)
class Judged:
    """The plan with what is `found`, each change once however many buckets it is on, and what could
    not be read. `refused` are the labels of accounts in which something must not be written.
    """

    plan: Plan
    found: tuple[Diagnostic, ...] = ()
    failures: tuple[Failure, ...] = ()
    refused: frozenset[str] = frozenset()

    @property
    def refuses(self) -> bool:
        return bool(self.failures or self.refused)


def judged(plan: Plan) -> Judged:
    """Reads every bucket that is about to be written."""
    wanted = {
        listed(account, bucket): (account, bucket)
        for account in plan.accounts
        for bucket in account.writes
    }
    judge_one = _Judge()
    groups: dict[object, _Group] = {}
    failures: dict[Failure, None] = {}
    refused: set[str] = set()
    for place, answer in _answers(wanted, judge_one).items():
        if isinstance(answer, Failure) and not answer.bucket_is_gone:
            failures[answer] = None
            continue
        same, found = judge_one.of(*wanted[place], answer)
        if any(each.severity in _GRAVE for each in found):
            refused.add(place.account.label.value)
        groups.setdefault(same, _Group(found, [])).buckets.append(place.name)
    told = tuple(each for group in groups.values() for each in group.told())
    return Judged(plan, told, tuple(failures), frozenset(refused))


def _answers(
    wanted: Mapping[ListedBucket, _Planned], judge_one: _Judge
) -> dict[ListedBucket, _Answer]:
    """S3 may answer with what was there before the last write: where that would be refused, it is
    read again, as the guard does before it refuses.
    """
    answers = look(list(wanted))
    for _ in range(_MORE_READS):
        doubtful = [
            place
            for place, answer in answers.items()
            if isinstance(answer, LiveBucket) and judge_one.refusal(*wanted[place], answer)
        ]
        if not doubtful:
            break
        time.sleep(_PAUSE_SECONDS)
        answers |= look(doubtful)
    return answers


@dataclass(frozen=True, slots=True)
class _Group:
    """Buckets about which the same is to be said, by the first of them."""

    found: Sequence[Diagnostic]
    buckets: list[str]

    def told(self) -> Iterator[Diagnostic]:
        others = self.buckets[1:]
        for each in self.found:
            note = [f"the same on {names(others)}"] if others else []
            yield replace(each, notes=(*each.notes, *note))


class _Judge:
    def __init__(self) -> None:
        self._comparisons, self._clients = Comparisons(), Clients()

    def of(
        self, account: AccountPlan, bucket: BucketPlan, answer: LiveBucket | Failure
    ) -> tuple[object, Sequence[Diagnostic]]:
        """What is found, and what is equal where the same is found on another bucket."""
        if isinstance(answer, Failure):
            refusal = no_bucket(_write(account, bucket), preview=False)
        else:
            refusal = self.refusal(account, bucket, answer)
        if refusal is not None:
            return bucket.bucket.key, [refusal]
        assert isinstance(answer, LiveBucket), "one that is gone is refused"
        return self._gates(answer, bucket.proved, _write(account, bucket))

    def refusal(
        self, account: AccountPlan, bucket: BucketPlan, answer: LiveBucket
    ) -> Diagnostic | None:
        """Why the guard would not write it while that is live."""
        write = _write(account, bucket)
        return judge(answer.rules, write) or self._differs(answer, bucket.proved, write)

    def _differs(self, answer: LiveBucket, proved: ProvedRules, write: Write) -> Diagnostic | None:
        live = BucketState(answer.versioning, proved.proved_for.object_lock)
        return differs(live, proved, write.bucket, write.account_id)

    def _gates(
        self, answer: LiveBucket, proved: ProvedRules, write: Write
    ) -> tuple[object, Sequence[Diagnostic]]:
        bucket = answer.bucket
        change = LiveChange(write, proved, bucket.region, answer.rules or RuleSet(()))
        look_at = Look(access_of(bucket.account, bucket.region), self._clients)
        try:
            compared = self._comparisons.of(change)
        except BucketNotAnalysed as why:
            return bucket.key, [not_analysed(write.bucket, why.prefix)]
        verdict = verdict_on(change, compared, look_at)
        return core_of(verdict.items) if verdict.found else None, verdict.found


def _write(account: AccountPlan, bucket: BucketPlan) -> Write:
    written = account.state.written.get(bucket.name)
    return write_of(bucket.proved, bucket.name, account.stack.account.id.value, written)
