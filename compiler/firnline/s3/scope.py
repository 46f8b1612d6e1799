"""Which objects does a rule or a policy cover (prefix × tags × size), and how do two relate?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

Tags = tuple[tuple[str, str], ...]
NO_LIMIT: Final = 2**63
"""More bytes than any object can have."""


@dataclass(frozen=True, slots=True)
class Scope:
    """All of these: a prefix of the key, tags, and a size in bytes from `at_least` to `at_most`,
    both inclusive.
    """

    prefix: str = ""
    tags: Tags = ()
    at_least: int = 0
    at_most: int | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether it matches by more than the key."""
        return bool(self.tags) or self.at_least > 0 or self.at_most is not None

    @property
    def is_sized(self) -> bool:
        """Whether it has a size bound; empty objects are never filtered for."""
        return self.at_least > 1 or self.at_most is not None

    @property
    def filter(self) -> tuple[Tags, int, int]:
        """All of it but the key; at most `NO_LIMIT` bytes where no limit is stated."""
        return self.tags, self.at_least, NO_LIMIT if self.at_most is None else self.at_most

    @property
    def place(self) -> tuple[object, ...]:
        """Sorts a scope behind every scope that contains it."""
        limit = NO_LIMIT if self.at_most is None else self.at_most
        return self.prefix, len(self.tags), self.tags, self.at_least, -limit

    def holds(self, other: Scope) -> bool:
        """Whether this scope matches everything that the other one does."""
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
        """The scope of what both match; None where no object can be in both."""
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
        """The part of it from that size on; itself where that makes no difference."""
        return replace(self, at_least=max(self.at_least, at_least))

    def __str__(self) -> str:
        parts = [f"`{self.prefix}`" if self.prefix else "the whole bucket"]
        parts += [f"{key}={value}" for key, value in self.tags]
        if self.at_least > 1:
            parts.append(f"over {self.at_least - 1:,} bytes")
        if self.at_most is not None:
            parts.append(f"under {self.at_most + 1:,} bytes")
        return " with ".join([parts[0], ", ".join(parts[1:])]) if len(parts) > 1 else parts[0]


def sizes_apart(scopes: Iterable[Scope]) -> set[int]:
    """Of objects, at which a scope begins to match, or no longer does; 0 is there anyhow."""
    known = set(scopes)
    begin = {each.at_least for each in known}
    end = {each.at_most + 1 for each in known if each.at_most is not None}
    return (begin | end) - {0}
