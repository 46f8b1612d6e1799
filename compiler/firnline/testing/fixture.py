"""One S3 for one test: a client, a clock to advance, and objects of any size and age."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from moto.s3.models import FakeBucket

from firnline.testing import seed
from firnline.testing.advance_report import AdvanceReport
from firnline.testing.faults import read_fault
from firnline.testing.moto_process import find_bucket
from firnline.testing.plan_advance import LifecycleEvent
from firnline.testing.server import Emulator, serve

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class S3WithLifecycle:
    """`client` is boto3's; what it writes is dated by the clock. `environment` points other
    clients and processes at the same buckets."""

    client: S3Client
    aws: Emulator

    @property
    def endpoint(self) -> str:
        return self.aws.endpoint

    @property
    def environment(self) -> dict[str, str]:
        return self.aws.environment

    @property
    def now(self) -> datetime:
        return self.aws.now

    def advance(
        self, *, days: int | None = None, until: date | datetime | None = None
    ) -> AdvanceReport:
        """Advances the clock; at every midnight on the way, S3 takes the actions that are due.

        Raises `BadAdvance` where the clock would not go forwards.
        """
        return self.aws.advance(days=days, until=until)

    def plan_advance(
        self, *, days: int | None = None, until: date | datetime | None = None
    ) -> tuple[LifecycleEvent, ...]:
        """What `advance` would do now; changes nothing."""
        return self.aws.plan_advance(days=days, until=until)

    def put(
        self,
        bucket: str,
        key: str,
        *,
        size: int = 0,
        age: int | timedelta = 0,
        tags: Mapping[str, str] | None = None,
        storage_class: str = "STANDARD",
    ) -> str:
        """An object of `size` bytes that was written `age` ago (a number: days); its version ID.

        It becomes the newest version of the key: raises ValueError if one is younger.
        """
        modified = self.now - _timedelta(age)
        with self.aws.middleware.state.lock:
            return seed.put_version(self._bucket(bucket), key, size, modified, tags, storage_class)

    def start_upload(
        self, bucket: str, key: str, *, size: int = 0, age: int | timedelta = 0
    ) -> str:
        """An incomplete multipart upload, begun `age` ago; its ID."""
        began = self.now - _timedelta(age)
        with self.aws.middleware.state.lock:
            return seed.add_upload(self._bucket(bucket), key, began, (size,) if size else ())

    def fail(self, **fault: Any) -> None:
        """The next requests that match fail, are delayed or lost, or read what is stale: members of
        `Fault`. Raises `BadFault`.
        """
        self.aws.middleware.faults.add(read_fault(fault))

    def fail_no_more(self) -> None:
        """Closed accounts are open again too, expired sessions valid, and nobody else writes."""
        self.aws.middleware.faults.clear()

    def _bucket(self, name: str) -> FakeBucket:
        bucket = find_bucket(name)
        if bucket is None:
            raise ValueError(f"there is no bucket `{name}`: create it with client.create_bucket")
        return bucket


@contextmanager
def s3_with_lifecycle() -> Iterator[S3WithLifecycle]:
    """An empty S3 on loopback that validates lifecycle configurations as S3 does and carries them
    out; removed after the block."""
    with serve() as aws:
        yield S3WithLifecycle(aws.caller_client("s3"), aws)


def _timedelta(age: int | timedelta) -> timedelta:
    return age if isinstance(age, timedelta) else timedelta(days=age)
