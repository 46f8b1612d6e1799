"""A tag that something must have, as a file says it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from firnline.language.said import Said

Tags: TypeAlias = tuple[tuple[str, str], ...]
"""Keys and values of the tags that something has, in order."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag key, and the values of which any will do."""

    key: Said[str]
    values: tuple[Said[str], ...]

    def is_on(self, tags: Collection[tuple[str, str]]) -> bool:
        """Whether something with these tags has it."""
        return any((self.key.value, value.value) in tags for value in self.values)
