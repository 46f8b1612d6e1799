"""The path of a listing → what it lists: an inventory's data files are looked for around it."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath

from firnline.cli.progress import tell_of_large, watched
from firnline.cli.streams import say
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.inventory.content import text_of
from firnline.inventory.listing import (
    Listing,
    Recognised,
    Rows,
    read_listing,
    read_tables,
    recognised,
)
from firnline.inventory.manifest import DataFile, Manifest
from firnline.inventory.not_a_listing import NotAListing
from firnline.inventory.rows import column_name
from firnline.inventory.table import Table, UnnamedColumns, as_table
from firnline.workspace import STDIN


def read_listing_file(path: str, schema: Sequence[str] | None) -> Listing:
    """`schema` names the columns of a CSV without a header. Raises `NotAListing`, whose text begins
    with the name of a file.
    """
    try:
        content = sys.stdin.buffer.read() if path == STDIN else _content(Path(path))
        tell_of_large(path, len(content))
        found = _recognised(content, path, schema)
        if isinstance(found, Manifest):
            return _inventory(found, Path(path))
        return read_listing(found, called(path), _watched)
    except NotAListing as problem:
        raise NotAListing(f"{called(path)} {problem}") from None


def called(path: str) -> str:
    return "<stdin>" if path == STDIN else path


def _watched(rows: Rows, total: int) -> Rows:
    return watched(rows, total, "reading")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise NotAListing(f"cannot be read: {problem.strerror}") from None


def _recognised(content: bytes, path: str, schema: Sequence[str] | None) -> Recognised:
    try:
        return recognised(content, schema)
    except UnnamedColumns:
        found = None if path == STDIN else _manifest_of(Path(path))
        if found is None:
            raise
        beside, manifest = found
        more = len(manifest.files) - 1
        say(
            f"{path} has its columns from {beside}"
            + f", which names {how_many(more, 'more file')}: give it instead for all" * bool(more)
        )
        return recognised(content, manifest.schema)


def _manifest_of(path: Path) -> tuple[Path, Manifest] | None:
    """The newest around a data file that names it, where S3 puts it, or beside it."""
    folder = path.parent
    candidates = [folder / "manifest.json", *sorted(folder.parent.glob("*/manifest.json"))]
    for candidate in reversed(candidates):
        try:
            found = recognised(candidate.read_bytes())
        except (OSError, NotAListing):
            continue
        if isinstance(found, Manifest) and any(_named(each, path) for each in found.files):
            return candidate, found
    return None


def _named(file: DataFile, path: Path) -> bool:
    return path.name in _names(PurePosixPath(file.key).name)


def _names(name: str) -> tuple[str, str]:
    """As S3 wrote it, and unpacked."""
    return name, name.removesuffix(".gz")


_NO_UPLOADS = ": incomplete multipart uploads are not in it"


def _lists_uploads(manifest: Manifest) -> bool:
    """S3 Inventory never does; `firnline inventory list` does on request."""
    return "uploadid" in map(column_name, manifest.schema)


def _inventory(manifest: Manifest, path: Path) -> Listing:
    made = f" of {manifest.made:%Y-%m-%d}" if manifest.made else ""
    say(
        f"the inventory{made} of bucket {visible(manifest.bucket)},"
        f" {how_many(len(manifest.files), 'file')}" + _NO_UPLOADS * (not _lists_uploads(manifest))
    )
    return read_tables([_table(file, manifest, path) for file in manifest.files], _watched)


def _table(file: DataFile, manifest: Manifest, path: Path) -> tuple[str, Table]:
    for candidate in _places(file.key, path):
        if candidate.is_file():
            return str(candidate), _opened(candidate, file, manifest)
    raise NotAListing(
        f"names a file that is not here, `{visible(file.key)}`: put it beside it, in `data/`, or"
        " where its key says"
    )


def _places(key: str, path: Path) -> Iterator[Path]:
    """Around the manifest, as people download it: with the whole key, its end, or its name."""
    parts = [part for part in PurePosixPath(key).parts if part not in ("/", "..")]
    *folders, last = parts or [""]
    absolute = path.absolute().parent
    for around in (path.parent, *islice(absolute.parents, len(parts))):
        for start in range(len(folders) + 1):
            for name in _names(last):
                yield around.joinpath(*folders[start:], name)
        yield from (around / "data" / name for name in _names(last))


def _opened(candidate: Path, file: DataFile, manifest: Manifest) -> Table:
    try:
        content = _content(candidate)
        if file.md5 and candidate.name.endswith(".gz") and _md5(content) != file.md5.lower():
            raise NotAListing("differs from what S3 wrote, by its MD5: download it again")
        return as_table(text_of(content), manifest.schema)
    except NotAListing as problem:
        raise NotAListing(f"names {candidate}, which {problem}") from None


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
