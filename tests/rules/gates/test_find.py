"""Which changes need an approval, and which never do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.pipeline import compile_files
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import Comparison, Snapshot, compare, digest_of
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.gates.find import gated_items
from firnline.rules.gates.gate import Circumstances, FirstRun, GatedItem
from firnline.rules.gates.report import gate_diagnostics
from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning
from tests.policies import whole
from tests.rules import strategies

KEPT = (
    "versioning: enabled\n"
    "retain:\n"
    "  logs: {prefix: logs/, warm_after: 30d, delete_after: 90d,"
    " old_versions: {delete_after: 30d}}\n"
)
OLD_8D = "old_versions: {delete_after: 8d}"
TIB = 2**40


def side(text: str) -> Snapshot:
    compilation = compile_files({"policies/p.yaml": whole(text).encode()})
    assert not compilation.failed, compilation.diagnostics
    return {
        each.bucket.key: BucketConfig(
            each.rules, each.bucket.versioning, each.bucket.object_lock, each.program
        )
        for each in compilation.buckets
    }


def gated(
    before: str, after: str, first_run: FirstRun | None = None
) -> tuple[tuple[GatedItem, ...], Comparison]:
    found = compare(side(before), side(after))
    runs = {item.digest: first_run for item in found.items} if first_run else {}
    return gated_items(Circumstances("main", found, first_runs=runs)), found


def codes(before: str, after: str, first_run: FirstRun | None = None) -> list[list[str]]:
    return [list(item.codes) for item in gated(before, after, first_run)[0]]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("delete_after: 90d", "delete_after: 60d", ["FL401", "FL402"]),
        ("delete_after: 90d, old", "delete_after: 91d, old", None),
        (
            "old_versions: {delete_after: 30d}",
            "old_versions: {delete_after: 8d}",
            ["FL402", "FL411"],
        ),
        ("old_versions: {delete_after: 30d}", "old_versions: {delete_after: 60d}", None),
        ("warm_after: 30d", "warm_after: 45d", None),
        ("warm_after: 30d", "warm_after: 15d", None),
        ("prefix: logs/,", "prefix: [logs/, tmp/],", ["FL402", "FL405"]),
        ("versioning: enabled", "versioning: enabled\nuploads: {abort_after: 2d}", ["FL401"]),
    ],
)
def test_what_ends_sooner_needs_an_approval(old: str, new: str, expected: list[str] | None) -> None:
    assert old in KEPT
    found = codes(KEPT, KEPT.replace(old, new, 1))
    assert (found[0] if found else None) == expected


def test_a_repair_is_never_blocked() -> None:
    shorter = KEPT.replace("90d", "60d").replace("{delete_after: 30d}", "{delete_after: 8d}")
    assert codes(shorter, KEPT) == []
    assert codes(KEPT, "versioning: enabled\nretain: {}") == []


def test_the_message_says_how_many_days_sooner_and_than_where() -> None:
    items, found = gated(KEPT, KEPT.replace("90d", "60d"))
    (diagnostic,) = gate_diagnostics(items, found)
    assert diagnostic.message == "objects in logs/ are deleted 30 days sooner than on main"
    assert str(diagnostic.place) == "policies/p.yaml:8:56"
    assert any(note.startswith("no inventory: ") for note in diagnostic.notes)
    assert any(items[0].digest in note for note in diagnostic.notes)


def test_what_was_kept_for_ever_is_deleted_for_the_first_time() -> None:
    items, found = gated(KEPT.replace("delete_after: 90d", "delete_after: never", 1), KEPT)
    said = [each.message for each in gate_diagnostics(items, found)]
    assert "objects in logs/ are deleted after 90d; on main they are kept" in said


@pytest.mark.parametrize(
    ("versioning", "is_gone"), [("enabled", False), ("suspended", True), ("off", True)]
)
def test_without_versions_what_is_deleted_is_gone(versioning: str, is_gone: bool) -> None:
    text = f"versioning: {versioning}\nretain: {{logs: {{prefix: logs/, delete_after: 90d}}}}\n"
    if versioning != "off":
        text += "old_versions: {delete_after: 30d}\n"
    found = codes(text, text.replace("90d", "60d"))
    assert ("FL410" in found[0]) is is_gone


def test_a_bucket_of_which_nobody_knows_whether_it_keeps_versions_counts_as_one_that_does_not() -> (
    None
):
    one, other = (
        {key: BucketConfig(each.rules) for key, each in side(text).items()}
        for text in (KEPT, KEPT.replace("90d", "60d"))
    )
    (item, *_) = gated_items(Circumstances("main", compare(one, other)))
    assert "FL410" in item.codes
    assert "for all that is known" in " ".join(gate.message for gate in item.gates)


def test_a_policy_that_begins_to_say_that_there_are_no_versions_does_not_close_a_gate() -> None:
    off = KEPT.replace("versioning: enabled\n", "versioning: off\n")
    said = side(off)
    silent = {key: replace(each, versioning=None) for key, each in said.items()}
    shorter = side(off.replace("old_versions: {delete_after: 30d}", OLD_8D))
    for before, expected in ((silent, [("FL402", "FL411")]), (said, [])):
        items = gated_items(Circumstances("main", compare(before, shorter)))
        assert [item.codes for item in items] == expected


def test_rules_of_a_bucket_without_any_are_one_item_for_each_bucket() -> None:
    two = KEPT.replace(
        "versioning", "applies_to: [{account: lab, buckets: [a-a, b-b]}]\nversioning"
    )
    found = compare({}, side(two))
    items = gated_items(Circumstances("main", found))
    assert [(item.buckets, item.codes) for item in items] == [
        (("lab/*/a-a",), ("FL402", "FL415")),
        (("lab/*/b-b",), ("FL402", "FL415")),
    ]
    assert items[0].digest != items[1].digest
    assert items[0].digest_on(("lab/*/b-b",)) == items[1].digest


def test_first_rules_that_delete_nothing_and_those_of_an_empty_bucket_need_none() -> None:
    (config,) = side(KEPT).values()
    moves = [replace(rule, expires=None) for rule in config.rules.rules if rule.transitions]
    moving = {"a": replace(config, rules=RuleSet(tuple(moves)), program=None)}
    assert moving["a"].rules.rules
    still = [replace(each, noncurrent_expires=None) for each in moving["a"].rules.rules]
    only_moves = {"a": replace(moving["a"], rules=RuleSet(tuple(still)))}
    assert gated_items(Circumstances("main", compare({}, only_moves))) == ()
    found = compare({}, side(KEPT))
    for stored, expected in ((FirstRun(0, 0, 0, 0), []), (FirstRun(0, 0, 0, 1), [("FL415",)])):
        runs = {item.digest: stored for item in found.items}
        items = gated_items(Circumstances("main", found, first_runs=runs))
        assert [item.codes for item in items] == expected


def test_what_is_stored_counts_on_each_bucket_that_had_no_rules() -> None:
    uploads = "uploads: {abort_after: 7d}\n"
    two = KEPT + uploads + "applies_to: [{account: lab, buckets: [a-a, b-b, c-c]}]\n"
    found = compare({}, side(two))
    known = {"lab/*/a-a": FirstRun(0, 0, 0, 0), "lab/*/b-b": FirstRun(0, 0, 0, 9)}
    runs = {
        digest_of(item.change, (key,)): run for item in found.items for key, run in known.items()
    }
    items = gated_items(Circumstances("main", found, first_runs=runs))
    assert [(item.buckets, item.codes) for item in items] == [
        (("lab/*/b-b",), ("FL415",)),
        (("lab/*/c-c",), ("FL402", "FL415")),
    ]


def test_a_change_on_a_bucket_with_rules_and_one_without_has_what_is_stored_on_each() -> None:
    both = "applies_to: [{account: lab, buckets: [a-a, b-b]}]\n" + KEPT
    before = {**side(both), "lab/*/b-b": BucketConfig(RuleSet(()), Versioning.ENABLED)}
    found = compare(before, side(both.replace("90d", "60d")))
    full, little = FirstRun(9, 9, 10, 1), FirstRun(0, 0, 990, 1)
    runs = {}
    for item in found.items:
        for key in item.buckets:
            run = full if key == "lab/*/a-a" else little
            runs[digest_of(item.change, (key,))] = run
    items = gated_items(Circumstances("main", found, first_runs=runs))
    assert {item.buckets: item.codes for item in items} == {
        ("lab/*/a-a",): ("FL401", "FL402"),
        ("lab/*/b-b",): ("FL415",),
    }


@pytest.mark.parametrize(
    ("first_run", "is_over"),
    [
        (FirstRun(0, 0, 0, 0), False),
        (FirstRun(TIB, TIB, 10 * TIB, 9), False),
        (FirstRun(TIB + 1, TIB + 1, 10 * TIB, 9), True),
        (FirstRun(0, 2 * TIB, 10 * TIB, 9), True),
        (FirstRun(0, TIB, 0, 9), True),
        (FirstRun(0, 0, 0, 9), False),
    ],
)
def test_the_first_run_may_delete_a_tenth_of_what_is_stored(
    first_run: FirstRun, is_over: bool
) -> None:
    (found,) = codes(KEPT, KEPT.replace("90d", "60d"), first_run)
    assert ("FL402" in found) is is_over


def test_how_much_the_first_run_deletes_is_said() -> None:
    items, found = gated(KEPT, KEPT.replace("90d", "60d"), FirstRun(2 * TIB, 3 * TIB, 10 * TIB, 9))
    said = [each.message for each in gate_diagnostics(items, found)]
    assert "the first run deletes 2TiB to 3TiB of 10TiB, 20 % to 30 %; the limit is 10 %" in said


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_exactly_what_ends_sooner_somewhere_is_gated(data: st.DataObject) -> None:
    """Against the categories of the comparison, bucket by bucket."""
    documents = [data.draw(strategies.policies()) for _ in range(2)]
    found = compare(*(_side_of(json.dumps(each)) for each in documents))
    gates = gated_items(Circumstances("main", found))
    sooner = {
        (key, item.change)
        for item in found.items
        for key in item.buckets
        if Category.DELETES_SOONER in item.categories
    }
    approved = {(key, change) for item in gates for key in item.buckets for change in item.changes}
    assert sooner <= approved
    kept = {(key, c) for i in gates if not i.is_first_rules for key in i.buckets for c in i.changes}
    assert kept <= sooner


def _side_of(text: str) -> Mapping[str, BucketConfig]:
    compilation = compile_files({"policies/p.yaml": text.encode()})
    if compilation.failed:
        return {"lab/*/lab-data": BucketConfig(RuleSet(()), Versioning.OFF)}
    return {
        each.bucket.key: BucketConfig(each.rules, each.bucket.versioning)
        for each in compilation.buckets
    }
