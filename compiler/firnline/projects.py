"""Which projects are there below a folder that is none itself?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Final

from firnline.folder import DEFAULT_FOLDER, NEVER_ENTERED
from firnline.lint import is_ours
from firnline.settings import PYPROJECT, PYPROJECT_TABLE, SETTINGS

_MOST_ENTRIES: Final = 50_000
_BEGINNING: Final = 4_096


def projects_below(folder: str) -> tuple[str, ...]:
    """Folders with settings of ours, or with a folder of policies, in order; of a very large tree
    those that were found in its first 50,000 files and folders.
    """
    return tuple(sorted(_found(folder)))


def _found(folder: str) -> Iterator[str]:
    left = _MOST_ENTRIES
    for parent, folders, names in os.walk(folder):
        left -= len(folders) + len(names)
        if left < 0:
            return
        if parent != folder and _is_project(parent, folders, names):
            yield os.path.relpath(parent, folder)
            folders.clear()
        folders[:] = sorted(name for name in folders if name not in NEVER_ENTERED)


def _is_project(folder: str, folders: Sequence[str], names: Sequence[str]) -> bool:
    if SETTINGS in names:
        return True
    if PYPROJECT in names and f"[{'.'.join(PYPROJECT_TABLE)}".encode() in _beginning(folder):
        return True
    return DEFAULT_FOLDER in folders and _has_ours(os.path.join(folder, DEFAULT_FOLDER))


def _has_ours(folder: str) -> bool:
    if not os.access(folder, os.R_OK | os.X_OK):
        return False
    files = [name for name in os.listdir(folder) if name.lower().endswith((".yaml", ".yml"))]
    return any(is_ours(_read(os.path.join(folder, name), _BEGINNING)) for name in files)


def _beginning(folder: str) -> bytes:
    return _read(os.path.join(folder, PYPROJECT), -1)


def _read(path: str, most: int) -> bytes:
    """Nothing of a pipe, or of a file that this user may not read."""
    if not os.path.isfile(path) or not os.access(path, os.R_OK):
        return b""
    with open(path, "rb") as file:
        return file.read(most)
