"""The inventories of buckets over time: of which bucket each is and when it was made, and its
facts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import InventorySource, is_inventory, reading
from firnline.diagnostics.visible import visible
from firnline.inventory.manifest import is_manifest, read_manifest
from firnline.inventory.not_a_listing import NotAListing

try:
    from firnline.inventory.facts.alike import NEEDED
    from firnline.inventory.facts.inventory_files import InventoryFiles, OnDisk
    from firnline.inventory.facts.problems import NotEnoughRoom, UnusableInventory
    from firnline.inventory.facts.s3_inventory import CHECKSUM, MANIFEST, open_inventory
    from firnline.inventory.facts.table import Facts
except ModuleNotFoundError as missing:
    raise CommandFailed(
        f"an inventory is read by {missing.name}: pip install 'firnline[inventory]'"
    ) from None


@dataclass(frozen=True, slots=True)
class Dated:
    bucket: str
    made: datetime
    files: InventoryFiles

    @property
    def called(self) -> str:
        return self.files.called

    @contextmanager
    def facts(self) -> Iterator[Facts]:
        """Raises `CommandFailed`."""
        try:
            with reading(self.called), open_inventory([self.files]) as facts:
                lacking = [column for column in NEEDED if column not in facts.known]
                if lacking:
                    raise CommandFailed(f"{visible(self.called)} lacks {', '.join(lacking)}")
                yield facts
        except (UnusableInventory, NotEnoughRoom) as problem:
            raise CommandFailed(str(problem)) from None


def inventories_at(named: str, source: InventorySource) -> Iterator[Dated]:
    """One, or all of a folder on disk that has one of each day. Raises `CommandFailed`."""
    folder = Path(named)
    if folder.is_dir():
        complete = sorted(folder.glob(f"*/{CHECKSUM}"))  # S3 writes it last
        if not complete:
            raise CommandFailed(f"{visible(named)} has no folder with a {MANIFEST} and {CHECKSUM}")
        yield from (_dated(OnDisk(path.with_name(MANIFEST))) for path in complete)
        return
    if not is_inventory(named):
        raise CommandFailed(
            f"{visible(named)} is no {MANIFEST} of S3 Inventory, and no folder of inventories"
        )
    try:
        found = source.files(named)
    except UnusableInventory as problem:
        raise CommandFailed(str(problem)) from None
    yield from map(_dated, found)


def at_path(path: str) -> Dated:
    """The one whose manifest lies there on disk. Raises `CommandFailed`."""
    return _dated(OnDisk(Path(path)))


def _dated(files: InventoryFiles) -> Dated:
    called = visible(files.called)
    try:
        with reading(files.called):
            document = json.loads(files.beside(MANIFEST))
        if not is_manifest(document):
            raise NotAListing("is no manifest.json of S3 Inventory")
        manifest = read_manifest(document)
    except UnusableInventory as problem:
        raise CommandFailed(str(problem)) from None
    except NotAListing as problem:
        raise CommandFailed(f"{called} {problem}") from None
    except ValueError:
        raise CommandFailed(f"{called} is not JSON") from None
    if manifest.made is None:
        raise CommandFailed(f"{called} does not say when it was made")
    return Dated(manifest.bucket, manifest.made, files)
