"""ListBuckets as in S3: regions, filters and pages, which moto leaves out.

`BucketRegion` is in the response only if the request holds at least one valid parameter
(S3 API, ListBuckets), so a program that relies on it without one fails here too.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from moto.s3.models import FakeBucket

from firnline.s3.xml_tree import Element, write_xml
from firnline.testing.aws_request import AwsRequest
from firnline.testing.responses import Response, s3_error, s3_response

_PAGE = 10_000  # the default and the most (S3 API, ListBuckets)
_PARAMETERS = ("bucket-region", "prefix", "continuation-token", "max-buckets")


class _InvalidParameter(Exception):
    def __init__(self, name: str, value: str, message: str) -> None:
        super().__init__(message)
        self.details = (("ArgumentName", name), ("ArgumentValue", value))


@dataclass(frozen=True, slots=True)
class _Page:
    buckets: tuple[FakeBucket, ...]
    next_token: str


def list_buckets_response(request: AwsRequest, owned: tuple[FakeBucket, ...]) -> Response:
    """`owned`: the buckets of the caller's account."""
    try:
        page = _page(request.query, owned)
    except _InvalidParameter as error:
        return s3_error(400, "InvalidArgument", str(error), error.details)
    with_region = any(name in request.query for name in _PARAMETERS)
    return s3_response(200, write_xml(_document(request, page, with_region)))


def _page(query: dict[str, str], owned: tuple[FakeBucket, ...]) -> _Page:
    most = _most(query.get("max-buckets"))
    after = _after(query.get("continuation-token"))
    region, prefix = query.get("bucket-region", ""), query.get("prefix", "")
    fitting = sorted(
        (
            bucket
            for bucket in owned
            if bucket.name.startswith(prefix)
            and region in ("", bucket.region_name)
            and bucket.name > after
        ),
        key=lambda bucket: bucket.name,
    )
    shown = tuple(fitting[:most])
    more = len(fitting) > len(shown)
    return _Page(shown, base64.urlsafe_b64encode(shown[-1].name.encode()).decode() if more else "")


def _most(text: str | None) -> int:
    if text is None:
        return _PAGE
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _PAGE:
        message = f"Argument max-buckets must be an integer between 1 and {_PAGE}"
        raise _InvalidParameter("max-buckets", text, message)
    return int(text)


def _after(token: str | None) -> str:
    try:
        return base64.b64decode(token or "", altchars=b"-_", validate=True).decode()
    except ValueError as error:
        message = "The continuation token provided is incorrect"
        raise _InvalidParameter("continuation-token", token or "", message) from error


def _document(request: AwsRequest, page: _Page, with_region: bool) -> Element:
    buckets = tuple(_bucket(bucket, with_region) for bucket in page.buckets)
    children = [
        Element("Owner", children=(Element("ID", request.account),)),
        Element("Buckets", children=buckets),
    ]
    if page.next_token:
        children.append(Element("ContinuationToken", page.next_token))
    if "prefix" in request.query:
        children.append(Element("Prefix", request.query["prefix"]))
    return Element("ListAllMyBucketsResult", children=tuple(children))


def _bucket(bucket: FakeBucket, with_region: bool) -> Element:
    children = [
        Element("Name", bucket.name),
        Element("CreationDate", bucket.creation_date_ISO8601),
    ]
    if with_region:
        children.append(Element("BucketRegion", bucket.region_name))
    return Element("Bucket", children=tuple(children))
