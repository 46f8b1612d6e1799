"""What a rule states, as far as it can be read, with the paths of what may be left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StatedTag:
    path: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class StatedScope:
    """Which objects a rule is for. It is `scoped` by exactly one of `Filter` and, where it is
    `legacy`, the rule-level `Prefix`. A path is empty where there is nothing of its kind.
    """

    scoped: bool = False
    legacy: bool = False
    prefix: str | None = None
    tags: tuple[StatedTag, ...] = ()
    tags_at: str = ""
    has_and: bool = False
    larger: int | None = None
    smaller: int | None = None
    sizes_at: str = ""


@dataclass(frozen=True, slots=True)
class StatedExpiration:
    """Of current versions."""

    days: int | None = None
    date: datetime | None = None
    has_marker: bool = False


@dataclass(frozen=True, slots=True)
class StatedTransition:
    """A transition of current or of noncurrent versions."""

    days: int | None = None
    date: datetime | None = None
    storage_class: str | None = None
    newer: int | None = None
    newer_at: str = ""


@dataclass(frozen=True, slots=True)
class StatedNoncurrentExpiration:
    days: int | None = None
    newer: int | None = None
    newer_at: str = ""


@dataclass(frozen=True, slots=True)
class StatedRule:
    """`actions` are the names of those that it has, with or without a readable content."""

    index: int
    id: str = ""
    scope: StatedScope = StatedScope()
    actions: tuple[str, ...] = ()
    end: StatedExpiration = StatedExpiration()
    moves: tuple[StatedTransition, ...] = ()
    old_moves: tuple[StatedTransition, ...] = ()
    old_end: StatedNoncurrentExpiration = StatedNoncurrentExpiration()
    abort_days: int | None = None

    @property
    def newer_at(self) -> tuple[str, ...]:
        """Where it states how many newer noncurrent versions must exist."""
        paths = [each.newer_at for each in self.old_moves]
        return tuple(path for path in (*paths, self.old_end.newer_at) if path)
