"""Facts → groups of what rules treat alike, counted by the table engine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final, NamedTuple

from firnline.inventory.facts.alike_query import alike_query, midnight, moment
from firnline.inventory.facts.conditions import interval_of_key, tags_met
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.table import Facts
from firnline.inventory.forecast.cuts import Cuts
from firnline.inventory.forecast.groups import Group, Stored, began_in_class
from firnline.inventory.forecast.volume import Volume
from firnline.s3.billing import MINIMUM_SIZE
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.terms import AccessTier, ReplicationStatus, Versioning

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
NEEDED: Final = (Column.SIZE, Column.LAST_MODIFIED, Column.STORAGE_CLASS)


def groups_in(facts: Facts, cuts: Cuts, live: Batch, at: datetime) -> Iterator[Group]:
    """Of the rows of one bucket that were there at a moment; they are alike for what rules do after
    it. `live` has the rules in force, by which it is known since when an object is in its class.

    `facts` must know the columns `NEEDED`. Raises what a query of them raises.
    """
    assert all(column in facts.known for column in NEEDED), "nothing can be said without them"
    is_suspended = live.bucket.versioning is Versioning.SUSPENDED
    together = cuts.versions_act and facts.all_versions
    if together and cuts.only_by_count:
        together = _is_any_locked(facts, at)
    query = alike_query(cuts, facts, at, is_suspended=is_suspended, together=together)
    found = (
        _Row(*values)
        for batch in facts.query(query.sql, query.columns, query.computed)
        for values in zip(*batch.to_pydict().values(), strict=True)
    )
    if query.together:
        for _, versions in groupby(found, lambda row: (row.versions, row.versions_again)):
            yield tuple(_stored(row, cuts, live, at) for row in versions)
    else:
        yield from (_alone(row, cuts, live, at) for row in found)


def _is_any_locked(facts: Facts, at: datetime) -> bool:
    """Whether a noncurrent version is, as far as facts tell."""
    locks = (
        (Column.RETAIN_UNTIL, f"retain_until > {moment(at)}"),
        (Column.LEGAL_HOLD, "legal_hold"),
    )
    told = {column: sql for column, sql in locks if column in facts.known}
    if not told:
        return False
    sql = f"from objects where not is_latest and ({' or '.join(told.values())}) limit 1"
    columns = (*told, Column.IS_LATEST)
    return any(batch.num_rows for batch in facts.query(sql, columns))


def uploads_in(facts: Facts, cuts: Cuts, at: datetime) -> Iterator[Group]:
    """The incomplete uploads that were there at a moment, each group one that rules treat alike.

    Raises what a query of `facts` raises.
    """
    place = interval_of_key(cuts.bounds)
    sql = _UPLOADS.format(place=place, at=moment(at))
    columns = (Column.KEY, Column.SIZE, Column.LAST_MODIFIED)
    for batch in facts.uploads(sql, columns):
        for row in batch.to_pylist():
            begun = _moment(row["begun"])
            bound = cuts.bounds[row["place"] - 1] if row["place"] else ""
            item = StoredItem(bound, begun, kind=ItemKind.MULTIPART_UPLOAD)
            volume = Volume(row["uploads"], row["bytes"], row["padded"])
            yield (Stored(item, volume, begun),)


class _Row(NamedTuple):
    """Items that are alike, as the query yields them; days are counted from 1970."""

    versions: int
    versions_again: int
    place: int
    storage_class: str | None
    access_tier: str | None
    is_latest: bool
    is_delete_marker: bool
    is_null: bool
    replication_status: str | None
    retained_until: int | None
    is_held: bool
    meets: str | None
    made: int
    since: int | None
    hidden: int
    newer: int
    top_made: int | None
    top_class: str | None
    top_tier: str | None
    top_status: str | None
    top_size: int
    size: int
    objects: int
    bytes: int
    padded: int


_UPLOADS = f"""
    select {{place}} as place, {midnight("last_modified")} as begun,
        count(*)::bigint as uploads, sum(size)::bigint as bytes,
        sum(greatest(size, {int(MINIMUM_SIZE.value)}))::bigint as padded
    from objects where last_modified <= {{at}} group by all
"""


def _stored(row: _Row, cuts: Cuts, live: Batch, at: datetime) -> Stored:
    status, tier = row.replication_status, row.access_tier
    item = StoredItem(
        key=cuts.bounds[row.place - 1] if row.place else "",
        created=_moment(row.made),
        tags=tags_met(row.meets or "", cuts.tags),
        size=row.size,
        storage_class=row.storage_class or "STANDARD",  # a delete marker has none
        kind=ItemKind.DELETE_MARKER if row.is_delete_marker else ItemKind.OBJECT_VERSION,
        current=row.is_latest,
        null_version=row.is_null,
        noncurrent_since=None if row.since is None else _moment(row.since),
        newer_noncurrent=row.newer,
        hidden=row.hidden,
        retain_until=None if row.retained_until is None else _moment(row.retained_until),
        legal_hold=row.is_held,
        replication=ReplicationStatus.of(status) if status else None,
        tier=AccessTier.of(tier) if tier else None,
    )
    volume = Volume(row.objects, row.bytes, row.padded)
    known = row.meets is not None
    return Stored(item, volume, began_in_class(live, item, at), tags_known=known)


def _alone(row: _Row, cuts: Cuts, live: Batch, at: datetime) -> Group:
    """A version without the others of its key, or with the current one, which counts elsewhere."""
    stored = _stored(row, cuts, live, at)
    if row.top_made is None:
        return (stored,)
    status, tier = row.top_status, row.top_tier
    item = StoredItem(
        key=stored.example.key,
        created=_moment(row.top_made),
        size=row.top_size,
        storage_class=row.top_class or "STANDARD",
        replication=ReplicationStatus.of(status) if status else None,
        tier=AccessTier.of(tier) if tier else None,
    )
    return stored, Stored(item, Volume(), item.created, tags_known=stored.tags_known)


def _moment(day: int) -> datetime:
    return _EPOCH + timedelta(days=day)
