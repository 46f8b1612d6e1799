"""Expectations: what S3 does with an item by an age, against what somebody relies on."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from firnline.language.expectations import Case, Expected, Fate
from firnline.pipeline import Compilation
from firnline.rules.bucket_rules import rules_of_patterns
from firnline.rules.expected import NOT_AS_EXPECTED, failures, outcomes
from firnline.rules.fate import item_of
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, ItemKind, LifecycleAction
from firnline.s3.terms import Days, StorageClass, Versioning
from tests.policies import compiled

POLICY = """\
versioning: {versioning}
retain:
  runs:
    prefix: runs/
    warm_after: 14d
    cold_after: 60d
    delete_after: 180d
    old_versions: {{delete_after: 7d}}
"""
START = "firnline: expectations/v1\ncases:\n"


def with_cases(*cases: str, versioning: str = "enabled") -> Compilation:
    policy = POLICY.format(versioning=versioning)
    if versioning == "off":
        policy = policy.replace("    old_versions: {delete_after: 7d}\n", "")
    text = START + "".join(f"  case-{number}: {case}\n" for number, case in enumerate(cases))
    return compiled({"policy.yaml": policy, "expectations.yaml": text})


def failed(*cases: str, versioning: str = "enabled") -> list[str]:
    """The messages of what does not hold."""
    compilation = with_cases(*cases, versioning=versioning)
    assert not compilation.failed, compilation.diagnostics
    buckets = (*compilation.buckets, *rules_of_patterns(compilation.folder))
    return [each.message for each in failures(compilation.folder.cases, buckets)]


RULE = "`firnline/default/example/runs`"


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ("13d: STANDARD, 14d: STANDARD_IA, 59d: kept, 60d: GLACIER_IR", None),
        ("179d: kept, 180d: deleted, 186d: deleted, 187d: gone, 188d: deleted", None),
        (
            "45d: GLACIER_IR",
            f"it is in STANDARD_IA at 45d, since 14d, by {RULE}; moved to GLACIER_IR",
        ),
        ("180d: kept", f"it is deleted at 180d: hidden by a delete marker at 180d, by {RULE}"),
        ("180d: gone", f"by {RULE}; noncurrent version deleted for good only at 187d, by {RULE}"),
        ("179d: deleted", f"since 60d, by {RULE}; hidden by a delete marker only at 180d"),
        (
            "187d: kept",
            f"it is gone at 187d: noncurrent version deleted for good at 187d, by {RULE}",
        ),
    ],
)
def test_an_object_is_where_it_is_at_an_age(expected: str, message: str | None) -> None:
    found = failed(f"{{key: runs/7/x.pt, expect: {{{expected}}}}}")
    if message is None:
        assert found == []
    else:
        assert len(found) == 1
        assert message in found[0]


def test_what_deleting_means_depends_on_versioning() -> None:
    case = "{key: runs/x, expect: {180d: gone}}"
    assert failed(case, versioning="off") == []
    assert len(failed(case, versioning="enabled")) == 1


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("{overwritten_at: 0d, key: runs/x, expect: {6d: STANDARD, 7d: gone}}", None),
        ("{overwritten_at: 20d, key: runs/x, expect: {6d: STANDARD_IA, 7d: deleted}}", None),
        ("{overwritten_at: 179d, key: runs/x, expect: {0d: GLACIER_IR}}", None),
        (
            "{overwritten_at: 181d, key: runs/x, expect: {99d: gone}}",
            f"it is deleted before it is overwritten: hidden by a delete marker at 180d, by {RULE}",
        ),
        ("{overwritten_at: 5000000y, key: other, expect: {99d: kept}}", None),
    ],
)
def test_of_an_old_version_ages_count_from_its_replacement(case: str, message: str | None) -> None:
    assert failed(case) == ([] if message is None else [message])


def test_where_no_version_is_kept_overwriting_frees_an_object() -> None:
    (message,) = failed("{overwritten_at: 2d, key: runs/x, expect: {0d: kept}}", versioning="off")
    assert message == "its bytes are freed at once when it is overwritten: no version is kept"


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ("{item: upload, key: runs/x, expect: {2d: kept, 3d: gone}}", None),
        ("{item: delete_marker, key: runs/x, expect: {0d: kept, 1d: gone}}", None),
        (
            "{item: delete_marker, key: other, expect: {9d: gone}}",
            "it is there at 9d; no rule deletes",
        ),
        ("{size: 1KiB, key: runs/x, expect: {60d: STANDARD}}", None),
        ("{storage_class: GLACIER, key: runs/x, expect: {60d: GLACIER, 180d: deleted}}", None),
    ],
)
def test_other_items_are_judged_as_well(case: str, message: str | None) -> None:
    found = failed(case)
    assert [message in each for each in found if message] == ([True] if message else [])


def test_a_case_without_buckets_is_for_all_and_names_those_in_which_it_fails() -> None:
    policy = POLICY.format(versioning="enabled")
    shorter = (
        "firnline: policy/v1\npolicy: shorter\nowner: lab\nwhy: less\nversioning: enabled\n"
        "applies_to: [{account: lab, buckets: [lab-a, lab-b]}]\nuploads: {abort_after: 3d}\n"
        "retain: {runs: {prefix: runs/, delete_after: 90d, old_versions: {delete_after: 7d}}}\n"
    )
    text = f"{START}  kept: {{key: runs/x, expect: {{100d: kept}}}}\n"
    files = {"policy.yaml": policy, "shorter.yaml": shorter, "expectations.yaml": text}
    compilation = compiled(files)
    (outcome,) = outcomes(compilation.folder.cases[0], compilation.buckets)
    assert outcome.buckets == ("lab/*/lab-a", "lab/*/lab-b", "lab/*/lab-data")
    assert outcome.failure is not None
    assert outcome.failure.notes == ("in lab/*/lab-a, lab/*/lab-b",)
    (place, label), *_ = outcome.failure.also
    assert (str(place).partition(":")[0], label) == ("policies/shorter.yaml", "`runs` decides")


def test_unknown_versioning_must_not_matter() -> None:
    text = (
        f"{START}  a: {{key: runs/x, expect: {{180d: deleted}}}}\n"
        "  b: {key: runs/x, expect: {180d: gone}}\n"
    )
    whole = (
        "firnline: policy/v1\npolicy: example\nowner: lab\nwhy: more\n"
        "applies_to: [{account: lab, buckets: lab-data}]\nuploads: {abort_after: 3d}\n"
        + POLICY.format(versioning="").partition("\n")[2]
    )
    compilation = compiled({"policy.yaml": whole, "expectations.yaml": text})
    found = failures(compilation.folder.cases, compilation.buckets)
    assert [each.notes[0] for each in found] == [
        "in lab/*/lab-data, if the bucket keeps versions: whether it does is not known"
    ]


@pytest.mark.parametrize(
    ("names", "message", "help"),
    [
        ("buckets: lab-dta", "the policies cover no bucket `lab-dta`", "did you mean `lab-data`?"),
        ("account: prod", "the policies cover no account `prod`", "the policies cover: lab"),
        ("buckets: 'x-*'", "the policies cover no bucket `x-*`", "the policies cover: lab-data"),
    ],
)
def test_a_bucket_that_no_policy_covers_is_a_mistake(names: str, message: str, help: str) -> None:
    compilation = with_cases(f"{{{names}, key: runs/x, expect: {{1d: kept}}}}")
    (found,) = failures(compilation.folder.cases, compilation.buckets)
    assert (found.kind.code, found.message, found.help) == ("FL109", message, help)


def test_the_example_of_the_kind_is_not_as_expected_and_its_cure_is() -> None:
    wrong, right = compiled(NOT_AS_EXPECTED.wrong), compiled(NOT_AS_EXPECTED.right)
    (found,) = failures(wrong.folder.cases, wrong.buckets)
    assert found.kind is NOT_AS_EXPECTED
    assert right.folder.cases
    assert failures(right.folder.cases, right.buckets) == ()


@pytest.mark.parametrize("versioning", [Versioning.ENABLED, Versioning.OFF])
def test_the_fate_at_every_age_is_that_of_the_other_simulator(versioning: Versioning) -> None:
    chance = random.Random(20261128)
    for _ in range(60):
        size = chance.choice(["1KiB", "1MiB"])
        key = chance.choice(["runs/x", "other"])
        in_class = chance.choice(["STANDARD", "STANDARD_IA", "GLACIER", "INTELLIGENT_TIERING"])
        case = f"{{key: {key}, size: {size}, storage_class: {in_class}, expect: {{1d: kept}}}}"
        compilation = with_cases(case, versioning=versioning.value)
        (read,) = compilation.folder.cases
        age = Days(chance.choice([0, 13, 14, 59, 60, 61, 179, 180, 186, 187, 900]))
        fate, there = _by_batch(read, compilation, versioning, age)
        for other in Fate:
            expected = Expected(read.span, str(age), age, other)
            said = _as_expected(read, expected, compilation)
            assert said is (other is fate or (other is Fate.DELETED and fate is Fate.GONE)), case
        if there is not None:
            for each in ("STANDARD", "GLACIER_IR", there):
                expected = Expected(read.span, str(age), age, Fate.KEPT, StorageClass(each))
                assert _as_expected(read, expected, compilation) is (each == there), case


def _as_expected(case: Case, expected: Expected, compilation: Compilation) -> bool:
    (outcome,) = outcomes(replace(case, expected=(expected,)), compilation.buckets)
    return outcome.failure is None


def _by_batch(
    case: Case, compilation: Compilation, versioning: Versioning, age: Days
) -> tuple[Fate, str | None]:
    item = item_of(case)
    assert item.kind is ItemKind.OBJECT_VERSION
    until = item.created + timedelta(days=int(age))
    batch = Batch(compilation.buckets[0].rules, BucketState(versioning))
    (steps,) = batch.histories([item], None, until)
    fate, storage_class = Fate.KEPT, item.storage_class
    for step in steps:
        storage_class = step.left or storage_class
        if step.left is None:
            fate = Fate.GONE
        elif step.taken.action is LifecycleAction.DELETE_MARKER:
            fate = Fate.DELETED
    return fate, storage_class if fate is Fate.KEPT else None
