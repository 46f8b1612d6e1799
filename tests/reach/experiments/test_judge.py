"""Which runs keep their artifacts, for which reason, and since when not?"""

from __future__ import annotations

import math

import pytest

from firnline.language.run_retentions import CheckpointsOf, Goal
from firnline.reach.experiments.model import Artifact, Run
from firnline.reach.experiments.remarks import RemarkKind
from firnline.reach.location import Location, LocationKind
from firnline.reach.references import Reference, Strength, Unneeded
from tests.reach.experiments.runs import (
    ago,
    checkpoints,
    failed,
    judged,
    remarks,
    retention,
    root_of,
    rules,
    run,
    running,
    stopped,
    verdicts,
)

BEST_TWO = retention(best=(2, "auc", Goal.MAXIMIZE))


def test_without_a_section_what_is_active_is_live_and_what_ended_badly_goes_after_the_grace() -> (
    None
):
    assert verdicts(
        run("finished"),
        running("running"),
        running("silent", ended=900),
        failed("failed", ended=15),
        failed("just-failed", ended=13),
        stopped("stopped", ended=15),
        stopped("just-stopped", ended=13),
        run("deleted", is_deleted=True, deleted=ago(15)),
        run("just-deleted", is_deleted=True, deleted=ago(13)),
    ) == {
        "finished": "live",
        "running": "live",
        "silent": "live",
        "failed": "run_failed",
        "just-failed": "soft",
        "stopped": "run_killed",
        "just-stopped": "soft",
        "deleted": "run_deleted",
        "just-deleted": "soft",
    }


def test_a_deleted_run_goes_whatever_a_section_keeps() -> None:
    deleted = run("gone", is_deleted=True, deleted=ago(20), metrics={"auc": 0.99})
    section = retention(best=(5, "auc", Goal.MAXIMIZE), younger=900)
    assert verdicts(deleted, by=(section,)) == {"gone": "run_deleted"}


def test_a_deleted_run_takes_no_place_among_the_best() -> None:
    deleted = run("gone", is_deleted=True, deleted=ago(20), metrics={"auc": 0.99})
    best = [run(name, metrics={"auc": value}) for name, value in (("a", 0.8), ("b", 0.7))]
    assert verdicts(deleted, *best, by=(BEST_TWO,)) == {
        "gone": "run_deleted",
        "a": "live",
        "b": "live",
    }


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        (run("r", is_deleted=True, deleted=None), RemarkKind.DELETION_UNDATED),
        (failed("r", ended=None), RemarkKind.END_UNDATED),
        (stopped("r", ended=None), RemarkKind.END_UNDATED),
    ],
    ids=["deleted", "failed", "stopped"],
)
def test_where_the_registry_does_not_say_since_when_the_artifacts_stay_and_it_is_said(
    one: Run, kind: RemarkKind
) -> None:
    assert verdicts(one) == {"r": "soft"}
    (remark,) = remarks(one)
    assert (remark.kind, remark.runs) == (kind, ("r",))


def test_an_end_counts_from_the_last_that_was_heard_of_the_run() -> None:
    assert verdicts(failed("r", ended=100, last_news=ago(2))) == {"r": "soft"}


def test_a_run_without_news_is_abandoned_only_where_a_policy_says_so() -> None:
    silent, heard = running("silent", ended=14.1), running("heard", ended=14)
    assert verdicts(silent, heard, by=(retention(abandoned=14),)) == {
        "silent": "run_abandoned",
        "heard": "live",
    }
    assert verdicts(silent, by=(retention(experiments=("other",), abandoned=14),)) == {
        "silent": "live"
    }


def test_a_running_run_of_which_nobody_knows_when_there_was_news_stays_and_it_is_said() -> None:
    by = (retention(abandoned=14),)
    assert verdicts(running("r", ended=None), by=by) == {"r": "live"}
    assert [each.kind for each in remarks(running("r", ended=None), by=by)] == [
        RemarkKind.NEWS_UNDATED
    ]


def test_the_best_are_kept_and_the_others_go_after_the_grace() -> None:
    runs = [
        run("best", metrics={"auc": 0.9}),
        run("second", metrics={"auc": 0.8}),
        run("third", metrics={"auc": 0.7}),
        run("fresh", metrics={"auc": 0.6}, ended=3),
    ]
    assert verdicts(*runs, by=(BEST_TWO,)) == {
        "best": "live",
        "second": "live",
        "third": "run_not_kept",
        "fresh": "soft",
    }
    assert not remarks(*runs, by=(BEST_TWO,))


