"""A refusal in the format of the service that refuses."""

from __future__ import annotations

from firnline.testing.aws_request import AwsRequest
from firnline.testing.lookup_events import json_error
from firnline.testing.moto_process import PARTITION
from firnline.testing.responses import Response, query_error, s3_error

_FORMATS = {"s3": s3_error, "cloudtrail": json_error, "organizations": json_error}


def refuse(request: AwsRequest, status: int, code: str, message: str) -> Response:
    return _FORMATS.get(request.service, query_error)(status, code, message)


def refuse_role(request: AwsRequest, caller: str = "") -> Response:
    """`caller` is an ARN, where it is known."""
    caller = caller or f"arn:{PARTITION}:iam::{request.account}:user/engineer"
    return query_error(
        403,
        "AccessDenied",
        f"User: {caller} is not authorized to perform: sts:AssumeRole on resource: {request.role}",
    )
