"""What registries say of one bucket, in columns: a million references in a few hundred bytes each.

A line is a reference, a location that is not needed, or a root; its number is its place here.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Final, assert_never

from firnline.reach.location import Location, LocationKind
from firnline.reach.mark.covering import NONE, Entry, Mark, terminated
from firnline.reach.reference_file import Covered
from firnline.reach.references import (
    CheckpointRule,
    OrphanReason,
    Reference,
    Root,
    Strength,
    Unneeded,
)

REASONS: Final = tuple(OrphanReason)
_KINDS: Final = tuple(LocationKind)
_RAW: Final = _KINDS.index(LocationKind.RAW_PREFIX)
_EXACT: Final = _KINDS.index(LocationKind.EXACT)


class Names:
    """Each name once, by number; `NONE` is that of no name."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, name: str | None) -> int:
        if name is None:
            return NONE
        found = self._numbers.setdefault(name, len(self.names))
        if found == len(self.names):
            self.names.append(name)
        return found

    def name(self, number: int) -> str | None:
        return None if number == NONE else self.names[number]


class OfBucket:
    """What all registries say of one bucket."""

    def __init__(self, owners: Names, experiments: Names) -> None:
        self._owner_names, self._experiment_names = owners, experiments
        self.texts: list[str] = []
        """As they stand in the order of keys: those of folders and objects with a slash at the
        end.
        """
        self.roots: dict[int, list[Root]] = {}
        """By the number of the first of the same location."""
        self._first_roots: dict[str, int] = {}
        self.checkpoint_rules: list[tuple[str, CheckpointRule]] = []
        self._kinds = bytearray()
        self.strengths = bytearray()
        """Of references; 0 of what is none."""
        self.reasons = bytearray()
        """Places in `REASONS` of what is not needed, behind 1; 0 of what is needed."""
        self.places = array("I")
        """In the order in which all lines of all buckets were added."""
        self._owners, self._experiments = array("i"), array("i")

    def __len__(self) -> int:
        return len(self.texts)

    def add(self, said: Covered, place: int) -> None:
        match said:
            case Reference():
                self._add(said, place, strength=said.strength)
            case Unneeded():
                self._add(said, place, reason=1 + REASONS.index(said.reason))
            case Root():
                first = self._first_roots.setdefault(_folder(said.location), len(self.texts))
                self.roots.setdefault(first, []).append(said)
                if first == len(self.texts):
                    self._add(said, place)
            case CheckpointRule():
                self.checkpoint_rules.append((_folder(said.location), said))
            case _:
                assert_never(said)

    def folders(self) -> Iterator[Entry]:
        """Sorted; objects are among them as `exact`."""
        return self._entries(of_prefixes=False)

    def prefixes(self) -> Iterator[Entry]:
        """Sorted."""
        return self._entries(of_prefixes=True)

    def is_prefix(self, number: int) -> bool:
        return self._kinds[number] == _RAW

    def is_exact(self, number: int) -> bool:
        return self._kinds[number] == _EXACT

    def _add(
        self,
        said: Reference | Unneeded | Root,
        place: int,
        strength: Strength | None = None,
        reason: int = 0,
    ) -> None:
        experiment = None if isinstance(said, Root) else said.experiment
        kind = LocationKind.DIR if isinstance(said, Root) else said.location.kind
        self.texts.append(text_of(said.location, kind))
        self._kinds.append(_KINDS.index(kind))
        self.strengths.append(0 if strength is None else strength)
        self.reasons.append(reason)
        self.places.append(place)
        self._owners.append(self._owner_names.number(said.owner))
        self._experiments.append(self._experiment_names.number(experiment))

    def _entries(self, *, of_prefixes: bool) -> Iterator[Entry]:
        texts, kinds = self.texts, self._kinds
        numbers = (each for each in range(len(texts)) if (kinds[each] == _RAW) is of_prefixes)
        for number in sorted(numbers, key=texts.__getitem__):
            yield Entry(texts[number], kinds[number] == _EXACT, self._mark(number))

    def _mark(self, number: int) -> Mark:
        strength = self.strengths[number]
        return Mark(
            strength,
            number if strength else NONE,
            number if self.reasons[number] else NONE,
            number if number in self.roots else NONE,
            self._owners[number],
            self._experiments[number],
        )


def text_of(location: Location, kind: LocationKind) -> str:
    match kind:
        case LocationKind.EXACT:
            return terminated(location.key)
        case LocationKind.DIR:
            return terminated(location.key) if location.key else ""
        case LocationKind.RAW_PREFIX:
            return location.key
        case _:
            assert_never(kind)


def _folder(location: Location) -> str:
    return text_of(location, LocationKind.DIR)


class Known:
    """What registries say of all buckets."""

    def __init__(self) -> None:
        self.owners, self.experiments = Names(), Names()
        self._buckets: dict[str, OfBucket] = {}
        self._added = 0

    def add(self, said: Covered) -> None:
        self.of(said.location.bucket).add(said, self._added)
        self._added += 1

    def of(self, bucket: str) -> OfBucket:
        if bucket not in self._buckets:
            self._buckets[bucket] = OfBucket(self.owners, self.experiments)
        return self._buckets[bucket]
