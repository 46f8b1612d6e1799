"""Does what users do in a world, on a server and in what we know of its bucket."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, assert_never

from tests.engines.state import Bucket, Upload, Version
from tests.engines.worlds import Operation, World

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def run(
    client: S3Client, name: str, world: World, bucket: Bucket, operation: Operation, at: datetime
) -> None:
    """`bucket` is what the bucket of that name holds, and is changed as well."""
    key = operation.key
    match operation.kind:
        case "enable versioning":
            client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
            bucket.versioned = True
        case "put rules":
            rules: Any = list(world.rules)
            client.put_bucket_lifecycle_configuration(
                Bucket=name, LifecycleConfiguration={"Rules": rules}
            )
            bucket.rules = world.rules
        case "put":
            put = client.put_object(
                Bucket=name,
                Key=key,
                Body=b"x" * operation.size,
                Tagging="&".join(f"{tag}={value}" for tag, value in operation.tags),
            )
            id = put.get("VersionId", "null")
            bucket.add(key, Version(id, at, operation.size, operation.tags))
        case "delete":
            deleted = client.delete_object(Bucket=name, Key=key)
            if bucket.versioned:
                bucket.add(key, Version(deleted["VersionId"], at, is_marker=True))
            else:
                bucket.keys.pop(key, None)
        case "delete version":
            versions = bucket.keys.get(key, ())
            if operation.place < len(versions):
                id = versions[-1 - operation.place].id
                client.delete_object(Bucket=name, Key=key, VersionId=id)
                bucket.remove(key, id, at)
        case "start upload":
            started = client.create_multipart_upload(Bucket=name, Key=key)
            bucket.uploads[started["UploadId"]] = Upload(key, at)
        case _:
            assert_never(operation.kind)
