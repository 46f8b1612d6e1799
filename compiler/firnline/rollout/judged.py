"""May what a rollout would write be written, compared with what is live? Reads AWS.

It is judged for all accounts before the first write. The guard of each stack judges again right
before it writes, by several reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from firnline.diagnostics.kinds import Diagnostic
from firnline.fleet.accounts import Clients
from firnline.fleet.look import LiveBucket, look
from firnline.fleet.questions import Failure, ListedBucket, access_of
from firnline.rollout.plan import AccountPlan, BucketPlan, Plan
from firnline.rules.checks.not_analysed import not_analysed
from firnline.rules.diff.items import BucketNotAnalysed
from firnline.s3.model import RuleSet
from firnline.targets.pulumi_aws.agreed import Agreed
from firnline.targets.pulumi_aws.guard import judge, no_bucket
from firnline.targets.pulumi_aws.live_change import Comparisons, LiveChange
from firnline.targets.pulumi_aws.look import Look
from firnline.targets.pulumi_aws.proved_rules import BucketState, ProvedRules, differs, of_bucket
from firnline.targets.pulumi_aws.verdict import verdict_on
from firnline.targets.pulumi_aws.write import Write, write_of


@dataclass(frozen=True, slots=True)
class Judged:
    """The plan with what was found, and what could not be read."""

    plan: Plan
    failures: tuple[Failure, ...]


def judged(plan: Plan, namespace: str, agreed: Agreed) -> Judged:
    """Reads every bucket that is about to be written, once."""
    wanted = {
        _listed(account, bucket): (account, bucket)
        for account in plan.accounts
        for bucket in account.writes
    }
    answers = look(list(wanted))
    judge_one = _Judge(namespace, agreed)
    found: dict[str, list[Diagnostic]] = {}
    failures = []
    for listed, answer in answers.items():
        account, bucket = wanted[listed]
        if isinstance(answer, Failure) and not answer.bucket_is_gone:
            failures.append(answer)
        else:
            found.setdefault(account.label, []).extend(judge_one.of(account, bucket, answer))
    accounts = tuple(
        replace(each, found=tuple(found.get(each.label, ()))) for each in plan.accounts
    )
    return Judged(replace(plan, accounts=accounts), tuple(dict.fromkeys(failures)))


class _Judge:
    def __init__(self, namespace: str, agreed: Agreed) -> None:
        self._namespace, self._agreed = namespace, agreed
        self._comparisons, self._clients = Comparisons(), Clients()

    def of(
        self, account: AccountPlan, bucket: BucketPlan, answer: LiveBucket | Failure
    ) -> Sequence[Diagnostic]:
        proved = of_bucket(bucket.compiled, self._namespace, self._agreed)
        owner, written = account.stack.account.id.value, account.state.written.get(bucket.name)
        write = write_of(proved, bucket.name, owner, written)
        if isinstance(answer, Failure):
            gone = no_bucket(write, preview=False)
            return [gone] if gone else []
        refusal = judge(answer.rules, write) or self._differs(answer, proved, write)
        return [refusal] if refusal else self._gates(answer, proved, write)

    def _differs(self, answer: LiveBucket, proved: ProvedRules, write: Write) -> Diagnostic | None:
        live = BucketState(answer.versioning, proved.proved_for.object_lock)
        return differs(live, proved, write.bucket, write.account_id)

    def _gates(self, answer: LiveBucket, proved: ProvedRules, write: Write) -> Sequence[Diagnostic]:
        region = answer.bucket.region
        change = LiveChange(write, proved, region, answer.rules or RuleSet(()))
        access = access_of(answer.bucket.account, region)
        try:
            compared = self._comparisons.of(change)
        except BucketNotAnalysed as why:
            return [not_analysed(write.bucket, why.prefix)]
        return verdict_on(change, compared, Look(access, self._clients)).found


def _listed(account: AccountPlan, bucket: BucketPlan) -> ListedBucket:
    region = bucket.compiled.bucket.region
    assert region is not None, "the lock knows every bucket's region"
    return ListedBucket(account.stack.account, bucket.name, region)
