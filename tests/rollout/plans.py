"""A plan of four accounts in three waves."""

from __future__ import annotations

from dataclasses import replace

from firnline.rollout.plan import AccountPlan, BucketPlan, Plan
from firnline.rollout.stacks import AccountStack
from firnline.rollout.states import StackState
from firnline.rules.program import Bucket
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning
from firnline.targets.pulumi_aws.proved_rules import BucketState, ProvedRules
from tests.fleet.small_world import account

LABELS = ("canary", "first", "second", "last")
WAVES = (1, 2, 2, 3)


def planned(label: str, wave: int, *, writes: bool = True) -> AccountPlan:
    owner = replace(account(label, f"{LABELS.index(label):012}"), wave=wave)
    proved = ProvedRules(RuleSet(()), "lab", BucketState(Versioning.OFF), from_lock=True)
    bucket = Bucket(label, owner.id.value, f"lab-{label}", "us-east-1", Versioning.OFF, locked=True)
    applied = {} if writes else {bucket.name: "digest"}
    return AccountPlan(
        AccountStack(owner, label, is_new=False),
        (BucketPlan(bucket, proved, "digest", writes),),
        StackState(applied=applied),
    )


PLAN = Plan(tuple(map(planned, LABELS, WAVES)), "digest")
