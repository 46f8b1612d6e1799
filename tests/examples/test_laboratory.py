"""The laboratory holds what its scripts say."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from mlflow import MlflowClient
from mlflow.entities import ViewType

from examples.laboratory.build import BUCKET
from examples.own_registries import TABLE
from tests.examples.conftest import Lab

pytestmark = pytest.mark.slow


def test_every_planted_orphan_is_an_object_of_the_bucket(lab: Lab) -> None:
    pages = lab.client("s3").get_paginator("list_objects_v2")
    stored = {
        each["Key"]: each["Size"]
        for page in pages.paginate(Bucket=BUCKET)
        for each in page["Contents"]
    }
    planted = json.loads((lab.folder / "planted.json").read_text())
    assert planted == {
        key: {"reason": each["reason"], "bytes": stored[key]} for key, each in planted.items()
    }
    reasons = Counter(each["reason"] for each in planted.values())
    assert reasons["run_not_kept"] == 13 * 7
    assert set(reasons) == {
        "intermediate_checkpoint",
        "job_failed",
        "job_stopped",
        "logged_model_deleted",
        "run_abandoned",
        "run_deleted",
        "run_failed",
        "run_killed",
        "run_missing",
        "run_not_kept",
        "unreferenced",
        "version_deleted",
    }


def test_mlflow_has_a_sweep_of_18_runs_and_a_year_of_churn(lab: Lab) -> None:
    client = MlflowClient(f"sqlite:///{lab.folder / 'mlflow.db'}")
    sweep = client.get_experiment_by_name("fraud-detection")
    churn = client.get_experiment_by_name("churn-prediction")
    assert sweep
    assert churn
    runs = client.search_runs([sweep.experiment_id], order_by=["metrics.val_auc DESC"])
    assert len(runs) == 18
    champion = client.get_model_version_by_alias("fraud-detector", "champion")
    assert champion.run_id == runs[0].info.run_id
    stages = Counter(
        (run.info.lifecycle_stage, run.info.status)
        for run in client.search_runs([churn.experiment_id], run_view_type=ViewType.ALL)
    )
    assert stages == {
        ("active", "FINISHED"): 2,
        ("active", "FAILED"): 3,
        ("active", "KILLED"): 1,
        ("active", "RUNNING"): 2,
        ("deleted", "FINISHED"): 6,
    }


def test_sagemaker_has_18_trials_that_share_one_component(lab: Lab) -> None:
    sagemaker = lab.client("sagemaker")
    trials = sagemaker.list_trials(MaxResults=100)["TrialSummaries"]
    assert len(trials) == 18
    shared = sagemaker.list_trials(TrialComponentName="cifar10-preprocessing", MaxResults=100)
    assert len(shared["TrialSummaries"]) == 18


def test_the_table_has_one_item_per_model(lab: Lab) -> None:
    found = lab.client("dynamodb").scan(TableName=TABLE)
    assert found["Count"] == 5


def test_a_second_build_changes_nothing(lab: Lab) -> None:
    before = (lab.folder / "planted.json").read_bytes()
    ran = lab.run("examples.laboratory", "--folder", str(lab.folder))
    assert (ran.returncode, ran.stdout) == (
        0,
        "the laboratory is there already: acme-ml-lab-use1\n",
    )
    assert (lab.folder / "planted.json").read_bytes() == before
