"""Cloud Custodian's policies, and the buckets that a run of one wrote down."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firnline.lint.check import check_lifecycle_file
from firnline.lint.sources.read import read_file
from firnline.s3.shape import Json
from firnline.s3.terms import Versioning
from tests.lint.marked import found_in, marked_text, place_of_mark, places

ENDS = {"Expiration": {"Days": 30}, "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
POLICY = """\
vars:
  old: &old
    NoncurrentVersionExpiration: {NoncurrentDays: 35}
policies:
- name: tidy
  resource: aws.s3
  filters: [{type: value, key: Name, value: lake}]
  actions:
  - type: tag
    tag: tidy
  - type: configure-lifecycle
    rules:
    - ID: gone
      Status: absent
    - ID: raw
      Status: Enabled
      Prefix: «/»
      Transitions:
      - {Days: 180, StorageClass: STANDARD_IA}
      <<: *old
"""


def policy(*rules: Any, resource: str = "s3") -> bytes:
    action = {"type": "configure-lifecycle", "rules": list(rules)}
    named = {"name": "tidy", "resource": resource, "actions": [action]}
    return json.dumps({"policies": [named]}).encode()


def rule(**members: Any) -> Json:
    return {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "a/"}, **ENDS, **members}


def codes(content: bytes) -> list[str]:
    return [each.kind.code for each in check_lifecycle_file(content, "c7n.json")]


def test_a_policy_is_pointed_at_in_its_own_yaml() -> None:
    found = found_in(POLICY, path="c7n.yml")
    assert (place_of_mark(POLICY), marked_text(POLICY)) in places(found, "FL309")
    assert {each.about for each in found} == {'policy "tidy" rule "raw"'}


def test_what_holds_only_without_further_rules_says_so() -> None:
    expires = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "a/"}}
    found = check_lifecycle_file(policy({**expires, "Expiration": {"Days": 9}}), "c7n.json")
    (unfreed,) = [each for each in found if each.kind.code == "FL310"]
    assert any("Cloud Custodian keeps the rules" in note for note in unfreed.notes)
    tagless = {**expires, "Filter": {"Prefix": ""}, **ENDS}
    (whole,) = [
        each
        for each in check_lifecycle_file(policy(tagless), "c7n.json")
        if each.kind.code == "FL240"
    ]
    assert not any("Cloud Custodian" in note for note in whole.notes)


@pytest.mark.parametrize(
    ("wrong", "code", "said"),
    [
        ({"Status": "enabled"}, "FL221", "c7n 0.9.53: not one of"),
        ({"Filter": {}}, "FL239", "{} should be non-empty"),
        ({"Id": "r"}, "FL239", ""),
        ({"Expiration": {"Days": "30"}}, "FL229", "c7n 0.9.53: not of type integer"),
        ({"Expiration": {"Date": "soon"}}, "FL230", "boto3, which Cloud Custodian calls, refuses"),
        ({"Transitions": [{"Days": 9, "StorageClass": "X"}]}, "FL231", "if Cloud Custodian sends"),
    ],
)
def test_its_own_schema_comes_first(wrong: Json, code: str, said: str) -> None:
    members = {**rule(), **wrong}
    if "Id" in wrong:
        del members["ID"]
    found = check_lifecycle_file(policy(members), "c7n.json")
    first = next(each for each in found if each.kind.code == code)
    assert said in "".join(first.notes)
    assert not any("AWS CLI" in note for each in found for note in each.notes)


def test_a_rule_without_an_id_is_refused_by_it() -> None:
    without = rule()
    del without["ID"]
    (first,) = [
        each
        for each in check_lifecycle_file(policy(without), "c.json")
        if each.kind.code == "FL239"
    ]
    assert first.message == "Cloud Custodian needs an `ID` in every rule"
    assert first.help == "add `ID`"


def test_what_a_run_fills_in_is_not_known() -> None:
    assert "FL246" in codes(policy(rule(Filter={"Prefix": "{account_id}/"})))
    assert "FL246" not in codes(policy(rule(Filter={"Prefix": "{mine}/"})))


@pytest.mark.parametrize(
    "content",
    [
        policy({"ID": "r", "Status": "absent"}),
        policy(rule(), resource="ec2"),
        json.dumps({"policies": [{"name": "a", "resource": "s3"}]}).encode(),
    ],
)
def test_a_policy_that_sets_no_rules_is_normal(content: bytes) -> None:
    assert codes(content) == ["FL247"]


def test_the_buckets_of_a_run_are_read_with_their_versioning() -> None:
    rules = {"Rules": [{"ID": "x", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 9}}]}
    buckets = [
        {"Name": "one", "Lifecycle": rules, "Versioning": {"Status": "Enabled"}},
        {"Name": "two", "Lifecycle": rules, "Versioning": {}},
        {"Name": "none", "Versioning": {}},
    ]
    read = read_file(json.dumps(buckets).encode(), "resources.json")
    assert [(each.bucket, each.versioning) for each in read.configurations] == [
        ("one", Versioning.ENABLED),
        ("two", Versioning.OFF),
    ]
    assert [each.bucket for each in read.unconfigured] == ["none"]
    found = check_lifecycle_file(json.dumps(buckets).encode(), "resources.json")
    unfreed = {each.about for each in found if each.kind.code == "FL310"}
    assert unfreed == {'one rule "x"'}
