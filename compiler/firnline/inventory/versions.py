"""What follows from the versions of a key: since when each is noncurrent, how many are newer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from firnline.inventory.rows import Row
from firnline.s3.simulate.stored import ItemKind


def put_in_order(rows: Iterable[Row]) -> list[Row]:
    """The same rows, with missing values derived. A version is noncurrent since the next newer one
    of its key was created; a delete marker counts as one (S3 User Guide, "Lifecycle configuration
    elements": noncurrent days). Where the newer one is not in the listing, that stays open.
    """
    rows = list(rows)
    by_key: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.kind is not ItemKind.MULTIPART_UPLOAD:
            by_key[row.key].append(row)
    for versions in by_key.values():
        if len(versions) > 1 or not versions[0].current:
            _derive(versions)
    return rows


def _derive(versions: list[Row]) -> None:
    versions.sort(key=lambda row: (row.current, row.created), reverse=True)
    old = sum(not row.current for row in versions)
    newer: Row | None = None
    count = 0
    for row in versions:
        if row.current:
            if row.kind is ItemKind.DELETE_MARKER and row.hidden is None:
                row.hidden = old
        else:
            if row.noncurrent_since is None and newer is not None:
                row.noncurrent_since = newer.created
            if row.newer_noncurrent is None:
                row.newer_noncurrent = count
            count += 1
        newer = row
