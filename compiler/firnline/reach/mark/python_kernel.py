"""The kernel in Python alone: what is known of one key, by bisection.

It is what the kernel for batches is compared with, and serves where single keys are looked up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from firnline.reach.mark.covering import Entry, Mark, intervals, terminated


class PythonKernel:
    """`folders` and `exact` objects are entries with terminated texts; `prefixes` are raw."""

    def __init__(self, folders: Iterable[Entry], prefixes: Iterable[Entry]) -> None:
        self._folders = _Table(folders)
        self._prefixes = _Table(prefixes)

    def below_folders(self, key: str) -> Mark:
        return self._folders.at(terminated(key))

    def below_prefixes(self, key: str) -> Mark:
        return self._prefixes.at(key)


class _Table:
    def __init__(self, entries: Iterable[Entry]) -> None:
        found = list(intervals(sorted(entries, key=lambda each: each.text)))
        self._texts = [text for text, _ in found]
        self._marks = [mark for _, mark in found]

    def at(self, text: str) -> Mark:
        return self._marks[bisect_right(self._texts, text) - 1]
