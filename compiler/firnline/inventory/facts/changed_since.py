"""What became of a bucket's current objects between two inventories: the rows that differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.table import Facts, side_by_side
from firnline.inventory.facts.told_days import Became, Changed
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import ReplicationStatus

_COLUMNS: Final = (
    Column.BUCKET,
    Column.KEY,
    Column.VERSION_ID,
    Column.IS_LATEST,
    Column.IS_DELETE_MARKER,
    Column.SIZE,
    Column.LAST_MODIFIED,
    Column.STORAGE_CLASS,
    Column.REPLICATION_STATUS,
)
_EARLIER, _LATER = "earlier", "later"
"""In place of the name of the bucket, which both are of."""


_NEEDED: Final = (Column.SIZE, Column.LAST_MODIFIED, Column.STORAGE_CLASS)


def not_comparable(earlier: Facts, later: Facts) -> str:
    """Why nothing follows from the two, if so: it goes on after the name of the earlier one."""
    if earlier.as_of >= later.as_of:
        return "is no earlier than the inventory that it is compared with"
    if earlier.all_versions is not later.all_versions:
        return "and the later inventory do not both list all versions"
    lacks = [each.value for each in _NEEDED if each not in earlier.known & later.known]
    return f"and the later inventory do not both have {' and '.join(lacks)}" if lacks else ""


def changed_since(earlier: Facts, later: Facts) -> Iterator[Changed]:
    """Objects of which the version is gone, hidden by a delete marker or in another class; those
    that somebody wrote anew are left out. Both are of one inventory of the same bucket. Raises
    what a query of `Facts` raises.
    """
    with side_by_side({_EARLIER: earlier, _LATER: later}) as facts:
        for batch in facts.query(_SQL, _COLUMNS):
            for row in batch.to_pylist():
                yield Changed(_item(row), Became(row["became"]), row["now_in"])


def _item(row: Mapping[str, Any]) -> StoredItem:
    status = row["replication_status"]
    return StoredItem(
        row["key"],
        row["last_modified"],
        row["size"],
        row["storage_class"] or "STANDARD",
        null_version=row["version_id"] in (None, "null"),
        replication=ReplicationStatus.of(status) if status else None,
    )


_SQL: Final = f"""
    with was as (
        select key, version_id, coalesce(version_id, '') as version, last_modified, size,
            storage_class, replication_status
        from objects where bucket = '{_EARLIER}' and is_latest and not is_delete_marker
    ),
    now as (
        select key, coalesce(version_id, '') as version, last_modified, storage_class, is_latest,
            is_delete_marker
        from objects where bucket = '{_LATER}'
    ),
    of_key as (
        select key, bool_or(is_latest and is_delete_marker) as marker,
            max(last_modified) filter (not is_delete_marker) as written
        from now group by key
    ),
    seen as (
        select was.*, now.storage_class as now_in, now.is_latest, now.key is null as lost, marker,
            coalesce(written > was.last_modified, false) as anew
        from was
        left join now using (key, version, last_modified)
        left join of_key using (key)
    )
    select * exclude (lost, marker, is_latest, version, anew),
        case when lost then '{Became.GONE.value}' when marker then '{Became.HIDDEN.value}'
            else '{Became.MOVED.value}' end as became
    from seen
    where not anew and ((lost and (marker is null or marker)) or (is_latest is false and marker)
        or (is_latest and now_in <> storage_class))
"""
