"""What of a plan is still to be written, by what the stacks say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from firnline.inventory.savings.entry import Change, Entry
from firnline.inventory.savings.ledger import to_json
from firnline.rollout.plan import plan_of
from firnline.rollout.states import StackState
from firnline.rollout.wanted import id_of_undo, last_rollout
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.terms import Days, Versioning
from firnline.targets.pulumi_aws.proved_rules import BucketState, ProvedRules
from firnline.targets.pulumi_aws.stack import digest
from tests.rollout.plans import planned

ACCOUNT = planned("canary", 1)
(BUCKET,) = ACCOUNT.buckets


def rules(days: int) -> RuleSet:
    return RuleSet((Rule("firnline/lab/tmp", Filter("tmp/"), expires=Days(days)),))


WANTED = ProvedRules(rules(7), "lab", BucketState(Versioning.OFF), from_lock=True)


def writes(state: StackState) -> int:
    wanted = {ACCOUNT.stack.account.id.value: [(BUCKET.bucket, WANTED)]}
    return plan_of([ACCOUNT.stack], wanted, {ACCOUNT.stack.stack: state}).writes


def test_what_a_stack_has_applied_is_not_written_again() -> None:
    applied = {BUCKET.name: digest(rules(7))}
    assert writes(StackState()) == 1
    assert writes(StackState(applied={BUCKET.name: digest(rules(8))})) == 1
    assert writes(StackState(applied=applied, written={BUCKET.name: rules(7)})) == 0


def test_what_a_run_that_failed_has_written_is_not_taken_for_applied() -> None:
    """It says nothing of what it applied: that is of the run before it."""
    applied = {BUCKET.name: digest(rules(7))}
    assert writes(StackState(applied=applied, written={BUCKET.name: rules(8)})) == 1


NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def state(*rollouts: tuple[str | None, int], begun: str = "") -> StackState:
    """`rollouts` changed the bucket so many hours after noon; one has `begun` and was killed."""
    entries = [
        Entry(
            Change(
                BUCKET.name,
                ACCOUNT.stack.account.id.value,
                "us-east-1",
                Versioning.OFF,
                NOON + timedelta(hours=hours),
                rules(hours + 1),
                rules(hours + 2),
            ),
            missing="not forecast",
            rollout=rollout,
        )
        for rollout, hours in rollouts
    ]
    urn = "urn:pulumi:canary::lab::firnline:s3:"
    ledger = {"outputs": {"ledger": to_json(entries), "run": "ended"}}
    runs = {"outputs": {"begun": {"killed": {"rollout": begun}} if begun else {}}}
    return StackState(outputs={f"{urn}Savings::savings": ledger, f"{urn}Rollout::rollout": runs})


def test_the_last_rollout_is_the_one_that_changed_a_bucket_last() -> None:
    first = "20261130T120000Z-0001"
    assert last_rollout([state((first, 0), ("by-hand", 1))]) == "by-hand"
    assert last_rollout([state(("release-2", 2)), state(("release-9", 1))]) == "release-2"
    assert last_rollout([state((None, 3))]) is None
    undo = id_of_undo("20261130T150000Z-0002", first)
    assert last_rollout([state((first, 0), (undo, 3))]) == first


def test_one_that_was_killed_before_it_recorded_a_change_counts_by_its_own_id() -> None:
    killed = "20261130T150000Z-0002"
    assert last_rollout([state(("20261130T120000Z-0001", 0), begun=killed)]) == killed
