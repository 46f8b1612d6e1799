"""Facts and reads of the same keys → reads of what rules treat alike, by the age of the objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from firnline.inventory.facts.alike_query import midnight
from firnline.inventory.facts.conditions import interval, interval_of_key, meets, tags_met
from firnline.inventory.facts.engine import Batch
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.cuts import Cuts
from firnline.inventory.forecast.reads import ReadCell, ReadVolume
from firnline.s3.billing import MONITORED_FROM, TIERS_WHEN_NOT_READ
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import AccessTier

_DAY: Final = 86_400_000_000
_HOURS_OF_A_DAY: Final = 24
_KEPT: Final = _HOURS_OF_A_DAY * dict(TIERS_WHEN_NOT_READ)[AccessTier.INFREQUENT]
"""For so many hours after a read an object is in the dearest tier of INTELLIGENT_TIERING."""
_CREATED: Final = datetime(2000, 1, 1, tzinfo=UTC)
NEEDED: Final = (Column.SIZE, Column.LAST_MODIFIED, Column.STORAGE_CLASS)


def read_cells(facts: Facts, cuts: Cuts, reads: Iterable[Batch], days: float) -> Iterator[ReadCell]:
    """Of current versions, which are what is read without a version ID: what was read before they
    were written was another version, and what is not in the facts is gone. Examples are in the
    class that facts tell. `reads` has `key`, `read`, `reads` and `bytes`, at least one batch,
    and is all of so many days. Raises what a query of `facts` raises.
    """
    facts.load("reads_of_keys", reads)
    columns, current = [Column.KEY, *NEEDED], "true"
    if facts.all_versions:
        columns += [Column.IS_LATEST, Column.IS_DELETE_MARKER]
        current = "is_latest and not is_delete_marker"
    computed = {"place": interval_of_key(cuts.bounds)}
    if cuts.tags and Column.TAGS in facts.known:
        computed["meets"] = meets(cuts.tags)
    sql = _SQL.format(
        meets="meets" if "meets" in computed else "null::varchar",
        sizes=interval("size", cuts.sizes),
        made=midnight("last_modified"),
        current=current,
        hours=round(days * _HOURS_OF_A_DAY),
    )
    for batch in facts.query(sql, columns, computed):
        for row in batch.to_pylist():
            example = StoredItem(
                key=cuts.bounds[row["place"] - 1] if row["place"] else "",
                created=_CREATED,
                size=row["least"],
                storage_class=row["storage_class"],
                tags=tags_met(row["meets"] or "", cuts.tags),
            )
            volume = ReadVolume(*(row[name] for name in ReadVolume._fields))
            known = not cuts.tags or row["meets"] is not None
            yield ReadCell(example, row["age"], volume, tags_known=known)


# From the last read of a key to the next one is as long as from the end of the logs to its first
# one: so what is read often enough is kept for all of the days, and no longer. Smaller objects are
# in the dearest tier whether they are read or not.
_SQL: Final = f"""
    select place, {{meets}} as meets, {{sizes}} as sizes,
        coalesce(storage_class, 'STANDARD') as storage_class,
        greatest(epoch_us(read) // {_DAY} - {{made}}, 0)::bigint as age,
        min(size)::bigint as least, sum(reads)::bigint as reads,
        coalesce(sum(bytes), 0)::bigint as bytes,
        count(*) filter (reads > 0)::bigint as restores,
        coalesce(sum(size) filter (reads > 0), 0)::bigint as restored_bytes,
        coalesce(
            sum(size * kept) filter (size >= {int(MONITORED_FROM.value)}) // {_HOURS_OF_A_DAY}, 0
        )::bigint as kept
    from (
        select *, least({_KEPT}, greatest(0, coalesce(
            date_diff('hour', read, lead(read) over key),
            {{hours}} - date_diff('hour', first_value(read) over key, read)))) as kept
        from objects join reads_of_keys using (key)
        where read >= last_modified and {{current}} and reads > 0
        window key as (partition by key order by read)
    )
    group by all
"""
