"""Training jobs, model packages, lineage and other lists of the emulator's SageMaker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from botocore.exceptions import ClientError
from moto.sagemaker.models import sagemaker_backends

from firnline import testing

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

ACCOUNT = "210987654321"
STARTED = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[testing.Emulator]:
    with testing.serve(started=STARTED) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def client(server: testing.Emulator) -> SageMakerClient:
    return server.client("sagemaker", account=ACCOUNT, session="alice")


@pytest.fixture
def sagemaker(client: SageMakerClient) -> SageMakerClient:
    """With nothing in it."""
    sagemaker_backends[ACCOUNT][client.meta.region_name].reset()
    return client


def train(sagemaker: SageMakerClient, job: str, **more: Any) -> str:
    return sagemaker.create_training_job(
        TrainingJobName=job,
        AlgorithmSpecification={"TrainingInputMode": "File", "TrainingImage": "xgboost:1"},
        RoleArn="arn:aws:iam::210987654321:role/training",
        OutputDataConfig={"S3OutputPath": "s3://models/output"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 60},
        **more,
    )["TrainingJobArn"]


def test_a_training_job_has_a_component_in_the_trial_that_it_names(
    sagemaker: SageMakerClient,
) -> None:
    sagemaker.create_experiment(ExperimentName="cifar")
    sagemaker.create_trial(TrialName="resnet", ExperimentName="cifar")
    source: Any = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://data/train"}}
    arn = train(
        sagemaker,
        "resnet-1",
        ExperimentConfig={"TrialName": "resnet", "TrialComponentDisplayName": "training"},
        HyperParameters={"epochs": "30", "optimiser": "adam"},
        InputDataConfig=[{"ChannelName": "train", "DataSource": source}],
        Environment={"SEED": "1"},
    )

    (summary,) = sagemaker.list_trial_components(TrialName="resnet")["TrialComponentSummaries"]
    assert summary["TrialComponentSource"]["SourceArn"] == arn
    by_source = sagemaker.list_trial_components(SourceArn=arn)["TrialComponentSummaries"]
    assert [each["TrialComponentName"] for each in by_source] == ["resnet-1-aws-training-job"]
    described = sagemaker.describe_trial_component(TrialComponentName="resnet-1-aws-training-job")
    assert described["DisplayName"] == "training"
    assert described["Parameters"] == {
        "epochs": {"NumberValue": 30.0},
        "optimiser": {"StringValue": "adam"},
    }
    assert described["InputArtifacts"]["train"]["Value"] == "s3://data/train"
    model = described["OutputArtifacts"]["SageMaker.ModelArtifact"]["Value"]
    assert model == "s3://models/output/resnet-1/output/model.tar.gz"
    assert sagemaker.describe_training_job(TrainingJobName="resnet-1")["Environment"]["SEED"] == "1"


def test_a_job_that_failed_has_a_reason_and_no_model(
    sagemaker: SageMakerClient, server: testing.Emulator
) -> None:
    arn = train(sagemaker, "doomed")
    ended = STARTED - timedelta(days=40)

    server.change_sagemaker(
        testing.SageMakerChange(arn, status="Failed", reason="out of memory", ended=ended)
    )

    described = sagemaker.describe_training_job(TrainingJobName="doomed")
    assert described["TrainingJobStatus"] == "Failed"
    assert described["FailureReason"] == "out of memory"
    assert described["TrainingEndTime"] == ended
    assert "ModelArtifacts" not in described
    component = sagemaker.describe_trial_component(TrialComponentName="doomed-aws-training-job")
    assert component["Status"] == {"PrimaryStatus": "Failed", "Message": "out of memory"}
    assert component["OutputArtifacts"] == {}
    failed = sagemaker.search(
        Resource="TrainingJob",
        SearchExpression={
            "Filters": [{"Name": "TrainingJobStatus", "Operator": "Equals", "Value": "Failed"}]
        },
    )
    assert [each["TrainingJob"]["TrainingJobName"] for each in failed["Results"]] == ["doomed"]


def test_only_a_job_in_progress_can_be_stopped(
    sagemaker: SageMakerClient, server: testing.Emulator
) -> None:
    arn = train(sagemaker, "long")
    with pytest.raises(ClientError, match="has the status Completed"):
        sagemaker.stop_training_job(TrainingJobName="long")

    server.change_sagemaker(testing.SageMakerChange(arn, status="InProgress"))
    running = sagemaker.describe_training_job(TrainingJobName="long")
    assert "TrainingEndTime" not in running
    sagemaker.stop_training_job(TrainingJobName="long")

    stopped = sagemaker.list_training_jobs(StatusEquals="Stopped")["TrainingJobSummaries"]
    assert [each["TrainingJobName"] for each in stopped] == ["long"]
    component = sagemaker.describe_trial_component(TrialComponentName="long-aws-training-job")
    assert component["Status"]["PrimaryStatus"] == "Stopped"


def post(server: testing.Emulator, change: dict[str, Any]) -> int:
    body = json.dumps(change).encode()
    with urlopen(Request(f"{server.endpoint}/_firnline/sagemaker", body)) as answer:
        return int(answer.status)


def test_a_change_is_also_posted(sagemaker: SageMakerClient, server: testing.Emulator) -> None:
    arn = train(sagemaker, "posted")

    assert post(server, {"arn": arn, "status": "Failed", "created": "2025-06-01T00:00:00Z"}) == 204

    described = sagemaker.describe_training_job(TrainingJobName="posted")
    assert described["CreationTime"] == datetime(2025, 6, 1, tzinfo=UTC)
    assert described["TrainingJobStatus"] == "Failed"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"status": "Failed"}, "`arn` is missing"),
        ({"arn": "arn:aws:s3:::bucket"}, "is no ARN of SageMaker"),
        ({"arn": "arn:aws:sagemaker:us-east-1:210987654321:training-job/x"}, "there is no"),
        ({"arn": "arn:aws:sagemaker:us-east-1:210987654321:model/x"}, "cannot be changed"),
        ({"arn": "a", "state": "Failed"}, "`state` is not known"),
        ({"arn": "a", "ended": "2025-06-01"}, "has no time zone"),
    ],
)
def test_a_change_that_means_nothing_is_refused(
    server: testing.Emulator, wrong: dict[str, Any], why: str
) -> None:
    with pytest.raises(HTTPError) as refused:
        post(server, wrong)
    assert why in json.loads(refused.value.read())["error"]


def register(sagemaker: SageMakerClient, group: str, uri: str) -> str:
    return sagemaker.create_model_package(
        ModelPackageGroupName=group,
        SourceUri=uri,
        InferenceSpecification={
            "Containers": [{"Image": "xgboost:1", "ModelDataUrl": f"{uri}/model.tar.gz"}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )["ModelPackageArn"]


def test_a_deleted_model_package_is_gone_and_its_number_is_not_used_again(
    sagemaker: SageMakerClient,
) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="churn")
    first = register(sagemaker, "churn", "s3://models/1")
    second = register(sagemaker, "churn", "s3://models/2")

    sagemaker.delete_model_package(ModelPackageName=first)
    third = register(sagemaker, "churn", "s3://models/3")

    with pytest.raises(ClientError, match="not found"):
        sagemaker.describe_model_package(ModelPackageName=first)
    assert third.endswith("/3")
    described = sagemaker.describe_model_package(ModelPackageName=second)
    assert described["SourceUri"] == "s3://models/2"
    listed = sagemaker.list_model_packages(ModelPackageGroupName="churn")
    found = [each["ModelPackageArn"] for each in listed["ModelPackageSummaryList"]]
    assert sorted(found) == [second, third]
    with pytest.raises(ClientError, match="does not exist"):
        sagemaker.delete_model_package(ModelPackageName=first)


def test_packages_without_a_group_are_listed_unless_one_is_named(
    sagemaker: SageMakerClient,
) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="churn")
    register(sagemaker, "churn", "s3://models/1")

    assert sagemaker.list_model_packages()["ModelPackageSummaryList"] == []
    hits = sagemaker.search(Resource="ModelPackage")
    assert hits["TotalHits"] == {"Value": 1, "Relation": "EqualTo"}
    assert hits["Results"][0]["ModelPackage"]["SourceUri"] == "s3://models/1"


def test_lineage_is_kept_and_filtered(sagemaker: SageMakerClient) -> None:
    def artifact(uri: str, kind: str) -> str:
        source: Any = {"SourceUri": uri}
        return sagemaker.create_artifact(Source=source, ArtifactType=kind)["ArtifactArn"]

    data, model = artifact("s3://data/train", "DataSet"), artifact("s3://models/1", "Model")
    sagemaker.add_association(SourceArn=data, DestinationArn=model, AssociationType="ContributedTo")

    (found,) = sagemaker.list_artifacts(SourceUri="s3://data/train")["ArtifactSummaries"]
    assert found["ArtifactArn"] == data
    (link,) = sagemaker.list_associations(DestinationArn=model)["AssociationSummaries"]
    assert (link["SourceArn"], link["SourceType"]) == (data, "DataSet")
    assert sagemaker.list_associations(DestinationArn=data)["AssociationSummaries"] == []
    sagemaker.delete_association(SourceArn=data, DestinationArn=model)
    sagemaker.delete_artifact(ArtifactArn=data)
    assert len(sagemaker.list_artifacts()["ArtifactSummaries"]) == 1


def test_a_tracking_server_names_its_artifact_store(sagemaker: SageMakerClient) -> None:
    sagemaker.create_mlflow_tracking_server(
        TrackingServerName="team",
        ArtifactStoreUri="s3://mlflow/root",
        RoleArn="arn:aws:iam::210987654321:role/mlflow",
    )

    (listed,) = sagemaker.list_mlflow_tracking_servers()["TrackingServerSummaries"]
    described = sagemaker.describe_mlflow_tracking_server(
        TrackingServerName=listed["TrackingServerName"]
    )
    assert described["ArtifactStoreUri"] == "s3://mlflow/root"
    sagemaker.delete_mlflow_tracking_server(TrackingServerName="team")
    assert sagemaker.list_mlflow_tracking_servers()["TrackingServerSummaries"] == []


def test_what_moto_cannot_create_is_an_empty_list(
    sagemaker: SageMakerClient, server: testing.Emulator
) -> None:
    assert sagemaker.list_inference_components()["InferenceComponents"] == []
    assert sagemaker.list_monitoring_schedules()["MonitoringScheduleSummaries"] == []
    assert sagemaker.list_labeling_jobs()["LabelingJobSummaryList"] == []
    assert sagemaker.list_feature_groups()["FeatureGroupSummaries"] == []
    assert server.requests[-1].operation == "ListFeatureGroups"
    assert server.requests[-1].service == "sagemaker"
