"""Rules of others stay exactly as they are, go only where they may, and never come back."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from firnline.diagnostics.kinds import Diagnostic, Example
from firnline.fleet.ownership import is_ours
from firnline.s3.model import Rule, RuleSet
from firnline.targets.pulumi_aws.guard import judge
from firnline.targets.pulumi_aws.rules_of_others import OTHERS_CHANGED, judge_others, that_go
from tests.targets.pulumi_aws.rules import expiring, rules, write

BY_HAND = "{ID: by-hand, Status: Enabled, Filter: {Prefix: x/}, Expiration: {Days: 3}}"
NEW = BY_HAND.replace("by-hand", "of-today")
OTHERWISE = BY_HAND.replace("Days: 3", "Days: 4")
OFF = BY_HAND.replace("Enabled", "Disabled")
SEVEN, EIGHT = rules(expiring(7)), rules(expiring(8))
(KNOWN,) = rules(BY_HAND).rules
CARRYING = rules(expiring(8), BY_HAND)
CREATE_OR_UPDATE = pytest.mark.parametrize("written", [None, SEVEN], ids=["create", "update"])


def code(found: Diagnostic | None) -> str | None:
    return found.kind.code if found else None


def live(written: RuleSet | None, *others: str) -> RuleSet:
    return rules(*([expiring(7)] if written else []), *others)


@CREATE_OR_UPDATE
def test_a_rule_that_is_kept_must_be_live_as_it_is_kept(written: RuleSet | None) -> None:
    keeping = write(CARRYING, written, known_foreign=(KNOWN,))
    assert judge(live(written, BY_HAND), keeping) is None
    for others in [(), (OTHERWISE,), (OFF,)]:
        assert code(judge(live(written, *others), keeping)) == "FL729", others


def test_a_rule_that_was_written_with_ours_and_is_gone_does_not_come_back() -> None:
    written = rules(expiring(7), BY_HAND)
    keeping = write(CARRYING, written, known_foreign=(KNOWN,))
    assert code(judge(SEVEN, keeping)) == "FL729"
    assert judge(SEVEN, write(EIGHT, written)) is None, "resolve took it out of the lock"


@CREATE_OR_UPDATE
def test_a_rule_that_goes_may_go_in_exactly_this_form(written: RuleSet | None) -> None:
    replacing = write(EIGHT, written, going=(KNOWN,))
    assert judge(live(written, BY_HAND), replacing) is None
    assert judge(live(written), replacing) is None, "it is gone already"
    for other in (OTHERWISE, OFF):
        assert code(judge(live(written, other), replacing)) == "FL729", other


@CREATE_OR_UPDATE
def test_a_rule_that_appears_stops_the_write_whatever_is_known(written: RuleSet | None) -> None:
    both = live(written, BY_HAND, NEW)
    assert code(judge(both, write(CARRYING, written, known_foreign=(KNOWN,)))) == "FL409"
    assert code(judge(both, write(EIGHT, written, going=(KNOWN,)))) == "FL409"


def test_the_order_of_transitions_is_no_other_form() -> None:
    moving = (
        "{ID: by-hand, Status: Enabled, Filter: {Prefix: x/}, Transitions:"
        " [{Days: %s, StorageClass: %s}, {Days: %s, StorageClass: %s}]}"
    )
    one, other = (
        moving % (30, "STANDARD_IA", 90, "GLACIER"),
        moving % (90, "GLACIER", 30, "STANDARD_IA"),
    )
    keeping = write(rules(expiring(8), one), known_foreign=rules(one).rules)
    assert judge(rules(other), keeping) is None


def test_a_kept_rule_must_move_the_same_objects_with_the_header_that_is_written() -> None:
    moving = (
        "{ID: by-hand, Status: Enabled, Filter: {Prefix: x/},"
        " Transitions: [{Days: 9, StorageClass: GLACIER}]}"
    )
    varies = {"TransitionDefaultMinimumObjectSize": "varies_by_storage_class"}
    known = rules(moving).rules
    assert (
        code(judge(rules(moving, **varies), write(rules(moving), known_foreign=known))) == "FL729"
    )
    assert (
        judge(rules(moving, **varies), write(rules(moving, **varies), known_foreign=known)) is None
    )


def test_the_refusal_says_which_rule_changed_and_how_to_go_on() -> None:
    keeping = write(CARRYING, SEVEN, known_foreign=(KNOWN,), from_lock=True)
    changed, gone = judge(live(SEVEN, OTHERWISE), keeping), judge(SEVEN, keeping)
    assert changed is not None
    assert gone is not None
    assert changed.message == (
        "rules on `lab-data` that Firnline did not write have changed since `firnline resolve`"
    )
    assert changed.notes == ("live in another form: `by-hand`",)
    assert gone.notes == ("not live any more: `by-hand`",)
    assert "`firnline show lab-data`; then run `firnline resolve`" in gone.help


def test_the_rules_that_go_are_those_that_are_live() -> None:
    replacing = write(EIGHT, going=(KNOWN,))
    assert that_go(live(SEVEN, BY_HAND), replacing) == (KNOWN,)
    assert that_go(live(SEVEN, OTHERWISE), replacing) == that_go(None, replacing) == ()


def test_the_examples_do_what_they_claim() -> None:
    def found(example: Example) -> str | None:
        assert isinstance(example, str)
        sets = {name: rules(rule) for name, rule in yaml.safe_load(example).items()}
        return code(judge(sets["live"], write(sets["kept"], known_foreign=sets["kept"].rules)))

    assert found(OTHERS_CHANGED.wrong) == "FL729"
    assert found(OTHERS_CHANGED.right) is None


RULES = st.builds(
    lambda id, days, on: rules(
        f"{{ID: {id}, Status: {on}, Filter: {{Prefix: x/}}, Expiration: {{Days: {days}}}}}"
    ).rules[0],
    st.sampled_from(["a", "b", "firnline/other/a", "firnline/lab/a"]),
    st.integers(1, 2),
    st.sampled_from(["Enabled", "Disabled"]),
)
SETS = st.lists(RULES, max_size=3, unique_by=lambda rule: rule.id).map(tuple)


@given(SETS, SETS, SETS, st.sampled_from([None, SEVEN]))
def test_a_write_is_accepted_only_where_every_live_rule_of_others_stays_or_may_go(
    there: tuple[Rule, ...],
    carried: tuple[Rule, ...],
    going: tuple[Rule, ...],
    written: RuleSet | None,
) -> None:
    mine = [rule for rule in carried if not is_ours(rule.id, "lab")]
    writing = write(RuleSet((*EIGHT.rules, *mine)), written, known_foreign=tuple(mine), going=going)
    theirs = [rule for rule in there if not is_ours(rule.id, "lab")]
    stay_or_go = all(rule in mine or rule in going for rule in theirs)
    assert (judge_others(RuleSet(there), writing) is None) == (
        stay_or_go and all(rule in theirs for rule in mine)
    )
    if judge(RuleSet(there), writing) is None:
        assert stay_or_go
