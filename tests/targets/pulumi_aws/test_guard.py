"""When a write may happen, for every combination of what is live, was written, and is coming."""

from __future__ import annotations

import pytest
import yaml

from firnline.diagnostics.kinds import Diagnostic, Example
from firnline.fleet.live import Live
from firnline.rules.lower import placeholder
from firnline.s3.model import RuleSet
from firnline.targets.pulumi_aws.guard import DRIFT, judge, judge_answer, not_settled
from tests.targets.pulumi_aws.rules import expiring, rules, write

SEVEN, EIGHT, NINE = rules(expiring(7)), rules(expiring(8)), rules(expiring(9))
BY_HAND = "{ID: by-hand, Status: Enabled, Filter: {Prefix: x/}, Expiration: {Days: 3}}"


def code(found: Diagnostic | None) -> str | None:
    return found.kind.code if found else None


@pytest.mark.parametrize("written", [None, SEVEN], ids=["create", "update"])
@pytest.mark.parametrize(
    "foreign",
    [
        BY_HAND,
        BY_HAND.replace("Enabled", "Disabled"),
        BY_HAND.replace("by-hand", "firnline/other-team/tmp/tmp"),
        BY_HAND.replace("by-hand", "firnline/laboratory/tmp/tmp"),
        BY_HAND.replace("ID: by-hand, ", ""),
    ],
    ids=["enabled", "disabled", "another namespace", "a longer namespace", "without an ID"],
)
def test_a_foreign_rule_stops_every_write(foreign: str, written: RuleSet | None) -> None:
    assert code(judge(rules(expiring(7), foreign), write(EIGHT, written))) == "FL409"


def test_a_foreign_rule_stops_a_write_of_what_is_live_already() -> None:
    assert code(judge(rules(expiring(7), BY_HAND), write(SEVEN, SEVEN))) == "FL409"


def test_a_known_foreign_rule_may_stay_only_where_the_write_carries_it() -> None:
    live, (known,) = rules(expiring(7), BY_HAND), rules(BY_HAND).rules
    carrying = rules(expiring(8), BY_HAND)
    assert judge(live, write(carrying, SEVEN, known_foreign=(known,))) is None
    assert code(judge(live, write(EIGHT, SEVEN, known_foreign=(known,)))) == "FL409"


def test_an_update_may_replace_what_was_last_written() -> None:
    assert judge(SEVEN, write(EIGHT, SEVEN)) is None


OFF = BY_HAND.replace("Enabled", "Disabled").replace("by-hand", "firnline/lab/suspended-for-audit")
AGAIN = expiring(7, id="firnline/lab/the-same-again")


@pytest.mark.parametrize(
    "live",
    [rules(expiring(7), OFF), rules(expiring(7), AGAIN), rules(AGAIN)],
    ids=["disabled", "doing what another does", "renamed"],
)
def test_an_update_may_not_erase_a_rule_under_our_name_that_the_stack_did_not_write(
    live: RuleSet,
) -> None:
    found = judge(live, write(EIGHT, SEVEN))
    assert code(found) == "FL706"
    assert code(judge(live, write(SEVEN, SEVEN))) == "FL706"


def test_a_rule_under_our_name_is_named_with_what_its_owner_can_do() -> None:
    found = judge(rules(expiring(7), OFF), write(EIGHT, SEVEN))
    assert found is not None
    assert found.message == (
        "`lab-data` has one rule with the prefix of Firnline's IDs that this stack did not write"
        " in this form"
    )
    assert found.notes == (
        "this write would replace: `firnline/lab/suspended-for-audit` (disabled)",
    )
    assert "an ID that does not begin with `firnline/lab/`" in found.help


def test_a_rule_under_our_name_may_go_once_it_was_written_or_is_written_again() -> None:
    live = rules(expiring(7), OFF)
    assert judge(live, write(EIGHT, live)) is None, "a refresh made it the state"
    assert judge(live, write(rules(expiring(8), OFF), SEVEN)) is None


def test_a_create_may_not_erase_a_disabled_rule_under_our_name() -> None:
    assert code(judge(rules(OFF), write(EIGHT))) == "FL706"
    assert code(judge(rules(expiring(8), OFF), write(EIGHT))) == "FL706"


def test_a_create_may_not_enable_what_somebody_disabled() -> None:
    assert code(judge(rules(expiring(8, status="Disabled")), write(EIGHT))) == "FL706"


