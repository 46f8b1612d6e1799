"""What the official provider makes of rules, and what is refused because of it."""

from __future__ import annotations

import pytest
import yaml

from firnline.diagnostics.kinds import Example
from firnline.rules.checks.sent_otherwise import PROVIDER_SENDS_OTHERWISE, check_as_sent
from firnline.s3.compare.same import same
from firnline.s3.model import RuleSet
from firnline.s3.shape import to_s3
from firnline.s3.terraform_provider import as_sent
from tests.targets.pulumi_aws.rules import expiring, rules


def filtered(filter: str) -> RuleSet:
    return rules(f"{{ID: r, Status: Enabled, Expiration: {{Days: 7}}, Filter: {filter}}}")


def sent_filter(filter: str) -> object:
    return to_s3(as_sent(filtered(filter)))["Rules"][0]["Filter"]


def notes_on(filter: str) -> list[str]:
    return [note for found in check_as_sent(filtered(filter), "b") for note in found.notes]


@pytest.mark.parametrize(
    "filter",
    [
        '{Prefix: ""}',
        "{Prefix: tmp/}",
        "{Tag: {Key: class, Value: scratch}}",
        "{Tag: {Key: 'aws:cloudformation:stack-name', Value: x}}",
        "{ObjectSizeGreaterThan: 5}",
        "{ObjectSizeLessThan: 5}",
        "{And: {Prefix: tmp/, ObjectSizeGreaterThan: 0, Tags: [{Key: a, Value: b}]}}",
        "{And: {Prefix: tmp/, ObjectSizeGreaterThan: 131071, ObjectSizeLessThan: 1048576}}",
    ],
)
def test_these_filters_arrive_as_they_are(filter: str) -> None:
    assert same(as_sent(filtered(filter)), filtered(filter))
    assert notes_on(filter) == []


@pytest.mark.parametrize(
    "filter",
    [
        "{And: {Prefix: tmp/, Tags: [{Key: a, Value: b}]}}",
        "{And: {Tags: [{Key: a, Value: b}, {Key: c, Value: d}]}}",
        "{And: {Prefix: tmp/, ObjectSizeLessThan: 1048576}}",
    ],
)
def test_an_unset_lower_bound_in_an_and_filter_becomes_0_and_is_refused(filter: str) -> None:
    assert "'ObjectSizeGreaterThan': 0" in str(sent_filter(filter))
    assert notes_on(filter) == [
        "the unset lower size bound would be sent as 0: empty objects would not match"
    ]


def test_tags_of_aws_in_an_and_filter_are_dropped_and_refused() -> None:
    filter = (
        "{And: {Prefix: tmp/, ObjectSizeGreaterThan: 0, Tags: [{Key: 'aws:x', Value: y},"
        " {Key: a, Value: b}]}}"
    )
    assert sent_filter(filter) == {
        "And": {
            "Prefix": "tmp/",
            "ObjectSizeGreaterThan": 0,
            "Tags": [{"Key": "a", "Value": "b"}],
        }
    }
    assert notes_on(filter) == ["the tag `aws:x` would be dropped, and more objects would match"]


def test_an_expiration_after_0_days_would_be_sent_as_none_and_is_refused() -> None:
    (found,) = check_as_sent(rules(expiring(0)), "lab-data")
    assert found.notes == ("an expiration after 0 days would be sent as none",)
    assert str(found.place) == "s3://lab-data"


@pytest.mark.parametrize(
    ("predicates", "help"),
    [
        ("ObjectSizeGreaterThan: 0, Tags: [{Key: 'aws:x', Value: y}]", "leave the tag `aws:x` out"),
        ("Tags: [{Key: a, Value: b}]", "set the lower size bound"),
    ],
)
def test_the_help_names_only_what_would_be_sent_otherwise(predicates: str, help: str) -> None:
    filter = f"{{And: {{Prefix: tmp/, {predicates}}}}}"
    (found,) = check_as_sent(filtered(filter), "b")
    assert found.help.startswith(help)
    assert " and " not in found.help


def test_what_does_nothing_is_not_refused() -> None:
    disabled = rules(
        "{ID: r, Status: Disabled, Expiration: {Days: 7},"
        " Filter: {And: {Prefix: a/, Tags: [{Key: a, Value: b}]}}}"
    )
    assert list(check_as_sent(disabled, "b")) == []


def test_the_examples_do_what_they_claim() -> None:
    def found(example: Example) -> list[str]:
        assert isinstance(example, str)
        return [each.kind.code for each in check_as_sent(rules(yaml.safe_load(example)), "b")]

    assert found(PROVIDER_SENDS_OTHERWISE.wrong) == ["FL710"]
    assert found(PROVIDER_SENDS_OTHERWISE.right) == []


@pytest.mark.parametrize(
    ("rule", "advice"),
    [
        (
            "{ID: theirs, Status: Disabled, Expiration: {Days: 7}, Filter: {And: {Prefix: tmp/,"
            " Tags: [{Key: a, Value: b}]}}}",
            "adopts: [theirs]",
        ),
        ("{Status: Enabled, Expiration: {Days: 7}, Filter: {Prefix: tmp/}}", "give it an ID"),
    ],
    ids=["disabled", "without an ID"],
)
def test_a_kept_rule_of_others_must_arrive_exactly_as_it_is(rule: str, advice: str) -> None:
    theirs = rules(expiring(7), rule)
    (found,) = check_as_sent(theirs, "b", theirs.rules[1:])
    assert "cannot be written again as it is" in found.message
    assert advice in found.help
    exact = rules(expiring(7, id="theirs"))
    assert list(check_as_sent(exact, "b", exact.rules)) == []
