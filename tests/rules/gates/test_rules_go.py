"""A rule of others that goes needs an approval, unless the bucket does the same without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from firnline.diagnostics.position import Span
from firnline.language.add_approvals import with_entries
from firnline.language.read_files import read_files
from firnline.rules.diff.items import Comparison, Snapshot, compare
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.diff.rules_of_others import with_rules_of_others
from firnline.rules.gates.approved import judge
from firnline.rules.gates.entries import Approving, entry
from firnline.rules.gates.find import gated_items
from firnline.rules.gates.gate import Circumstances, GatedItem
from firnline.rules.gates.place import place_of
from firnline.rules.gates.unused import unused
from firnline.s3.read_shape import read_rule
from tests.rules.test_foreign_rules import COLD, TMP, compile_beside

TODAY = date(2026, 11, 21)
KEEP, REPLACE = (
    "versioning: off\nforeign_rules: keep\n",
    "versioning: off\nforeign_rules: replace\n",
)
ADOPT = "versioning: off\nadopts: by-hand\nretain: {tmp: {prefix: tmp/, delete_after: %s}}\n"
SAME = ADOPT % "3d"


def side(rest: str, *foreign: dict[str, Any]) -> Snapshot:
    compilation = compile_beside(rest, list(foreign))
    assert not compilation.failed, compilation.diagnostics
    return {
        each.bucket.key: BucketConfig(
            each.rules,
            each.bucket.versioning,
            program=each.program,
            kept=each.kept,
            going=each.going,
        )
        for each in compilation.buckets
    }


def between(before: Snapshot, after: Snapshot) -> Comparison:
    return compare(with_rules_of_others(before, after), after)


def items(before: Snapshot, after: Snapshot) -> list[GatedItem]:
    found = gated_items(Circumstances("main", between(before, after)))
    return [each for each in found if each.rule is not None]


def test_each_rule_that_goes_is_an_item() -> None:
    one, two = items(side(KEEP, TMP, COLD), side(REPLACE, TMP, COLD))
    assert [each.codes for each in (one, two)] == [("FL422",)] * 2
    assert (one.rule, two.rule) == (read_rule(TMP), read_rule(COLD))
    assert (one.old, one.new) == ("objects in tmp/: delete 3d", "the rule by-hand is taken away")


def test_the_bucket_had_the_rule_before_a_policy_covered_it() -> None:
    after = side(REPLACE, TMP)
    (item,) = items({}, after)
    assert item.codes == ("FL422",)
    every = gated_items(Circumstances("main", between({}, after)))
    assert "FL415" not in {code for each in every for code in each.codes}, "it had rules"
    assert between({}, after).only_other == ()


@pytest.mark.parametrize("before", ["", KEEP], ids=["new", "kept before"])
def test_a_rule_that_a_retention_does_the_same_as_needs_no_approval(before: str) -> None:
    one = side(before, TMP) if before else side("versioning: off\n")
    assert items(one, side(SAME, TMP)) == []
    assert len(items(one, side(ADOPT % "4d", TMP))) == 1


def test_a_rule_about_empty_objects_alone_does_not_go_unnoticed() -> None:
    empty = {"And": {"Prefix": "tmp/", "ObjectSizeLessThan": 1}}
    (item,) = items({}, side(REPLACE, TMP | {"Filter": empty}))
    assert item.codes == ("FL422",)


def test_empty_objects_are_no_difference() -> None:
    tagged = TMP | {"Filter": {"And": {"Prefix": "tmp/", "Tags": [{"Key": "a", "Value": "b"}]}}}
    adopt = SAME.replace("prefix: tmp/", "prefix: tmp/, tags: {a: b}")
    assert items(side("versioning: off\n"), side(adopt, tagged)) == []


def test_a_rule_that_went_already_and_one_that_stays_need_none() -> None:
    assert items(side(REPLACE, TMP), side(REPLACE, TMP)) == []
    assert items(side(KEEP, TMP), side(KEEP, TMP)) == []
    assert items({}, side(KEEP, TMP)) == []


def test_a_kept_rule_is_nothing_new_on_a_bucket_that_gets_its_first_policy() -> None:
    assert [each.change.clock.value for each in between({}, side(KEEP, TMP)).items] == [
        "incomplete multipart uploads"
    ]


def test_what_its_owner_did_to_a_kept_rule_is_no_change_of_the_policies() -> None:
    other = TMP | {"Expiration": {"Days": 9}}
    assert between(side(KEEP, TMP), side(KEEP, other)).items == ()
    assert between(side(KEEP, TMP), side(KEEP)).items == ()
    (item,) = items(side(KEEP, TMP), side(REPLACE, other))
    assert item.rule == read_rule(other)


def test_a_rule_that_moves_into_a_class_of_tomorrow_goes_with_an_approval() -> None:
    moving = TMP | {"Transitions": [{"Days": 1, "StorageClass": "OF_TOMORROW"}]}
    (item,) = items({}, side(SAME, moving))
    assert item.old == "objects in tmp/: delete 3d; moves into OF_TOMORROW"


def test_a_disabled_rule_goes_with_an_approval_only_where_something_changes() -> None:
    off = TMP | {"Status": "Disabled"}
    before = side("versioning: off\n")
    assert items(before, side("versioning: off\nadopts: by-hand\n", off)) == []
    retain = "retain: {t: {prefix: x/, delete_after: 9d}}\n"
    (item,) = items(before, side(f"versioning: off\nadopts: by-hand\n{retain}", off))
    assert item.old == "disabled, does nothing"


def test_the_gate_points_at_what_lets_the_rule_go() -> None:
    for rest in (REPLACE, ADOPT % "4d"):
        after = side(rest, TMP)
        (item,) = items(side(KEEP, TMP), after)
        place = place_of(item, between(side(KEEP, TMP), after))
        assert isinstance(place, Span)
        said = "adopts: " if "adopts" in rest else "foreign_rules: "
        assert place.source.text[: place.start].endswith(said)


def test_an_approval_is_of_the_rule_as_it_is_on_its_bucket() -> None:
    (item,) = items(side(KEEP, TMP), side(REPLACE, TMP))
    text = with_entries(None, [entry(item, item.codes, Approving("data", date(2027, 1, 31)))])
    files = read_files({"approvals.yaml": text.encode()})[0].approvals
    assert not judge([item], files, TODAY).items[0].is_open
    (other,) = items(
        side(KEEP, TMP | {"Expiration": {"Days": 4}}),
        side(REPLACE, TMP | {"Expiration": {"Days": 4}}),
    )
    assert judge([other], files, TODAY).items[0].is_open
    assert judge([replace(item, buckets=("lab/us-east-1/b",))], files, TODAY).items[0].is_open


def test_an_approval_is_needed_until_the_rule_is_out_of_the_lock() -> None:
    (item,) = items(side(KEEP, TMP), side(REPLACE, TMP))
    text = with_entries(None, [entry(item, item.codes, Approving("data", date(2027, 1, 31)))])
    files = read_files({"approvals.yaml": text.encode()})[0].approvals
    nothing = judge([], files, TODAY)
    merged, gone = compare({}, side(REPLACE, TMP)), compare({}, side(REPLACE))
    assert list(unused(files, nothing, merged, (), TODAY)) == []
    assert [each.kind.code for each in unused(files, nothing, gone, (), TODAY)] == ["FL416"]
