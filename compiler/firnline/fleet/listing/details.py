"""What a list lacks of its rows: the tags of objects, the bytes of an upload's parts.

One request for each row. What is gone by then is left out: it is not stored any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from firnline.inventory.writer.row import InventoryRow

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

READ_TAGS = "s3:GetObjectTagging"
READ_TAGS_OF_VERSIONS = "s3:GetObjectVersionTagging"
READ_PARTS = "s3:ListMultipartUploadParts"
_GONE = ("NoSuchKey", "NoSuchVersion", "NoSuchUpload")

Ask = Callable[[InventoryRow], InventoryRow]


def with_tags(client: S3Client, bucket: str) -> Ask:
    def ask(row: InventoryRow) -> InventoryRow:
        version: Any = {"VersionId": row.version_id or "null"} if row.is_latest is not None else {}
        answer = client.get_object_tagging(Bucket=bucket, Key=row.key, **version)
        return replace(row, tags=tuple((each["Key"], each["Value"]) for each in answer["TagSet"]))

    return ask


def with_parts(client: S3Client, bucket: str) -> Ask:
    def ask(row: InventoryRow) -> InventoryRow:
        assert row.upload_id is not None
        pages = client.get_paginator("list_parts").paginate(
            Bucket=bucket, Key=row.key, UploadId=row.upload_id
        )
        sizes = (part["Size"] for page in pages for part in page.get("Parts", ()))
        return replace(row, size=sum(sizes))

    return ask


def asked(
    rows: Iterable[InventoryRow], ask: Ask, pool: ThreadPoolExecutor
) -> Iterator[InventoryRow]:
    """In no less time than the slowest; raises what boto3 raises."""
    for answer in pool.map(lambda row: _unless_gone(row, ask), rows):
        if answer is not None:
            yield answer


def _unless_gone(row: InventoryRow, ask: Ask) -> InventoryRow | None:
    from botocore.exceptions import ClientError

    if row.is_delete_marker:
        return row
    try:
        return ask(row)
    except ClientError as error:
        if error.response["Error"]["Code"] in _GONE:
            return None
        raise
