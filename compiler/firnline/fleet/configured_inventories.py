"""Which inventories of a bucket does S3 write, where to, and do they tell enough?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from firnline.fleet.accounts import requesting

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import InventoryConfigurationOutputTypeDef

READ_CONFIGURATIONS: Final = "s3:GetInventoryConfiguration"
_NEEDED: Final = ("Size", "LastModifiedDate", "StorageClass")


@dataclass(frozen=True, slots=True)
class Configured:
    """`folder` is that of its inventories, `s3://DESTINATION/PREFIX/BUCKET/ID`. `lacks` says why it
    cannot tell what the whole bucket stores; empty where it can. `owner` is the account of the
    destination, where the configuration names it.
    """

    id: str
    destination: str
    folder: str
    all_versions: bool
    owner: str | None = None
    lacks: str = ""


def configured_inventories(client: S3Client, account_id: str, bucket: str) -> list[Configured]:
    """Those that tell more come first. Raises `NoAccess`."""
    with requesting(account_id, READ_CONFIGURATIONS):
        found = [_read(each, bucket) for each in _all(client, bucket)]
    return sorted(found, key=lambda each: (bool(each.lacks), not each.all_versions, each.id))


def _all(client: S3Client, bucket: str) -> Iterator[InventoryConfigurationOutputTypeDef]:
    page = client.list_bucket_inventory_configurations(Bucket=bucket)
    yield from page.get("InventoryConfigurationList", ())
    while page.get("IsTruncated"):
        page = client.list_bucket_inventory_configurations(
            Bucket=bucket, ContinuationToken=page["NextContinuationToken"]
        )
        yield from page.get("InventoryConfigurationList", ())


def _read(found: InventoryConfigurationOutputTypeDef, bucket: str) -> Configured:
    destination = found["Destination"]["S3BucketDestination"]
    name = destination["Bucket"].rpartition(":")[2]
    folder = "/".join(filter(None, (name, destination.get("Prefix"), bucket, found["Id"])))
    return Configured(
        id=found["Id"],
        destination=name,
        folder=f"s3://{folder}",
        owner=destination.get("AccountId"),
        all_versions=found["IncludedObjectVersions"] == "All",
        lacks=_lacks(found),
    )


def _lacks(found: InventoryConfigurationOutputTypeDef) -> str:
    if prefix := found.get("Filter", {}).get("Prefix"):
        return f"lists only what is below {prefix}"
    missing = [each for each in _NEEDED if each not in found.get("OptionalFields", ())]
    if missing:
        return f"lacks {' and '.join(missing)}"
    return "" if found["IsEnabled"] else "is disabled"
