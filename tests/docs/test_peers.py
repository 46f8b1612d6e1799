"""docs/peers.md says what was measured, and of Firnline what the code does today."""

from __future__ import annotations

import sys

import pytest

from benchmarks.peers import cfn_lint, cloudformation, custodian, results, table, timing
from benchmarks.peers.answers import NoAnswer
from benchmarks.peers.cases import Case, conformance, curated
from benchmarks.peers.results import Results

CASES = (*curated(), *conformance())
MEASURED: Results = results.read()
OURS = ("judge", "check")


@pytest.fixture(scope="module")
def today() -> Results:
    """Where this fails after a change of ours: `python -m benchmarks.peers --ours`, and read the
    diff.
    """
    return results.with_ours(MEASURED, CASES)


def test_the_measured_part_is_what_the_tools_answered() -> None:
    page = table.PAGE.read_text(encoding="utf-8")
    assert page.count(table.BEGIN) == page.count(table.END) == 1
    assert table.into_page(page, MEASURED) == page


def test_every_case_is_still_one_of_our_tests() -> None:
    s3 = {case.id: case.expected for case in CASES}
    measured = {**MEASURED.curated, **MEASURED.conformance}
    assert {id: row.s3 for id, row in measured.items()}.items() <= s3.items()


def test_all_of_the_cases_by_hand_are_measured() -> None:
    assert [*MEASURED.curated] == [case.id for case in curated()]
    assert len(MEASURED.curated) == 28 + 8


def test_our_columns_are_what_the_code_says_today(today: Results) -> None:
    for group, ours in (
        (MEASURED.curated, today.curated),
        (MEASURED.conformance, today.conformance),
    ):
        for tool in OURS:
            then = {id: row.answers[tool] for id, row in group.items()}
            assert then == {id: row.answers[tool] for id, row in ours.items()}


def test_firnline_finds_all_that_the_page_claims(today: Results) -> None:
    assert all(row.answers["check"].verdict != "silent" for row in today.curated.values())
    agrees = {"reject": "refuses", "accept": "silent"}
    assert all(row.answers["judge"].verdict == agrees[row.s3] for row in today.conformance.values())


def test_every_case_can_be_a_template_or_it_is_said_why_not() -> None:
    reasons: set[str] = set()
    for case in CASES:
        try:
            cloudformation.template(case)
        except cloudformation.NotWritable as why:
            reasons.add(str(why))
    assert all(each.startswith("CloudFormation ") for each in reasons)


def test_a_template_says_what_the_case_says() -> None:
    rule = {
        "ID": "r",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "a/", "ObjectSizeGreaterThan": 5}},
        "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}],
        "Expiration": {"Date": 1893456000},
    }
    template = cloudformation.template(Case("c", "accept", {"Rules": [rule]}))
    assert template["Resources"]["Bucket"]["Properties"]["LifecycleConfiguration"] == {
        "Rules": [
            {
                "Id": "r",
                "Status": "Enabled",
                "Prefix": "a/",
                "ObjectSizeGreaterThan": "5",
                "Transitions": [{"TransitionInDays": 30, "StorageClass": "GLACIER"}],
                "ExpirationDate": "2030-01-01T00:00:00Z",
            }
        ]
    }


def test_the_tools_are_timed_on_the_same_1000_rules_in_100_files() -> None:
    found = timing.configurations(timing.policies())
    assert len(found) == 100
    assert sum(len(each["Rules"]) for each in found) == 1_000
    case = Case("c", "accept", found[0])
    bucket = cloudformation.template(case)["Resources"]["Bucket"]["Properties"]
    (policy,) = custodian.policy(0, case)["policies"]
    assert len(bucket["LifecycleConfiguration"]["Rules"]) == len(found[0]["Rules"])
    assert policy["actions"][0]["rules"] == found[0]["Rules"]


def test_a_ratio_is_the_median_of_those_within_a_round() -> None:
    rounds = [
        {"Firnline": (1.0, 2.0), "c7n": (2.0, 2.0)},
        {"Firnline": (2.0, 4.0), "c7n": (6.0, 12.0)},
        {"Firnline": (1.0, 10.0), "c7n": (9.0, 20.0)},
    ]
    spent = timing.summary(rounds)
    assert spent["Firnline"] == timing.Spent(1.0, 4.0, 1.0, 1.0)
    assert spent["c7n"] == timing.Spent(6.0, 12.0, 3.0, 2.0)


def test_each_tool_that_can_validate_is_timed() -> None:
    assert [*MEASURED.timing.tools] == [timing.FIRNLINE, cfn_lint.NAME, custodian.NAME]


def test_a_tool_that_refuses_the_rules_is_not_timed() -> None:
    with pytest.raises(NoAnswer, match="ended with 1"):
        timing.run([sys.executable, "-c", "raise SystemExit(1)"])
