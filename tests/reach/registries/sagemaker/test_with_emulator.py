"""The whole of it by boto3, against the emulator: requests are valid, and answers are as AWS's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from firnline import testing
from firnline.fleet.accounts import Access
from firnline.reach.references import Reference, Strength, Unneeded
from firnline.reach.registries.sagemaker.source import SageMakerRegistry
from firnline.reach.source import Certificate, Found

pytestmark = pytest.mark.slow

ACCOUNT = "210987654321"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/training"


@pytest.fixture(scope="module")
def found() -> Iterator[list[Found]]:
    with testing.serve() as emulator:
        sagemaker: Any = emulator.client("sagemaker", account=ACCOUNT)
        s3: Any = emulator.client("s3", account=ACCOUNT)
        _fill(sagemaker)
        access = Access(ACCOUNT, None, sagemaker.meta.region_name)
        source = SageMakerRegistry(sagemaker, s3, access, lambda: datetime.now(UTC))
        yield list(source.read())


def _fill(sagemaker: Any) -> None:
    for number in range(12):
        _train(sagemaker, f"fraud-{number}")
    sagemaker.create_model_package_group(ModelPackageGroupName="fraud")
    model = sagemaker.describe_training_job(TrainingJobName="fraud-3")["ModelArtifacts"]
    container = {"Image": "xgboost:1", "ModelDataUrl": model["S3ModelArtifacts"]}
    sagemaker.create_model_package(
        ModelPackageGroupName="fraud",
        ModelApprovalStatus="Approved",
        InferenceSpecification={
            "Containers": [container],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )
    sagemaker.create_model(
        ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer={"ModelDataUrl": "s3://lake/m.tar"}
    )
    variant = {"VariantName": "all", "ModelName": "m", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(
        EndpointConfigName="c",
        ProductionVariants=[{**variant, "InstanceType": "ml.m5.large"}],
    )
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")


def _train(sagemaker: Any, name: str) -> None:
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://lake/train/"}}
    sagemaker.create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={"TrainingInputMode": "File", "TrainingImage": "xgboost:1"},
        RoleArn=ROLE,
        InputDataConfig=[{"ChannelName": "train", "DataSource": source}],
        OutputDataConfig={"S3OutputPath": "s3://lake/jobs"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 60},
    )


def _strongest(found: list[Found], key: str) -> Strength | None:
    references = (each for each in found if isinstance(each, Reference))
    return max((each.strength for each in references if each.location.covers(key)), default=None)


def test_an_account_is_read_whole_and_proved(found: list[Found]) -> None:
    proof = found[-1]
    assert isinstance(proof, Certificate)
    assert proof.problems == ()
    assert proof.is_complete
    assert proof.count >= 12 + 4


def test_what_is_served_registered_and_trained_is_needed(found: list[Found]) -> None:
    assert _strongest(found, "m.tar") is Strength.HOLD
    assert _strongest(found, "jobs/fraud-3/output/model.tar.gz") is Strength.PIN
    assert _strongest(found, "train/part-0") is Strength.PIN
    assert _strongest(found, "jobs/fraud-4/output/model.tar.gz") is Strength.LIVE
    assert not any(isinstance(each, Unneeded) for each in found)
