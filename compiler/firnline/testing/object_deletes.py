"""DeleteObject and DeleteObjects as in S3, where moto differs.

moto deletes by DeleteObjects whatever the ETag, takes any number of keys, ignores Quiet, puts no
marker for a key that never existed, and takes `If-Match: *` for an ETag.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey

from firnline.s3.law.refusals import MALFORMED
from firnline.s3.terms import Versioning
from firnline.s3.xml_tree import Element, MalformedXml, read_xml, write_xml
from firnline.testing.moto_process import versioning_of
from firnline.testing.responses import Response, s3_error, s3_response
from firnline.testing.seed import DeclaredKey

MOST_KEYS = 1_000  # "a list of up to 1,000 keys" (S3 API, DeleteObjects)
_ANY = "*"

Version = FakeKey | FakeDeleteMarker


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be deleted: the key, or one version of it; `etag` is the condition, `*` that
    there is an object at all."""

    key: str
    version: str | None = None
    etag: str | None = None


Delete = Callable[[Target], Response]
"""Deletes one, without any condition."""
Refuse = Callable[[Target], Response | None]
"""Why the caller may not."""


def delete_object(bucket: FakeBucket, target: Target, delete: Delete) -> Response:
    if target.etag is not None and (refusal := _unmet(bucket, target)):
        return refusal
    versioned = versioning_of(bucket) is Versioning.ENABLED
    if versioned and target.version is None and not bucket.keys.getlist(target.key):
        return _marker_on_nothing(bucket, target.key)
    was_marker = isinstance(_version(bucket, target), FakeDeleteMarker)
    response = delete(target)
    if was_marker and "x-amz-delete-marker" not in _headers(response):
        # "whether the specified object version … was a delete marker" (S3 API, DeleteObject)
        return Response(response.status, (*response.headers, ("x-amz-delete-marker", "true")))
    return response


def delete_objects(
    bucket: FakeBucket, body: bytes, delete: Delete, refuse: Refuse = lambda _: None
) -> Response:
    """DeleteObjects: one after the other, and each for itself (S3 API, DeleteObjects)."""
    try:
        targets, quiet = _read(body)
    except MalformedXml:
        return s3_error(400, "MalformedXML", MALFORMED)
    results = []
    for target in targets:
        response = refuse(target) or delete_object(bucket, target, delete)
        if response.status >= 300:
            results.append(_element("Error", *_named(target), *_error_of(response)))
        elif not quiet:  # "only keys where the delete action encountered an error"
            results.append(_element("Deleted", *_named(target), *_deleted(target, response)))
    return s3_response(200, write_xml(Element("DeleteResult", children=tuple(results))))


def _read(body: bytes) -> tuple[list[Target], bool]:
    root = read_xml(body)
    objects = [each for each in root.children if each.name == "Object"]
    if root.name != "Delete" or not 1 <= len(objects) <= MOST_KEYS:
        raise MalformedXml(f"a `{root.name}` of {len(objects)} objects")
    return [_target(each) for each in objects], _text(root, "Quiet") == "true"


def _target(element: Element) -> Target:
    key = _text(element, "Key")
    if not key:
        raise MalformedXml("an object without a key", *element.at)
    return Target(key, _text(element, "VersionId"), _text(element, "ETag"))


def _text(element: Element, name: str) -> str | None:
    child = element.child(name)
    return child.text if child else None


def _unmet(bucket: FakeBucket, target: Target) -> Response | None:
    """Why the condition does not hold. It is about the current version alone, and one that a marker
    hides is none (S3 User Guide, "How to perform conditional deletes")."""
    assert target.etag is not None
    current = _version(bucket, Target(target.key))
    if not isinstance(current, FakeKey):
        message = "The specified key does not exist."
        return s3_error(404, "NoSuchKey", message, (("Key", target.key),))
    if target.etag == _ANY or target.etag.strip('"') == current.etag.strip('"'):
        return None
    message = "At least one of the pre-conditions you specified did not hold"
    return s3_error(412, "PreconditionFailed", message, (("Condition", "If-Match"),))


def _version(bucket: FakeBucket, target: Target) -> Version | None:
    versions: list[Version] = bucket.keys.getlist(target.key, [])
    if target.version is None:
        return versions[-1] if versions else None
    return next((each for each in versions if each.version_id == target.version), None)


def _marker_on_nothing(bucket: FakeBucket, key: str) -> Response:
    """ "If the object does not exist, S3 still creates a delete marker" in a versioned bucket (S3
    User Guide, "Working with delete markers": DELETE where no object has the key)."""
    marker = FakeDeleteMarker(key=DeclaredKey(bucket, key, 0, "null"))
    bucket.keys[key] = marker
    headers = (("x-amz-version-id", marker.version_id), ("x-amz-delete-marker", "true"))
    return s3_response(204, headers=headers)


def _named(target: Target) -> Iterator[tuple[str, str]]:
    yield "Key", target.key
    if target.version is not None:
        yield "VersionId", target.version


def _deleted(target: Target, response: Response) -> Iterator[tuple[str, str]]:
    headers = _headers(response)
    if headers.get("x-amz-delete-marker") == "true":
        yield "DeleteMarker", "true"
        yield "DeleteMarkerVersionId", target.version or headers["x-amz-version-id"]


def _error_of(response: Response) -> Iterator[tuple[str, str]]:
    error = read_xml(response.body)
    for name in ("Code", "Message"):
        yield name, _text(error, name) or ""


def _headers(response: Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers}


def _element(name: str, *values: tuple[str, str]) -> Element:
    return Element(name, children=tuple(Element(*value) for value in values))
