"""How much is stored with which value of a tag? The values of most bytes, and the rest as a sum."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.priced_alike import columns_for, priced_alike, stored_as
from firnline.inventory.facts.table import Facts
from firnline.inventory.facts.tag_values import Share, Tagged, TagValues
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume, merged
from firnline.s3.billing import MINIMUM_SIZE

SHOWN: Final = 100
"""Values: a tag may have another one for each object."""
_STATES: Final = (Tagged.WITH_VALUE, Tagged.UNTAGGED, Tagged.NOT_TOLD)


def by_tag(facts: Facts, tag: str, shown: int = SHOWN) -> TagValues:
    """Of facts that know `Column.TAGS`. Raises what a query of `facts` raises."""
    assert Column.TAGS in facts.known, "nothing can be said without them"
    name = quoted(tag)
    computed = {
        "value": f"tags[{name}]",
        "state": f"case when tags is null then 2 when tags[{name}] is null then 1 else 0 end",
    }
    sql = _SQL.format(shown=shown, priced=priced_alike(facts))
    found: dict[tuple[Tagged, str], dict[StoredAs, Volume]] = defaultdict(dict)
    others: dict[StoredAs, Volume] = {}
    more_values = 0
    for batch in facts.query(sql, columns_for(facts), computed):
        for state, place, value, *row in zip(*batch.to_pydict().values(), strict=True):
            volume = {stored_as(*row[:3]): Volume(*row[3:])}
            if place > shown:
                others = merged((others, volume))
                more_values = max(more_values, place - shown)
            else:
                found[_STATES[state], value or ""] |= volume
    shares = tuple(Share(*key, stored) for key, stored in found.items())
    return TagValues(tag, shares, more_values, others)


# `place` is that of a value among all, by bytes; of those that are not shown, of the last.
_SQL: Final = f"""
    with stored as (
        select state, value, {{priced}}, count(*)::bigint as objects,
            coalesce(sum(size), 0)::bigint as bytes,
            sum(greatest(coalesce(size, 0), {int(MINIMUM_SIZE.value)}))::bigint as padded
        from objects where not is_delete_marker group by all
    ),
    weighed as (
        select *, sum(bytes) over (partition by state, value) as weight from stored
    ),
    placed as (
        select *, dense_rank() over (partition by state order by weight desc, value) as place
        from weighed
    )
    select state, max(place)::bigint as place,
        case when place <= {{shown}} then value end as value, storage_class, access_tier, monitored,
        sum(objects)::bigint as objects, sum(bytes)::bigint as bytes, sum(padded)::bigint as padded
    from placed
    group by state, least(place, {{shown}} + 1), 3, storage_class, access_tier, monitored
    order by state, place, storage_class, access_tier, monitored
"""
