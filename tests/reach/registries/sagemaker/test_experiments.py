"""Runs of experiments are read with the registry, and a job's locations go with its run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.sagemaker.models import sagemaker_backends

from firnline import testing
from firnline.fleet.accounts import Access
from firnline.reach.experiments.judge import judge
from firnline.reach.experiments.model import Run
from firnline.reach.experiments.settings import RunSettings
from firnline.reach.references import OrphanReason, Reference, Unneeded
from firnline.reach.registries.sagemaker.experiments import read_experiments
from firnline.reach.registries.sagemaker.source import SageMakerRegistry
from firnline.reach.source import Certificate, Found

ACCOUNT = "210987654321"


@pytest.fixture(scope="module")
def server() -> Iterator[testing.Emulator]:
    with testing.serve() as emulator:
        yield emulator


@pytest.fixture(scope="module")
def client(server: testing.Emulator) -> Any:
    return server.client("sagemaker", account=ACCOUNT)


@pytest.fixture
def sagemaker(client: Any, server: testing.Emulator) -> Any:
    sagemaker_backends[ACCOUNT][client.meta.region_name].reset()
    server.middleware.faults.clear()
    return client


def read(sagemaker: Any) -> list[Found]:
    access = Access(ACCOUNT, None, sagemaker.meta.region_name)
    registry = SageMakerRegistry(
        sagemaker, None, access, lambda: datetime.now(UTC), read_experiments
    )
    return list(registry.read())


def train(sagemaker: Any, name: str, *, trial: str | None = None) -> str:
    if trial is not None:
        sagemaker.create_experiment(ExperimentName="fraud")
        sagemaker.create_trial(TrialName=trial, ExperimentName="fraud")
    return str(
        sagemaker.create_training_job(
            TrainingJobName=name,
            AlgorithmSpecification={"TrainingInputMode": "File", "TrainingImage": "xgboost:1"},
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/training",
            OutputDataConfig={"S3OutputPath": "s3://lake/jobs"},
            CheckpointConfig={"S3Uri": f"s3://lake/checkpoints/{name}/"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
            StoppingCondition={"MaxRuntimeInSeconds": 60},
            ExperimentConfig={} if trial is None else {"TrialName": trial},
        )["TrainingJobArn"]
    )


def test_a_kept_run_keeps_the_checkpoints_of_its_job(sagemaker: Any) -> None:
    train(sagemaker, "fraud-1", trial="depth-4")

    found = read(sagemaker)

    (run,) = (each for each in found if isinstance(each, Run))
    assert [str(each) for each in run.roots] == [
        "s3://lake/checkpoints/fraud-1/",
        "s3://lake/jobs/fraud-1/",
    ]
    needed = list(judge([run], RunSettings(()), datetime.now(UTC)))
    for key in ("checkpoints/fraud-1/epoch-3.pt", "jobs/fraud-1/output/model.tar.gz"):
        assert any(isinstance(each, Reference) and each.location.covers(key) for each in needed)
    certificate = found[-1]
    assert isinstance(certificate, Certificate)
    assert certificate.is_complete
    assert "trial components" in (certificate.counted_by or "")


@pytest.mark.parametrize(
    ("trial", "reason"),
    [("depth-4", OrphanReason.RUN_FAILED), (None, OrphanReason.JOB_FAILED)],
    ids=["in a trial", "in none"],
)
def test_what_a_failed_job_left_is_told_once_by_its_run_or_by_itself(
    sagemaker: Any, server: testing.Emulator, trial: str | None, reason: OrphanReason
) -> None:
    arn = train(sagemaker, "fraud-1", trial=trial)
    ended = server.now - timedelta(days=90)
    server.change_sagemaker(
        testing.SageMakerChange(arn, status="Failed", created=ended, ended=ended)
    )

    found = read(sagemaker)

    runs = [each for each in found if isinstance(each, Run)]
    judged = judge(runs, RunSettings(()), datetime.now(UTC))
    orphans = [each for each in (*found, *judged) if isinstance(each, Unneeded)]
    assert {(each.reason, str(each.location)) for each in orphans} == {
        (reason, "s3://lake/checkpoints/fraud-1/"),
        (reason, "s3://lake/jobs/fraud-1/"),
    }
    assert len(orphans) == 2
    assert all(each.owner for each in orphans)


def test_the_record_of_a_job_in_no_experiment_is_no_run(sagemaker: Any) -> None:
    train(sagemaker, "fraud-1")

    found = read(sagemaker)

    assert not any(isinstance(each, Run) for each in found)
    references = [each for each in found if isinstance(each, Reference)]
    assert any(each.location.covers("checkpoints/fraud-1/epoch-3.pt") for each in references)


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ("ListTrialComponents", "grant sagemaker:ListTrialComponents"),
        ("ListExperiments", "grant sagemaker:ListExperiments"),
        ("Search", "grant sagemaker:Search"),
    ],
)
def test_experiments_that_may_not_be_read_prove_nothing(
    sagemaker: Any, server: testing.Emulator, operation: str, said: str
) -> None:
    sagemaker.create_experiment(ExperimentName="fraud")
    denied = testing.Fault(operation, status=403, code="AccessDeniedException", times=50)
    server.middleware.faults.add(denied)

    certificate = read(sagemaker)[-1]

    assert isinstance(certificate, Certificate)
    assert not certificate.is_complete
    assert any(said in each for each in certificate.problems)
