"""What an undo writes to each bucket of a stack, and why it writes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from firnline.inventory.savings.entry import Entry
from firnline.inventory.savings.ledger import KEPT, read_ledger, to_json
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.language.digest import lock_digest
from firnline.rules.coverage import locked_buckets
from firnline.rules.lower import placeholder
from firnline.s3.model import Filter, MinimumSize, Rule, RuleSet
from firnline.s3.terms import Days, Versioning
from firnline.targets.pulumi_aws.agreed import NOTHING_AGREED
from firnline.targets.pulumi_aws.guard import judge
from firnline.targets.pulumi_aws.proved_rules import ProvedRules
from firnline.targets.pulumi_aws.recorded import Recorded
from firnline.targets.pulumi_aws.restored import Undo, restored
from firnline.targets.pulumi_aws.write import Write
from tests.inventory.savings.test_ledger import CHANGE
from tests.policies import compiled

BUCKET, ACCOUNT = "lab-data", "111122223333"
WEEK = RuleSet((Rule("firnline/acme/lab/tmp", Filter("tmp/"), expires=Days(7)),))
DAY = RuleSet((replace(WEEK.rules[0], expires=Days(1)),))
THEIRS = Rule("by-hand", Filter("exports/"), expires=Days(3))
OTHER = replace(THEIRS, id="later")
NOTHING = RuleSet(())
FROM_WEEK_TO_DAY = replace(
    CHANGE, bucket=BUCKET, account=ACCOUNT, versioning=Versioning.OFF, before=WEEK, after=DAY
)
IN_LOCK = (
    "      foreign_rules:\n"
    '        - \'{"Expiration": {"Days": 3}, "Filter": {"Prefix": "exports/"},'
    ' "ID": "%s", "Status": "Enabled"}\'\n'
)
HOLD = (
    "versioning: off\nholds: {lit-7: {prefix: tmp/x/, ask_again: 2999-12-31, why: discovery,"
    " approved_by: legal}}\n"
)


def entry(change: object = FROM_WEEK_TO_DAY, rollout: str | None = "a") -> Entry:
    return Entry(change, missing="no inventory", rollout=rollout)  # type: ignore[arg-type]


def undo(
    *entries: Entry,
    applied: RuleSet | None = DAY,
    policy: str = "versioning: off\n",
    facts: str = "",
    begun: tuple[str, ...] = (),
) -> Undo:
    kept = "foreign_rules: keep\n" if facts else ""
    files = {"fleet.yaml": FLEET, "policy.yaml": policy_file(BUCKET, policy + kept)}
    said = compiled(files).folder
    assert said.fleet is not None
    digest = lock_digest(said.fleet, said.policies)
    compilation = compiled({**files, "fleet.lock.yaml": lock_file(digest, facts)})
    assert not compilation.failed, compilation.diagnostics
    fleet = compilation.folder.fleet
    assert fleet is not None
    return Undo(
        rollout="a",
        entries=entries,
        begun=begun,
        recorded={BUCKET: Recorded(applied, "us-east-1")} if applied else {},
        compiled=compilation.buckets,
        locked=list(locked_buckets(compilation.folder)),
        accounts=fleet.accounts,
        namespace="acme",
        agreed=NOTHING_AGREED,
    )


def proved(told: Undo) -> ProvedRules:
    (found,), problems = restored(told)
    assert problems == []
    return found.proved


def codes(told: Undo) -> list[str]:
    return [each.kind.code for each in restored(told)[1]]


def test_what_was_live_before_is_written_and_not_what_policies_say() -> None:
    found = proved(undo(entry()))
    assert (found.rules, found.restores) == (WEEK, "a")


def test_a_bucket_that_the_rollout_did_not_change_keeps_what_is_applied() -> None:
    other = entry(replace(FROM_WEEK_TO_DAY, bucket="other"))
    kept, changed = restored(undo(other, entry(rollout="b")))[0]
    assert (kept.proved.rules, kept.proved.restores) == (DAY, None)
    assert (changed.bucket.name, changed.proved.rules) == ("other", WEEK)


def test_where_nothing_was_live_a_placeholder_is_written_or_the_rules_of_others() -> None:
    first = entry(replace(FROM_WEEK_TO_DAY, before=NOTHING))
    assert proved(undo(first)).rules == placeholder("acme")
    both = RuleSet((*DAY.rules, THEIRS), MinimumSize.VARIES)
    left = proved(undo(first, applied=both, facts=IN_LOCK % "by-hand"))
    assert left.rules == RuleSet((THEIRS,), MinimumSize.VARIES)
    assert left.kept == (THEIRS,)


def test_rules_of_others_that_the_rollout_took_away_come_back_and_later_ones_stay() -> None:
    change = replace(FROM_WEEK_TO_DAY, before=RuleSet((*WEEK.rules, THEIRS)))
    found = proved(undo(entry(change), facts=IN_LOCK % "later"))
    assert found.rules.rules == (*WEEK.rules, OTHER, THEIRS)
    assert found.returning == (THEIRS,)
    write = Write(BUCKET, ACCOUNT, "acme", found.rules, DAY, found.kept, (), found.returning, True)
    live = RuleSet((*DAY.rules, OTHER))
    assert judge(live, write) is None
    refused = judge(live, replace(write, returning=()))
    assert refused is not None
    assert refused.kind.code == "FL729"


def test_a_bucket_that_policies_no_longer_name_is_restored() -> None:
    (found,) = restored(replace(undo(entry()), compiled=(), locked=()))[0]
    assert found.bucket.account == "lab"
    assert found.proved.rules == WEEK


def test_a_bucket_that_the_stack_let_go_of_is_restored_if_it_is_as_it_was_left() -> None:
    found = proved(replace(undo(entry(), applied=None), compiled=(), locked=()))
    write = Write(BUCKET, ACCOUNT, "acme", found.rules, None, perhaps=found.perhaps)
    assert judge(DAY, write) is None
    changed = judge(RuleSet((replace(DAY.rules[0], expires=Days(2)),)), write)
    assert changed is not None
    assert changed.kind.code == "FL706"


def test_what_changed_again_is_undone_as_well_and_told() -> None:
    later = replace(FROM_WEEK_TO_DAY, at=CHANGE.at + timedelta(days=1), before=DAY, after=NOTHING)
    (found,), problems = restored(undo(entry(), entry(later, None), applied=NOTHING))
    assert problems == []
    assert (found.proved.rules, found.again) == (WEEK, (later,))
    assert restored(undo(entry(), entry(later, None), applied=WEEK))[0][0].again == ()


def test_nothing_is_written_where_the_ledger_does_not_know_the_rollout() -> None:
    assert codes(undo(entry(rollout="b"))) == ["FL731"]
    assert codes(undo()) == ["FL731"]


def test_a_change_that_is_no_longer_kept_is_refused() -> None:
    ages = (timedelta(days=number) for number in range(KEPT))
    later = (entry(replace(FROM_WEEK_TO_DAY, at=CHANGE.at + age), "b") for age in ages)
    first = entry(replace(FROM_WEEK_TO_DAY, at=CHANGE.at - timedelta(days=1)))
    kept = read_ledger(to_json([first, *later]))
    assert codes(undo(*kept)) == ["FL732"]


def test_rules_for_another_versioning_are_not_restored() -> None:
    change = replace(FROM_WEEK_TO_DAY, versioning=Versioning.ENABLED)
    assert codes(undo(entry(change))) == ["FL732"]


def test_a_hold_of_the_present_policies_refuses_what_would_delete_under_it() -> None:
    assert codes(undo(entry(), policy=HOLD)) == ["FL733"]
    others = replace(FROM_WEEK_TO_DAY, before=RuleSet((replace(THEIRS, id=WEEK.rules[0].id),)))
    assert codes(undo(entry(others), policy=HOLD)) == []


@pytest.mark.parametrize(("begun", "says"), [(("a",), []), (("a", "b"), ["FL732"])])
def test_a_run_that_ended_early_is_undone_where_it_was_the_only_one(
    begun: tuple[str, ...], says: list[str]
) -> None:
    told = undo(entry(replace(FROM_WEEK_TO_DAY, after=WEEK, before=NOTHING), "x"), begun=begun)
    assert codes(told) == says
    if not says:
        assert proved(told).rules == WEEK


def test_first_rules_of_a_run_that_ended_early_may_be_live_or_not() -> None:
    found = proved(undo(applied=None, begun=("a",)))
    assert found.rules == placeholder("acme")
    write = Write(BUCKET, ACCOUNT, "acme", found.rules, None, perhaps=found.perhaps)
    assert found.perhaps is not None
    assert judge(None, write) is None
    assert judge(found.perhaps, write) is None
    assert judge(DAY, write) is not None
