"""An S3 server for the tests of the comparison: each midnight has a given result, at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from tests.engines import state
from tests.engines.state import DAY, NEW_MARKER, START, Bucket, Remaining, Upload, Version

AtMidnight = Callable[[Bucket, str, datetime], Remaining]
Aborted = Callable[[Bucket, datetime], set[str]]


class FakeClock:
    """Jumps to where one would sleep until, and `late` more; each look at it takes `slow`."""

    def __init__(self, late: float = 0.0, slow: float = 0.0) -> None:
        self._now, self._late, self._slow = 0.0, late, slow

    def now(self) -> float:
        self._now += self._slow
        return self._now

    def sleep_until(self, moment: float) -> None:
        self._now = max(self._now, moment + self._late)


class FakeServer:
    """`at_midnight` says what is left of a key, `aborted` which uploads go."""

    def __init__(self, at_midnight: AtMidnight, aborted: Aborted) -> None:
        self.at_midnight, self.aborted = at_midnight, aborted
        self.buckets: dict[str, Bucket] = {}
        self.nights = 0
        self.ids = count()

    def client(self, connections: int) -> Any:
        del connections
        return FakeClient(self)

    def run_lifecycle(self) -> None:
        self.nights += 1
        at = START + self.nights * DAY
        for bucket in self.buckets.values():
            for key in list(bucket.keys):
                left = self.at_midnight(bucket, key, at)
                markers = [self.new_id() for id in left if id == NEW_MARKER]
                bucket.settle(key, left, at, markers)
            for id in self.aborted(bucket, at):
                del bucket.uploads[id]

    def new_id(self) -> str:
        return f"id-{next(self.ids)}"


class FakeClient:
    """The calls that playing makes of boto3's client."""

    def __init__(self, server: FakeServer) -> None:
        self._server = server
        self._writes = 0

    def create_bucket(self, Bucket: str) -> None:
        self._server.buckets[Bucket] = state.Bucket()

    def put_bucket_versioning(self, Bucket: str, VersioningConfiguration: Any) -> None:
        assert VersioningConfiguration == {"Status": "Enabled"}
        self._server.buckets[Bucket].versioned = True

    def put_bucket_lifecycle_configuration(self, Bucket: str, LifecycleConfiguration: Any) -> None:
        self._server.buckets[Bucket].rules = tuple(LifecycleConfiguration["Rules"])

    def put_object(self, Bucket: str, Key: str, Body: bytes, Tagging: str = "") -> Any:
        bucket = self._server.buckets[Bucket]
        id = self._server.new_id() if bucket.versioned else "null"
        tags = tuple(sorted(parse_qsl(Tagging)))
        bucket.add(Key, Version(id, self._now(), len(Body), tags))
        return {"VersionId": id} if bucket.versioned else {}

    def delete_object(self, Bucket: str, Key: str, VersionId: str | None = None) -> Any:
        bucket = self._server.buckets[Bucket]
        if VersionId is not None:
            bucket.remove(Key, VersionId, self._now())
        elif bucket.versioned:
            id = self._server.new_id()
            bucket.add(Key, Version(id, self._now(), is_marker=True))
            return {"VersionId": id, "DeleteMarker": True}
        else:
            bucket.keys.pop(Key, None)
        return {}

    def create_multipart_upload(self, Bucket: str, Key: str) -> Any:
        id = self._server.new_id()
        self._server.buckets[Bucket].uploads[id] = Upload(Key, self._now())
        return {"UploadId": id}

    def list_object_versions(self, Bucket: str) -> Any:
        listed: dict[str, list[Any]] = {"Versions": [], "DeleteMarkers": []}
        for key, stack in self._server.buckets[Bucket].keys.items():
            for version in reversed(stack):
                row = {"Key": key, "VersionId": version.id, "IsLatest": version is stack[-1]}
                listed["DeleteMarkers" if version.is_marker else "Versions"].append(row)
        return listed

    def list_multipart_uploads(self, Bucket: str) -> Any:
        return {"Uploads": [{"UploadId": id} for id in self._server.buckets[Bucket].uploads]}

    def _now(self) -> datetime:
        """Around noon, one second after the other."""
        self._writes += 1
        return START + self._server.nights * DAY + timedelta(hours=12, seconds=self._writes)
