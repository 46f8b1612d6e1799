"""`PATH@DATE` → the Parquet files of an S3 Metadata table, and when they were exported."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from firnline.cli.failed import CommandFailed
from firnline.diagnostics.visible import visible
from firnline.s3.timestamps import read_moment

_S3 = "s3://"
_EXAMPLE = "2026-11-28T10:00Z"
_MANIFESTS = ("manifest.json", "*/manifest.json", "*/*/manifest.json", "*/*/*/manifest.json")
"""In the folder of one inventory, of a configuration, of a bucket, of all buckets."""


class TablePath(NamedTuple):
    path: Path
    made: datetime


def is_table(named: str) -> bool:
    """A folder, or a file: Athena gives it no extension, but then a date follows."""
    path, date = _parts(named)
    if path.startswith(_S3):
        return date is not None
    is_file = path.endswith(".parquet") or (date is not None and Path(path).is_file())
    return is_file or Path(path).is_dir()


def table_path(named: str) -> TablePath:
    """Raises `CommandFailed`."""
    path, date = _parts(named)
    if path.startswith(_S3):
        raise CommandFailed(
            f"{visible(path)}: a table is read from disk: aws s3 cp --recursive {visible(path)}"
            f" table/, then name table/@{visible(date or '')}"
        )
    if found := sorted(each for below in _MANIFESTS for each in Path(path).glob(below)):
        raise CommandFailed(
            f"{visible(path)} has inventories, each with a manifest: name one, such as"
            f" {visible(str(found[-1]))}"
        )
    if date is None:
        summary = "; a saved summary is read by `firnline forecast --summary`"
        raise CommandFailed(
            f"{visible(path)} does not say of when it is: add the time at which you exported it,"
            f" such as {visible(path)}@{_EXAMPLE}{summary if Path(path).is_file() else ''}"
        )
    try:
        return TablePath(Path(path), read_moment(date))
    except ValueError as problem:
        raise CommandFailed(
            f"{visible(named)}: what follows the @ {problem}; write {visible(path)}@{_EXAMPLE}"
        ) from None


def _parts(named: str) -> tuple[str, str | None]:
    """A path may have an @ of its own."""
    path, at, date = named.rpartition("@")
    if not at or Path(named).exists():
        return named, None
    return path, date
