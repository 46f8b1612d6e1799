"""SageMaker says of every location why it is needed, or that a job left it behind."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.reach.location import Location, LocationKind
from firnline.reach.references import OrphanReason, Reference, Strength, Unneeded
from firnline.reach.registries.access_points import AccessPointsOf
from firnline.reach.registries.sagemaker.harvest import harvest
from firnline.reach.registries.sagemaker.resources import (
    ARTIFACTS,
    ASSOCIATIONS,
    COMPONENTS,
    ENDPOINT_CONFIGS,
    ENDPOINTS,
    EXECUTIONS,
    GROUPS,
    JOBS,
    MODELS,
    PACKAGES,
    PIPELINES,
    STORES,
    TRACKING_SERVERS,
    Resource,
)
from firnline.reach.source import Certificate, Found
from tests.reach.registries.sagemaker.fake import ACCESS, CUT, FakeSageMaker, refusal, registry

TRAINING, PROCESSING, TRANSFORM, TUNING = JOBS[:4]
FEATURE_GROUP = STORES[0]
ARN = "arn:aws:sagemaker:eu-west-1:111122223333"


def training(name: str, status: str = "Completed", **fields: Any) -> dict[str, Any]:
    return {
        "TrainingJobName": name,
        "TrainingJobArn": f"{ARN}:training-job/{name}",
        "TrainingJobStatus": status,
        "OutputDataConfig": {"S3OutputPath": "s3://lake/jobs/"},
        "ModelArtifacts": {"S3ModelArtifacts": f"s3://lake/jobs/{name}/output/model.tar.gz"},
        "InputDataConfig": [_channel("train", "s3://lake/data/train/")],
        **fields,
    }


def _channel(name: str, uri: str, kind: str = "S3Prefix") -> dict[str, Any]:
    return {
        "ChannelName": name,
        "DataSource": {"S3DataSource": {"S3DataType": kind, "S3Uri": uri}},
    }


def processing(name: str, reads: str, writes: str) -> dict[str, Any]:
    return {
        "ProcessingJobName": name,
        "ProcessingJobArn": f"{ARN}:processing-job/{name}",
        "ProcessingJobStatus": "Completed",
        "ProcessingInputs": [
            {"InputName": "raw", "S3Input": {"S3Uri": reads, "S3DataType": "S3Prefix"}},
            {"InputName": "code", "S3Input": {"S3Uri": f"s3://lake/code/{name}.py"}},
        ],
        "ProcessingOutputConfig": {
            "Outputs": [{"OutputName": "clean", "S3Output": {"S3Uri": writes}}]
        },
    }


def package(fake: FakeSageMaker, version: int, model: str, **fields: Any) -> str:
    arn = f"{ARN}:model-package/fraud/{version}"
    group = {
        "ModelPackageGroupName": "fraud",
        "ModelPackageGroupArn": f"{ARN}:model-package-group/fraud",
    }
    if not fake.summaries[GROUPS.listing]:
        fake.add(GROUPS, group, CrossAccountFilterOption="SameAccount")
    record = {
        "ModelPackageArn": arn,
        "ModelPackageName": "fraud",
        "ModelPackageGroupName": "fraud",
        "ModelPackageVersion": version,
        "ModelApprovalStatus": "Approved",
        "InferenceSpecification": {"Containers": [{"ModelDataUrl": model}]},
        **fields,
    }
    fake.add(PACKAGES, record, ModelPackageGroupName="fraud")
    return arn


def read(fake: FakeSageMaker, objects: dict[str, str] | None = None) -> list[Found]:
    return list(registry(fake, objects).read())


def certificate(found: Iterable[Found]) -> Certificate:
    *_, last = found
    assert isinstance(last, Certificate)
    return last


def keeping(found: Iterable[Found], key: str) -> list[Reference]:
    return [
        each
        for each in found
        if isinstance(each, Reference)
        and each.location.bucket == "lake"
        and each.location.covers(key)
    ]


def strongest(found: Iterable[Found], key: str) -> Strength | None:
    return max((each.strength for each in keeping(found, key)), default=None)


def unneeded(found: Iterable[Found]) -> dict[str, OrphanReason]:
    return {str(each.location): each.reason for each in found if isinstance(each, Unneeded)}


def test_an_empty_account_is_read_whole_and_needs_nothing() -> None:
    found = read(FakeSageMaker())
    assert len(found) == 1
    assert certificate(found).is_complete, certificate(found).problems


def test_a_job_in_progress_needs_its_inputs_and_its_own_folder_alone() -> None:
    fake = FakeSageMaker()
    fake.add(TRAINING, training("fraud-1", "InProgress"))
    found = read(fake)
    assert strongest(found, "jobs/fraud-1/output/model.tar.gz") is Strength.LIVE
    assert strongest(found, "jobs/fraud-2/output/model.tar.gz") is None
    assert strongest(found, "data/train/part-0.csv") is Strength.LIVE


def test_an_s3_prefix_is_the_raw_prefix_that_sagemaker_means() -> None:
    fake = FakeSageMaker()
    channel = _channel("train", "s3://lake/data/train")
    fake.add(TRAINING, training("fraud-1", "InProgress", InputDataConfig=[channel]))
    found = read(fake)
    assert strongest(found, "data/train-2/part-0.csv") is Strength.LIVE
    assert Location("lake", LocationKind.RAW_PREFIX, "data/train") in {
        each.location for each in found if isinstance(each, Reference)
    }


@pytest.mark.parametrize(
    ("status", "reason"),
    [("Failed", OrphanReason.JOB_FAILED), ("Stopped", OrphanReason.JOB_STOPPED)],
)
def test_what_a_failed_or_stopped_job_wrote_is_not_needed_and_its_inputs_are_not_judged(
    status: str, reason: OrphanReason
) -> None:
    fake = FakeSageMaker()
    checkpoints = {"S3Uri": "s3://lake/checkpoints/a/"}
    fake.add(TRAINING, training("fraud-1", status, CheckpointConfig=checkpoints))
    found = read(fake)
    assert unneeded(found) == {
        "s3://lake/jobs/fraud-1/": reason,
        "s3://lake/jobs/fraud-1/output/model.tar.gz/": reason,
        "s3://lake/checkpoints/a/": reason,
    }
    assert keeping(found, "data/train/part-0.csv") == []


@pytest.mark.parametrize("other", ["s3://lake/checkpoints/a", "s3://lake/checkpoints/a/b/"])
def test_checkpoints_that_another_job_uses_too_are_not_called_left_behind(other: str) -> None:
    fake = FakeSageMaker()
    shared = {"S3Uri": "s3://lake/checkpoints/a/"}
    fake.add(TRAINING, training("fraud-1", "Failed", CheckpointConfig=shared))
    fake.add(TRAINING, training("fraud-2", "Failed", CheckpointConfig={"S3Uri": other}))
    assert "s3://lake/checkpoints/a/" not in unneeded(read(fake))


def test_the_output_of_a_failed_job_in_a_folder_of_others_is_not_called_left_behind() -> None:
    fake = FakeSageMaker()
    job = processing("clean-1", "s3://lake/raw/", "s3://lake/features/")
    fake.add(PROCESSING, {**job, "ProcessingJobStatus": "Failed"})
    assert unneeded(read(fake)) == {}


@pytest.mark.parametrize("approval", ["Approved", "Rejected", "PendingManualApproval"])
def test_a_registered_package_pins_its_model_whatever_its_approval(approval: str) -> None:
    fake = FakeSageMaker()
    package(fake, 3, "https://lake.s3.amazonaws.com/m/model.tar.gz", ModelApprovalStatus=approval)
    kept = keeping(read(fake), "m/model.tar.gz")
    assert {each.strength for each in kept} == {Strength.PIN}
    assert kept[0].because == (
        "InferenceSpecification.Containers[].ModelDataUrl",
        f"model package fraud/3, {approval}",
    )


def test_a_package_pins_the_model_of_a_failed_job_and_the_rest_of_it_stays_left_behind() -> None:
    fake = FakeSageMaker()
    fake.add(TRAINING, training("fraud-1", "Stopped"))
    package(fake, 1, "s3://lake/jobs/fraud-1/output/model.tar.gz")
    found = read(fake)
    assert strongest(found, "jobs/fraud-1/output/model.tar.gz") is Strength.PIN
    assert strongest(found, "jobs/fraud-1/debug-output/x") is None


def test_what_was_read_to_make_a_package_is_pinned_with_it_transitively() -> None:
    fake = FakeSageMaker()
    fake.add(PROCESSING, processing("clean-1", "s3://lake/raw/2026/", "s3://lake/prep/1/"))
    channel = _channel("train", "s3://lake/prep/1/train/")
    script = {"sagemaker_submit_directory": '"s3://lake/code/sourcedir.tar.gz"'}
    job = training("fraud-1", InputDataConfig=[channel], HyperParameters=script)
    fake.add(TRAINING, job)
    package(fake, 3, "s3://lake/jobs/fraud-1/output/model.tar.gz")
    found = read(fake)
    pins = [each for each in keeping(found, "raw/2026/x.csv") if each.strength is Strength.PIN]
    assert pins[0].because == (
        "input raw",
        "processing job clean-1",
        "input train",
        "training job fraud-1",
        "model package fraud/3, Approved",
    )
    for key in ("prep/1/train/0", "code/sourcedir.tar.gz", "code/clean-1.py"):
        assert strongest(found, key) is Strength.PIN, key


def test_what_jobs_wrote_below_an_input_is_traced_as_well() -> None:
    fake = FakeSageMaker()
    fake.add(PROCESSING, processing("a", "s3://lake/raw/a/", "s3://lake/prep/a/"))
    fake.add(PROCESSING, processing("b", "s3://lake/raw/b/", "s3://lake/prepared/b/"))
    fake.add(TRAINING, training("fraud-1", InputDataConfig=[_channel("x", "s3://lake/prep/")]))
    package(fake, 3, "s3://lake/jobs/fraud-1/output/model.tar.gz")
    found = read(fake)
    assert strongest(found, "raw/a/0.csv") is Strength.PIN
    assert strongest(found, "raw/b/0.csv") is Strength.LIVE


def test_lineage_and_generated_by_lead_to_what_was_read_where_no_path_does() -> None:
    fake = FakeSageMaker()
    fake.add(TRAINING, training("copied"))
    fake.add(TRAINING, training("traced", InputDataConfig=[_channel("x", "s3://lake/data/x/")]))
    generated = {"GeneratedBy": f"{ARN}:training-job/copied"}
    package(fake, 1, "s3://lake/prod/1/model.tar.gz", MetadataProperties=generated)
    arn = package(fake, 2, "s3://lake/prod/2/model.tar.gz")
    for name, uri in (("p", arn), ("d", "s3://lake/data/y")):
        fake.add(ARTIFACTS, {"ArtifactArn": f"{ARN}:artifact/{name}", "Source": {"SourceUri": uri}})
    component = f"{ARN}:experiment-trial-component/traced-aws-training-job"
    for source, destination in ((component, "p"), (f"{ARN}:artifact/d", "p")):
        ends = {"SourceArn": source, "DestinationArn": f"{ARN}:artifact/{destination}"}
        fake.add(ASSOCIATIONS, ends)
    found = read(fake)
    for key in ("data/train/0", "data/x/0", "data/y/0"):
        assert strongest(found, key) is Strength.PIN, key
    assert certificate(found).is_complete


def test_an_endpoint_holds_what_each_of_its_variants_loads() -> None:
    fake = FakeSageMaker()
    arn = package(fake, 1, "s3://lake/packaged/model.tar.gz")
    containers = [{"ModelDataUrl": "s3://lake/m/1.tar.gz"}]
    fake.add(MODELS, {"ModelName": "one", "Containers": containers})
    fake.add(MODELS, {"ModelName": "two", "PrimaryContainer": {"ModelPackageName": arn}})
    fake.add(MODELS, {"ModelName": "idle", "PrimaryContainer": {"ModelDataUrl": "s3://lake/idle"}})
    config = {
        "EndpointConfigName": "c",
        "ProductionVariants": [{"ModelName": "one"}],
        "ShadowProductionVariants": [{"ModelName": "two"}],
        "DataCaptureConfig": {"DestinationS3Uri": "s3://lake/capture/"},
    }
    fake.add(ENDPOINT_CONFIGS, config)
    endpoint = {"EndpointName": "e", "EndpointConfigName": "c", "EndpointStatus": "InService"}
    fake.add(ENDPOINTS, endpoint)
    specification = {"Container": {"ArtifactUrl": "s3://lake/component/"}, "ModelName": "idle-2"}
    fake.add(MODELS, {"ModelName": "idle-2", "PrimaryContainer": {"ModelDataUrl": "s3://lake/i2"}})
    fake.add(COMPONENTS, {"InferenceComponentName": "i", "Specification": specification})
    found = read(fake)
    held = ("m/1.tar.gz", "packaged/model.tar.gz", "capture/x", "component/x", "i2")
    assert {key: strongest(found, key) for key in held} == dict.fromkeys(held, Strength.HOLD)
    assert strongest(found, "idle") is Strength.PIN
    chain = max(keeping(found, "m/1.tar.gz"), key=lambda each: each.strength).because
    assert chain == ("Containers[].ModelDataUrl", "model one", "endpoint e, InService")


def test_an_endpoint_holds_what_an_update_in_progress_will_load() -> None:
    fake = FakeSageMaker()
    for name in ("old", "new"):
        fake.add(
            MODELS, {"ModelName": name, "PrimaryContainer": {"ModelDataUrl": f"s3://lake/{name}"}}
        )
        variants = [{"ModelName": name}]
        fake.add(ENDPOINT_CONFIGS, {"EndpointConfigName": name, "ProductionVariants": variants})
    endpoint = {"EndpointName": "e", "EndpointConfigName": "old", "EndpointStatus": "Updating"}
    fake.add(ENDPOINTS, {**endpoint, "PendingDeploymentSummary": {"EndpointConfigName": "new"}})
    found = read(fake)
    assert strongest(found, "old") is strongest(found, "new") is Strength.HOLD


def test_an_endpoint_whose_model_was_deleted_proves_nothing() -> None:
    fake = FakeSageMaker()
    fake.add(
        ENDPOINT_CONFIGS, {"EndpointConfigName": "c", "ProductionVariants": [{"ModelName": "x"}]}
    )
    endpoint = {"EndpointName": "e", "EndpointConfigName": "c", "EndpointStatus": "InService"}
    fake.add(ENDPOINTS, endpoint)
    proof = certificate(read(fake))
    assert not proof.is_complete
    assert "endpoint e, InService uses the model x" in proof.problems[0]


def test_feature_stores_and_tracking_servers_are_held_unless_their_mlflow_is_read() -> None:
    fake = FakeSageMaker()
    store = {"OfflineStoreConfig": {"S3StorageConfig": {"ResolvedOutputS3Uri": "s3://lake/fs/1"}}}
    fake.add(FEATURE_GROUP, {"FeatureGroupName": "f", **store})
    arn = f"{ARN}:mlflow-tracking-server/t"
    server = {
        "TrackingServerName": "t",
        "TrackingServerArn": arn,
        "ArtifactStoreUri": "s3://lake/ml",
    }
    fake.add(TRACKING_SERVERS[0], server)
    found = read(fake)
    assert strongest(found, "fs/1/data/0.parquet") is Strength.HOLD
    assert strongest(found, "ml/1/run") is Strength.HOLD
    source = registry(fake)
    known = type(source)(fake, source.s3, source.access, source.now, servers_read=frozenset({arn}))
    assert strongest(known.read(), "ml/1/run") is None


def test_a_pipeline_in_progress_pins_its_parameters_and_what_its_jobs_wrote() -> None:
    fake = FakeSageMaker()
    fake.add(PROCESSING, processing("step-1", "s3://lake/raw/", "s3://lake/steps/1/"))
    definition = '{"Steps": [{"Arguments": {"Code": "s3://lake/code/run.py"}}]}'
    fake.add(PIPELINES, {"PipelineName": "p", "PipelineDefinition": definition})
    for name, status in (("1", "Succeeded"), ("2", "Executing")):
        arn = f"{ARN}:pipeline/p/execution/{name}"
        execution = {"PipelineExecutionArn": arn, "PipelineExecutionStatus": status}
        fake.add(EXECUTIONS, execution, PipelineName="p")
        scope = {"PipelineExecutionArn": arn}
        parameter = {"Name": "in", "Value": f"s3://lake/parameters/{name}"}
        fake.summaries["ListPipelineParametersForExecution"].append((scope, parameter))
        step = {"Metadata": {"ProcessingJob": {"Arn": f"{ARN}:processing-job/step-1"}}}
        fake.summaries["ListPipelineExecutionSteps"].append((scope, step))
    found = read(fake)
    for key in ("code/run.py", "parameters/2", "steps/1/x"):
        assert strongest(found, key) is Strength.PIN, key
    assert strongest(found, "parameters/1") is None


def test_a_field_that_nobody_foresaw_is_harvested_as_any_other() -> None:
    fake = FakeSageMaker()
    package(fake, 1, "s3://lake/m", SomethingNew={"Deep": ['{"at": "s3://lake/new/place"}']})
    assert strongest(read(fake), "new/place/x") is Strength.PIN


KEYS = st.lists(st.sampled_from(["a", "B", "é", " ", "+", "%2F", "-", ".x", "/"]), min_size=1).map(
    lambda pieces: "k" + "".join(pieces)
)
PLACES = st.lists(st.sampled_from(["Field", "S3Uri", "Environment", "list", "json"]), max_size=5)


@given(st.lists(st.tuples(KEYS, PLACES), min_size=1, max_size=4))
def test_wherever_a_location_stands_in_a_record_it_is_harvested(
    planted: list[tuple[str, list[str]]],
) -> None:
    record = {str(number): _nested(key, places) for number, (key, places) in enumerate(planted)}
    found = list(harvest(record, "name", lambda _: ""))
    for key, _ in planted:
        assert any(each.covers(key) for named in found for each in named.locations), key


def _nested(key: str, places: list[str]) -> Any:
    value: Any = f"s3://lake/{key}"
    for place in places:
        if place == "json":
            value = json.dumps(value)
        else:
            value = [1, value] if place == "list" else {place: value, "S3DataType": "S3Prefix"}
    return value


def test_the_entries_of_a_manifest_are_needed_with_it() -> None:
    fake = FakeSageMaker()
    channels = [
        _channel("a", "s3://lake/m/list.json", "ManifestFile"),
        _channel("b", "s3://lake/m/lines.json", "AugmentedManifestFile"),
        _channel("c", "s3://lake/m/deleted.json", "ManifestFile"),
    ]
    fake.add(TRAINING, training("fraud-1", "InProgress", InputDataConfig=channels))
    objects = {
        "s3://lake/m/list.json": '[{"prefix": "s3://lake/images/"}, "1.png", "a b/2.png"]',
        "s3://lake/m/lines.json": '{"source-ref": "s3://lake/scans/3.png", "label": 1}\n',
    }
    found = read(fake, objects)
    for key in ("m/list.json", "images/1.png", "images/a b/2.png", "scans/3.png"):
        assert strongest(found, key) is Strength.LIVE, key
    assert certificate(found).is_complete
    denied = certificate(read(fake, {**objects, "s3://lake/m/list.json": "denied"}))
    assert not denied.is_complete
    assert "grant s3:GetObject" in denied.problems[0]
    half = objects["s3://lake/m/lines.json"] + CUT
    cut = certificate(read(fake, {**objects, "s3://lake/m/lines.json": half}))
    assert not cut.is_complete
    assert "was read in part" in cut.problems[0]


def test_a_location_behind_an_access_point_proves_nothing() -> None:
    fake = FakeSageMaker()
    package(fake, 1, "s3://team-hrzrlukc5m36ft7okagglf3gmwlu-s3alias/m/model.tar.gz")
    proof = certificate(read(fake))
    assert not proof.is_complete
    assert "write it with the name of the bucket behind it" in proof.problems[0]


class _S3Control:
    def __init__(self, refused: bool = False) -> None:
        self.refused = refused

    def list_access_points(self, **parameters: str) -> dict[str, Any]:
        if self.refused:
            raise refusal("AccessDenied")
        if "NextToken" not in parameters:
            return {"AccessPointList": [], "NextToken": "1"}
        alias, arn = "team-hrzrlu-s3alias", "arn:aws:s3:eu-west-1:111122223333:accesspoint/team"
        return {"AccessPointList": [{"Alias": alias, "AccessPointArn": arn, "Bucket": "lake"}]}


def test_the_bucket_behind_an_access_point_of_the_account_is_found() -> None:
    fake = FakeSageMaker()
    package(fake, 1, "s3://team-hrzrlu-s3alias/m/1.tar.gz")
    package(fake, 2, "s3://arn:aws:s3:eu-west-1:111122223333:accesspoint/team/m/2.tar.gz")
    for refused in (False, True):
        control = _S3Control(refused)
        points = AccessPointsOf(lambda: control, ACCESS)  # noqa: B023  # used at once
        found = list(replace(registry(fake), access_points=points).read())
        assert certificate(found).is_complete is not refused
        if refused:
            assert "grant s3:ListAccessPoints" in certificate(found).problems[0]
        else:
            assert strongest(found, "m/1.tar.gz") is Strength.PIN
            assert strongest(found, "m/2.tar.gz") is Strength.PIN


def test_a_package_that_an_mlflow_alone_can_find_proves_nothing() -> None:
    fake = FakeSageMaker()
    package(fake, 1, "", SourceUri="models:/m-1234")
    assert "list that MLflow in `registries`" in certificate(read(fake)).problems[0]


def _jobs(count: int, **hits: Any) -> FakeSageMaker:
    fake = FakeSageMaker()
    for number in range(count):
        fake.add(TRAINING, training(f"fraud-{number}"))
    fake.hits = hits
    return fake


def test_all_pages_are_read_also_after_an_empty_one() -> None:
    fake = _jobs(7)
    full = fake._page

    def with_empty_page(operation: str, items: str, parameters: dict[str, Any]) -> dict[str, Any]:
        if operation == TRAINING.listing and "NextToken" not in parameters:
            return {items: [], "NextToken": "0"}
        return full(operation, items, parameters)

    fake._page = with_empty_page  # type: ignore[method-assign]
    found = read(fake)
    assert strongest(found, "jobs/fraud-6/output/model.tar.gz") is Strength.LIVE
    assert certificate(found).is_complete
    assert certificate(found).count == 7


def test_search_is_the_independent_count_where_it_counts_exactly() -> None:
    proof = certificate(read(_jobs(3, TrainingJob={"Value": 3, "Relation": "EqualTo"})))
    assert proof.is_complete
    assert proof.counted_by is not None
    assert "Search (training jobs)" in proof.counted_by


@pytest.mark.parametrize(
    "hits",
    [
        None,
        {"Value": 2, "Relation": "EqualTo"},
        {"Value": 3, "Relation": "GreaterThanOrEqualTo"},
    ],
)
def test_a_second_listing_counts_where_search_lags_behind_or_does_not_tell(hits: Any) -> None:
    proof = certificate(read(_jobs(3, TrainingJob=hits)))
    assert proof.is_complete
    assert proof.counted_by is not None
    assert "a second list in the opposite order (training jobs, " in proof.counted_by


def test_what_search_counts_and_no_list_shows_is_missing() -> None:
    proof = certificate(read(_jobs(3, TrainingJob={"Value": 4, "Relation": "EqualTo"})))
    assert not proof.is_complete
    assert "lists 3 training jobs, but Search counts 4" in proof.problems[0]


def _raise(code: str, message: str = "") -> Any:
    def fault(_number: int, _answer: dict[str, Any]) -> dict[str, Any]:
        raise refusal(code, message)

    return fault


def _repeats(_number: int, answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, "NextToken": "0"}


def _says_nothing(_number: int, _answer: dict[str, Any]) -> dict[str, Any]:
    return {}


def _shrinks(number: int, answer: dict[str, Any]) -> dict[str, Any]:
    return {**answer, TRAINING.items: answer[TRAINING.items][: number % 3]}


@pytest.mark.parametrize(
    ("operation", "fault", "said"),
    [
        (TRAINING.listing, _repeats, "for the second time"),
        (TRAINING.listing, _says_nothing, "without `TrainingJobSummaries`"),
        (TRAINING.listing, _shrinks, "lists other training jobs each time"),
        (TRAINING.listing, _raise("AccessDeniedException"), "grant sagemaker:ListTrainingJobs"),
        (TRAINING.describe, _raise("AccessDeniedException"), "grant sagemaker:DescribeTrainingJob"),
        (
            TRAINING.describe,
            _raise("ThrottlingException"),
            "ThrottlingException after all attempts",
        ),
        (TRAINING.describe, _raise("InternalFailure"), "read it again"),
        (TRAINING.describe, _raise("ValidationException", "Could not find it"), "does not exist"),
        (PACKAGES.describe, _raise("ValidationException", "Could not find it"), "does not exist"),
        (MODELS.listing, _raise("UnknownOperationException"), "grant sagemaker:ListModels"),
        (PACKAGES.listing, _raise("AccessDeniedException"), "grant sagemaker:ListModelPackages"),
        (ARTIFACTS.listing, _raise("AccessDeniedException"), "grant sagemaker:ListArtifacts"),
        (FEATURE_GROUP.listing, _raise("501"), "grant sagemaker:ListFeatureGroups"),
    ],
)
def test_each_fault_leaves_the_reading_unproved_and_says_why(
    operation: str, fault: Any, said: str
) -> None:
    fake = _jobs(5)
    package(fake, 1, "s3://lake/m")
    assert certificate(read(fake)).is_complete
    fake.faults[operation] = fault
    proof = certificate(read(fake))
    assert not proof.is_complete
    assert len(proof.problems) == 1
    assert said in proof.problems[0]


def test_every_resource_of_the_table_fails_closed_on_its_own() -> None:
    """Also those of which this account has nothing."""
    listed: list[Resource] = [*JOBS, MODELS, ENDPOINT_CONFIGS, ENDPOINTS, COMPONENTS, *STORES]
    for resource in [*listed, *TRACKING_SERVERS, GROUPS, PACKAGES, PIPELINES]:
        fake = FakeSageMaker()
        fake.faults[resource.listing] = _raise("AccessDeniedException")
        proof = certificate(read(fake))
        assert any(f"grant sagemaker:{resource.listing}" in each for each in proof.problems)


def test_a_job_that_is_deleted_while_it_is_read_is_no_problem() -> None:
    fake = _jobs(3)

    def gone(_number: int, answer: dict[str, Any]) -> dict[str, Any]:
        if answer["TrainingJobName"] == "fraud-1":
            fake.summaries[TRAINING.listing] = [
                each for each in fake.summaries[TRAINING.listing] if "fraud-1" not in str(each)
            ]
            raise refusal("ValidationException", "Requested resource not found.")
        return answer

    fake.faults[TRAINING.describe] = gone
    assert certificate(read(fake)).is_complete
