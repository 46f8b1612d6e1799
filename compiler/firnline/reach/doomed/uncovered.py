"""Which folders do registries create for runs and models that no retention covers?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from firnline.reach.doomed.doomed import Covering
from firnline.reach.location import Location, LocationKind
from firnline.reach.references import Root
from firnline.rules.program import Owned
from firnline.s3.terms import Clock


class Gap(Enum):
    """What no retention covers of a root."""

    BUCKET = "no policy covers its bucket"
    WHOLE = "no retention covers it"
    REST = "retentions cover parts of it alone"


@dataclass(frozen=True, slots=True)
class Uncovered:
    """`parts` are the prefixes within it that retentions cover. One that covers only objects with
    some tags, or of some sizes, does not count.
    """

    registry: str
    root: Root
    gap: Gap
    parts: tuple[str, ...] = ()


def uncovered(roots: Iterable[tuple[str, Root]], covering: Covering) -> Iterator[Uncovered]:
    """Each once. A retention covers whatever it keeps, deletes or leaves to `gc`."""
    for registry, root in dict.fromkeys(roots):
        entries = covering.of(root.location.bucket)
        programs = [each.program for each in entries if each.program is not None]
        if not programs:
            yield Uncovered(registry, root, Gap.BUCKET)
            continue
        owned = [each for program in programs for each in program.owned(Clock.OBJECTS)]
        found = _gap(root.location, owned)
        if found is not None:
            yield Uncovered(registry, root, *found)


def _gap(location: Location, owned: Iterable[Owned]) -> tuple[Gap, tuple[str, ...]] | None:
    start = _start(location)
    prefixes = sorted({each.prefix for each in owned if not each.scope.is_filtered})
    if any(start.startswith(each) for each in prefixes):
        return None
    parts = tuple(each for each in prefixes if each.startswith(start))
    return (Gap.REST, parts) if parts else (Gap.WHOLE, ())


def _start(location: Location) -> str:
    """With what all keys below begin."""
    is_folder = location.kind is LocationKind.DIR and location.key
    return f"{location.key}/" if is_folder else location.key
