"""The log files below a prefix of the bucket that S3 or CloudTrail delivers them to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from firnline.fleet.accounts import requesting
from firnline.fleet.threads import in_threads

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_READ: Final = "s3:GetObject"
_LIST: Final = "s3:ListBucket"


def fetch_logs(client: S3Client, account_id: str, uri: str, into: Path) -> int:
    """Copies all below `uri`, `s3://BUCKET/PREFIX`, into a folder, and says how many they are.
    Raises `NoAccess`.
    """
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")

    def fetch(numbered: tuple[int, str]) -> None:
        number, key = numbered
        copy = into / f"{number}-{key.rpartition('/')[2]}"
        with requesting(account_id, _READ):
            client.download_file(bucket, key, str(copy))

    count = 0
    for page in _pages(client, account_id, bucket, prefix):
        list(in_threads(fetch, list(enumerate(page, count))))
        count += len(page)
    return count


def _pages(client: S3Client, account_id: str, bucket: str, prefix: str) -> Iterator[list[str]]:
    """The keys of files, by page."""
    with requesting(account_id, _LIST):
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            found = (each["Key"] for each in page.get("Contents", ()) if each["Size"])
            yield [key for key in found if "/CloudTrail-Digest/" not in key]
