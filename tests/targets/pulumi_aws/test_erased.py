"""What an answer after a write proves about rules that somebody put just before it."""

from __future__ import annotations

import json
from typing import Any

import yaml

from firnline.diagnostics.kinds import Diagnostic, Example
from firnline.diagnostics.text import to_text
from firnline.fleet.live import Live
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_configuration
from firnline.s3.shape import to_s3
from firnline.targets.pulumi_aws.erased import RULES_ERASED, Erased
from tests.targets.pulumi_aws.rules import expiring, rules, write

SEVEN, EIGHT, NINE = rules(expiring(7)), rules(expiring(8)), rules(expiring(9))
BY_HAND: dict[str, Any] = {
    "ID": 'by hand,  of "somebody" \\ else',
    "Status": "Enabled",
    "Filter": {"And": {"Prefix": "my exports/ of the year/", "Tags": [{"Key": "a", "Value": "é"}]}},
    "Expiration": {"Date": "2030-01-31T00:00:00Z"},
}


def live(rules: RuleSet | None, *more: dict[str, Any]) -> Live:
    shape = to_s3(rules or RuleSet(()))
    return Live({**shape, "Rules": [*shape["Rules"], *more]}) if rules or more else Live(None)


def found(*answers: Live, accepted: Live, written: RuleSet | None = SEVEN) -> Diagnostic | None:
    erased = Erased(write(EIGHT, written), accepted)
    for answer in answers:
        erased.note(answer)
    return erased.found()


def test_answers_that_hold_what_was_there_or_what_was_written_prove_nothing() -> None:
    accepted = live(SEVEN)
    assert found(live(SEVEN), Live(None), live(EIGHT), accepted=accepted) is None


def test_a_create_over_rules_that_mean_the_same_proves_nothing() -> None:
    accepted = live(rules(expiring(8, id="firnline/lab/renamed")))
    assert found(accepted, live(EIGHT), accepted=accepted, written=None) is None


def test_a_rule_that_the_lock_knows_proves_nothing() -> None:
    (known,) = read_configuration({"Rules": [BY_HAND]}).rules
    erased = Erased(write(EIGHT, SEVEN, known_foreign=(known,)), live(SEVEN))
    erased.note(live(SEVEN, BY_HAND))
    assert erased.found() is None


def test_an_older_answer_with_a_rule_that_nobody_knew_proves_that_it_is_gone() -> None:
    erased = found(live(SEVEN, BY_HAND), live(SEVEN, BY_HAND), live(EIGHT), accepted=live(SEVEN))
    assert erased is not None
    assert erased.kind is RULES_ERASED
    assert "aws s3api get-bucket-lifecycle-configuration --bucket lab-data" in erased.help


def test_an_edit_of_our_own_rules_that_was_written_over_is_shown_too() -> None:
    erased = found(live(NINE), live(EIGHT), accepted=live(SEVEN))
    assert erased is not None
    assert '"Days": 9' in erased.notes[0]


def test_an_older_rule_of_ours_is_shown_without_the_advice_to_put_it_back() -> None:
    erased = found(live(NINE), live(EIGHT), accepted=live(SEVEN))
    assert erased is not None
    assert "put nothing back" in erased.help
    with_theirs = found(live(NINE, BY_HAND), accepted=live(SEVEN))
    assert with_theirs is not None
    assert "to put it back" in with_theirs.help


def test_each_rule_is_said_once_and_as_soon_as_it_is_seen() -> None:
    erased = Erased(write(EIGHT, SEVEN), live(SEVEN))
    said = [erased.note(each) for each in (live(SEVEN), live(SEVEN, BY_HAND), live(SEVEN, BY_HAND))]
    assert said[0] is None
    assert said[1] is not None
    assert said[2] is None
    assert "Unless `aws s3api get-bucket-lifecycle-configuration" in said[1]


def test_what_is_printed_is_the_whole_rule_in_the_spelling_of_s3() -> None:
    erased = found(live(SEVEN, BY_HAND), accepted=live(SEVEN))
    assert erased is not None
    drawn = to_text([erased], columns=50)
    printed = drawn[drawn.index("{") : drawn.rindex("}") + 1]
    assert json.loads(printed) == {"Rules": [BY_HAND]}


def test_the_examples_do_what_they_claim() -> None:
    def shown(example: Example) -> Diagnostic | None:
        given = {name: rules(*shapes) for name, shapes in yaml.safe_load(str(example)).items()}
        erased = Erased(write(given["written"]), live(given["accepted"]))
        erased.note(live(given["answered"]))
        return erased.found()

    wrong = shown(RULES_ERASED.wrong)
    assert wrong is not None
    assert "`by-hand`" in wrong.notes[0]
    assert shown(RULES_ERASED.right) is None
