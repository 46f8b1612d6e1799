"""A request that names the owner of a bucket, about a bucket of another account: S3 refuses it."""

from __future__ import annotations

from typing import Final

from firnline.testing.aws_request import AwsRequest
from firnline.testing.moto_process import find_bucket
from firnline.testing.responses import Response, s3_error

EXPECTED_OWNER: Final = "x-amz-expected-bucket-owner"


def refuse_wrong_owner(request: AwsRequest) -> Response | None:
    """403, whatever else the request is about (S3 User Guide, "Verifying bucket ownership with
    bucket owner condition").
    """
    expected = request.headers.get(EXPECTED_OWNER)
    bucket = find_bucket(request.bucket) if request.service == "s3" else None
    if expected is None or bucket is None or bucket.account_id == expected:
        return None
    return s3_error(403, "AccessDenied", "Access Denied")
