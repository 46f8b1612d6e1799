"""The files of one inventory, wherever they lie; here those on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final, Protocol, TypeAlias

from firnline.inventory.facts.problems import MissingFile

CHUNK: Final = 1 << 20
"""How many bytes of a file are in memory at a time."""

OnRead: TypeAlias = Callable[[int], None]
"""Called with how many more bytes were read, by several threads."""


@dataclass(frozen=True, slots=True)
class OnDiskFile:
    """`called` is how people call it."""

    path: Path
    called: str


@dataclass(frozen=True, slots=True)
class Fetched(OnDiskFile):
    """A whole file, as it was found: nothing says yet that it is what S3 wrote."""

    size: int
    md5: str


class ManifestFiles(Protocol):
    """What proves the manifest of an inventory, wherever its data files are read."""

    @property
    def called(self) -> str:
        """The manifest, as people call it."""

    def beside(self, name: str) -> bytes:
        """A small file in the folder of the manifest: that itself, or its checksum. Raises
        `MissingFile`.
        """


class InventoryFiles(ManifestFiles, Protocol):
    """With the data files, to be read on this machine."""

    def fetch(self, key: str, into: Path, on_read: OnRead) -> Fetched:
        """The data file that the manifest calls `key`. `into` is a path that may be written.
        Raises `MissingFile`.
        """


class OnDisk:
    """An inventory around a manifest.json, as people download it: data files lie where their whole
    keys say, or the ends of them, or in `data/`, or beside the manifest.
    """

    def __init__(self, manifest: Path) -> None:
        self._manifest = manifest

    @property
    def called(self) -> str:
        return str(self._manifest)

    def beside(self, name: str) -> bytes:
        path = self._manifest.with_name(name)
        try:
            return path.read_bytes()
        except OSError as problem:
            raise MissingFile(str(path), f"cannot be read: {problem.strerror}") from None

    def fetch(self, key: str, into: Path, on_read: OnRead) -> Fetched:  # noqa: ARG002  # it is on disk already
        for path in self._places(key):
            if path.is_file():
                return _as_it_is(path, on_read)
        raise MissingFile(
            self.called,
            f"names a data file that is not here, `{key}`: download it into `data/` beside the"
            " manifest, or to where its key says",
        )

    def _places(self, key: str) -> Iterator[Path]:
        parts = [part for part in PurePosixPath(key).parts if part not in ("/", "..")]
        *folders, name = parts or [""]
        parents = self._manifest.absolute().parents
        for around in islice(parents, len(parts) + 1):
            for start in range(len(folders) + 1):
                yield around.joinpath(*folders[start:], name)
            yield around / "data" / name


def _as_it_is(path: Path, on_read: OnRead) -> Fetched:
    digest = new_md5()
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
                on_read(len(chunk))
            return Fetched(path, str(path), file.tell(), digest.hexdigest())
    except OSError as problem:
        raise MissingFile(str(path), f"cannot be read: {problem.strerror}") from None


def new_md5() -> hashlib._Hash:
    return hashlib.md5(usedforsecurity=False)
