"""Hypothesis: what users do to a bucket, in order, through S3's own API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st

from firnline import testing
from tests.testing.random_worlds import CLASSES, KEYS

BUCKET = "acme"


@dataclass
class User:
    """Each of its acts takes some seconds: S3 tells the dates of versions to the second."""

    aws: testing.Emulator
    s3: Any

    def act(self, act: Callable[[User], None]) -> None:
        act(self)
        clock = self.aws.middleware.state.clock
        clock.set(clock.now() + timedelta(seconds=3))

    def versions(self) -> list[dict[str, Any]]:
        listed = self.s3.list_object_versions(Bucket=BUCKET)
        found = [*listed.get("Versions", []), *listed.get("DeleteMarkers", [])]
        return sorted(
            found, key=lambda each: (each["Key"], each["LastModified"], each["VersionId"])
        )

    def uploads(self) -> list[dict[str, Any]]:
        found = self.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
        return sorted(found, key=lambda each: (each["Key"], each["Initiated"]))


Act = Callable[[User], None]


def put(key: str, size: int, storage_class: str, tags: str, user: User) -> None:
    user.s3.put_object(
        Bucket=BUCKET, Key=key, Body=bytes(size), StorageClass=storage_class, Tagging=tags
    )


def delete(keys: list[str], user: User) -> None:
    for key in keys[:1]:
        user.s3.delete_object(Bucket=BUCKET, Key=key)
    if len(keys) > 1:
        delete = {"Objects": [{"Key": key} for key in keys[1:]], "Quiet": len(keys) == 2}
        user.s3.delete_objects(Bucket=BUCKET, Delete=delete)


def delete_versions(places: list[int], user: User) -> None:
    """For good: by DeleteObject where it is one, else by DeleteObjects."""
    there = user.versions()
    chosen = {place % len(there): there[place % len(there)] for place in places if there}
    named = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in chosen.values()]
    if len(named) == 1:
        user.s3.delete_object(Bucket=BUCKET, **named[0])
    elif named:
        user.s3.delete_objects(Bucket=BUCKET, Delete={"Objects": named})


def start_upload(key: str, user: User) -> None:
    user.s3.create_multipart_upload(Bucket=BUCKET, Key=key)


def end_upload(place: int, completes: bool, user: User) -> None:
    there = user.uploads()
    if not there:
        return
    chosen = there[place % len(there)]
    named = {"Bucket": BUCKET, "Key": chosen["Key"], "UploadId": chosen["UploadId"]}
    if not completes:
        user.s3.abort_multipart_upload(**named)
        return
    part = user.s3.upload_part(**named, PartNumber=1, Body=b"x")
    parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
    user.s3.complete_multipart_upload(**named, MultipartUpload={"Parts": parts})


def version(status: str, user: User) -> None:
    user.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": status})


def let_days_pass(days: int, user: User) -> None:
    user.aws.advance(days=days)


@st.composite
def acts(draw: st.DrawFn, versioned: bool) -> Act:
    key = draw(st.sampled_from(KEYS))
    match draw(st.integers(0, 11)):
        case 0:
            keys = draw(st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True))
            return partial(delete, keys)
        case 1 | 2 if versioned:
            return partial(
                delete_versions, draw(st.lists(st.integers(0, 20), min_size=1, max_size=3))
            )
        case 3:
            return partial(start_upload, key)
        case 4:
            return partial(end_upload, draw(st.integers(0, 3)), draw(st.booleans()))
        case 5 if versioned:
            return partial(version, draw(st.sampled_from(("Enabled", "Suspended", "Suspended"))))
        case 6 | 7:
            return partial(let_days_pass, draw(st.sampled_from((1, 1, 3, 8, 40))))
        case _:
            size = draw(st.sampled_from((0, 1, 131_072)))
            storage_class = draw(st.sampled_from(("STANDARD", "STANDARD", *CLASSES)))
            tags = draw(st.sampled_from(("", "t=1", "t=2&u=1")))
            return partial(put, key, size, storage_class, tags)


def histories(versioned: bool) -> st.SearchStrategy[list[Act]]:
    return st.lists(acts(versioned), min_size=1, max_size=14)
