"""Which files below a folder may be policies, and how many are too many?"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

DEFAULT_FOLDER: Final = "policies"
MOST_OF_OTHERS: Final = 1_000
MOST_BYTES_OF_OTHERS: Final = 32 * 1024 * 1024
MOST_ENTRIES: Final = 100_000
"""Of files and folders of any kind: a second or two to list."""
# What tools put into a folder, and what nobody writes policies into. What git ignores is read all
# the same: policies may be generated, and then `check` and `pulumi up` must see the same.
NEVER_ENTERED: Final = frozenset(
    [
        *(".git", ".hg", ".svn", ".jj"),
        *(".venv", "__pycache__", ".tox", ".nox"),
        *("node_modules", ".terraform", ".terragrunt-cache", ".pulumi", "cdk.out"),
        *(".cache", ".mypy_cache", ".pytest_cache", ".ruff_cache"),
    ]
)

GoOn = Callable[[str], bool]
"""Whether to read on where so much was found already, as the text says."""


class TooMuch(Exception):
    """It is not the folder of the policies; the text says what was found in it."""


def yaml_files(folder: str, enough: Bound) -> Iterator[str]:
    """YAML files, links to folders, and folders that cannot be entered. Raises `TooMuch`."""
    unreadable: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not _is_of_a_tool(parent, name))
        enough.count_entries(len(folders) + len(names))
        for name in sorted([*names, *folders]):
            path = os.path.join(parent, name)
            is_yaml = name in names and name.lower().endswith((".yaml", ".yml"))
            if is_yaml or (name in folders and os.path.islink(path)):
                yield path
    yield from (str(error.filename) for error in unreadable)


def _is_of_a_tool(parent: str, name: str) -> bool:
    """A virtual environment may have any name, and tells that it is one (PEP 405)."""
    return name in NEVER_ENTERED or os.path.exists(os.path.join(parent, name, "pyvenv.cfg"))


@dataclass(slots=True)
class Bound:
    """How much of other people's is read below a folder before somebody is asked, once."""

    folder: str
    go_on: GoOn
    entries: int = 0
    files: int = 0
    bytes: int = 0
    asked: bool = False

    def count_entries(self, more: int) -> None:
        self.entries += more
        if self.entries > MOST_ENTRIES:
            self._ask(f"{self.folder} has more than {MOST_ENTRIES:,} files and folders")

    def count_file_of_others(self, size: int) -> None:
        self.files += 1
        self.bytes += size
        if self.files > MOST_OF_OTHERS:
            self._ask(f"{self.folder} has more than {MOST_OF_OTHERS:,} YAML files of other tools")
        elif self.bytes > MOST_BYTES_OF_OTHERS:
            size_in_words = f"{MOST_BYTES_OF_OTHERS // 1024**2}MiB"
            self._ask(f"{self.folder} has more than {size_in_words} of YAML of other tools")

    def _ask(self, found: str) -> None:
        if not self.asked and not self.go_on(found):
            raise TooMuch(found)
        self.asked = True
