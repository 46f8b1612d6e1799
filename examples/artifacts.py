"""Where the examples put their artifacts: a bucket, to which a year of objects is sent at once.

A real job would upload bytes. The sandbox takes the name, the size and the date of an object, so
that a year of checkpoints is there in a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from examples.sandbox_requests import tell

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


@dataclass(frozen=True, slots=True)
class Artifact:
    key: str
    bytes: int
    modified: datetime


@dataclass(slots=True)
class ArtifactBucket:
    name: str
    artifacts: list[Artifact] = field(default_factory=list)

    def uri(self, key: str) -> str:
        return f"s3://{self.name}/{key}"

    def put(self, uri: str, size: int, at: datetime) -> None:
        self.artifacts.append(Artifact(self.key_of(uri), size, at))

    def key_of(self, uri: str) -> str:
        start = f"s3://{self.name}/"
        assert uri.startswith(start), f"{uri} is in another bucket"
        return uri.removeprefix(start)

    def send(self, endpoint: str) -> None:
        """To the sandbox, the oldest first."""
        body = [
            {
                "bucket": self.name,
                "key": each.key,
                "bytes": each.bytes,
                "modified": each.modified.isoformat(),
            }
            for each in sorted(self.artifacts, key=lambda each: each.modified)
        ]
        tell(endpoint, "objects", body)
