"""What people name → inventories and tables, opened: what is stored in which bucket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import Age, InventorySource, reading
from firnline.cli.reading_progress import reading_progress

# First of what needs the extra: it says so where that is missing.
from firnline.cli.stored_inventory import Inventoried, end_of
from firnline.cli.table_path import is_table, table_path
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Access
from firnline.fleet.configured_inventories import Configured
from firnline.inventory.facts import s3_inventory
from firnline.inventory.facts.inventory_files import InventoryFiles
from firnline.inventory.facts.metadata_table import open_table as open_metadata_table
from firnline.inventory.facts.problems import UnusableInventory
from firnline.inventory.facts.table import Facts


def open_named(
    named: str, source: InventorySource, age: Age, colour: str, bucket: str | None = None
) -> Iterator[Inventoried]:
    """A table, or one inventory of each bucket that `named` has some of; of `bucket`, if a
    destination has several. Raises `CommandFailed`.
    """
    if is_table(named):
        yield open_table(named, age)
        return
    for files in files_of(named, source, bucket):
        yield open_inventory(files, age, colour)


def open_one(named: str, source: InventorySource, age: Age, colour: str) -> Inventoried:
    """Of one bucket. Raises `CommandFailed`."""
    if is_table(named):
        return open_table(named, age)
    found = files_of(named, source)
    if len(found) > 1:
        raise CommandFailed(
            f"{visible(named)} has inventories of {how_many(len(found), 'bucket')}: name one, such"
            f" as {visible(found[0].called)}"
        )
    return open_inventory(found[0], age, colour)


def files_of(
    named: str, source: InventorySource, bucket: str | None = None
) -> list[InventoryFiles]:
    """Of one inventory of each bucket that `named` has some of; of `bucket`, if a destination has
    several. Raises `CommandFailed`.
    """
    try:
        return source.files(named, bucket)
    except UnusableInventory as problem:
        raise CommandFailed(str(problem)) from None


def of_configuration(found: Configured, access: Access, source: InventorySource) -> InventoryFiles:
    """The newest. Raises `CommandFailed`."""
    try:
        return source.newest_of(found, access)
    except UnusableInventory as problem:
        raise CommandFailed(str(problem)) from None


def date_of(files: InventoryFiles) -> tuple[str, datetime]:
    """The bucket of an inventory, and when it was made. Raises `CommandFailed`."""
    with _told(files):
        return s3_inventory.date_of(files)


def open_inventory(files: InventoryFiles, age: Age, colour: str) -> Inventoried:
    """Raises `CommandFailed`."""
    with _told(files), reading_progress(visible(end_of(files.called)), colour) as begin:
        facts = s3_inventory.open_inventory([files], not_before=age.not_before, on_begin=begin)
    return Inventoried(files.called, facts, age.at)


@contextmanager
def _told(files: InventoryFiles) -> Iterator[None]:
    try:
        with reading(files.called):
            yield
    except UnusableInventory as problem:
        raise CommandFailed(str(problem)) from None


def open_table(named: str, age: Age) -> Inventoried:
    """Of `PATH@DATE`. Raises `CommandFailed`."""
    path, made = table_path(named)
    return Inventoried(str(path), _table(path, made, age.not_before), age.at)


def date_of_table(named: str) -> tuple[str, str, datetime]:
    """Of `PATH@DATE` the bucket, the path and the date. Raises `CommandFailed`."""
    path, made = table_path(named)
    with _table(path, made, None) as facts:
        (inventory,) = facts.inventories
        return inventory.bucket, str(path), made


def _table(path: Path, made: datetime, not_before: datetime | None) -> Facts:
    try:
        return open_metadata_table(path, made, not_before=not_before)
    except UnusableInventory as problem:
        raise CommandFailed(str(problem)) from None
