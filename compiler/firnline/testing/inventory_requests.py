"""PUT, GET, LIST and DELETE of a bucket's configurations of S3 Inventory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock
from typing import Final

from firnline.inventory.manifest import InventoryFormat
from firnline.s3.xml_tree import Element, MalformedXml, write_xml
from firnline.testing.aws_request import AwsRequest
from firnline.testing.inventory_configuration import (
    InventoryConfiguration,
    read_inventory,
    written,
)
from firnline.testing.responses import Response, s3_error, s3_response

OPERATIONS: Final = (
    "PutBucketInventoryConfiguration",
    "GetBucketInventoryConfiguration",
    "ListBucketInventoryConfigurations",
    "DeleteBucketInventoryConfiguration",
)


class BadFormat(ValueError):
    """Of a request to deliver; the text says why."""


def read_format(body: bytes) -> InventoryFormat | None:
    """`{}`, or `{"format": "Parquet"}`; raises `BadFormat`."""
    try:
        request = json.loads(body or b"{}")
        return InventoryFormat(request["format"]) if request else None
    except (ValueError, KeyError, TypeError):
        known = ", ".join(InventoryFormat)
        raise BadFormat(f'send {{"format": "CSV"}}, or one of: {known}') from None


class InventoryStore:
    """The configurations of all buckets."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: dict[tuple[str, str], InventoryConfiguration] = {}

    def put(self, bucket: str, configuration: InventoryConfiguration) -> None:
        with self._lock:
            self._found[bucket, configuration.id] = configuration

    def all(self) -> list[tuple[str, InventoryConfiguration]]:
        """By bucket and ID."""
        with self._lock:
            return [(bucket, each) for (bucket, _), each in sorted(self._found.items())]

    def of(self, bucket: str) -> list[InventoryConfiguration]:
        return [each for name, each in self.all() if name == bucket]

    def delete(self, bucket: str, id: str) -> bool:
        """Whether there was one."""
        with self._lock:
            return self._found.pop((bucket, id), None) is not None

    def forget(self, bucket: str) -> None:
        """The bucket itself was deleted."""
        for each in self.of(bucket):
            self.delete(bucket, each.id)

    def write_as(self, form: InventoryFormat) -> None:
        """From now on all are in this format."""
        for bucket, each in self.all():
            self.put(bucket, replace(each, form=form))


def respond(request: AwsRequest, store: InventoryStore) -> Response:
    """The caller's access is decided before."""
    id = request.query.get("id", "")
    match request.operation:
        case "PutBucketInventoryConfiguration":
            return _put(request, id, store)
        case "DeleteBucketInventoryConfiguration":
            return s3_response(204) if store.delete(request.bucket, id) else _missing()
        case "ListBucketInventoryConfigurations":
            listed = (written(each) for each in store.of(request.bucket))
            parts = (*listed, Element("IsTruncated", "false"))
            return s3_response(
                200, write_xml(Element("ListInventoryConfigurationsResult", children=parts))
            )
        case _:
            found = next(_with_id(store.of(request.bucket), id), None)
            return s3_response(200, write_xml(written(found))) if found else _missing()


def _put(request: AwsRequest, id: str, store: InventoryStore) -> Response:
    try:
        store.put(request.bucket, read_inventory(request.body, id))
    except MalformedXml:
        message = "The XML you provided was not well-formed or did not validate against our"
        return s3_error(400, "MalformedXML", f"{message} published schema")
    return s3_response(200)


def _with_id(found: list[InventoryConfiguration], id: str) -> Iterator[InventoryConfiguration]:
    return (each for each in found if each.id == id)


def _missing() -> Response:
    return s3_error(404, "NoSuchConfiguration", "The specified configuration does not exist.")
