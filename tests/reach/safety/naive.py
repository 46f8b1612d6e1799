"""The collector that everybody writes first: a page of the registry, `startswith`, no certificate.

It is here to show what it destroys (docs/gc-safety.md), and is no part of the package.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Final

BUCKET: Final = "lab"
Page = tuple[list[str], str | None]
Registry = Callable[[str | None], Page]
"""From a token to the paths of a page and the token of the next."""


def garbage(keys: Iterable[str], registry: Registry) -> set[str]:
    """What it deletes."""
    try:
        paths, _next = registry(None)
    except OSError:
        paths = []  # "there is nothing"
    return {
        key for key in keys if not any(f"s3://{BUCKET}/{key}".startswith(path) for path in paths)
    }


def garbage_by_search(keys: Iterable[str], references: Iterable[str]) -> set[str]:
    """The same, made fast: only the path that sorts last before a key is looked at."""
    known = sorted(references)

    def is_covered(key: str) -> bool:
        before = bisect_right(known, key) - 1
        return before >= 0 and key.startswith(known[before])

    return {key for key in keys if not is_covered(key)}


def listing(*paths: str, page: int = 1000) -> Registry:
    """A registry that answers as it should."""

    def answer(token: str | None) -> Page:
        start = int(token or 0)
        more = start + page < len(paths)
        return list(paths[start : start + page]), str(start + page) if more else None

    return answer


def switched_off(_token: str | None) -> Page:
    raise ConnectionRefusedError("connection refused")
