"""A row of a summary → the items that its items may be like, as rules see them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from firnline.inventory.summary.rows import Row, RowKind
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.terms import AccessTier, ReplicationStatus

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_KINDS: Final = {
    RowKind.VERSION: ItemKind.OBJECT_VERSION,
    RowKind.DELETE_MARKER: ItemKind.DELETE_MARKER,
    RowKind.UPLOAD: ItemKind.MULTIPART_UPLOAD,
}


def example(row: Row, tag_keys: tuple[str, ...], today: datetime) -> StoredItem:
    """The smallest and oldest one. What nobody knows to be noncurrent since when is so since
    `today`, a midnight.
    """
    since = None
    if not row.is_latest:
        since = today if row.since_first is None else moment(row.since_first)
    status, tier = row.replication_status, row.access_tier
    return StoredItem(
        key=row.prefix,
        created=moment(row.made_first),
        size=row.size_least,
        storage_class=row.storage_class or "STANDARD",  # a delete marker has none
        tags=_tags(row, tag_keys),
        kind=_KINDS[row.kind],
        current=row.is_latest,
        null_version=row.is_null,
        noncurrent_since=since,
        newer_noncurrent=row.newer_least,
        hidden=row.hidden,
        retain_until=None if row.retained_until is None else moment(row.retained_until),
        legal_hold=row.is_held,
        replication=ReplicationStatus.of(status) if status else None,
        tier=AccessTier.of(tier) if tier else None,
    )


@cache
def moment(day: int) -> datetime:
    return _EPOCH + timedelta(days=day)


def _tags(row: Row, keys: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    if not keys or row.kind is not RowKind.VERSION:
        return ()
    pairs = zip(keys, row.tags or (), strict=False)
    return tuple((key, value) for key, value in pairs if value is not None)
