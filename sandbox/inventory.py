"""The newest inventory of each bucket of the running sandbox: where it is in S3, and on disk."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sandbox.own_requests import post
from sandbox.paths import SandboxPaths
from sandbox.state import State
from sandbox.world.accounts import BUCKETS, INVENTORY

FORMATS = ("CSV", "Parquet", "ORC")


@dataclass(frozen=True, slots=True)
class Newest:
    """`path` is that of its manifest.json on disk, `uri` that in the inventory bucket."""

    bucket: str
    path: Path
    uri: str


def write_as(state: State, form: str) -> None:
    """Delivers all inventories, now and later, in this format. Raises `RequestFailed`."""
    post(state, "inventories", {"format": form})


def newest(state: State, paths: SandboxPaths) -> Iterator[Newest]:
    """Of each bucket, by name."""
    mirror = paths.inventories(state.world)
    for bucket in sorted(bucket.name for bucket in BUCKETS):
        # S3 writes the checksum last, and its folders sort by time.
        complete = mirror.glob(f"*/{bucket}/{INVENTORY}/*/manifest.checksum")
        last = max(complete, key=lambda path: path.parent.name, default=None)
        if last is not None:
            path = last.with_name("manifest.json")
            yield Newest(bucket, path, f"s3://{path.relative_to(mirror).as_posix()}")


def as_text(found: list[Newest]) -> Iterator[str]:
    wide = max((len(each.bucket) for each in found), default=0)
    for each in found:
        yield f"{each.bucket:<{wide}}  {each.uri}"
