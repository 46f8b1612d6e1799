"""The table of resources names operations and members that SageMaker's own model has."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.model import OperationModel, ServiceModel

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

ALL = [
    *JOBS,
    MODELS,
    ENDPOINT_CONFIGS,
    ENDPOINTS,
    COMPONENTS,
    *STORES,
    *TRACKING_SERVERS,
    GROUPS,
    PACKAGES,
    PIPELINES,
    EXECUTIONS,
    ARTIFACTS,
]


@pytest.fixture(scope="module")
def model() -> ServiceModel:
    return botocore.session.get_session().get_service_model("sagemaker")


def _inputs(operation: OperationModel) -> dict[str, Any]:
    assert operation.input_shape is not None
    return dict(operation.input_shape.members)


def _outputs(operation: OperationModel) -> dict[str, Any]:
    assert operation.output_shape is not None
    return dict(operation.output_shape.members)


@pytest.mark.parametrize("resource", ALL, ids=lambda each: each.what)
def test_each_line_is_as_sagemaker_has_it(resource: Resource, model: ServiceModel) -> None:
    listing = model.operation_model(resource.listing)
    assert {"MaxResults", "NextToken"} <= _inputs(listing).keys()
    assert ({"SortBy", "SortOrder"} <= _inputs(listing).keys()) == resource.is_sorted
    if resource.is_sorted:
        assert "CreationTime" in _inputs(listing)["SortBy"].enum
    summary = _outputs(listing)[resource.items].member
    assert {field for _, field in resource.keys} <= set(summary.members)
    describe = model.operation_model(resource.describe)
    assert {parameter for parameter, _ in resource.keys} <= _inputs(describe).keys()
    if resource.status:
        assert resource.status in _outputs(describe)
    if resource.search:
        searched: Any = model.shape_for("ResourceType")
        assert resource.search in searched.enum


def test_no_line_stands_twice() -> None:
    assert len({each.listing for each in [*ALL, ASSOCIATIONS]}) == len(ALL) + 1
    assert len({each.what for each in [*ALL, ASSOCIATIONS]}) == len(ALL) + 1
