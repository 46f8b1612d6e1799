"""A request → the calls that a policy must allow for it: action, resource and condition keys.

Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3", and S3 User
Guide, "Required permissions for Amazon S3 API operations".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qs, unquote

from moto.s3.models import FakeBucket, s3_backends

from firnline.s3.xml_tree import MalformedXml, read_xml
from firnline.testing.access.evaluate import Call
from firnline.testing.aws_request import AwsRequest
from firnline.testing.moto_process import PARTITION, find_bucket
from firnline.testing.object_deletes import Target

_BUCKET_ACTIONS: Final[Mapping[str, str]] = {
    "ListBuckets": "ListAllMyBuckets",
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "GetBucketReplication": "GetReplicationConfiguration",
    "PutBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "GetBucketInventoryConfiguration": "GetInventoryConfiguration",
    "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
    "PutBucketInventoryConfiguration": "PutInventoryConfiguration",
    "DeleteBucketInventoryConfiguration": "PutInventoryConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
}
_OBJECT_ACTIONS: Final[Mapping[str, str]] = {
    "HeadObject": "GetObject",
    "ListParts": "ListMultipartUploadParts",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
}
_OF_VERSIONS: Final[Mapping[str, str]] = {
    "GetObject": "GetObjectVersion",
    "DeleteObject": "DeleteObjectVersion",
    "GetObjectTagging": "GetObjectVersionTagging",
    "PutObjectTagging": "PutObjectVersionTagging",
    "DeleteObjectTagging": "DeleteObjectVersionTagging",
}
_LISTS: Final = ("prefix", "delimiter", "max-keys")
_ANY: Final = "*"


def calls_of(request: AwsRequest) -> Iterator[Call]:
    """Those of DeleteObjects are `deletion`, one for each object."""
    if request.service != "s3":
        resource = request.role or _ANY
        yield Call(f"{_service(request)}:{request.operation}", resource, _of_session(request))
    elif request.operation != "DeleteObjects":
        yield from _calls_of_s3(request)


def deletion(request: AwsRequest, target: Target) -> Iterator[Call]:
    """A conditional deletion by an ETag reads the object too (S3 User Guide, "Enforce conditional
    deletes on Amazon S3 buckets").
    """
    context = dict(_common(request))
    if target.etag is not None:
        context["s3:if-match"] = (target.etag,)
    action = "DeleteObject" if target.version is None else "DeleteObjectVersion"
    resource = _object(request.bucket, target.key)
    yield Call(f"s3:{action}", resource, context)
    if target.etag not in (None, _ANY):
        yield Call("s3:GetObject", resource, context)


def _service(request: AwsRequest) -> str:
    return {"monitoring": "cloudwatch"}.get(request.service, request.service)


def _calls_of_s3(request: AwsRequest) -> Iterator[Call]:
    if request.operation == "DeleteObject":
        etag = request.headers.get("if-match")
        yield from deletion(request, Target(request.key, request.query.get("versionId"), etag))
        return
    context = {**_common(request), **_of_tags(request)}
    if not request.key:
        action = _BUCKET_ACTIONS.get(request.operation, request.operation)
        resource = f"arn:{PARTITION}:s3:::{request.bucket}" if request.bucket else _ANY
        yield Call(f"s3:{action}", resource, context)
        return
    action = _OBJECT_ACTIONS.get(request.operation, request.operation)
    if "versionId" in request.query:
        action = _OF_VERSIONS.get(action, action)
    resource = _object(request.bucket, request.key)
    yield Call(f"s3:{action}", resource, context)
    if "x-amz-tagging" in request.headers:
        yield Call("s3:PutObjectTagging", resource, context)
    if source := request.headers.get("x-amz-copy-source"):
        read = unquote(source).removeprefix("/").partition("?")[0]
        yield Call("s3:GetObject", f"arn:{PARTITION}:s3:::{read}", _common(request))


def _object(bucket: str, key: str) -> str:
    return f"arn:{PARTITION}:s3:::{bucket}/{key}"


def _common(request: AwsRequest) -> dict[str, tuple[str, ...]]:
    context: dict[str, tuple[str, ...]] = {
        f"s3:{name}": (request.query[name],) for name in _LISTS if name in request.query
    }
    for header in ("if-match", "if-none-match"):
        if header in request.headers:
            context[f"s3:{header}"] = (request.headers[header],)
    if "versionId" in request.query:
        context["s3:versionid"] = (request.query["versionId"],)
    if bucket := find_bucket(request.bucket):
        context["s3:resourceaccount"] = context["aws:resourceaccount"] = (bucket.account_id,)
    return context


def _of_session(request: AwsRequest) -> dict[str, tuple[str, ...]]:
    if request.service != "sts":
        return {}
    form = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    named = {"ExternalId": "sts:externalid", "RoleSessionName": "sts:rolesessionname"}
    return {key: (form[name][0],) for name, key in named.items() if name in form}


def _of_tags(request: AwsRequest) -> dict[str, tuple[str, ...]]:
    """Of requests that write tags those in the request, and with those of the object: the latter
    are no condition for PutObject and DeleteObject.
    """
    context: dict[str, tuple[str, ...]] = {}
    written = _written_tags(request)
    if written is not None:
        context["s3:requestobjecttagkeys"] = tuple(written)
        context |= {f"s3:requestobjecttag/{key.lower()}": (tag,) for key, tag in written.items()}
    bucket = find_bucket(request.bucket)
    if bucket is not None and request.operation.endswith("ObjectTagging"):
        there = _tags_of(bucket, request.key)
        context |= {f"s3:existingobjecttag/{key.lower()}": (tag,) for key, tag in there.items()}
    return context


def _written_tags(request: AwsRequest) -> dict[str, str] | None:
    if "x-amz-tagging" in request.headers:
        found = parse_qs(request.headers["x-amz-tagging"], keep_blank_values=True)
        return {key: values[0] for key, values in found.items()}
    if request.operation != "PutObjectTagging":
        return None
    try:
        tag_set = read_xml(request.body).child("TagSet")
    except MalformedXml:
        return {}  # which the request is refused for in any case
    tags = tag_set.children if tag_set else ()
    pairs = (tuple(child.text for child in each.children) for each in tags)
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def _tags_of(bucket: FakeBucket, key: str) -> dict[str, str]:
    versions = bucket.keys.getlist(key, [])
    if not versions or not hasattr(versions[-1], "arn"):
        return {}
    tagger = s3_backends[bucket.account_id][PARTITION].tagger
    return dict(tagger.get_tag_dict_for_resource(versions[-1].arn))
