"""The files that people wrote, from a folder or named one by one, as bytes under their paths."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from firnline.language.syntax import Content, Unreadable

DEFAULT_FOLDER = "policies"
STDIN = "-"


class NoPolicies(Exception):
    """There is nothing to read; the text says where was looked and what to do."""


def read_folder(folder: str | Path = DEFAULT_FOLDER) -> dict[str, Content]:
    """Every YAML file below a folder. Raises `NoPolicies` where there is none."""
    return read_paths([str(folder)])


def read_paths(paths: Iterable[str]) -> dict[str, Content]:
    """Every file named, every YAML file below a folder named, and standard input for `-`."""
    files: dict[str, Content] = {}
    for path in paths:
        if path == STDIN:
            files["<stdin>"] = sys.stdin.buffer.read()
        elif os.path.isdir(path):
            files |= dict(_below(path))
        elif os.path.lexists(path):
            files[_shown(path)] = _content(path)
        else:
            raise NoPolicies(_nothing_at(path))
    if not files:
        raise NoPolicies(f"no policies found: there is no YAML file below {', '.join(paths)}")
    return files


def _nothing_at(path: str) -> str:
    remedy = (
        "run this where the `policies` folder is, or name a file or folder"
        if path == DEFAULT_FOLDER
        else "check the path"
    )
    return f"no policies found: there is no {path}; {remedy}"


def _below(folder: str) -> Iterator[tuple[str, Content]]:
    unreadable: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=unreadable.append):
        folders.sort()
        for name in sorted(names):
            if name.endswith((".yaml", ".yml")):
                path = os.path.join(parent, name)
                yield _shown(path), _content(path)
    for error in unreadable:
        yield _shown(str(error.filename)), Unreadable(f"{error.strerror} (this folder)".lower())


def _content(path: str) -> Content:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        return Unreadable((error.strerror or str(error)).lower())


def _shown(path: str) -> str:
    return os.path.normpath(path).replace(os.sep, "/").encode("utf-8", "replace").decode()