def test_an_update_may_not_enable_a_rule_that_another_one_makes_idle() -> None:
    idle = expiring(9, id="firnline/lab/tmp/idle")
    live = rules(expiring(7), idle.replace("Enabled", "Disabled"))
    assert code(judge(live, write(EIGHT, rules(expiring(7), idle)))) == "FL706"


def test_a_create_does_not_take_up_what_another_program_wrote_under_other_names() -> None:
    found = judge(rules(expiring(8, id="firnline/lab/other")), write(EIGHT))
    assert found is not None
    assert found.kind.code == "FL706"
    assert found.notes == ("live: `firnline/lab/other`",)
    assert "take its `Retention` out there" in found.help
    assert "where an earlier state of this stack was lost" in found.help


def test_the_disabled_rule_that_we_put_ourselves_may_go() -> None:
    assert judge(placeholder("lab"), write(EIGHT)) is None
    assert judge(placeholder("lab"), write(EIGHT, placeholder("lab"))) is None


@pytest.mark.parametrize(
    "live",
    [NINE, None, rules(expiring(7), expiring(1, id="firnline/lab/tmp/more")), RuleSet(())],
    ids=["edited", "removed", "added to", "emptied"],
)
def test_an_update_may_not_replace_what_somebody_changed(live: RuleSet | None) -> None:
    assert code(judge(live, write(EIGHT, SEVEN))) == "FL706"


def test_a_rule_of_ours_disabled_manually_is_a_change() -> None:
    assert code(judge(rules(expiring(7, status="Disabled")), write(EIGHT, SEVEN))) == "FL706"


def test_an_update_may_write_again_what_is_live_already() -> None:
    assert judge(EIGHT, write(EIGHT, SEVEN)) is None


def test_what_was_last_written_counts_as_it_was_sent() -> None:
    said = "{ID: firnline/lab/a, Status: Enabled, Expiration: {Days: 7}, Filter: {And: {%s}}}"
    written = rules(said % "Prefix: a/, Tags: [{Key: a, Value: b}]")
    live = rules(said % "Prefix: a/, ObjectSizeGreaterThan: 0, Tags: [{Key: a, Value: b}]")
    assert judge(live, write(EIGHT, written)) is None


def test_the_minimum_size_counts_where_something_moves() -> None:
    moving = (
        "{ID: firnline/lab/a, Status: Enabled, Filter: {Prefix: a/},"
        " Transitions: [{Days: %s, StorageClass: GLACIER}]}"
    )
    varying = {"TransitionDefaultMinimumObjectSize": "varies_by_storage_class"}
    found = judge(rules(moving % 7, **varying), write(rules(moving % 8), rules(moving % 7)))
    assert found is not None
    assert found.notes == ("the header for the minimum size of transitions differs",)
    assert judge(rules(expiring(7), **varying), write(EIGHT, SEVEN)) is None


@pytest.mark.parametrize(
    "live",
    [None, EIGHT, placeholder("lab")],
    ids=["nothing", "the same already", "a placeholder"],
)
def test_a_create_may_write_where_no_rule_of_ours_requires_anything_else(
    live: RuleSet | None,
) -> None:
    assert judge(live, write(EIGHT)) is None


def test_a_create_may_not_replace_rules_of_ours_that_nobody_here_wrote() -> None:
    assert code(judge(SEVEN, write(EIGHT))) == "FL706"


def test_the_refusal_names_bucket_account_rules_and_remedy() -> None:
    found = judge(rules(expiring(7), BY_HAND), write(EIGHT, SEVEN, from_lock=True))
    assert found is not None
    assert str(found.place) == "s3://lab-data (account 111122223333)"
    assert found.notes == ("this write would remove: `by-hand`",)
    assert "`firnline show lab-data`" in found.help
    assert "`firnline resolve`" in found.help
    drift = judge(NINE, write(EIGHT, SEVEN))
    assert drift is not None
    assert drift.notes == ("different: `firnline/lab/tmp/tmp`",)


