"""Which registered versions would the next `mlflow gc` destroy?

It deletes the artifacts of every run and logged model in the stage `deleted`, and never looks at
the registry.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from firnline.reach.location import Location, UnknownLocation
from firnline.reach.registries.mlflow.addresses import Addresses, addresses_for
from firnline.reach.registries.mlflow.contents import Contents, Version
from firnline.reach.registries.mlflow.problems import NO_EXPERIMENT, Problems, unresolved

Place: TypeAlias = tuple[str, str]
_MODEL: Final = re.compile(r"(?:.*/)?models/(m-[0-9a-f]{32})(?:/.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Loss:
    """`deleted` names the run or logged model in which the version is stored; `run` is its ID,
    where it is a run, which MLflow can restore. `since` is none where MLflow does not tell.
    """

    because: tuple[str, ...]
    location: Location
    deleted: str
    run: str | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class NextGc:
    """The losses of versions with an alias come first. `versions` counts all of them."""

    versions: int
    losses: tuple[Loss, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """One registry of the fleet file. `found` is none where it could not be read; `problems` say
    why, or why more may be destroyed than is known. `gave_no_access`: it refused us.
    """

    registry: str
    found: NextGc | None
    problems: tuple[str, ...]
    gave_no_access: bool = False

    @property
    def is_safe(self) -> bool:
        """Whether it is known that nothing registered is destroyed."""
        return self.found is not None and not (self.found.losses or self.problems)


def next_gc(contents: Contents, destination: str, problems: Problems) -> NextGc:
    if not contents.experiments:
        problems.add(NO_EXPERIMENT)
    addresses = addresses_for(contents, destination)
    kept = [each for each in contents.versions if not (each.is_deleted or each.is_prompt)]
    stored = _Stored()
    for version in kept:
        try:
            stored.add(version, addresses.of_version(version))
        except UnknownLocation as unknown:
            problems.add(unresolved(version, unknown))
    found: dict[tuple[str, int, str], Loss] = {}
    for deleted in _deleted(contents, addresses, stored):
        for version, location in stored.under(deleted.location):
            loss = Loss(version.because, location, deleted.what, deleted.run, deleted.since)
            found.setdefault((version.workspace + version.name, version.number, loss.deleted), loss)
    ordered = sorted(found.values(), key=lambda each: (len(each.because) < 2, each.because))
    return NextGc(len(kept), tuple(ordered))


@dataclass(frozen=True, slots=True)
class _Deleted:
    location: Location
    what: str
    run: str | None
    since: datetime | None


class _Stored:
    """Versions by every folder that they are stored in, and by those they are."""

    def __init__(self) -> None:
        self._within: dict[Place, list[tuple[Version, Location]]] = defaultdict(list)
        self._at: dict[Place, list[tuple[Version, Location]]] = defaultdict(list)

    def add(self, version: Version, locations: tuple[Location, ...]) -> None:
        for each in locations:
            self._at[each.bucket, each.key].append((version, each))
            for folder in _folders(each.key):
                self._within[each.bucket, folder].append((version, each))

    def under(self, deleted: Location) -> Iterator[tuple[Version, Location]]:
        """Those inside it, and those of which it is a part."""
        yield from self._within.get((deleted.bucket, deleted.key), ())
        for folder in _folders(deleted.key):
            if folder != deleted.key:
                yield from self._at.get((deleted.bucket, folder), ())

    def places(self) -> Iterator[Location]:
        for found in self._at.values():
            yield from (location for _, location in found)


def _folders(key: str) -> Iterator[str]:
    """Itself and those above it."""
    while key:
        yield key
        key = key.rpartition("/")[0]


def _deleted(contents: Contents, addresses: Addresses, stored: _Stored) -> Iterator[_Deleted]:
    for run in contents.deleted_runs():
        for location in _readings(addresses, run.root):
            yield _Deleted(location, f"run {run.name} {run.id}", run.id, run.deleted)
    for model in contents.models:
        if model.is_deleted:
            for location in _readings(addresses, model.root):
                yield _Deleted(location, f"logged model {model.id}", None, model.changed)
    if not contents.are_deleted_models_known:
        yield from _models_not_listed(contents, stored)


def _models_not_listed(contents: Contents, stored: _Stored) -> Iterator[_Deleted]:
    """A server lists no deleted model: a version in the folder of one that is not listed tells."""
    listed = {each.id for each in contents.models}
    for location in stored.places():
        found = _MODEL.fullmatch(location.key)
        if found and found[1] not in listed:
            yield _Deleted(location, f"logged model {found[1]}", None, None)


def _readings(addresses: Addresses, root: str) -> tuple[Location, ...]:
    try:
        return addresses.of(root) if root else ()
    except UnknownLocation:
        return ()  # a version there is not resolved either, and is reported
