"""Of items that rules treat alike, keys of some, and when the oldest was created."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from firnline.inventory.facts.conditions import meets
from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.cuts import Cuts, interval
from firnline.inventory.forecast.horizon import TIMELESS
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import ItemKind, StoredItem

_DAY: Final = timedelta(days=1)


def key_of(facts: Facts, cuts: Cuts, item: StoredItem) -> str | None:
    """The first that is like `item`, which is one that `groups_in` has made with these cuts. None
    where tags decide, by which rows are not looked up here.

    Raises what a query of `facts` raises.
    """
    if cuts.tags:
        return None
    conditions, columns = _alike(facts, cuts, item, None)
    sql = f"select min(key) as key from objects where {' and '.join(conditions)}"
    for batch in facts.query(sql, columns):
        for row in batch.to_pylist():
            found: str | None = row["key"]
            return found
    return None


def oldest_of(
    facts: Facts, cuts: Cuts, items: Sequence[StoredItem], at: datetime, most: int
) -> tuple[datetime, list[str]] | None:
    """Of all objects that are like one of `items`, which `groups_in` has made with these cuts: when
    the oldest was created, and the first keys. None where there are none.

    Raises what a query of `facts` raises.
    """
    alike = [_alike(facts, cuts, item, at) for item in items]
    columns = dict.fromkeys(column for _, each in alike for column in each)
    computed = {"meets": meets(cuts.tags)} if cuts.tags and Column.TAGS in facts.known else {}
    either = " or ".join(f"({' and '.join(conditions)})" for conditions, _ in alike)
    sql = (
        f"select min(last_modified) as oldest, min(key, {int(max(most, 1))}) as keys from objects"
        f" where {either}"
    )
    for batch in facts.query(sql, tuple(columns), computed):
        for row in batch.to_pylist():
            if row["oldest"] is not None:
                return row["oldest"], row["keys"][:most]
    return None


def _alike(
    facts: Facts, cuts: Cuts, item: StoredItem, at: datetime | None
) -> tuple[list[str], list[Column]]:
    """Conditions, and the columns that they need. `at` is the moment of the groups, if what is
    beyond the horizon of the cuts is alike too.
    """
    conditions = [
        *_of_key(cuts, item.key),
        *_of_size(cuts, item),
        *_of_moment(item, _beyond(cuts, item, at)),
    ]
    columns = [Column.KEY, Column.SIZE, Column.LAST_MODIFIED, Column.STORAGE_CLASS]
    if cuts.tags and Column.TAGS in facts.known:
        flags = "".join("1" if set(tags) <= set(item.tags) else "0" for tags in cuts.tags)
        conditions.append(f"coalesce(meets, {quoted(flags)}) = {quoted(flags)}")
    if at is not None:
        free = [(column, sql) for column, sql in _free_at(item, at) if column in facts.known]
        columns += [column for column, _ in free]
        conditions += [sql for _, sql in free]
    if facts.all_versions:
        columns += [Column.IS_LATEST, Column.IS_DELETE_MARKER]
        conditions += [
            f"is_latest = {str(item.current).lower()}",
            f"is_delete_marker = {str(item.kind is ItemKind.DELETE_MARKER).lower()}",
        ]
    if item.noncurrent_since is not None:
        columns += [Column.NONCURRENT_SINCE, Column.NEWER_NONCURRENT_VERSIONS]
        beyond = _beyond(cuts, item, at)
        conditions += [
            *_on_day("noncurrent_since", item.noncurrent_since, beyond),
            f"newer_noncurrent_versions >= {item.newer_noncurrent}",
        ]
    return conditions, columns


def _free_at(item: StoredItem, at: datetime) -> Iterator[tuple[Column, str]]:
    """That nothing keeps S3 from acting, as nothing does of the item."""
    if not item.awaits_replication:
        waits = "upper(coalesce(replication_status, '')) in ('PENDING', 'FAILED')"
        yield Column.REPLICATION_STATUS, f"not {waits}"
    if not item.locked_at(at):
        until = f"{quoted(at.isoformat())}::timestamptz"
        yield Column.RETAIN_UNTIL, f"coalesce(retain_until <= {until}, true)"
        yield Column.LEGAL_HOLD, "legal_hold is not true"


def _beyond(cuts: Cuts, item: StoredItem, at: datetime | None) -> bool:
    """Whether an item stands for all that are so old, or older."""
    if at is None or cuts.horizon is None or item.retain_until or item.legal_hold:
        return False
    ages = cuts.horizon.timeless if item.storage_class in TIMELESS else cuts.horizon.other
    since, age = item.created, ages.current
    if item.noncurrent_since is not None:
        since, age = item.noncurrent_since, ages.noncurrent
    return midnight_from(at) - since >= timedelta(days=age)


def _of_key(cuts: Cuts, key: str) -> list[str]:
    place = interval(cuts.bounds, key)
    lower = [f"key >= {quoted(cuts.bounds[place - 1])}"] if place else []
    upper = [f"key < {quoted(cuts.bounds[place])}"] if place < len(cuts.bounds) else []
    return lower + upper


def _of_size(cuts: Cuts, item: StoredItem) -> list[str]:
    above = [each for each in cuts.sizes if item.size < each]
    upper = [f"coalesce(size, 0) < {int(above[0])}"] if above else []
    return [f"coalesce(size, 0) >= {item.size}", *upper]


def _of_moment(item: StoredItem, beyond: bool) -> list[str]:
    """Of a noncurrent version beyond the horizon it makes no difference when it was created."""
    is_marker = item.kind is ItemKind.DELETE_MARKER
    in_class = [] if is_marker else [f"storage_class = {quoted(item.storage_class)}"]
    if beyond and item.noncurrent_since is not None:
        return in_class
    return [*_on_day("last_modified", item.created, beyond), *in_class]


def _on_day(column: str, until: datetime, beyond: bool) -> list[str]:
    """Ages count from midnights: `until` is one, and the moment is within the day before, or is any
    before.
    """
    since = f"{column} > {quoted((until - _DAY).isoformat())}::timestamptz"
    return [
        f"{column} <= {quoted(until.isoformat())}::timestamptz",
        *([] if beyond else [since]),
    ]
