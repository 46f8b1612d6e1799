"""When did an upload begin? moto says of each that it began on 2010-11-10."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from firnline.testing.answers import Answer
from firnline.testing.moto_process import find_bucket, initiated

_UPLOAD = re.compile(r"<Upload>.*?</Upload>", re.DOTALL)
_UPLOAD_ID = re.compile(r"<UploadId>(.*?)</UploadId>")
_INITIATED = re.compile(r"(?<=<Initiated>).*?(?=</Initiated>)")


def date_uploads(name: str, now: datetime) -> None:
    bucket = find_bucket(name)
    for upload in list(bucket.multiparts.values()) if bucket else ():
        initiated(upload, now)


def with_dates(name: str, answer: Answer, now: datetime) -> Answer:
    """A list of uploads, each with the day it began."""
    bucket = find_bucket(name)
    if bucket is None or answer.status != 200:
        return answer
    dates = {upload.id: initiated(upload, now) for upload in list(bucket.multiparts.values())}

    def corrected(upload: re.Match[str]) -> str:
        named = _UPLOAD_ID.search(upload[0])
        when = dates.get(named[1]) if named else None
        if when is None:
            return upload[0]
        return _INITIATED.sub(when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"), upload[0])

    body = _UPLOAD.sub(corrected, answer.body.decode()).encode()
    headers = tuple(pair for pair in answer.headers if pair[0].lower() != "content-length")
    return Answer(answer.status, headers, body)