def test_with_minimize_the_least_are_the_best() -> None:
    runs = [run(name, metrics={"loss": value}) for name, value in (("a", 3), ("b", 1), ("c", 2))]
    by = (retention(best=(1, "loss", Goal.MINIMIZE)),)
    assert verdicts(*runs, by=by)["b"] == "live"
    assert set(verdicts(*runs, by=by).values()) == {"live", "run_not_kept"}


def test_ties_at_the_last_place_are_all_kept_and_said() -> None:
    runs = [run(name, metrics={"auc": 0.9 if name == "a" else 0.8}) for name in "abc"]
    assert set(verdicts(*runs, by=(BEST_TWO,)).values()) == {"live"}
    (remark,) = remarks(*runs, by=(BEST_TWO,))
    assert (
        str(remark) == "churn: 2 runs (b, c) tie for the last place by `auc`; all of them are kept"
    )


def test_nan_and_a_missing_metric_are_never_among_the_best_and_said() -> None:
    runs = [
        run("good", metrics={"auc": 0.5}),
        run("nan", metrics={"auc": math.nan}),
        run("none", metrics={"loss": 1.0}),
    ]
    assert verdicts(*runs, by=(BEST_TWO,)) == {
        "good": "live",
        "nan": "run_not_kept",
        "none": "run_not_kept",
    }
    assert {each.kind: each.runs for each in remarks(*runs, by=(BEST_TWO,))} == {
        RemarkKind.NOT_A_NUMBER: ("nan",),
        RemarkKind.WITHOUT_METRIC: ("none",),
    }


@pytest.mark.parametrize("infinite", [math.inf, 1.7976931348623157e308])
def test_an_infinite_value_is_kept_without_displacing_another_run(infinite: float) -> None:
    runs = [
        run("infinite", metrics={"auc": infinite}),
        run("a", metrics={"auc": 0.9}),
        run("b", metrics={"auc": 0.8}),
        run("worst", metrics={"auc": -math.inf}),
    ]
    assert verdicts(*runs, by=(BEST_TWO,)) == {
        "infinite": "live",
        "a": "live",
        "b": "live",
        "worst": "run_not_kept",
    }
    assert [each.kind for each in remarks(*runs, by=(BEST_TWO,))] == [RemarkKind.INFINITE]


def test_where_no_run_has_the_metric_nothing_is_judged_by_it() -> None:
    runs = [run("a", metrics={"AUC": 0.9}), run("b", metrics={"auc": math.nan}), run("c")]
    assert set(verdicts(*runs, by=(BEST_TWO,)).values()) == {"live"}
    (remark,) = remarks(*runs, by=(BEST_TWO,))
    assert (remark.kind, remark.count) == (RemarkKind.NOTHING_TO_RANK, 3)


def test_each_experiment_has_its_own_best_and_one_of_them_is_enough() -> None:
    by = (retention(best=(1, "auc", Goal.MAXIMIZE)),)
    runs = [
        run("a", experiments=("churn-1",), metrics={"auc": 0.9}),
        run("shared", experiments=("churn-1", "churn-2"), metrics={"auc": 0.5}),
        run("c", experiments=("churn-2",), metrics={"auc": 0.4}),
    ]
    assert verdicts(*runs, by=by) == {"a": "live", "shared": "live", "c": "run_not_kept"}


def test_an_experiment_of_no_section_keeps_what_finished() -> None:
    runs = [
        run("best", metrics={"auc": 0.9}),
        run("second", metrics={"auc": 0.8}),
        run("shared", experiments=("churn", "fraud"), metrics={"auc": 0.1}),
        run("alone", experiments=()),
    ]
    assert set(verdicts(*runs, by=(BEST_TWO,)).values()) == {"live"}


def test_several_sections_of_an_experiment_keep_together() -> None:
    by = (
        retention("accuracy", best=(1, "auc", Goal.MAXIMIZE)),
        retention("speed", best=(1, "seconds", Goal.MINIMIZE)),
    )
    runs = [
        run("good", metrics={"auc": 0.9, "seconds": 9}),
        run("fast", metrics={"auc": 0.1, "seconds": 1}),
        run("neither", metrics={"auc": 0.2, "seconds": 5}),
    ]
    assert verdicts(*runs, by=by) == {"good": "live", "fast": "live", "neither": "run_not_kept"}


