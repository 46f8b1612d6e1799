"""The dates of uploads and of their objects: moto reports 2010-11-10 for every upload."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey

from firnline.testing.moto_process import find_bucket, initiated
from firnline.testing.responses import Response

_UPLOAD = re.compile(r"<Upload>.*?</Upload>", re.DOTALL)
_UPLOAD_ID = re.compile(r"<UploadId>(.*?)</UploadId>")
_INITIATED = re.compile(r"(?<=<Initiated>).*?(?=</Initiated>)")


def date_uploads(name: str, now: datetime) -> None:
    bucket = find_bucket(name)
    for upload in list(bucket.multiparts.values()) if bucket else ():
        initiated(upload, now)


def with_dates(name: str, response: Response, now: datetime) -> Response:
    """A list of uploads, each with the day it began."""
    bucket = find_bucket(name)
    if bucket is None or response.status != 200:
        return response
    dates = {upload.id: initiated(upload, now) for upload in list(bucket.multiparts.values())}

    def corrected(upload: re.Match[str]) -> str:
        named = _UPLOAD_ID.search(upload[0])
        when = dates.get(named[1]) if named else None
        if when is None:
            return upload[0]
        return _INITIATED.sub(when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"), upload[0])

    body = _UPLOAD.sub(corrected, response.body.decode()).encode()
    headers = tuple(pair for pair in response.headers if pair[0].lower() != "content-length")
    return Response(response.status, headers, body)


def beginning(bucket: FakeBucket, upload_id: str, now: datetime) -> datetime | None:
    upload = bucket.multiparts.get(upload_id)
    return initiated(upload, now) if upload else None


def date_completed(bucket: FakeBucket, key: str, began: datetime) -> None:
    """The newest version of a key is as old as its upload (S3 User Guide, object metadata), but
    for what was written after it began: moto lists versions by their dates."""
    versions: list[FakeKey | FakeDeleteMarker] = bucket.keys.getlist(key)
    moment = began.replace(tzinfo=None)
    for before in versions[-2:-1]:
        moment = max(moment, before.last_modified + timedelta(microseconds=1))
    versions[-1].last_modified = min(moment, versions[-1].last_modified)
