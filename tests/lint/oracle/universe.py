"""A lifecycle file → items of every prefix, tag set and size that its rules tell apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property
from itertools import product
from typing import Any, NamedTuple

from firnline.s3.shape import Json
from tests.lint.lifecycle_files import LifecycleFile, Place
from tests.rules.oracle import SMALL

EXPIRATION, MOVES = "Expiration", "Transitions"
OLD_EXPIRATION, OLD_MOVES = "NoncurrentVersionExpiration", "NoncurrentVersionTransitions"
ABORT = "AbortIncompleteMultipartUpload"
BEFORE_ALL_DATES = date.min.toordinal()
BOUNDS = ("ObjectSizeGreaterThan", "ObjectSizeLessThan")
COUNT = "NewerNoncurrentVersions"


class Reading(Enum):
    """What a bucket may be. Of a suspended one, `NULL` are the objects without a version ID."""

    KEEPS = "versions are kept"
    NULL = "suspended, without a version ID"
    OFF = "never versioned"


READINGS = {
    None: (Reading.KEEPS, Reading.OFF),
    "enabled": (Reading.KEEPS,),
    "suspended": (Reading.KEEPS, Reading.NULL),
    "off": (Reading.OFF,),
}


class Item(NamedTuple):
    key: str
    tags: frozenset[tuple[str, str]]
    size: int

    def __str__(self) -> str:
        tags = ", ".join("=".join(tag) for tag in sorted(self.tags)) or "no tags"
        return f"{self.key} ({tags}, {self.size} bytes)"


@dataclass(frozen=True)
class Cell:
    """Items that the same rules match, and of which the same may move; one stands for all."""

    item: Item
    rules: tuple[int, ...]


class Universe:
    def __init__(self, file: LifecycleFile) -> None:
        self.rules = file.rules
        self.enabled = [n for n, rule in enumerate(file.rules) if rule["Status"] == "Enabled"]
        self.readings = READINGS[file.versioning]
        self.today = file.today.toordinal() if file.today else BEFORE_ALL_DATES
        self._small_objects_move = file.small_objects_move

    @property
    def keeps_versions(self) -> bool:
        return Reading.KEEPS in self.readings

    @cached_property
    def items(self) -> list[Item]:
        filters = [_parts(rule) for rule in self.rules]
        keys = {each.get("Prefix", "") + "x" for each in filters} | {"x"}
        tags = {tag for each in filters for tag in _tags(each)}
        names = sorted({name for name, _ in tags})
        tag_sets = product(*([None, *sorted(t for t in tags if t[0] == name)] for name in names))
        bounds = {each[name] for each in filters for name in BOUNDS if name in each}
        near = {size for bound in bounds for size in (bound - 1, bound, bound + 1) if size >= 0}
        sizes = sorted({0, 1, SMALL - 1, SMALL, 2**40, *near})
        return [
            Item(key, frozenset(tag for tag in tag_set if tag), size)
            for key, tag_set, size in product(sorted(keys, key=len), tag_sets, sizes)
        ]

    @cached_property
    def keys(self) -> list[str]:
        """Each once, the shortest first."""
        return list(dict.fromkeys(item.key for item in self.items))

    @cached_property
    def scopes(self) -> list[frozenset[Item]]:
        """What each rule covers."""
        return [
            frozenset(each for each in self.items if matches(rule, each)) for rule in self.rules
        ]

    @cached_property
    def cells(self) -> list[Cell]:
        found = dict[object, Cell]()
        for item in self.items:
            rules = tuple(n for n in self.enabled if item in self.scopes[n])
            if rules:
                alike = rules, item.size >= SMALL, item.size > 0
                found.setdefault(alike, Cell(item, rules))
        return list(found.values())

    @cached_property
    def most_newer(self) -> int:
        """The largest count of newer noncurrent versions that makes a difference."""
        stated = [rule.get(OLD_EXPIRATION, {}) for rule in self.rules]
        stated += [step for rule in self.rules for step in rule.get(OLD_MOVES, [])]
        return max(int(each.get(COUNT, 0)) for each in stated)

    def stated(self, rules: Iterable[int], action: str) -> Iterator[tuple[Place, Json]]:
        """What these rules say of an action, each step of a transition on its own."""
        for n in rules:
            said: Any = self.rules[n].get(action, [])
            for nth, step in enumerate(said if isinstance(said, list) else [said]):
                yield Place(n, action, nth), step

    def moves(self, cell: Cell, action: str) -> list[tuple[Place, Json]]:
        """Those that items of this size may take."""
        return [
            (place, step)
            for place, step in self.stated(cell.rules, action)
            if cell.item.size >= SMALL
            or "ObjectSize" in str(self.rules[place.rule]["Filter"])
            or (self._small_objects_move and step["StorageClass"] in ("GLACIER", "DEEP_ARCHIVE"))
        ]


def matches(rule: Json, item: Item) -> bool:
    inner = _parts(rule)
    return (
        item.key.startswith(inner.get("Prefix", ""))
        and _tags(inner) <= item.tags
        and inner.get("ObjectSizeGreaterThan", -1) < item.size
        and item.size < inner.get("ObjectSizeLessThan", math.inf)
    )


def ordinal(midnight: str) -> int:
    return date.fromisoformat(midnight[:10]).toordinal()


def _parts(rule: Json) -> Json:
    filter: Json = rule["Filter"]
    inner: Json = filter.get("And", filter)
    return inner


def _tags(inner: Json) -> set[tuple[str, str]]:
    stated = [*inner.get("Tags", []), *([inner["Tag"]] if "Tag" in inner else [])]
    return {(tag["Key"], tag["Value"]) for tag in stated}
