"""How much is stored that some scopes cannot tell apart?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Final

from firnline.inventory.facts.conditions import interval, interval_of_key, meets, tags_met
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.in_scope import InScope
from firnline.inventory.facts.priced_alike import columns_for, priced_alike, stored_as
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.cuts import bounds
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume
from firnline.s3.billing import MINIMUM_SIZE
from firnline.s3.scope import Scope


def by_scope(facts: Facts, scopes: Collection[Scope]) -> Iterator[InScope]:
    """In all versions that are listed. Raises what a query of `facts` raises."""
    keys = sorted(set(bounds({each.prefix for each in scopes} - {""})))
    sizes = sorted(
        {each.at_least for each in scopes if each.at_least}
        | {each.at_most + 1 for each in scopes if each.at_most is not None}
    )
    conditions = sorted({tuple(sorted(each.tags)) for each in scopes} - {()})
    known = Column.TAGS in facts.known
    computed = {
        "place": interval_of_key(keys),
        "met": "''" if not conditions else meets(conditions) if known else "null::varchar",
    }
    sql = _SQL.format(sizes=interval("coalesce(size, 0)", sizes), priced=priced_alike(facts))
    found: dict[tuple[int, str | None, int], dict[StoredAs, Volume]] = defaultdict(dict)
    for batch in facts.query(sql, columns_for(facts), computed):
        for place, met, least, *row in zip(*batch.to_pydict().values(), strict=True):
            stored = found[place, met, sizes[least - 1] if least else 0]
            stored[stored_as(*row[:3])] = Volume(*row[3:])
    for (place, met, size), stored in found.items():
        tags = tags_met(met or "", conditions)
        example = Scope(keys[place - 1] if place else "", tags, size, size)
        yield InScope(example, met is not None, stored)


_SQL: Final = f"""
    select place, met, {{sizes}} as least, {{priced}}, count(*)::bigint as objects,
        coalesce(sum(size), 0)::bigint as bytes,
        sum(greatest(coalesce(size, 0), {int(MINIMUM_SIZE.value)}))::bigint as padded
    from objects where not is_delete_marker group by all
"""
