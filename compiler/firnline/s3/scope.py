"""Which objects does something speak of: prefix × tags × size, and how two such scopes lie."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

Tags = tuple[tuple[str, str], ...]
NO_LIMIT: Final = 2**63
"""More bytes than any object has."""


@dataclass(frozen=True, slots=True)
class Scope:
    """All of these: a beginning of the key, tags, and a size in bytes from `at_least` up to, and
    with, `at_most`."""

    prefix: str = ""
    tags: Tags = ()
    at_least: int = 0
    at_most: int | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the key decides."""
        return bool(self.tags) or self.at_least > 0 or self.at_most is not None

    @property
    def is_sized(self) -> bool:
        """Whether a size is spoken of; objects without a byte are never filtered for."""
        return self.at_least > 1 or self.at_most is not None

    @property
    def filter(self) -> tuple[Tags, int, int]:
        """What of it is not the key; at most `NO_LIMIT` bytes where no limit is said."""
        return self.tags, self.at_least, NO_LIMIT if self.at_most is None else self.at_most

    @property
    def place(self) -> tuple[object, ...]:
        """Sorts a scope behind every scope that holds it."""
        limit = NO_LIMIT if self.at_most is None else self.at_most
        return self.prefix, len(self.tags), self.tags, self.at_least, -limit

    def holds(self, other: Scope) -> bool:
        """Whether everything that the other one matches, this one matches too."""
        return (
            other.prefix.startswith(self.prefix)
            and set(self.tags) <= set(other.tags)
            and self.at_least <= other.at_least
            and (
                self.at_most is None
                or (NO_LIMIT if other.at_most is None else other.at_most) <= self.at_most
            )
        )

    def shared_with(self, other: Scope) -> Scope | None:
        """What both match; nothing where no object can be in both."""
        longer, shorter = sorted((self.prefix, other.prefix), key=len, reverse=True)
        tags = dict(self.tags)
        if not longer.startswith(shorter):
            return None
        if any(tags.setdefault(key, value) != value for key, value in other.tags):
            return None
        at_least = max(self.at_least, other.at_least)
        limits = [limit for limit in (self.at_most, other.at_most) if limit is not None]
        if limits and min(limits) < at_least:
            return None
        return Scope(longer, tuple(sorted(tags.items())), at_least, min(limits, default=None))

    def only_prefix(self) -> Scope:
        return Scope(self.prefix)

    def from_size(self, at_least: int) -> Scope:
        """The part of it that is no smaller; the same where that says nothing new."""
        return replace(self, at_least=max(self.at_least, at_least))

    def __str__(self) -> str:
        parts = [f"`{self.prefix}`" if self.prefix else "the whole bucket"]
        parts += [f"{key}={value}" for key, value in self.tags]
        if self.at_least > 1:
            parts.append(f"over {self.at_least - 1:,} bytes")
        if self.at_most is not None:
            parts.append(f"under {self.at_most + 1:,} bytes")
        return " with ".join([parts[0], ", ".join(parts[1:])]) if len(parts) > 1 else parts[0]