def test_all_refusals_of_drift_advise_the_same_refresh_which_cures_all_of_them() -> None:
    """With the program it fails where an earlier write was not read back."""
    found = [
        judge(NINE, write(EIGHT, SEVEN)),
        judge(rules(expiring(7), OFF), write(EIGHT, SEVEN)),
        not_settled(SEVEN, write(EIGHT, SEVEN)),
    ]
    for advice in (DRIFT.help, *(each.help for each in found if each)):
        assert advice.count("pulumi refresh") == 1
        assert "`pulumi refresh --run-program=false`" in advice
    assert None not in found


NO_BUCKET = Live(None, bucket_exists=False)


def test_a_bucket_that_is_gone_is_said_to_be_gone_with_the_remedy() -> None:
    of_the_lock = write(EIGHT, from_lock=True)
    for preview in (True, False):
        found = judge_answer(NO_BUCKET, of_the_lock, preview=preview)
        assert found is not None
        assert found.kind.code == "FL703"
        assert found.message == "`lab-data` does not exist any more"
        assert "run `firnline resolve`" in found.help
    was_written = judge_answer(NO_BUCKET, write(EIGHT, SEVEN), preview=True)
    assert was_written is not None
    assert was_written.message == "`lab-data` does not exist any more"
    assert "resolve" not in was_written.help


def test_a_bucket_that_the_program_may_make_need_not_be_there_in_a_preview() -> None:
    assert judge_answer(NO_BUCKET, write(EIGHT), preview=True) is None
    assert code(judge_answer(NO_BUCKET, write(EIGHT), preview=False)) == "FL703"


def test_a_write_is_settled_when_s3_answers_what_means_the_same() -> None:
    assert not_settled(EIGHT, write(EIGHT, SEVEN)) is None
    assert code(not_settled(SEVEN, write(EIGHT, SEVEN))) == "FL706"
    assert code(not_settled(None, write(EIGHT, SEVEN))) == "FL706"
    assert code(not_settled(rules(expiring(8), BY_HAND), write(EIGHT, SEVEN))) == "FL706"


def test_the_examples_do_what_they_claim() -> None:
    def found(example: Example) -> str | None:
        assert isinstance(example, str)
        sets = {name: rules(rule) for name, rule in yaml.safe_load(example).items()}
        return code(judge(sets["live"], write(sets["writing"], sets["written"])))

    assert found(DRIFT.wrong) == "FL706"
    assert found(DRIFT.right) is None


def test_rules_of_ours_written_otherwise_by_somebody_are_still_ours() -> None:
    idle = (
        "{ID: firnline/lab/tmp/idle, Status: Enabled, Filter: {Prefix: %s}, Expiration: {Days: 9}}"
    )
    both = rules(expiring(7), idle % "tmp/")
    assert judge(SEVEN, write(EIGHT, both)) is None
    assert judge(rules(expiring(7), idle % "tmp/more/"), write(EIGHT, both)) is None
    assert code(judge(rules(expiring(7), idle % "x/"), write(EIGHT, both))) == "FL706"


def test_what_cannot_be_proved_to_be_the_same_stops_the_write() -> None:
    tagged = [
        f"{{ID: firnline/lab/t/{n}, Status: Enabled, Expiration: {{Days: {n}}},"
        f" Filter: {{Tag: {{Key: k{n}, Value: v}}}}}}"
        for n in range(1, 17)
    ]
    written = rules(*tagged)
    assert judge(rules(*tagged[::-1]), write(EIGHT, written)) is None
    assert code(judge(rules(*tagged[1:]), write(EIGHT, written))) == "FL706"
    new_class = (
        "{ID: firnline/lab/n, Status: Enabled, Filter: {Prefix: n/},"
        " Transitions: [{Days: 7, StorageClass: OF_TOMORROW}]}"
    )
    assert code(judge(rules(expiring(7), new_class), write(EIGHT, SEVEN))) == "FL706"
    assert judge(rules(expiring(7), new_class), write(EIGHT, rules(expiring(7), new_class))) is None


def test_a_bucket_is_taken_up_only_once_the_other_stack_has_given_it_up() -> None:
    taking_up = write(EIGHT, other_stack="old")
    found = judge(EIGHT, taking_up)
    assert found is not None
    assert found.kind.code == "FL715"
    assert "it is in the state of the stack `old`" in found.message
    assert "run `pulumi up` there first, which leaves the rules live" in found.help
    assert judge(None, taking_up) is None, "no rules of ours are live"
    assert judge(EIGHT, write(NINE, EIGHT, other_stack="old")) is None, "this stack wrote it"
