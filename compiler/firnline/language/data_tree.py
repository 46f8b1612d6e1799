"""Data that was read from a text, and the place of each of its values in that text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from firnline.diagnostics.position import Span

Path = tuple[str | int, ...]
"""The keys and indices that lead to a value."""


@dataclass(frozen=True, slots=True)
class DataLocation:
    """The place of a value, and of its key if it has one."""

    value: Span
    key: Span | None


@dataclass(frozen=True, slots=True)
class DataTree:
    """`twice` are repeated keys: the last one counts, as everywhere."""

    data: Any
    places: dict[Path, DataLocation]
    twice: tuple[Span, ...] = ()
