"""What policies say of runs and of the ages of references: read, refused, and compared."""

from __future__ import annotations

import pytest

from firnline.language.checks.runs_disagree import may_match_both
from firnline.language.run_retentions import CheckpointsOf, Goal, RunMetadata
from firnline.s3.terms import Days
from tests.policies import codes, compiled

REFERENCES = "references: {from: [mlflow, sagemaker], grace: 14d}\n"


def entry(settings: str, name: str = "churn") -> str:
    return f"  {name}: {{from: mlflow, experiments: [churn-*, fraud], {settings}}}\n"


def found(*entries: str, references: str = REFERENCES) -> set[str]:
    return set(codes(compiled(references + "runs:\n" + "".join(entries)).diagnostics))


def test_a_whole_entry_is_read() -> None:
    compilation = compiled(
        REFERENCES
        + "runs:\n"
        + entry(
            "keep_best: {count: 5, metric: val_auc, goal: maximize}, keep_younger_than: 30d,"
            " keep_read_within: 90d, abandoned_after: 2w,"
            " checkpoints: {match: [checkpoints/*, epochs/*], keep_newest: 1,"
            " of: [registered, running]}, metadata: keep"
        )
    )
    (policy,) = compilation.folder.policies
    (read,) = policy.run_retentions
    assert (read.name.value, read.registry.value) == ("churn", "mlflow")
    assert [each.value for each in read.experiments] == ["churn-*", "fraud"]
    assert read.keep_best is not None
    assert (read.keep_best.count, read.keep_best.metric) == (5, "val_auc")
    assert read.keep_best.goal is Goal.MAXIMIZE
    assert read.keep_younger_than is not None
    assert read.keep_younger_than.value == Days(30)
    assert read.keep_read_within is not None
    assert read.keep_read_within.value == Days(90)
    assert read.abandoned_after is not None
    assert read.abandoned_after.value == Days(14)
    assert read.checkpoints is not None
    assert [each.value for each in read.checkpoints.match] == ["checkpoints/*", "epochs/*"]
    assert read.checkpoints.keep_newest == 1
    assert read.checkpoints.of == (CheckpointsOf.REGISTERED, CheckpointsOf.RUNNING)
    assert read.metadata is not None
    assert read.metadata.value is RunMetadata.KEEP


def test_the_ages_of_references_are_read_and_none_where_nothing_is_said() -> None:
    said = "references: {from: mlflow, grace: 14d, min_age: 3d, quiet: 2w, max_age: 2d}\n"
    (policy,) = compiled(said).folder.policies
    references = policy.references
    assert references is not None
    ages = (references.min_age, references.quiet, references.max_age)
    assert [each and int(each.value) for each in ages] == [3, 14, 2]
    (policy,) = compiled(REFERENCES).folder.policies
    references = policy.references
    assert references is not None
    assert (references.min_age, references.quiet, references.max_age) == (None, None, None)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("keep_younger_than: 30d", set()),
        ("keep_read_within: 30d", set()),
        ("abandoned_after: 30d", set()),
        ("metadata: keep", {"FL104"}),
        ("keep_younger_than: 0d", {"FL105"}),
        ("keep_younger_than: never", {"FL105"}),
        ("keep_best: {count: 0, metric: auc, goal: maximize}", {"FL104"}),
        ("keep_best: {count: -1, metric: auc, goal: maximize}", {"FL104"}),
        ("keep_best: {count: 5, metric: auc, goal: max}", {"FL104"}),
        ("keep_best: {count: 5, metric: auc}", {"FL102"}),
        ("checkpoints: {match: c/*, keep_newest: 0, of: running}", {"FL104"}),
        ("checkpoints: {match: c/*, keep_newest: 1, of: failed}", {"FL104"}),
        ("checkpoints: {match: c/*, keep_newest: 1, of: [running, failed]}", {"FL104"}),
        ("checkpoints: {match: c/*, keep_newest: 1}", {"FL102"}),
        ("keep_younger_than: 9d, metadata: archive", {"FL104"}),
        ("keep_younger_than: 9d, keep_bset: {}", {"FL103"}),
    ],
)
def test_what_cannot_be_meant_is_told_by_its_own_kind(settings: str, expected: set[str]) -> None:
    assert found(entry(settings)) == expected


def test_the_registry_must_be_one_of_the_references() -> None:
    young = entry("keep_younger_than: 9d")
    assert found(young, references="references: {from: table, grace: 14d}\n") == {"FL612"}
    assert found(young, references="") == {"FL612"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("keep_younger_than: 9d", "keep_younger_than: 10d", set()),
        ("keep_read_within: 9d", "keep_read_within: 10d", set()),
        (
            "keep_best: {count: 5, metric: auc, goal: maximize}",
            "keep_best: {count: 3, metric: seconds, goal: minimize}",
            set(),
        ),
        (
            "keep_best: {count: 5, metric: auc, goal: maximize}",
            "keep_best: {count: 5, metric: auc, goal: minimize}",
            {"FL613"},
        ),
        ("abandoned_after: 9d", "abandoned_after: 10d", {"FL613"}),
        ("abandoned_after: 7d", "abandoned_after: 1w", set()),
        (
            "checkpoints: {match: [a/*, b/*], keep_newest: 1, of: running}",
            "checkpoints: {match: [b/*, a/*], keep_newest: 1, of: [running]}",
            set(),
        ),
        (
            "checkpoints: {match: a/*, keep_newest: 1, of: running}",
            "checkpoints: {match: a/*, keep_newest: 2, of: running}",
            {"FL613"},
        ),
        (
            "keep_younger_than: 9d, metadata: keep",
            "keep_younger_than: 9d, metadata: delete",
            {"FL613"},
        ),
    ],
)
def test_entries_about_one_experiment_may_add_up_and_not_contradict(
    one: str, other: str, expected: set[str]
) -> None:
    assert found(entry(one), entry(other, "more")) == expected
    elsewhere = "  more: {from: mlflow, experiments: search-*, " + other + "}\n"
    assert found(entry(one), elsewhere) == set()
    another_registry = "  more: {from: sagemaker, experiments: churn-*, " + other + "}\n"
    assert found(entry(one), another_registry) == set()


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("churn", "churn", True),
        ("churn", "churn-*", False),
        ("churn-1", "churn-*", True),
        ("*", "*", True),
        ("*-v2", "churn-*", True),
        ("a*b", "a*c", False),
        ("a*", "b*", False),
        ("ab*", "a*c*", True),
        ("a*x*b", "aa*y*cb", True),
    ],
)
def test_two_patterns_meet_where_some_name_fits_both(one: str, other: str, both: bool) -> None:
    assert may_match_both(one, other) is both
    assert may_match_both(other, one) is both
