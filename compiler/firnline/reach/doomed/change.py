"""Which references does a change doom, and which does it no longer?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from firnline.reach.doomed.doomed import Covering, Doomed, Entry, Tally, threatening
from firnline.reach.doomed.threats import comes_first, sizes_of
from firnline.reach.location import Location, LocationKind
from firnline.reach.references import Reference
from firnline.rules.threats import Threat

Places = frozenset[tuple[int, ...]]


class Change:
    """`added` are threatened by what did not threaten them before, or only later; `removed` were,
    and are no longer; `standing` were before and still are.
    """

    def __init__(self, before: Covering, after: Covering, *, names_all: bool = False) -> None:
        self._before, self._after = before, after
        self._added, self._removed, self._standing = (Tally(names_all=names_all) for _ in range(3))
        self._new: dict[tuple[Threat, Places], bool] = {}

    @property
    def added(self) -> tuple[Doomed, ...]:
        return self._added.doomed

    @property
    def removed(self) -> tuple[Doomed, ...]:
        return self._removed.doomed

    @property
    def standing(self) -> tuple[Doomed, ...]:
        return self._standing.doomed

    def see(self, registry: str, reference: Reference) -> None:
        bucket = reference.location.bucket
        were = list(threatening(self._before.of(bucket), reference))
        are = list(threatening(self._after.of(bucket), reference))
        for entry, threat in are:
            is_known = _is_known(threat, were) or not self._is_new(threat, reference, were, are)
            tally = self._standing if is_known else self._added
            tally.add(entry, threat, registry, reference)
        for entry, threat in were:
            if not any(other.loss is threat.loss for _, other in are):
                self._removed.add(entry, threat, registry, reference)

    def _is_new(
        self,
        threat: Threat,
        reference: Reference,
        were: Sequence[tuple[Entry, Threat]],
        are: Sequence[tuple[Entry, Threat]],
    ) -> bool:
        """Whether any object under the reference was not lost as early before."""
        if not were:
            return True
        before = self._before.of(reference.location.bucket)
        after = self._after.of(reference.location.bucket)
        prefixes = {each.scope.prefix for _, each in (*were, *are)}
        regions = {
            tuple(entry.threats.place(start) for entry in (*before, *after)): start
            for start in _starts(reference.location, prefixes)
            if start.startswith(threat.scope.prefix)
        }
        key = threat, frozenset(regions)
        if key not in self._new:
            self._new[key] = any(
                _is_new_at(threat, _at(before, start), _at(after, start))
                for start in regions.values()
            )
        return self._new[key]


def _is_known(threat: Threat, were: Iterable[tuple[Entry, Threat]]) -> bool:
    """Whether one that was there took all that it takes, and as early."""
    return any(other.is_before(threat) and other.scope.holds(threat.scope) for _, other in were)


def _is_new_at(threat: Threat, were: Sequence[Threat], are: Sequence[Threat]) -> bool:
    """In one region, for objects of any size."""
    tags = threat.scope.tags
    return threat in are and any(
        comes_first(threat, size, are)
        and not any(other.admits(tags, size) and other.is_before(threat) for other in were)
        for size in sizes_of(threat, (*were, *are))
    )


def _at(entries: Iterable[Entry], start: str) -> list[Threat]:
    return [threat for entry in entries for threat in entry.threats.at(start)]


def _starts(location: Location, prefixes: Iterable[str]) -> Iterator[str]:
    """With what keys that the location covers begin, before any longer one of `prefixes`."""
    yield location.key
    if location.kind is LocationKind.EXACT:
        return
    is_folder = location.kind is LocationKind.DIR and location.key
    start = f"{location.key}/" if is_folder else location.key
    yield start
    yield from (each for each in prefixes if each.startswith(start))
