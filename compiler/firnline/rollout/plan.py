"""What will a rollout write, account by account and wave by wave?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.language.fingerprint import sha256_of
from firnline.rollout.stacks import AccountStack
from firnline.rollout.states import StackState
from firnline.rules.bucket_rules import BucketRules
from firnline.targets.pulumi_aws.stack import digest

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class BucketPlan:
    """`writes`: the stack has not applied these rules yet."""

    compiled: BucketRules
    digest: str
    writes: bool

    @property
    def name(self) -> str:
        return self.compiled.bucket.name


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """`found` says why something must not be written. Nothing `left` over, and the stack is
    skipped.
    """

    stack: AccountStack
    buckets: tuple[BucketPlan, ...]
    state: StackState
    found: tuple[Diagnostic, ...] = ()

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
    def has_nothing_to_do(self) -> bool:
        """The state may know buckets that the program no longer declares: an `up` forgets them."""
        names = {each.name for each in self.buckets}
        return not self.writes and not self.state.pending and names >= set(self.state.applied)

    @property
    def is_refused(self) -> bool:
        return any(each.severity in (Severity.ERROR, Severity.GATE) for each in self.found)


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
    def found(self) -> tuple[Diagnostic, ...]:
        return tuple(each for account in self.accounts for each in account.found)

    @property
    def writes(self) -> int:
        return sum(len(each.writes) for each in self.accounts)


def plan_of(
    stacks: Sequence[AccountStack],
    buckets: Iterable[BucketRules],
    states: Mapping[str, StackState],
) -> Plan:
    """`states` by the names of stacks. Accounts without buckets are left out."""
    by_account: dict[str, list[BucketRules]] = {}
    for each in buckets:
        by_account.setdefault(each.bucket.account_id, []).append(each)
    accounts = tuple(
        AccountPlan(each, _planned(by_account[id], states[each.stack]), states[each.stack])
        for each in sorted(stacks, key=lambda each: (each.wave, each.label))
        if (id := each.account.id.value) in by_account
    )
    return Plan(accounts, _digest(accounts))


def _planned(buckets: Iterable[BucketRules], state: StackState) -> tuple[BucketPlan, ...]:
    return tuple(
        BucketPlan(each, known, state.applied.get(each.bucket.name) != known)
        for each in sorted(buckets, key=lambda each: each.bucket.name)
        for known in (digest(each.rules),)
    )


def _digest(accounts: Iterable[AccountPlan]) -> str:
    """Not of labels, stacks and waves: they change nothing that is written."""
    all_rules = sorted(
        (each.stack.account.id.value, bucket.name, bucket.digest)
        for each in accounts
        for bucket in each.buckets
    )
    return sha256_of(json.dumps(all_rules))[:_SHOWN]
