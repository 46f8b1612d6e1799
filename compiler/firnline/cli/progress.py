"""A bar on stderr while many items are read or simulated; nothing where nobody looks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TypeVar

from firnline.cli.streams import say
from firnline.s3.terms import Bytes

_LONG = 50_000
_LARGE = 8 * 2**20
_T = TypeVar("_T")


def tell_of_large(path: str, size: int) -> None:
    """Before the first item is there: a large document takes a moment until then."""
    if size >= _LARGE and sys.stderr.isatty():
        say(f"reading {path}, {Bytes(size).rounded} …")


def watched(items: Iterator[_T], total: int, doing: str) -> Iterator[_T]:
    if total < _LONG or not sys.stderr.isatty():
        return items
    from rich.console import Console  # slow to import, and most commands need no bar
    from rich.progress import track

    console = Console(stderr=True)
    return iter(track(items, doing, total=total, console=console, transient=True))
