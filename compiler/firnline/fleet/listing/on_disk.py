"""The folder of the inventories of a bucket, and what is written into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from firnline.atomic_file import write_file
from firnline.fleet.listing.journal import ListingPlan, Part, UnusableJournal
from firnline.inventory.manifest import DataFile, InventoryFormat
from firnline.inventory.writer.csv_file import CsvFile
from firnline.inventory.writer.manifest_json import checksum, manifest_json, md5
from firnline.inventory.writer.places import Places

_CONFIGURATION: Final = "firnline"
"""Where S3 has the name of the inventory's configuration."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """`out` is in place of the destination bucket: keys are paths below it."""

    out: Path
    bucket: str

    @property
    def places(self) -> Places:
        return Places(self.bucket, _CONFIGURATION)

    @property
    def unfinished(self) -> Path:
        """The folder of the journal."""
        return self.out / self.places.folder / "unfinished"

    def write_data(self, name: str, content: bytes) -> DataFile:
        key = self.places.data(name)
        path = self.out / key
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, content)
        return DataFile(key, md5(content), len(content))

    def verify(self, parts: Sequence[Part]) -> None:
        """Raises `UnusableJournal` where a data file is not what was written."""
        for file in filter(None, (part.file for part in parts)):
            path = self.out / file.key
            try:
                whole = md5(path.read_bytes()) == file.md5
            except OSError as problem:
                raise UnusableJournal(f"{path} cannot be read: {problem.strerror}") from None
            if not whole:
                raise UnusableJournal(f"{path} was altered since it was written")

    def discard(self, parts: Sequence[Part]) -> None:
        for file in filter(None, (part.file for part in parts)):
            (self.out / file.key).unlink(missing_ok=True)

    def remove_empty_folders(self) -> None:
        """Those that were made for a listing that did not begin."""
        folder = self.unfinished.parent
        while folder != self.out.parent and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    def finish(self, plan: ListingPlan, parts: Sequence[Part]) -> Path:
        """Writes the manifest, then its checksum, as S3 does; the path of the manifest."""
        files = [part.file for part in parts if part.file]
        manifest = manifest_json(
            source=self.bucket,
            destination=self.bucket,  # of no bucket: no other is known to exist
            made=plan.began,
            form=InventoryFormat.CSV,
            fields=plan.request.fields,
            files=files or [self._empty(plan)],
        )
        path = self.out / self.places.manifest(plan.began)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, manifest)
        write_file(self.out / self.places.checksum(plan.began), checksum(manifest))
        return path

    def _empty(self, plan: ListingPlan) -> DataFile:
        """S3 writes one for an empty bucket too."""
        file = CsvFile(plan.request.fields, self.bucket)
        return self.write_data(f"{plan.id}.{file.suffix}", file.finished())
