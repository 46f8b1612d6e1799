"""Of items that rules treat alike, the key of one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.cuts import Cuts, interval
from firnline.s3.simulate.stored import ItemKind, StoredItem

_DAY: Final = timedelta(days=1)


def key_of(facts: Facts, cuts: Cuts, item: StoredItem) -> str | None:
    """The first that is like `item`, which is one that `groups_in` has made with these cuts. None
    where tags decide, by which rows are not looked up here.

    Raises what a query of `facts` raises.
    """
    if cuts.tags:
        return None
    conditions = [*_of_key(cuts, item.key), *_of_size(cuts, item), *_of_moment(item)]
    columns = [Column.KEY, Column.SIZE, Column.LAST_MODIFIED, Column.STORAGE_CLASS]
    if facts.all_versions:
        columns += [Column.IS_LATEST, Column.IS_DELETE_MARKER]
        conditions += [
            f"is_latest = {str(item.current).lower()}",
            f"is_delete_marker = {str(item.kind is ItemKind.DELETE_MARKER).lower()}",
        ]
    if item.noncurrent_since is not None:
        columns += [Column.NONCURRENT_SINCE, Column.NEWER_NONCURRENT_VERSIONS]
        conditions += [
            *_on_day("noncurrent_since", item.noncurrent_since),
            f"newer_noncurrent_versions >= {item.newer_noncurrent}",
        ]
    sql = f"select min(key) as key from objects where {' and '.join(conditions)}"
    for batch in facts.query(sql, columns):
        for row in batch.to_pylist():
            found: str | None = row["key"]
            return found
    return None


def _of_key(cuts: Cuts, key: str) -> list[str]:
    place = interval(cuts.bounds, key)
    lower = [f"key >= {quoted(cuts.bounds[place - 1])}"] if place else []
    upper = [f"key < {quoted(cuts.bounds[place])}"] if place < len(cuts.bounds) else []
    return lower + upper


def _of_size(cuts: Cuts, item: StoredItem) -> list[str]:
    above = [each for each in cuts.sizes if item.size < each]
    upper = [f"coalesce(size, 0) < {int(above[0])}"] if above else []
    return [f"coalesce(size, 0) >= {item.size}", *upper]


def _of_moment(item: StoredItem) -> list[str]:
    is_marker = item.kind is ItemKind.DELETE_MARKER
    in_class = [] if is_marker else [f"storage_class = {quoted(item.storage_class)}"]
    return [*_on_day("last_modified", item.created), *in_class]


def _on_day(column: str, until: datetime) -> list[str]:
    """Ages count from midnights: `until` is one, and the moment is within the day before."""
    return [
        f"{column} <= {quoted(until.isoformat())}::timestamptz",
        f"{column} > {quoted((until - _DAY).isoformat())}::timestamptz",
    ]
