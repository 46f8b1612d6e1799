"""What follows from the versions of a key: since when each is noncurrent, how many are newer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from firnline.inventory.rows import Row
from firnline.s3.simulate.stored import ItemKind


def completed(rows: Iterable[Row]) -> list[Row]:
    """The same rows, with missing values derived. A version is noncurrent since the next newer one
    of its key was created; a delete marker counts as one (S3 User Guide, "Lifecycle configuration
    elements": noncurrent days). Where the newer one is not in the listing, that stays open.
    """
    rows = list(rows)
    by_key: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.kind is not ItemKind.MULTIPART_UPLOAD:
            by_key[row.key].append(row)
    derived = {
        row.place: row
        for versions in by_key.values()
        if len(versions) > 1 or versions[0].current is not True
        for row in _derived(versions)
    }
    return [derived.get(row.place, row) for row in rows]


def _derived(versions: Iterable[Row]) -> Iterator[Row]:
    """The newest first."""
    newest_first = _newest_first(versions)
    noncurrent = sum(not row.current for row in newest_first)
    newer: Row | None = None
    count = 0
    for row in newest_first:
        if not row.current:
            yield _noncurrent(row, newer, count)
            count += 1
        elif row.kind is ItemKind.DELETE_MARKER and row.hidden is None:
            yield row._replace(hidden=noncurrent)
        else:
            yield row
        newer = row


def _newest_first(versions: Iterable[Row]) -> list[Row]:
    """Where the listing numbers versions instead of naming the latest, the last one is that."""
    ordered = sorted(
        versions, key=lambda row: (row.current is True, row.ordinal, row.created), reverse=True
    )
    return [
        row if row.current is not None else row._replace(current=place == 0)
        for place, row in enumerate(ordered)
    ]


def _noncurrent(row: Row, newer: Row | None, count: int) -> Row:
    since = newer.created if row.noncurrent_since is None and newer else row.noncurrent_since
    return row._replace(
        noncurrent_since=since,
        newer_noncurrent=count if row.newer_noncurrent is None else row.newer_noncurrent,
    )
