"""The manifests of S3 Inventory → `Facts`, once every file is proved to be what S3 wrote."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from firnline.inventory.facts.age_limit import refuse_older
from firnline.inventory.facts.engine import fields_of
from firnline.inventory.facts.fields import unknown_fields
from firnline.inventory.facts.inventory_files import (
    Fetched,
    InventoryFiles,
    ManifestFiles,
    OnRead,
    new_md5,
)
from firnline.inventory.facts.objects import Inventory
from firnline.inventory.facts.problems import (
    AlteredFile,
    MissingFile,
    NotAManifest,
    OtherFields,
    SameBucketTwice,
    TruncatedFile,
    UnknownFields,
)
from firnline.inventory.facts.table import MEMORY, Facts
from firnline.inventory.manifest import DataFile, Manifest, is_manifest, read_manifest
from firnline.inventory.not_a_listing import NotAListing
from firnline.inventory.rows import column_name

MANIFEST: Final = "manifest.json"
CHECKSUM: Final = "manifest.checksum"
_AT_A_TIME: Final = 4
"""Files that are fetched and hashed: hashing takes a processor each, fetching a connection."""

OnBegin: TypeAlias = Callable[[int], OnRead]
"""Called once with the bytes of all data files, before the first is read."""


def open_inventory(
    manifests: Sequence[InventoryFiles],
    *,
    not_before: datetime | None = None,
    on_begin: OnBegin = lambda _: _ignore,
    memory: int = MEMORY,
    scratch: Path | None = None,
) -> Facts:
    """The facts of the buckets that these inventories are of, one inventory of each.

    All files are hashed first, and those in S3 copied to disk meanwhile; rows are read only by the
    queries of `Facts`. `not_before` is the oldest that an inventory may be, `memory` what the
    engine may use in bytes, `scratch` the folder in which it spills and copies, by default the
    system's for temporary files.

    Raises a subclass of `UnusableInventory` where a file is missing, shorter or altered, or where
    an inventory is too old, has fields that are not known here, or is of the same bucket as
    another. `manifest.checksum` is needed as well: S3 writes it last.
    """
    assert manifests, "facts are of at least one inventory"
    folder = TemporaryDirectory(prefix="firnline-", dir=scratch)
    try:
        found = [(each, manifest_of(each, not_before)) for each in manifests]
        _refuse_same_bucket(found)
        on_read = on_begin(sum(file.size or 0 for _, each in found for file in each.files))
        inventories = [
            _inventory(files, manifest, Path(folder.name) / str(number), on_read)
            for number, (files, manifest) in enumerate(found)
        ]
        return Facts(inventories, memory, folder)
    except BaseException:
        folder.cleanup()
        raise


def date_of(files: ManifestFiles) -> tuple[str, datetime]:
    """The bucket of an inventory, and when it was made, by its manifest alone. Raises a subclass of
    `UnusableInventory`.
    """
    manifest = manifest_of(files, None)
    assert manifest.made is not None
    return manifest.bucket, manifest.made


def _ignore(size: int) -> None:
    pass


def manifest_of(files: ManifestFiles, not_before: datetime | None) -> Manifest:
    """It is what S3 wrote; its data files are not looked at. Raises `UnusableInventory`."""
    content = files.beside(MANIFEST)
    digest = new_md5()
    digest.update(content)
    if _checksum(files) != digest.hexdigest():
        raise AlteredFile(
            files.called,
            f"is not what S3 wrote, by the MD5 in {CHECKSUM} beside it: download both again",
        )
    try:
        document = json.loads(content)
        if not is_manifest(document):
            raise NotAListing("is no manifest of S3 Inventory")
        manifest = read_manifest(document)
    except (ValueError, NotAListing) as problem:
        raise NotAManifest(files.called, _why(problem)) from None
    return _usable(files.called, manifest, not_before)


def _checksum(files: ManifestFiles) -> str:
    try:
        return files.beside(CHECKSUM).decode("ascii", "replace").strip()
    except MissingFile as problem:
        raise MissingFile(
            files.called,
            f"has no {CHECKSUM} beside it, which S3 writes last: download that too; if S3 has none,"
            f" the inventory is unfinished, so name an earlier one ({problem})",
        ) from None


def _why(problem: Exception) -> str:
    return str(problem) if isinstance(problem, NotAListing) else f"is not JSON: {problem}"


def _usable(called: str, manifest: Manifest, not_before: datetime | None) -> Manifest:
    if manifest.made is None:
        raise NotAManifest(called, "does not say when the inventory was made")
    refuse_older(called, manifest.made, not_before)
    names = [column_name(each) for each in manifest.schema]
    if "key" not in names:
        raise NotAManifest(called, "names no field `Key` in its `fileSchema`")
    if len(set(names)) < len(names):
        raise NotAManifest(called, "names a field twice in its `fileSchema`")
    unknown = unknown_fields(manifest.schema)
    if unknown:
        raise UnknownFields(
            called,
            f"has fields that this version does not know, {_listed(unknown)}: leave them out of"
            " the inventory's configuration, or upgrade Firnline",
        )
    if len({each.key for each in manifest.files}) < len(manifest.files):
        raise NotAManifest(called, "names a data file twice: its objects would count twice")
    return manifest


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _refuse_same_bucket(found: Sequence[tuple[InventoryFiles, Manifest]]) -> None:
    first: dict[str, str] = {}
    for files, manifest in found:
        if manifest.bucket in first:
            raise SameBucketTwice(
                files.called,
                f"is of bucket `{manifest.bucket}`, as is {first[manifest.bucket]}: its objects"
                " would count twice",
            )
        first[manifest.bucket] = files.called


def _inventory(files: InventoryFiles, manifest: Manifest, into: Path, on_read: OnRead) -> Inventory:
    into.mkdir()
    numbers = map(str, count())
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        # The first problem cancels what has not begun.
        proved = pool.map(
            lambda file, number: _proved(files, manifest, file, into / number, on_read),
            manifest.files,
            numbers,
        )
        found = tuple(proved)
    assert manifest.made is not None
    return Inventory(
        manifest.bucket, manifest.made, files.called, manifest.format, manifest.schema, found
    )


def _proved(
    files: InventoryFiles, manifest: Manifest, file: DataFile, into: Path, on_read: OnRead
) -> Fetched:
    found = files.fetch(file.key, into, on_read)
    _refuse_other_content(files, file, found)
    fields = fields_of(found.path, manifest.format)
    if fields is not None and set(fields) != set(manifest.schema):
        differing = sorted(set(fields) ^ set(manifest.schema))
        raise OtherFields(
            found.called,
            f"and its manifest {files.called} do not both have {_listed(differing)}: they are not"
            " of one inventory",
        )
    return found


def _refuse_other_content(files: InventoryFiles, file: DataFile, found: Fetched) -> None:
    if file.md5 is None or file.size is None:
        raise NotAManifest(
            files.called, f"has no `size` or `MD5checksum` of `{file.key}`: nothing proves it whole"
        )
    if found.size < file.size:
        raise TruncatedFile(
            found.called,
            f"has {found.size:,} of the {file.size:,} bytes that S3 wrote: objects are missing in"
            " it; download it again",
        )
    if found.md5 != file.md5.lower():
        raise AlteredFile(
            found.called,
            f"is not what S3 wrote, by its MD5 in {files.called}: download it again",
        )
