"""The objects of an inventory that layouts need, in groups that the same rules match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from firnline.inventory.facts.conditions import interval, interval_of_key, meets, tags_met
from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.cuts import bounds
from firnline.inventory.layouts.due import Group, Reach, scopes_of, tags_of
from firnline.inventory.layouts.joined import joined
from firnline.inventory.layouts.needed import Needed
from firnline.rules.at_risk.risks import AtRisk
from firnline.s3.billing import ARCHIVED_TIERS
from firnline.s3.law.classes import READING
from firnline.s3.scope import sizes_apart
from firnline.s3.terms import AccessTier

_REACH: Final = " ".join(
    f"when {quoted(each)} then {reach.value}"
    for each in READING
    if (reach := Reach.of(each)) is not Reach.NEAR
)
_SQL: Final = f"""
    {{tables}} select place, met, {{sizes}} as least, {{bits}} as bits,
        case storage_class {_REACH} else {Reach.NEAR.value} end as reach,
        min({{since}}) as since, count(*)::bigint as objects,
        coalesce(sum(size), 0)::bigint as bytes
    from objects {{joins}}
    where {{which}} and not is_delete_marker and {{since}} is not null group by all
"""
_READ: Final = (Column.SIZE, Column.STORAGE_CLASS, Column.IS_LATEST, Column.IS_DELETE_MARKER)


def has_archive_tiers(facts: Facts) -> bool:
    """Whether any object in INTELLIGENT_TIERING is in an archive tier: a bucket switches them on.
    Raises what a query of `facts` raises.
    """
    if Column.ACCESS_TIER not in facts.known:
        return False
    sql = "select distinct access_tier as said from objects where access_tier <> ''"
    batches = facts.query(sql, (Column.ACCESS_TIER,))
    words = [said for batch in batches for said in batch.to_pydict()["said"]]
    return not {AccessTier.of(each) for each in words}.isdisjoint(ARCHIVED_TIERS)


def groups_of(facts: Facts, risks: Sequence[AtRisk]) -> Iterator[Group]:
    """Raises what a query of `facts` raises."""
    current = [each for each in risks if not each.risk.of_old]
    old = [each for each in risks if each.risk.of_old]
    if current:
        yield from _groups(facts, current, False)
    if old and facts.all_versions:
        yield from _groups(facts, old, True)


def _groups(facts: Facts, risks: Sequence[AtRisk], is_old: bool) -> Iterator[Group]:
    needed = Needed({found for each in risks for found in each.found})
    scopes = list(scopes_of(risks))
    keys = sorted(set(bounds({each.prefix for each in scopes} - {""} | set(needed.beginnings))))
    sizes = sorted(sizes_apart(scopes))
    conditions = tags_of(risks)
    known = Column.TAGS in facts.known
    since = Column.NONCURRENT_SINCE if is_old else Column.LAST_MODIFIED
    everywhere = needed.folders.get("", 0)
    folders = {start: str(bits) for start, bits in needed.folders.items() if start}
    by = joined(folders, {start: str(bits) for start, bits in needed.objects.items()})
    sql = _SQL.format(
        tables=f"with {by.tables}" if by.tables else "",
        joins=by.joins,
        bits=" | ".join([str(everywhere), *(f"coalesce({each}, 0)" for each in by.values)]),
        sizes=interval("coalesce(size, 0)", sizes),
        since=since.value,
        which="not is_latest" if is_old else "is_latest",
    )
    met = "''" if not conditions else meets(conditions) if known else "null::varchar"
    computed = {"place": interval_of_key(keys), "met": met, **by.computed}
    for batch in facts.query(sql, (*_READ, since), computed):
        for place, met, least, bits, reach, begun, objects, size in zip(
            *batch.to_pydict().values(), strict=True
        ):
            key = keys[place - 1] if place else ""
            needing = bits | needed.of_beginnings(key)
            if needing:
                tags = None if met is None else tags_met(met, conditions)
                least_size = sizes[least - 1] if least else 0
                yield Group(
                    key, least_size, needing, tags, Reach(reach), is_old, begun, objects, size
                )
