"""What a bucket holds, and what a midnight may leave of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 1, 1, tzinfo=UTC)
"""The midnight with which a world begins."""

DAY = timedelta(days=1)

NEW_MARKER = "a new delete marker"

Remaining = tuple[str, ...]
"""The IDs of the versions that a midnight leaves of a key, the oldest first; `NEW_MARKER` for a
delete marker that it made."""


@dataclass(frozen=True, slots=True)
class Version:
    """`replaced` are the moments at which another version became the current one in its place:
    more than one where the other was deleted again."""

    id: str
    created: datetime
    size: int = 0
    tags: tuple[tuple[str, str], ...] = ()
    is_marker: bool = False
    replaced: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    key: str
    created: datetime


@dataclass(slots=True)
class Bucket:
    """`keys` are the versions of each key, the oldest first. `became_current` says of a versioned
    bucket which of them did, and when. `rules` are empty until they are put."""

    versioned: bool = False
    rules: tuple[dict[str, Any], ...] = ()
    keys: dict[str, tuple[Version, ...]] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    became_current: dict[str, list[tuple[datetime, str]]] = field(default_factory=dict)

    def add(self, key: str, version: Version) -> None:
        """In place of what is there, where the bucket is not versioned."""
        older = self.keys.get(key, ()) if self.versioned else ()
        self.keys[key] = (*_replaced(older, version.created), version)
        if self.versioned:
            self._note(key, version.created, version.id)

    def remove(self, key: str, id: str, at: datetime) -> None:
        before = self.keys[key]
        left = tuple(version for version in before if version.id != id)
        self._set(key, left)
        if left and left[-1] is not before[-1]:
            self._note(key, at, left[-1].id)

    def settle(self, key: str, left: Remaining, at: datetime, markers: Sequence[str]) -> None:
        """As a midnight left it; `markers` are the IDs of those it made."""
        known = {version.id: version for version in self.keys[key]}
        self._set(key, tuple(known[id] for id in left if id != NEW_MARKER))
        for id in markers:
            self.add(key, Version(id, at, is_marker=True))

    def _note(self, key: str, at: datetime, id: str) -> None:
        self.became_current.setdefault(key, []).append((at, id))

    def _set(self, key: str, versions: tuple[Version, ...]) -> None:
        if versions:
            self.keys[key] = versions
        else:
            del self.keys[key]


def _replaced(versions: tuple[Version, ...], at: datetime) -> tuple[Version, ...]:
    return (
        *versions[:-1],
        *(replace(current, replaced=(*current.replaced, at)) for current in versions[-1:]),
    )
