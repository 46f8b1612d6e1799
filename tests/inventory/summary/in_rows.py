"""Items, key by key → the summary of their bucket, without an inventory on disk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from firnline.inventory.forecast.volume import Volume
from firnline.inventory.summary.collect import TooManyRows, collected
from firnline.inventory.summary.cut import Cut
from firnline.inventory.summary.rows import Row, RowKind, Stack
from firnline.inventory.summary.summary import BucketSummary
from firnline.s3.simulate.clock import midnight_from
from firnline.s3.simulate.stored import ItemKind, StoredItem

KINDS = {
    ItemKind.OBJECT_VERSION: RowKind.VERSION,
    ItemKind.DELETE_MARKER: RowKind.DELETE_MARKER,
    ItemKind.MULTIPART_UPLOAD: RowKind.UPLOAD,
}


def summed_up(
    keys: Sequence[Sequence[StoredItem]], cut: Cut, as_of: datetime, limit: int
) -> BucketSummary:
    """Of the versions of each key, the oldest first."""
    try:
        return _summed_up(keys, cut, as_of, limit)
    except TooManyRows:
        return _summed_up(keys, cut.apart, as_of, limit)


def _summed_up(
    keys: Sequence[Sequence[StoredItem]], cut: Cut, as_of: datetime, limit: int
) -> BucketSummary:
    ages_by, stacks = collected(_stacks(keys, cut, as_of), cut, _day(as_of), limit)
    return BucketSummary("lab", as_of, as_of, True, False, cut, ages_by, stacks)


def _stacks(keys: Sequence[Sequence[StoredItem]], cut: Cut, as_of: datetime) -> Iterator[Stack]:
    for versions in keys:
        rows = tuple(_row(item, cut, as_of) for item in versions)
        yield from (rows,) if cut.together else ((row,) for row in rows)


def _row(item: StoredItem, cut: Cut, as_of: datetime) -> Row:
    made, lock = _day(item.created), item.retain_until
    since = None if item.noncurrent_since is None else _day(item.noncurrent_since)
    is_version = item.kind is ItemKind.OBJECT_VERSION
    tags = dict(item.tags)
    volume = Volume.of(item.size)
    return Row(
        prefix=max(filter(item.key.startswith, cut.prefixes), key=len),
        kind=KINDS[item.kind],
        storage_class=item.storage_class if is_version else None,
        access_tier=item.tier,
        is_latest=item.current,
        is_null=item.null_version,
        replication_status=item.replication,
        tags=tuple(map(tags.get, cut.tag_keys)) if cut.tag_keys else None,
        retained_until=_day(lock) if lock is not None and lock > as_of else None,
        is_held=item.legal_hold,
        made_first=made,
        made_last=made,
        since_first=since,
        since_last=since,
        hidden=item.hidden if cut.together else min(item.hidden, 1),
        newer_least=item.newer_noncurrent,
        newer_most=item.newer_noncurrent,
        size_least=item.size,
        size_most=item.size,
        objects=volume.objects,
        bytes=volume.bytes,
        padded=volume.padded,
    )


def _day(moment: datetime) -> int:
    return (midnight_from(moment).date() - date(1970, 1, 1)).days
