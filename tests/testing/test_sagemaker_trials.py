"""Experiments, trials and components of the emulator behave as AWS documents them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

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
def metrics(server: testing.Emulator) -> Any:
    return server.client("sagemaker-metrics", account=ACCOUNT)


@pytest.fixture(scope="module")
def client(server: testing.Emulator) -> SageMakerClient:
    return server.client("sagemaker", account=ACCOUNT, session="alice")


@pytest.fixture
def sagemaker(client: SageMakerClient) -> SageMakerClient:
    """With nothing in it."""
    sagemaker_backends[ACCOUNT][client.meta.region_name].reset()
    return client


def make_trial(sagemaker: SageMakerClient, trial: str, experiment: str) -> None:
    known = sagemaker.list_experiments(MaxResults=100)["ExperimentSummaries"]
    if experiment not in [each["ExperimentName"] for each in known]:
        sagemaker.create_experiment(ExperimentName=experiment)
    sagemaker.create_trial(TrialName=trial, ExperimentName=experiment)


def make_component(sagemaker: SageMakerClient, name: str, *trials: str, **more: Any) -> str:
    arn = sagemaker.create_trial_component(TrialComponentName=name, **more)["TrialComponentArn"]
    for trial in trials:
        sagemaker.associate_trial_component(TrialComponentName=name, TrialName=trial)
    return arn


def components_of(sagemaker: SageMakerClient, **filters: Any) -> list[str]:
    found = sagemaker.list_trial_components(SortOrder="Ascending", **filters)
    return [each["TrialComponentName"] for each in found["TrialComponentSummaries"]]


def search(sagemaker: SageMakerClient, *filters: tuple[str, str, str], **more: Any) -> list[str]:
    expression: Any = {
        "Filters": [dict(zip(("Name", "Operator", "Value"), each, strict=True)) for each in filters]
    }
    found = sagemaker.search(
        Resource="ExperimentTrialComponent", SearchExpression=expression, **more
    )
    return [each["TrialComponent"]["TrialComponentName"] for each in found["Results"]]


def test_a_component_belongs_to_every_trial_that_it_is_associated_with(
    sagemaker: SageMakerClient,
) -> None:
    make_trial(sagemaker, "resnet-adam", "cifar")
    make_trial(sagemaker, "cnn-adam", "cifar")
    make_component(sagemaker, "preprocessing", "resnet-adam", "cnn-adam")
    make_component(sagemaker, "resnet-training", "resnet-adam")

    assert components_of(sagemaker, TrialName="resnet-adam") == ["preprocessing", "resnet-training"]
    assert components_of(sagemaker, TrialName="cnn-adam") == ["preprocessing"]
    of_component = sagemaker.list_trials(TrialComponentName="preprocessing")["TrialSummaries"]
    assert [each["TrialName"] for each in of_component] == ["cnn-adam", "resnet-adam"]

    sagemaker.disassociate_trial_component(
        TrialComponentName="preprocessing", TrialName="resnet-adam"
    )
    assert components_of(sagemaker, TrialName="resnet-adam") == ["resnet-training"]
    assert components_of(sagemaker, TrialName="cnn-adam") == ["preprocessing"]


def test_components_are_listed_by_experiment_and_by_when_they_were_created(
    sagemaker: SageMakerClient, server: testing.Emulator
) -> None:
    make_trial(sagemaker, "one", "first")
    make_trial(sagemaker, "two", "second")
    old = make_component(sagemaker, "old", "one", "two")
    make_component(sagemaker, "new", "two")
    make_component(sagemaker, "in-no-trial")
    server.change_sagemaker(testing.SageMakerChange(old, created=STARTED - timedelta(days=300)))

    assert components_of(sagemaker, ExperimentName="first") == ["old"]
    assert components_of(sagemaker, ExperimentName="second") == ["old", "new"]
    assert components_of(sagemaker, CreatedAfter=STARTED) == ["new", "in-no-trial"]
    assert components_of(sagemaker, CreatedBefore=STARTED) == ["old"]
    with pytest.raises(ClientError, match="Only one of"):
        components_of(sagemaker, ExperimentName="first", TrialName="one")


def test_a_summary_has_status_time_display_name_and_who_made_it(
    sagemaker: SageMakerClient,
) -> None:
    began = STARTED - timedelta(hours=2)
    make_component(
        sagemaker,
        "tc",
        DisplayName="depth 4",
        StartTime=began,
        Status={"PrimaryStatus": "Failed", "Message": "out of memory"},
    )

    (summary,) = sagemaker.list_trial_components()["TrialComponentSummaries"]

    assert summary["DisplayName"] == "depth 4"
    assert summary["StartTime"] == began
    assert summary["Status"] == {"PrimaryStatus": "Failed", "Message": "out of memory"}
    assert summary["CreatedBy"]["IamIdentity"]["Arn"].endswith("/alice")
    assert summary["CreationTime"].date() == STARTED.date()


def test_lists_have_pages_of_ten_newest_first(sagemaker: SageMakerClient) -> None:
    for each in range(23):
        make_component(sagemaker, f"tc-{each:02}")

    pages = list(sagemaker.get_paginator("list_trial_components").paginate())

    assert [len(each["TrialComponentSummaries"]) for each in pages] == [10, 10, 3]
    assert pages[0]["TrialComponentSummaries"][0]["TrialComponentName"] == "tc-22"
    with pytest.raises(ClientError, match="Invalid pagination token"):
        sagemaker.list_trial_components(NextToken="x")


def test_an_experiment_keeps_its_hypothesis_and_tags(sagemaker: SageMakerClient) -> None:
    arn = sagemaker.create_experiment(
        ExperimentName="cifar",
        Description="a custom CNN beats ResNet50",
        Tags=[{"Key": "team", "Value": "vision"}],
    )["ExperimentArn"]

    described = sagemaker.describe_experiment(ExperimentName="cifar")
    assert described["Description"] == "a custom CNN beats ResNet50"
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "vision"}]
    with pytest.raises(ClientError, match="exists already"):
        sagemaker.create_experiment(ExperimentName="cifar")

    sagemaker.update_experiment(ExperimentName="cifar", Description="rejected")
    assert sagemaker.describe_experiment(ExperimentName="cifar")["Description"] == "rejected"


def test_what_is_in_use_is_not_deleted(sagemaker: SageMakerClient) -> None:
    make_trial(sagemaker, "trial", "experiment")
    make_component(sagemaker, "tc", "trial")

    with pytest.raises(ClientError, match="belongs to trial"):
        sagemaker.delete_trial_component(TrialComponentName="tc")
    with pytest.raises(ClientError, match="has trial components"):
        sagemaker.delete_trial(TrialName="trial")
    with pytest.raises(ClientError, match="has trials"):
        sagemaker.delete_experiment(ExperimentName="experiment")

    sagemaker.disassociate_trial_component(TrialComponentName="tc", TrialName="trial")
    sagemaker.delete_trial_component(TrialComponentName="tc")
    sagemaker.delete_trial(TrialName="trial")
    sagemaker.delete_experiment(ExperimentName="experiment")
    assert components_of(sagemaker) == []


def test_an_update_adds_to_artifacts_and_parameters(sagemaker: SageMakerClient) -> None:
    make_component(sagemaker, "tc", OutputArtifacts={"a": {"Value": "s3://b/a"}})

    sagemaker.update_trial_component(
        TrialComponentName="tc",
        OutputArtifacts={"c": {"Value": "s3://b/c"}},
        Parameters={"depth": {"NumberValue": 4}},
    )

    described = sagemaker.describe_trial_component(TrialComponentName="tc")
    assert set(described["OutputArtifacts"]) == {"a", "c"}
    assert described["Parameters"] == {"depth": {"NumberValue": 4.0}}


def put_metric(metrics: Any, component: str, name: str, *values: float) -> None:
    data = [
        {"MetricName": name, "Timestamp": STARTED, "Step": step, "Value": value}
        for step, value in enumerate(values)
    ]
    for at in range(0, len(data), 10):
        answer = metrics.batch_put_metrics(
            TrialComponentName=component, MetricData=data[at : at + 10]
        )
        assert answer["Errors"] == []


def test_metrics_are_read_by_step_and_in_short(sagemaker: SageMakerClient, metrics: Any) -> None:
    arn = make_component(sagemaker, "with-metrics")
    put_metric(metrics, "with-metrics", "auc", 0.5, 0.75, math.nan)

    query = {
        "ResourceArn": arn,
        "MetricStat": "Last",
        "Period": "IterationNumber",
        "XAxisType": "IterationNumber",
    }
    auc, other = metrics.batch_get_metrics(
        MetricQueries=[{**query, "MetricName": "auc"}, {**query, "MetricName": "loss"}]
    )["MetricQueryResults"]

    assert auc["XAxisValues"] == [0, 1, 2]
    assert auc["MetricValues"][:2] == [0.5, 0.75]
    assert math.isnan(auc["MetricValues"][2])
    assert other["MetricValues"] == []
    (short,) = sagemaker.describe_trial_component(TrialComponentName="with-metrics")["Metrics"]
    assert (short["Count"], short["Max"]) == (3, 0.75)
    assert metrics.batch_put_metrics(
        TrialComponentName="nobody",
        MetricData=[{"MetricName": "auc", "Timestamp": STARTED, "Value": 1.0}],
    )["Errors"]


def test_a_search_filters_by_nested_properties_tags_and_parents(
    sagemaker: SageMakerClient,
) -> None:
    make_trial(sagemaker, "one", "first")
    make_component(sagemaker, "good", "one", Status={"PrimaryStatus": "Completed"})
    make_component(
        sagemaker,
        "bad",
        Status={"PrimaryStatus": "Failed"},
        Tags=[{"Key": "sagemaker:trial-component-source", "Value": "run"}],
        Parameters={"depth": {"NumberValue": 4}, "optimiser": {"StringValue": "adam"}},
    )

    assert search(sagemaker, ("Status.PrimaryStatus", "Equals", "Failed")) == ["bad"]
    assert search(sagemaker, ("Parents.ExperimentName", "Equals", "first")) == ["good"]
    in_none: Any = {"Filters": [{"Name": "Parents", "Operator": "NotExists"}]}
    found = sagemaker.search(Resource="ExperimentTrialComponent", SearchExpression=in_none)
    assert found["TotalHits"]["Value"] == 1
    assert search(sagemaker, ("Tags.sagemaker:trial-component-source", "Equals", "run")) == ["bad"]
    assert search(sagemaker, ("Parameters.depth", "GreaterThan", "3")) == ["bad"]
    assert search(sagemaker, ("Parameters.optimiser", "In", "adam,sgd")) == ["bad"]
    assert search(sagemaker, ("CreationTime", "LessThan", "2020-01-01T00:00:00Z")) == []
    nested: Any = {
        "NestedFilters": [
            {
                "NestedPropertyName": "Parents",
                "Filters": [
                    {"Name": "Parents.TrialName", "Operator": "Equals", "Value": "one"},
                    {"Name": "Parents.ExperimentName", "Operator": "Equals", "Value": "first"},
                ],
            }
        ]
    }
    found = sagemaker.search(Resource="ExperimentTrialComponent", SearchExpression=nested)
    (record,) = [each["TrialComponent"] for each in found["Results"]]
    assert record["Parents"] == [{"TrialName": "one", "ExperimentName": "first"}]


def test_a_search_has_pages_an_order_and_counts_all_hits(sagemaker: SageMakerClient) -> None:
    for each in range(25):
        make_component(sagemaker, f"tc-{each:02}", Parameters={"n": {"NumberValue": -each}})

    pages = list(
        sagemaker.get_paginator("search").paginate(
            Resource="ExperimentTrialComponent", SortBy="Parameters.n", SortOrder="Ascending"
        )
    )

    assert [len(each["Results"]) for each in pages] == [10, 10, 5]
    assert {each["TotalHits"]["Value"] for each in pages} == {25}
    first = pages[0]["Results"][0]["TrialComponent"]
    assert first["TrialComponentName"] == "tc-24"


def test_a_page_has_100_entries_at_most(sagemaker: SageMakerClient) -> None:
    with pytest.raises(ClientError, match="from 1 to 100"):
        sagemaker.search(Resource="Experiment", MaxResults=101)
