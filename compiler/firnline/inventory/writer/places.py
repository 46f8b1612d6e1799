"""Where the files of an inventory are, by their keys in the destination bucket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

MANIFEST: Final = "manifest.json"
CHECKSUM: Final = "manifest.checksum"
"""S3 writes it last: an inventory that has it is complete."""


@dataclass(frozen=True, slots=True)
class Places:
    """Of all inventories by one configuration of a bucket. `prefix`, if any, ends in a slash."""

    source: str
    configuration: str
    prefix: str = ""

    @property
    def folder(self) -> str:
        return f"{self.prefix}{self.source}/{self.configuration}"

    def data(self, name: str) -> str:
        return f"{self.folder}/data/{name}"

    def of(self, made: datetime) -> str:
        """The folder of the manifest of one inventory."""
        return f"{self.folder}/{made.astimezone(UTC):%Y-%m-%dT%H-%MZ}"

    def manifest(self, made: datetime) -> str:
        return f"{self.of(made)}/{MANIFEST}"

    def checksum(self, made: datetime) -> str:
        return f"{self.of(made)}/{CHECKSUM}"
