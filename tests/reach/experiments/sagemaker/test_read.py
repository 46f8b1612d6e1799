"""All runs of SageMaker Experiments are read, each once and with all its experiments."""

from __future__ import annotations

import math
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from firnline import testing
from firnline.reach.experiments.model import Metric, MetricPoint, Run, RunStatus
from firnline.reach.experiments.sagemaker import RunsRead, read_runs
from firnline.reach.location import Location, LocationKind
from tests.reach.experiments.sagemaker.worlds import (
    BUCKET,
    Account,
    Requests,
    classify_images,
    sweep,
)

IN = BUCKET.removeprefix("s3://")


def read(account: Account, *, points: bool = False, **answers: Any) -> tuple[list[Run], RunsRead]:
    calls = Requests(account.sagemaker, answers)
    *runs, result = read_runs(calls, account.metrics if points else None)
    assert isinstance(result, RunsRead)
    assert all(isinstance(each, Run) for each in runs)
    return [each for each in runs if isinstance(each, Run)], result


def the_run(account: Account) -> Run:
    (run,), _ = read(account)
    return run


def is_complete(result: RunsRead) -> bool:
    return result.count == result.independent_count and not result.problems


def folder(key: str) -> Location:
    return Location(IN, LocationKind.DIR, key)


def test_eighteen_trials_share_their_preprocessing(account: Account) -> None:
    classify_images(account)

    runs, result = read(account)

    assert is_complete(result)
    assert (result.count, result.counted_by) == (19, "Search (trial components)")
    by_name = {each.id.rpartition("/")[2]: each for each in runs}
    shared = by_name["preprocessing"]
    assert shared.experiments == ("cifar10",)
    assert len(shared.groups) == 18
    assert [each.name for each in shared.inputs] == ["script"]
    trained = by_name["cnn-adam-12-aws-training-job"]
    assert (trained.name, trained.experiments, trained.groups) == (
        "training",
        ("cifar10",),
        ("cnn-adam-12",),
    )
    assert trained.source_job is not None
    assert trained.source_job.endswith(":training-job/cnn-adam-12")
    assert trained.parameters == (("epochs", "12"), ("model", "cnn"), ("optimiser", "adam"))
    assert trained.roots == (folder("output/cnn-adam-12"),)
    assert trained.metrics == (Metric("validation:accuracy", 0.78),)


def test_a_sweep_of_the_sdk_is_read_with_uploads_and_model_data(account: Account) -> None:
    sweep(account)

    runs, result = read(account)

    assert is_complete(result)
    assert Counter(each.groups for each in runs) == {("Default-Run-Group-fraud",): 18}
    best = max(runs, key=lambda run: run.metrics[0].last)
    assert best.name == "depth-8-rate-0-1-sub-0-7"
    assert dict(best.parameters)["learning_rate"] == "0.1"
    assert best.tags == (("sagemaker:trial-component-source", "run"),)
    assert best.owner == "alice"
    name = f"fraud-{best.name}"
    assert best.roots == (folder(f"trial-component-artifacts/{name}"),)
    (model,) = best.inputs
    assert model.name == "model_data"
    assert folder(f"experiments/output/{name}/model.tar.gz") in model.locations


def test_what_is_read_is_what_describing_each_component_tells(account: Account) -> None:
    account.experiment("fraud", "one", "two")
    account.experiment("cifar", "three")
    account.component("in-two-trials", "one", "two")
    account.component("in-two-experiments", "one", "three", Tags=[{"Key": "team", "Value": "a"}])
    account.component("in-none", Parameters={"rate": {"NumberValue": 0.05}})
    account.train("job", ExperimentConfig={"TrialName": "three"})
    account.log("job-aws-training-job", "auc", [0.5, 0.75])

    def no_search(answer: Any, _: Any) -> Any:
        return {**answer, "Results": []}

    quick, _ = read(account)
    slow, result = read(account, Search=no_search)

    assert is_complete(result)
    assert {each.id: each for each in quick} == {each.id: each for each in slow}
    # The index of parents is no witness of itself.
    naive = {
        each["TrialComponentArn"]: experiments_of(account, each["TrialComponentName"])
        for page in account.sagemaker.get_paginator("list_trial_components").paginate()
        for each in page["TrialComponentSummaries"]
    }
    assert {each.id: set(each.experiments) for each in quick} == naive
    assert sorted(map(len, naive.values()))[0] == 0
    assert sorted(map(len, naive.values()))[-1] == 2


def experiments_of(account: Account, component: str) -> set[str]:
    trials = account.sagemaker.list_trials(TrialComponentName=component, MaxResults=100)
    return {
        account.sagemaker.describe_trial(TrialName=each["TrialName"])["ExperimentName"]
        for each in trials["TrialSummaries"]
    }


