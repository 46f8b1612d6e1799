"""Makes a fleet: its accounts and buckets in the world that runs, and its project in a folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.assumed import s3_of
from sandbox.emulator_process import python
from sandbox.fleet.files import MARK, files_of, stack_files_of
from sandbox.fleet.plan import FleetAccount, FleetBucket, Size, accounts_in, objects_in
from sandbox.own_requests import get, post
from sandbox.paths import SandboxPaths
from sandbox.state import State

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_FIRST_REGION = "us-east-1"
_OURS = ("policies", ".firnline")


class FolderInUse(Exception):
    """Something else is in the folder; the text says so."""


def create(state: State, paths: SandboxPaths, size: Size, folder: Path, *, stacks: bool) -> str:
    """Buckets that are there stay as they are, so a fleet can be grown. With `stacks`, the stack
    files too. What there is now, in a few lines. Raises `FolderInUse`.
    """
    _clear(folder)
    accounts = accounts_in(size)
    post(state, "accounts", [each.id for each in accounts])
    made = [bucket for each in accounts for bucket in _create_missing(state, each)]
    now = datetime.fromisoformat(get(state, "clock")["now"])
    post(state, "objects", [each for bucket in made for each in _objects(bucket, size, now)])
    files = files_of(size, python(paths).parent.parent)
    for name, text in {**files, **(stack_files_of(size) if stacks else {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return "\n".join(_summary(accounts, len(made), size))


def _summary(accounts: tuple[FleetAccount, ...], made: int, size: Size) -> Iterator[str]:
    buckets = sum(len(each.buckets) for each in accounts)
    yield f"{len(accounts)} accounts, {buckets} buckets ({made} new), {size.rules} rules on each"
    for wave in range(1, size.waves + 1):
        labels = [each.label for each in accounts if each.wave == wave]
        first_to_last = labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"
        yield f"wave {wave}: {first_to_last}"


def _create_missing(state: State, account: FleetAccount) -> Iterator[FleetBucket]:
    clients = {
        region: s3_of(state, account.id, region)
        for region in {bucket.kind.region for bucket in account.buckets}
    }
    listed = next(iter(clients.values())).list_buckets()["Buckets"]
    present = {each["Name"] for each in listed}
    for bucket in account.buckets:
        if bucket.name not in present:
            _create(clients[bucket.kind.region], bucket)
            yield bucket


def _create(client: S3Client, bucket: FleetBucket) -> None:
    where: Any = {"LocationConstraint": bucket.kind.region}
    elsewhere = bucket.kind.region != _FIRST_REGION
    placed = {"CreateBucketConfiguration": where} if elsewhere else {}
    client.create_bucket(Bucket=bucket.name, **placed)
    if bucket.kind.versioning == "enabled":
        client.put_bucket_versioning(
            Bucket=bucket.name, VersioningConfiguration={"Status": "Enabled"}
        )


def _objects(bucket: FleetBucket, size: Size, now: datetime) -> Iterator[dict[str, Any]]:
    for each in objects_in(bucket, size.rules):
        # A minute more, so that what is due two days from now is so on the second midnight.
        modified = now - timedelta(days=each.age_days, minutes=1)
        yield {
            "bucket": bucket.name,
            "key": each.key,
            "bytes": each.size,
            "modified": modified.isoformat(),
        }


def _clear(folder: Path) -> None:
    """What an earlier call wrote and what commands made of it; nothing where it wrote nothing."""
    settings = folder / "firnline.toml"
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not settings.exists() or not settings.read_text(encoding="utf-8").startswith(MARK):
        raise FolderInUse(f"{folder} has files that `python -m sandbox fleet` did not write")
    for name in _OURS:
        shutil.rmtree(folder / name, ignore_errors=True)
    for stack in folder.glob("Pulumi.*.yaml"):
        stack.unlink()
