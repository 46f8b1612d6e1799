"""Writes to a bucket whose versioning is suspended, which moto treats as never versioned.

There each write or delete without a version replaces the null version, and keeps the versions
with an ID alone (S3 User Guide, "Working with objects in a versioning-suspended bucket"). moto
would delete all of them.
"""

from __future__ import annotations

from collections.abc import Callable

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, s3_backends

from firnline.s3.terms import Versioning
from firnline.testing.moto_process import PARTITION
from firnline.testing.plan_advance import NULL
from firnline.testing.responses import Response

OBJECT_WRITES = frozenset(
    {
        "PutObject",
        "CopyObject",
        "CompleteMultipartUpload",
        "DeleteObject",
        "DeleteObjects",
        "POST",  # of a form
    }
)


def write_suspended(bucket: FakeBucket, write: Callable[[], Response]) -> Response:
    """Runs `write` as on a versioned bucket; what it adds becomes the null version."""
    before = {id(each): each for _, versions in bucket.keys.lists() for each in versions}
    bucket.versioning_status = Versioning.ENABLED.status
    try:
        response = write()
    finally:
        bucket.versioning_status = Versioning.SUSPENDED.status
    for key, versions in bucket.keys.lists():
        if versions and id(versions[-1]) not in before:
            response = _without(response, _make_null(bucket, key, versions))
    return response


def _make_null(bucket: FakeBucket, key: str, versions: list[FakeKey | FakeDeleteMarker]) -> str:
    """The newest version replaces the null version; the ID that moto gave it."""
    newest = versions[-1]
    bucket.keys.setlist(key, [each for each in versions if each.version_id != NULL])
    given = newest.version_id
    if isinstance(newest, FakeDeleteMarker):
        newest._version_id = NULL
        return given
    tagger = s3_backends[bucket.account_id][PARTITION].tagger
    tags = tagger.get_tag_dict_for_resource(newest.arn)
    tagger.delete_all_tags_for_resource(newest.arn)
    newest._version_id = NULL
    tagger.delete_all_tags_for_resource(newest.arn)  # those of the null version before it
    tagger.tag_resource(newest.arn, tagger.convert_dict_to_tags_input(tags))
    return given


def _without(response: Response, given: str) -> Response:
    """S3 calls the version `null`, in headers and in the list of what was deleted."""
    return Response(
        response.status,
        tuple(
            (name, NULL if value == given else value)
            for name, value in response.headers
            if name.lower() != "content-length"
        ),
        response.body.replace(given.encode(), NULL.encode()),
    )
