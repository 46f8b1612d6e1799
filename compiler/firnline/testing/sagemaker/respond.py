"""A request to SageMaker → our response where moto has none or another than AWS; else moto's."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from moto.iam.models import iam_backends
from moto.sagemaker.models import sagemaker_backends
from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition

from firnline.testing.aws_request import AwsRequest
from firnline.testing.responses import Response
from firnline.testing.sagemaker import (
    jobs,
    lineage,
    metrics,
    other_lists,
    packages,
    tracking_servers,
    trials,
)
from firnline.testing.sagemaker.call import Call, Json, Refused
from firnline.testing.sagemaker.search import search

_HANDLERS: Final[Mapping[str, Callable[[Call], Response]]] = {
    "AddAssociation": lineage.add_association,
    "AssociateTrialComponent": trials.associate,
    "BatchGetMetrics": metrics.get_metrics,
    "BatchPutMetrics": metrics.put_metrics,
    "CreateArtifact": lineage.create_artifact,
    "CreateExperiment": trials.create_experiment,
    "CreateMlflowTrackingServer": tracking_servers.create_tracking_server,
    "CreateModelPackage": packages.create_package,
    "CreateTrainingJob": jobs.create_training_job,
    "CreateTrial": trials.create_trial,
    "CreateTrialComponent": trials.create_component,
    "DeleteArtifact": lineage.delete_artifact,
    "DeleteAssociation": lineage.delete_association,
    "DeleteExperiment": trials.delete_experiment,
    "DeleteMlflowTrackingServer": tracking_servers.delete_tracking_server,
    "DeleteModelPackage": packages.delete_package,
    "DeleteTrial": trials.delete_trial,
    "DeleteTrialComponent": trials.delete_component,
    "DescribeArtifact": lineage.describe_artifact,
    "DescribeExperiment": trials.describe_experiment,
    "DescribeMlflowTrackingServer": tracking_servers.describe_tracking_server,
    "DescribeModelPackage": packages.describe_package,
    "DescribeTrial": trials.describe_trial,
    "DisassociateTrialComponent": trials.disassociate,
    "ListArtifacts": lineage.list_artifacts,
    "ListAssociations": lineage.list_associations,
    "ListExperiments": trials.list_experiments,
    "ListFeatureGroups": other_lists.list_feature_groups,
    "ListMlflowTrackingServers": tracking_servers.list_tracking_servers,
    "ListTrialComponents": trials.list_components,
    "ListTrials": trials.list_trials,
    "Search": search,
    "StopTrainingJob": jobs.stop_training_job,
    "UpdateExperiment": trials.update_experiment,
    "UpdateTrial": trials.update_trial,
    "UpdateTrialComponent": trials.update_component,
}


def respond(request: AwsRequest, now: datetime, forward: Callable[[bytes], Response]) -> Response:
    """`now` is UTC without a time zone; `forward` gets moto's response to a body."""
    operation = request.operation
    if operation not in _HANDLERS:
        is_missing = other_lists.is_missing_list(operation)
        return other_lists.empty_list(operation) if is_missing else forward(request.body)
    backend = sagemaker_backends[request.account][request.region]
    body: Json = json.loads(request.body or b"{}")
    caller = _caller(request)
    try:
        return _HANDLERS[operation](Call(operation, body, backend, now, caller, forward))
    except Refused as refusal:
        return refusal.response()


def _caller(request: AwsRequest) -> Json:
    """The session of an assumed role, or the user whose keys these are."""
    partition = get_partition(request.region)
    roles = sts_backends[request.account][partition]
    if role := roles.get_assumed_role_from_access_key(request.access_key):
        return {"IamIdentity": {"Arn": role.arn, "PrincipalId": role.user_id}}
    user = iam_backends[request.account][partition].get_user_from_access_key_id(request.access_key)
    return {"IamIdentity": {"Arn": user.arn, "PrincipalId": user.id}} if user else {}
