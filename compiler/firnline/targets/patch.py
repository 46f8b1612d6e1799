"""Changes of files as a patch for `git apply`, which refuses names that go up."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

_NOWHERE = "/dev/null"
_UP = "../"


def patch(path: str, before: str | None, after: str) -> Iterator[str]:
    """The lines of a unified diff; `before` is None where there is no file yet. `path` is relative
    to the folder one is in: what lies above it is named as in the folder of `apply_command`.
    """
    name = path[len(_ups(path)) :].lstrip("/")
    old = _NOWHERE if before is None else f"a/{name}"
    for line in difflib.unified_diff(_lines(before or ""), _lines(after), old, f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def apply_command(path: str) -> str:
    """The command that applies a patch of this file from the folder one is in."""
    ups = _ups(path)
    return f"git -C {ups.rstrip('/')} apply" if ups else "git apply"


def _ups(path: str) -> str:
    below = path
    while below.startswith(_UP):
        below = below.removeprefix(_UP)
    return path[: len(path) - len(below)]


def _lines(text: str) -> list[str]:
    """Lines end at `\\n` alone, as in git."""
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])
