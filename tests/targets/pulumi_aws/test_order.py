"""Rules keep the places that they have, whatever comes and goes between them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from firnline.s3.model import Filter, Rule
from firnline.targets.pulumi_aws.order import arranged, last_written_in

ids = st.lists(st.sampled_from("abcdefghijkl"), unique=True)


def rules(ids: str | list[str]) -> list[Rule]:
    return [Rule(id=id, filter=Filter(prefix=f"{id}/")) for id in ids]


def order(now: str, last: str) -> str:
    return "".join(rule.id for rule in arranged(rules(now), list(last)))


def test_without_a_state_rules_are_sorted_by_id() -> None:
    assert order("cab", "") == "abc"


def test_a_new_rule_comes_last_and_shifts_nothing() -> None:
    assert order("abcd", "acd") == "acdb"


def test_a_renamed_rule_takes_the_place_of_the_old_one() -> None:
    assert order("axcd", "abcd") == "axcd"


def test_the_last_rule_takes_the_place_of_one_that_is_gone() -> None:
    assert order("acd", "abcd") == "adc"
    assert order("abc", "abcd") == "abc"
    assert order("b", "abcd") == "b"


def test_the_order_of_the_state_is_kept_whatever_it_is() -> None:
    assert order("abcd", "dbca") == "dbca"


def test_rules_of_others_that_have_no_id_are_all_kept() -> None:
    nameless = [Rule(id="", filter=Filter(prefix=prefix)) for prefix in ("x/", "y/")]
    assert set(arranged([*nameless, *rules("a")], ["", "a"])) == {*nameless, *rules("a")}
    assert set(arranged(nameless, ["", "", "", "a"])) == set(nameless)


def test_the_order_is_that_of_our_resources_in_the_state() -> None:
    kind = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    ours, theirs = ({"outputs": {"rules": [{"id": id}, {"id": "a"}]}} for id in "bc")
    state = {
        f"urn:pulumi:prod::infra::firnline:s3:Retention${kind}::lab-data": ours,
        f"urn:pulumi:prod::infra::{kind}::lab-other": theirs,
        "urn:pulumi:prod::infra::firnline:s3:Retention::lab-data": {"outputs": {}},
    }
    assert last_written_in(state) == {"lab-data": ["b", "a"]}


@given(ids, ids)
def test_every_rule_is_there_once_and_no_more_places_change_than_must(
    now: list[str], last: list[str]
) -> None:
    found = [rule.id for rule in arranged(rules(now), last)]
    assert sorted(found) == sorted(now)
    new, gone = len(set(now) - set(last)), len(set(last) - set(now))
    changed = sum(one != other for one, other in zip(found, last, strict=False))
    assert changed <= gone
    assert changed + max(len(found) - len(last), 0) >= new
