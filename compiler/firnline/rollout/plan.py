"""What will a rollout write, account by account and wave by wave?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from firnline.fleet.questions import ListedBucket
from firnline.language.fingerprint import sha256_of
from firnline.rollout.stacks import AccountStack
from firnline.rollout.states import StackState
from firnline.rules.program import Bucket
from firnline.s3.compare.same import surely_same
from firnline.s3.model import RuleSet
from firnline.s3.terraform_provider import as_sent
from firnline.targets.pulumi_aws.proved_rules import ProvedRules
from firnline.targets.pulumi_aws.stack import digest, digest_of_all

_SHOWN = 12

Wanted = tuple[Bucket, ProvedRules]


@dataclass(frozen=True, slots=True)
class BucketPlan:
    """`writes`: the stack has not applied these rules yet."""

    bucket: Bucket
    proved: ProvedRules
    digest: str
    writes: bool

    @property
    def name(self) -> str:
        return self.bucket.name


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """`state` is what its stack had when the plan was made."""

    stack: AccountStack
    buckets: tuple[BucketPlan, ...]
    state: StackState

    @property
    def label(self) -> str:
        return self.stack.label

    @property
    def wave(self) -> int:
        return self.stack.wave

    @property
    def writes(self) -> tuple[BucketPlan, ...]:
        return tuple(each for each in self.buckets if each.writes)

    @property
    def digest(self) -> str:
        """Of all that its stack is to apply."""
        return digest_of_all((each.name, each.proved.rules) for each in self.buckets)

    @property
    def has_nothing_to_do(self) -> bool:
        """The state may know buckets that the program no longer declares: an `up` forgets them."""
        names = {each.name for each in self.buckets}
        return not self.writes and not self.state.pending and names >= set(self.state.applied)


@dataclass(frozen=True, slots=True)
class Plan:
    """In the order of waves. `digest` stands for all rules of all accounts, written or not."""

    accounts: tuple[AccountPlan, ...]
    digest: str

    @property
    def waves(self) -> tuple[tuple[int, tuple[AccountPlan, ...]], ...]:
        numbers = sorted({each.wave for each in self.accounts})
        return tuple(
            (number, tuple(each for each in self.accounts if each.wave == number))
            for number in numbers
        )

    @property
    def writes(self) -> int:
        return sum(len(each.writes) for each in self.accounts)


def listed(account: AccountPlan, bucket: BucketPlan) -> ListedBucket:
    """Where it is read."""
    region = bucket.bucket.region
    assert region is not None, "the lock knows every bucket's region"
    return ListedBucket(account.stack.account, bucket.name, region)


def plan_of(
    stacks: Sequence[AccountStack],
    wanted: Mapping[str, Sequence[Wanted]],
    states: Mapping[str, StackState],
) -> Plan:
    """`wanted` is what to apply, by the ids of accounts: those without any are left out. `states`
    are by the names of stacks.
    """
    accounts = tuple(
        AccountPlan(each, _planned(wanted[id], states[each.stack]), states[each.stack])
        for each in sorted(stacks, key=lambda each: (each.wave, each.label))
        if (id := each.account.id.value) in wanted
    )
    return Plan(accounts, _digest(accounts))


def _planned(wanted: Iterable[Wanted], state: StackState) -> tuple[BucketPlan, ...]:
    return tuple(
        BucketPlan(bucket, proved, known, not _is_applied(bucket.name, proved.rules, state))
        for bucket, proved in sorted(wanted, key=lambda each: each[0].name)
        for known in (digest(proved.rules),)
    )


def _is_applied(bucket: str, rules: RuleSet, state: StackState) -> bool:
    """A run that failed may have written other rules, and says nothing of what it applied."""
    written = state.written.get(bucket)
    is_same = written is None or surely_same(written, as_sent(rules))
    return is_same and state.applied.get(bucket) == digest(rules)


def _digest(accounts: Iterable[AccountPlan]) -> str:
    """Not of labels, stacks and waves: they change nothing that is written."""
    all_rules = sorted(
        (each.stack.account.id.value, bucket.name, bucket.digest)
        for each in accounts
        for bucket in each.buckets
    )
    return sha256_of(json.dumps(all_rules))[:_SHOWN]
