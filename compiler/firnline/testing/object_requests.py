"""Objects of declared size and date over HTTP, from JSON: a year of artifacts in one request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from firnline.testing import seed
from firnline.testing.moto_process import find_bucket


class BadObjects(Exception):
    """The request is no list of objects that can be put; nothing was."""


@dataclass(frozen=True, slots=True)
class DeclaredObject:
    bucket: str
    key: str
    bytes: int
    modified: datetime


def read_objects(body: bytes) -> tuple[DeclaredObject, ...]:
    """`[{"bucket": …, "key": …, "bytes": 123, "modified": "2026-01-31T12:00:00+00:00"}]`; raises
    `BadObjects`.
    """
    try:
        return tuple(_read(json.loads(body)))
    except (ValueError, KeyError, TypeError) as error:
        raise BadObjects(
            'send a list of {"bucket", "key", "bytes", "modified"}, `modified` in ISO 8601'
        ) from error


def put_objects(objects: tuple[DeclaredObject, ...]) -> int:
    """As PUTs on those days would have left them; how many. Raises `BadObjects`."""
    missing = sorted({each.bucket for each in objects if find_bucket(each.bucket) is None})
    if missing:
        raise BadObjects(f"there is no bucket `{missing[0]}`")
    for each in objects:
        bucket = find_bucket(each.bucket)
        assert bucket is not None, "they were looked up above"
        seed.put_version(bucket, each.key, each.bytes, each.modified)
    return len(objects)


def _read(sent: list[Mapping[str, str]]) -> Iterator[DeclaredObject]:
    for each in sent:
        modified = datetime.fromisoformat(each["modified"])
        if modified.tzinfo is None:
            raise ValueError("a moment without its offset from UTC")
        yield DeclaredObject(each["bucket"], each["key"], int(each["bytes"]), modified)
