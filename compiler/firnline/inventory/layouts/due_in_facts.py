"""The objects of an inventory that rules take of layouts, in groups that the same rules match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from firnline.inventory.facts.conditions import interval, interval_of_key, meets, tags_met
from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.table import Facts
from firnline.inventory.layouts.cuts import cuts
from firnline.inventory.layouts.due import Group, tags_of
from firnline.rules.at_risk.risks import AtRisk
from firnline.s3.law.classes import READING, Reading

_ARCHIVES: Final = ", ".join(
    quoted(each) for each, reading in READING.items() if reading >= Reading.RESTORE
)
_SQL: Final = f"""
    select place, met, {{sizes}} as least,
        coalesce(storage_class in ({_ARCHIVES}), false) as archived,
        min({{since}}) as since, count(*)::bigint as objects,
        coalesce(sum(size), 0)::bigint as bytes
    from objects where {{which}} and not is_delete_marker and {{since}} is not null group by all
"""
_READ: Final = (Column.SIZE, Column.STORAGE_CLASS, Column.IS_LATEST, Column.IS_DELETE_MARKER)


def groups_of(facts: Facts, risks: Sequence[AtRisk]) -> Iterator[Group]:
    """Raises what a query of `facts` raises."""
    current = [each for each in risks if not each.risk.of_old]
    old = [each for each in risks if each.risk.of_old]
    if current:
        yield from _groups(facts, current, False)
    if old and facts.all_versions:
        yield from _groups(facts, old, True)


def _groups(facts: Facts, risks: Sequence[AtRisk], is_old: bool) -> Iterator[Group]:
    hits = [hit for each in risks for hit in each.hits]
    scopes = [risk.threat.scope for risk, _ in hits]
    keys = cuts({found for _, found in hits}, {scope.prefix for scope in scopes})
    lows = {scope.at_least for scope in scopes} | {
        scope.at_most + 1 for scope in scopes if scope.at_most is not None
    }
    sizes = sorted(lows - {0})
    conditions = tags_of(risks)
    known = Column.TAGS in facts.known
    since = Column.NONCURRENT_SINCE if is_old else Column.LAST_MODIFIED
    met = "''" if not conditions else meets(conditions) if known else "null::varchar"
    sql = _SQL.format(
        sizes=interval("coalesce(size, 0)", sizes),
        since=since.value,
        which="not is_latest" if is_old else "is_latest",
    )
    computed = {"place": interval_of_key(keys), "met": met}
    for batch in facts.query(sql, (*_READ, since), computed):
        for place, met, least, archived, begun, objects, size in zip(
            *batch.to_pydict().values(), strict=True
        ):
            yield Group(
                keys[place - 1] if place else "",
                sizes[least - 1] if least else 0,
                None if met is None else tags_met(met, conditions),
                archived,
                is_old,
                begun,
                objects,
                size,
            )
