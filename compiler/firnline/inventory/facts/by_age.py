"""How old are the current objects of an inventory, by storage class?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from firnline.inventory.ages import ENDS, AgesByClass, ages_by_class
from firnline.inventory.facts.alike_query import midnight
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.volume import Volume
from firnline.s3.simulate.clock import midnight_from

NEEDED: Final = (Column.SIZE, Column.LAST_MODIFIED, Column.STORAGE_CLASS)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def by_age(facts: Facts, at: datetime) -> AgesByClass:
    """Raises what a query of `facts` raises."""
    day = (midnight_from(at) - _EPOCH).days
    columns, current = list(NEEDED), "true"
    if facts.all_versions:
        columns += [Column.IS_LATEST, Column.IS_DELETE_MARKER]
        current = "is_latest and not is_delete_marker"
    age = f"{day} - {midnight('last_modified')}"
    steps = " ".join(f"when age >= {end} then {end}" for end in reversed(ENDS))
    sql = f"""
        select storage_class, case {steps} else 0 end as least, count(*)::bigint as objects,
            coalesce(sum(size), 0)::bigint as bytes
        from (select storage_class, size, {age} as age from objects where {current}) group by all
    """
    return ages_by_class(_rows(facts, sql, columns))


def _rows(facts: Facts, sql: str, columns: list[Column]) -> Iterator[tuple[str, int, Volume]]:
    for batch in facts.query(sql, columns):
        for storage_class, least, objects, size in zip(*batch.to_pydict().values(), strict=True):
            yield storage_class or "STANDARD", least, Volume(objects, size)
