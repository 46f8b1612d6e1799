"""How much is stored that some scopes cannot tell apart?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from firnline.inventory.facts.by_prefix import Only
from firnline.inventory.facts.conditions import interval, interval_of_key, meets, tags_met
from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.in_scope import InScope
from firnline.inventory.facts.priced_alike import columns_for, priced_alike, stored_as
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.cuts import bounds
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume
from firnline.s3.billing import MINIMUM_SIZE
from firnline.s3.scope import Scope, sizes_apart


class Place(NamedTuple):
    """Which keys, tags and sizes are alike to the scopes: numbers of what divides them."""

    key: int
    met: str | None
    size: int
    current: bool


class Apart:
    """The rows of facts, told apart as far as scopes do it."""

    def __init__(self, facts: Facts, scopes: Collection[Scope]) -> None:
        self._facts = facts
        self._keys = sorted(set(bounds({each.prefix for each in scopes} - {""})))
        self._sizes = sorted(sizes_apart(scopes))
        self._conditions = sorted({tuple(sorted(each.tags)) for each in scopes} - {()})
        known = Column.TAGS in facts.known
        met = meets(self._conditions) if known else "null::varchar"
        self._computed = {
            "place": interval_of_key(self._keys),
            "met": met if self._conditions else "''",
        }

    def places(self) -> Iterator[tuple[Place, InScope]]:
        """In all versions that are listed. Raises what a query of `facts` raises."""
        facts = self._facts
        told = Column.IS_LATEST in facts.known
        sql = _SQL.format(
            sizes=self._size,
            current="is_latest" if told else "true",
            priced=priced_alike(facts),
        )
        columns = (*columns_for(facts), *([Column.IS_LATEST] if told else []))
        found: dict[Place, dict[StoredAs, Volume]] = defaultdict(dict)
        for batch in facts.query(sql, columns, self._computed):
            for key, met, size, current, *row in zip(*batch.to_pydict().values(), strict=True):
                found[Place(key, met, size, current)][stored_as(*row[:3])] = Volume(*row[3:])
        for place, stored in found.items():
            yield place, InScope(self._example(place), place.met is not None, stored, place.current)

    def only(self, places: Collection[Place]) -> Only:
        """Of those alone."""
        sets = dict.fromkeys((each.key, each.met or "", each.size) for each in places)
        listed = ", ".join(f"({key}, {quoted(met)}, {size})" for key, met, size in sets)
        sql = f"(place, coalesce(met, ''), {self._size}) in ({listed})" if listed else "false"
        return Only(sql, self._computed)

    @property
    def _size(self) -> str:
        return interval("coalesce(size, 0)", self._sizes)

    def _example(self, place: Place) -> Scope:
        size = self._sizes[place.size - 1] if place.size else 0
        prefix = self._keys[place.key - 1] if place.key else ""
        return Scope(prefix, tags_met(place.met or "", self._conditions), size, size)


def by_scope(facts: Facts, scopes: Collection[Scope]) -> Iterator[InScope]:
    """In all versions that are listed. Raises what a query of `facts` raises."""
    return (each for _, each in Apart(facts, scopes).places())


_SQL: Final = f"""
    select place, met, {{sizes}} as least, {{current}} as current, {{priced}},
        count(*)::bigint as objects, coalesce(sum(size), 0)::bigint as bytes,
        sum(greatest(coalesce(size, 0), {int(MINIMUM_SIZE.value)}))::bigint as padded
    from objects where not is_delete_marker group by all
"""
