"""Lists that moto lacks: of feature groups those it has, of all others none."""

from __future__ import annotations

from functools import cache

import botocore.session
from botocore.model import ServiceModel
from moto.core.utils import camelcase_to_underscores
from moto.sagemaker.responses import SageMakerResponse

from firnline.testing.responses import Response
from firnline.testing.sagemaker.call import Call, json_response
from firnline.testing.sagemaker.page import list_page


def list_feature_groups(call: Call) -> Response:
    found = (
        {
            "FeatureGroupName": each.feature_group_name,
            "FeatureGroupArn": each.arn,
            "CreationTime": each.creation_time,
            "FeatureGroupStatus": "Created",
        }
        for each in call.backend.feature_groups.values()
        if call.body.get("NameContains", "") in each.feature_group_name
    )
    return json_response(list_page(call.body, "FeatureGroupSummaries", found, "FeatureGroupName"))


def is_missing_list(operation: str) -> bool:
    """A list that SageMaker has and moto does not: what cannot be created is an empty list."""
    return (
        operation.startswith("List")
        and operation in _model().operation_names
        and not hasattr(SageMakerResponse, camelcase_to_underscores(operation))
    )


def empty_list(operation: str) -> Response:
    shape = _model().operation_model(operation).output_shape
    assert shape is not None, f"{operation} returns nothing"
    lists = [name for name, each in shape.members.items() if each.type_name == "list"]
    return json_response({name: [] for name in lists})


@cache
def _model() -> ServiceModel:
    return botocore.session.get_session().get_service_model("sagemaker")
