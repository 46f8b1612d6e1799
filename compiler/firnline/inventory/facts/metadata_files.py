"""Which files are an S3 Metadata live inventory table, and which columns do all of them have?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from firnline.inventory.facts.engine import types_of
from firnline.inventory.facts.inventory_files import OnDiskFile
from firnline.inventory.facts.metadata_rows import (
    NEEDED,
    OF_A_JOURNAL,
    OF_ICEBERG_DELETES,
    TYPES,
)
from firnline.inventory.facts.problems import MissingFile, NotATable, OtherFields, UnknownFields

EXPORT: Final = "export the table again"
_BESIDE: Final = ("_", ".")
"""How names begin of what Spark and macOS write beside data."""

_NO_FILES: Final = (
    "has no files: name the folder with the Parquet files of the table, or the manifest.json of an"
    " inventory"
)


def files_at(path: Path) -> list[OnDiskFile]:
    """The file, or all in the folder. Raises `MissingFile`."""
    if path.is_file():
        return [OnDiskFile(path, str(path))]
    found = [
        each
        for each in sorted(path.rglob("*"))
        if each.is_file() and not any(_is_no_data(part) for part in each.relative_to(path).parts)
    ]
    if not found:
        raise MissingFile(str(path), _NO_FILES if path.is_dir() else "does not exist")
    return [OnDiskFile(each, str(each)) for each in found]


def _is_no_data(name: str) -> bool:
    return name.startswith(_BESIDE)


def columns_of(files: Sequence[OnDiskFile]) -> list[str]:
    """That all of the files have. Raises `UnusableInventory`."""
    first: Mapping[str, str] | None = None
    for file, types in zip(files, _types(files), strict=True):
        if first is None:
            first = types
        if types != first:
            differing = sorted(name for name, _ in set(types.items()) ^ set(first.items()))
            raise OtherFields(
                file.called,
                f"and {files[0].called} do not have the same {_listed(dict.fromkeys(differing))}:"
                " they are not of one export",
            )
    assert first is not None, "there is a file"
    return list(first)


def _types(files: Sequence[OnDiskFile]) -> Iterator[Mapping[str, str]]:
    for file, types in zip(files, types_of(file.path for file in files), strict=True):
        if types is None:
            raise NotATable(
                file.called,
                "is no Parquet file: name a folder that has nothing but those of the table",
            )
        _refuse_others(file, types)
        yield types


def _refuse_others(file: OnDiskFile, types: Mapping[str, str]) -> None:
    names = set(types)
    if names >= OF_ICEBERG_DELETES:
        raise NotATable(
            file.called,
            "says which rows of other files are deleted: export the table by a query, which leaves"
            " them out",
        )
    if names & OF_A_JOURNAL:
        raise NotATable(
            file.called,
            "is of S3 Metadata's journal table, whose rows are events: export the live inventory"
            " table, `inventory`",
        )
    if lacking := [name for name in NEEDED if name not in names]:
        raise NotATable(
            file.called,
            f"is not of S3 Metadata's live inventory table, without {_listed(lacking)}: {EXPORT},"
            " with these columns too",
        )
    if unknown := [name for name in types if name not in TYPES]:
        raise UnknownFields(
            file.called,
            f"has columns that this version does not know, {_listed(unknown)}: leave them out of"
            " the query, or upgrade Firnline",
        )
    for name, found in types.items():
        if found not in TYPES[name]:
            raise NotATable(file.called, f"has `{name}` as {found}, not {TYPES[name][0]}: {EXPORT}")


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