def test_reading_takes_a_request_for_a_hundred_runs_not_for_each(account: Account) -> None:
    classify_images(account)
    sweep(account)
    calls = Requests(account.sagemaker)

    assert len([*read_runs(calls)]) == 38

    assert Counter(calls.operations) == {
        "ListTrialComponents": 4,
        "ListExperiments": 1,
        "Search": 2,
    }


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("InProgress", RunStatus.RUNNING),
        ("Stopping", RunStatus.RUNNING),
        ("Completed", RunStatus.FINISHED),
        ("Failed", RunStatus.FAILED),
        ("Stopped", RunStatus.STOPPED),
    ],
)
def test_a_run_has_the_status_of_its_component(
    account: Account, word: str, status: RunStatus
) -> None:
    account.component("tc", status=word)
    assert the_run(account).status is status


def test_a_component_that_never_ran_counts_as_finished(account: Account) -> None:
    account.sagemaker.create_trial_component(TrialComponentName="dataset")
    assert the_run(account).status is RunStatus.FINISHED


def test_a_failed_job_has_a_failed_run_that_ended_with_it(account: Account) -> None:
    arn = account.train("lost")
    ended = account.server.now.replace(microsecond=0) - timedelta(days=9)
    account.server.change_sagemaker(
        testing.SageMakerChange(arn, status="Failed", reason="out of memory", ended=ended)
    )

    run = the_run(account)

    assert (run.status, run.ended, run.experiments) == (RunStatus.FAILED, ended, ())
    assert run.roots == ()


def test_the_owner_is_the_profile_of_the_studio_where_there_is_one(account: Account) -> None:
    arn = account.component("tc")
    account.server.change_sagemaker(testing.SageMakerChange(arn, created_by="bob"))
    assert the_run(account).owner == "bob"


def test_a_folder_that_only_has_the_name_of_a_run_is_not_its_own(account: Account) -> None:
    """A run called `data` that logs s3://…/data/train would else take all data with it."""
    account.component(
        "data",
        InputArtifacts={"train": {"Value": f"{BUCKET}/data/train"}},
        OutputArtifacts={
            "model": {"Value": f"{BUCKET}/models/data/model.tar.gz"},
            "chart": {"Value": f"{BUCKET}/trial-component-artifacts/data-2/chart.png"},
        },
    )

    assert the_run(account).roots == ()


def test_the_root_is_as_written_and_artifacts_are_in_all_readings(account: Account) -> None:
    uri = f"{BUCKET}/a%20b/trial-component-artifacts/tc/chart.png"
    account.component("tc", OutputArtifacts={"chart": {"Value": uri}})

    run = the_run(account)

    assert run.roots == (folder("a%20b/trial-component-artifacts/tc"),)
    (chart,) = run.outputs
    assert {each.key.partition("/")[0] for each in chart.locations} == {"a%20b", "a b"}


def test_what_is_no_location_is_kept_as_text(account: Account) -> None:
    account.component(
        "tc",
        InputArtifacts={
            "image": {"Value": "210987654321.dkr.ecr.us-east-1.amazonaws.com/xgb:1"},
            "note": {"Value": f"see {BUCKET}/notes/a.md for it"},
        },
    )

    image, note = the_run(account).inputs

    assert image.locations == ()
    assert folder("notes/a.md") in note.locations


def test_a_parameter_and_a_tag_of_one_name_both_count(account: Account) -> None:
    account.component(
        "tc",
        Parameters={"data": {"StringValue": f"{BUCKET}/train"}},
        Tags=[{"Key": "data", "Value": f"{BUCKET}/test"}],
        MetadataProperties={"Repository": f"{BUCKET}/code"},
    )

    inputs = the_run(account).inputs

    keys = {location.key for each in inputs for location in each.locations}
    assert {"train", "test", "code"} <= keys


def test_metrics_are_read_by_step_with_nan_and_in_several_requests(account: Account) -> None:
    for each in range(3):
        account.component(f"tc-{each}")
        for metric in range(40):
            account.log(f"tc-{each}", f"loss-{metric:02}", [1.0, 0.5 + each])
    account.log("tc-0", "loss-00", [1.0, 0.25, math.nan])

    runs, result = read(account, points=True)

    assert is_complete(result)
    by_name = {each.name: each for each in runs}
    assert len(by_name["tc-2"].metrics) == 40
    assert by_name["tc-2"].metrics[39] == Metric(
        "loss-39", 2.5, (MetricPoint(0, 1.0), MetricPoint(1, 2.5))
    )
    first = by_name["tc-0"].metrics[0]
    assert [each.step for each in first.points] == [0, 1, 2]
    assert math.isnan(first.last)
