"""The scripts that need no MLflow do what their first lines say, in any emulator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from examples.artifacts import ArtifactBucket
from examples.fraud_sweep import curve
from examples.image_classification import EPOCHS, MODELS, OPTIMISERS, Laboratory, Trial, classify
from examples.own_registries import MANIFEST, TABLE, fill_table, write_manifest
from firnline import testing
from firnline.testing.moto_process import open_account, role_arn

ACCOUNT, BUCKET = "456789012345", "acme-ml-lab-use1"
TODAY = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.fixture(scope="module")
def aws() -> Iterator[testing.Emulator]:
    with testing.serve(lambda _: _open()) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def session(aws: testing.Emulator) -> Any:
    keys = aws.caller_client("sts").assume_role(
        RoleArn=role_arn(ACCOUNT), RoleSessionName="laboratory"
    )["Credentials"]
    made = boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], "us-east-1"
    )
    made.client("s3", endpoint_url=aws.endpoint).create_bucket(Bucket=BUCKET)
    return made


@pytest.fixture(scope="module")
def sagemaker(aws: testing.Emulator, session: Any) -> Any:
    return session.client("sagemaker", endpoint_url=aws.endpoint)


@pytest.fixture(scope="module")
def bucket() -> ArtifactBucket:
    return ArtifactBucket(BUCKET)


@pytest.fixture(scope="module")
def trials(aws: testing.Emulator, sagemaker: Any, bucket: ArtifactBucket) -> list[Trial]:
    return classify(Laboratory(aws.endpoint, sagemaker, ACCOUNT, bucket), TODAY)


def test_there_is_a_trial_for_each_set_of_variables(sagemaker: Any, trials: list[Trial]) -> None:
    assert len(trials) == len(MODELS) * len(OPTIMISERS) * len(EPOCHS) == 18
    stored = sagemaker.list_trials(ExperimentName="image-classification", MaxResults=100)
    names = {each["TrialName"] for each in stored["TrialSummaries"]}
    assert names == {each.name for each in trials}


def test_all_trials_share_the_preprocessing_and_have_a_component_of_their_own(
    sagemaker: Any, trials: list[Trial]
) -> None:
    components = Counter(
        each["TrialComponentName"]
        for trial in trials
        for each in sagemaker.list_trial_components(TrialName=trial.name)["TrialComponentSummaries"]
    )
    assert components.pop("cifar10-preprocessing") == 18
    assert set(components.values()) == {1}
    assert len(components) == 2 * 18  # of the training, and of its job


def test_two_jobs_ended_early_and_left_checkpoints(
    sagemaker: Any, bucket: ArtifactBucket, trials: list[Trial]
) -> None:
    assert trials
    jobs = sagemaker.list_training_jobs(MaxResults=100)["TrainingJobSummaries"]
    ended = {each["TrainingJobName"]: each["TrainingJobStatus"] for each in jobs}
    early = {name for name, status in ended.items() if status != "Completed"}
    assert {name: ended[name] for name in early} == {
        "custom-cnn-sgd-300": "Stopped",
        "resnet50-adam-300": "Failed",
    }
    left = {each.key.split("/")[3] for each in bucket.artifacts if "/checkpoints/" in each.key}
    assert early < left


def test_the_best_trial_is_the_one_that_is_registered_and_deployed(
    sagemaker: Any, trials: list[Trial]
) -> None:
    assert trials[0].name == "custom-cnn-adam-120"
    (version,) = sagemaker.list_model_packages(ModelPackageGroupName="image-classifier")[
        "ModelPackageSummaryList"
    ]
    described = sagemaker.describe_model_package(ModelPackageName=version["ModelPackageArn"])
    (container,) = described["InferenceSpecification"]["Containers"]
    assert container["ModelDataUrl"] == trials[0].model_data
    served = sagemaker.describe_model(ModelName="image-classifier-prod")
    assert served["PrimaryContainer"]["ModelDataUrl"] == trials[0].model_data


def test_the_own_registries_hold_what_people_typed_and_the_artifacts_are_sent_at_once(
    aws: testing.Emulator, session: Any
) -> None:
    bucket = ArtifactBucket(BUCKET)
    dynamodb = session.client("dynamodb", endpoint_url=aws.endpoint)
    s3 = session.client("s3", endpoint_url=aws.endpoint)
    fill_table(dynamodb, bucket, TODAY)
    write_manifest(s3, bucket, TODAY)
    paths = {item["s3_path"]["S"] for item in dynamodb.scan(TableName=TABLE)["Items"]}
    assert {f"s3://{BUCKET}/models/a", f"s3://{BUCKET}/models/risk/v1/"} < paths
    assert s3.head_object(Bucket=BUCKET, Key=MANIFEST)["ContentLength"] > 0
    bucket.send(aws.endpoint)
    stored = s3.list_objects_v2(Bucket=BUCKET, Prefix="models/")["Contents"]
    assert {each["Key"]: (each["Size"], each["LastModified"]) for each in stored} == {
        each.key: (each.bytes, each.modified) for each in bucket.artifacts
    }


def test_a_curve_of_the_sweep_rises_with_every_step() -> None:
    values = [auc for _, auc in curve(6, 0.05, 0.9)]
    assert values == sorted(values)


def _open() -> None:
    open_account(ACCOUNT)
