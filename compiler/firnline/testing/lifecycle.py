"""PUT, GET and DELETE ?lifecycle, with the responses of S3."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable

from firnline.s3.law import header
from firnline.s3.law.refusals import BAD_HEADER, MALFORMED
from firnline.s3.xml_tree import MalformedXml
from firnline.testing.aws_request import AwsRequest
from firnline.testing.lifecycle_law import Rejection
from firnline.testing.lifecycle_store import LifecycleStore
from firnline.testing.lifecycle_xml import (
    Configuration,
    read_configuration,
    write_configuration,
)
from firnline.testing.responses import Response, s3_error, s3_response

OPERATIONS = frozenset(
    {
        "PutBucketLifecycleConfiguration",
        "GetBucketLifecycleConfiguration",
        "DeleteBucketLifecycle",
    }
)


Judge = Callable[[Configuration], Rejection | None]


def accept_all(_configuration: Configuration) -> Rejection | None:
    """A judge that stores whatever is well-formed, for tests with rules that S3 refuses."""
    return None


def put(request: AwsRequest, store: LifecycleStore, judge: Judge) -> Response:
    if refusal := _refuse_envelope(request):
        return refusal
    minimum_size = request.headers.get(header.NAME, header.ALL_CLASSES_128K)
    try:
        configuration = read_configuration(request.body, minimum_size)
    except MalformedXml:
        return s3_error(400, "MalformedXML", MALFORMED)
    if rejection := judge(configuration):
        return s3_error(rejection.status, rejection.code, rejection.message, rejection.details)
    store.put(request.bucket, configuration)
    return s3_response(200, headers=((header.NAME, minimum_size),))


def get(bucket: str, configuration: Configuration | None) -> Response:
    if configuration is None:
        return s3_error(
            404,
            "NoSuchLifecycleConfiguration",
            "The lifecycle configuration does not exist",
            (("BucketName", bucket),),
        )
    return s3_response(
        200,
        write_configuration(configuration),
        ((header.NAME, configuration.minimum_size),),
    )


def delete(bucket: str, store: LifecycleStore) -> Response:
    store.delete(bucket)
    return s3_response(204)


def _refuse_envelope(request: AwsRequest) -> Response | None:
    """What S3 requires of the request before it reads the document (observed on 2026-09-21)."""
    headers = request.headers
    digest = headers.get("content-md5")
    checksums = [name for name in headers if name.startswith("x-amz-checksum-")]
    if digest is None and not checksums and "x-amz-trailer" not in headers:
        return s3_error(
            400, "InvalidRequest", "Missing required header for this request: Content-MD5"
        )
    if digest is not None and (refusal := _refuse_digest(digest, request.body)):
        return refusal
    minimum_size = headers.get(header.NAME)
    if minimum_size is not None and minimum_size not in header.VALUES.value:
        message = BAD_HEADER.text.format(value=minimum_size)
        return s3_error(BAD_HEADER.status, BAD_HEADER.code, message)
    return None


def _refuse_digest(digest: str, body: bytes) -> Response | None:
    try:
        expected = base64.b64decode(digest, validate=True)
    except binascii.Error:
        expected = b""
    if len(expected) != hashlib.md5(usedforsecurity=False).digest_size:
        return s3_error(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")
    if expected != hashlib.md5(body, usedforsecurity=False).digest():
        return s3_error(
            400, "BadDigest", "The Content-MD5 you specified did not match what we received."
        )
    return None
