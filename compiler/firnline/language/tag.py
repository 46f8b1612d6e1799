"""A tag that something must have, as a file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from firnline.language.said import Said


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag key, and the values of which any will do."""

    key: Said[str]
    values: tuple[Said[str], ...]

    def is_on(self, tags: Mapping[str, str]) -> bool:
        """Whether something with these tags has it."""
        return any(tags.get(self.key.value) == value.value for value in self.values)