def test_whatever_is_younger_than_said_is_kept_even_if_it_failed() -> None:
    by = (retention(younger=30),)
    runs = [
        run("young", ended=29),
        run("old", ended=31),
        failed("failed", ended=29),
        failed("failed-long-ago", ended=31),
        run("undated", ended=None),
    ]
    assert verdicts(*runs, by=by) == {
        "young": "live",
        "old": "run_not_kept",
        "failed": "live",
        "failed-long-ago": "run_failed",
        "undated": "live",
    }


def test_a_section_without_a_clause_that_keeps_keeps_every_finished_run() -> None:
    assert verdicts(run("old", ended=900), by=(retention(abandoned=14),)) == {"old": "live"}


def test_what_a_run_read_and_wrote_elsewhere_is_needed_with_it_and_no_orphan_after_it() -> None:
    data = Location("data", LocationKind.DIR, "train")
    reads = (Artifact("train", "s3://data/train", (data,)),)
    live = judged(run("r", inputs=reads))
    assert [(each.location, each.strength) for each in live if isinstance(each, Reference)] == [
        (root_of("r"), Strength.LIVE),
        (data, Strength.LIVE),
    ]
    (gone,) = judged(failed("r", inputs=reads))
    assert isinstance(gone, Unneeded)
    assert gone.location == root_of("r")


def test_the_reason_names_the_run_the_clause_and_the_day() -> None:
    runs = [run("id-1", metrics={"auc": 0.9}), failed("id-2", ended=40)]
    live = judged(*runs, by=(retention(best=(3, "auc", Goal.MAXIMIZE)),))
    orphan, kept = live
    assert isinstance(kept, Reference)
    assert kept.because == ("run id-1", "best 3 of churn by `auc`")
    assert isinstance(orphan, Unneeded)
    assert (orphan.because, orphan.since) == (("run id-2", "failed"), ago(40))
    assert (orphan.owner, orphan.experiment) == ("ana", "churn")


def test_checkpoints_of_runs_that_are_kept_follow_their_status() -> None:
    by = (retention(younger=900, checkpoints=checkpoints(1, CheckpointsOf.FINISHED)),)
    (rule,) = rules(run("done"), running("busy"), failed("failed"), by=by)
    assert (rule.location, rule.keep_newest, rule.registered_only) == (root_of("done"), 1, False)


def test_a_running_run_keeps_at_least_its_two_newest_checkpoints() -> None:
    by = (retention(checkpoints=checkpoints(1, CheckpointsOf.RUNNING)),)
    assert [each.keep_newest for each in rules(running("busy"), by=by)] == [2]
    by = (retention(checkpoints=checkpoints(3, CheckpointsOf.RUNNING)),)
    assert [each.keep_newest for each in rules(running("busy"), by=by)] == [3]


def test_checkpoints_of_registered_runs_wait_for_what_pins_them() -> None:
    by = (retention(checkpoints=checkpoints(1, CheckpointsOf.REGISTERED)),)
    found = rules(run("done"), running("busy"), by=by)
    assert [(each.registered_only, each.keep_newest) for each in found] == [(True, 1), (True, 2)]


def test_no_checkpoint_is_given_up_where_experiments_of_a_run_disagree() -> None:
    by = (
        retention("a", ("a",), checkpoints=checkpoints(1, CheckpointsOf.FINISHED)),
        retention("b", ("b",), checkpoints=checkpoints(5, CheckpointsOf.FINISHED)),
    )
    both, one, uncovered = (
        run("both", experiments=("a", "b")),
        run("one", experiments=("a",)),
        run("uncovered", experiments=("a", "c")),
    )
    assert [each.location for each in rules(both, one, uncovered, by=by)] == [root_of("one")]
    assert [each.kind for each in remarks(both, uncovered, by=by)] == [
        RemarkKind.CHECKPOINTS_DIFFER
    ]


def test_a_run_that_is_not_needed_has_no_rule_for_checkpoints() -> None:
    by = (retention(checkpoints=checkpoints(1, *CheckpointsOf)),)
    assert not rules(failed("failed"), by=by)
    assert not rules(run("gone", is_deleted=True, deleted=ago(3)), by=by)
