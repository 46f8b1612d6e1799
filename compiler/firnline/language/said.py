"""A value of a file, and where it was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from firnline.diagnostics.position import Span

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said(Generic[T]):
    """A value and where it was written."""

    value: T
    span: Span
