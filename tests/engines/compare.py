"""Compares what the simulator predicts for a midnight with what a server did, key by key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.engines import simulated
from tests.engines.departures import Departure, explain
from tests.engines.listing import Listing
from tests.engines.state import Bucket, Remaining


@dataclass(frozen=True, slots=True)
class Difference:
    """`rows` explain it; none where nothing does."""

    key: str
    ours: Remaining
    theirs: Remaining
    rows: tuple[Departure, ...] | None


def differences(before: Bucket, at: datetime, listing: Listing) -> Iterator[Difference]:
    keys, uploads = simulated.after_midnight(before, at)
    for key in sorted(keys.keys() | listing.keys.keys()):
        expected, left = keys.get(key, ()), listing.keys.get(key, ())
        if left != expected:
            rows = explain(before, key, at, expected, left) if key in before.keys else None
            yield Difference(key, expected, left, rows)
    for id in sorted(uploads ^ listing.uploads):
        key = before.uploads[id].key if id in before.uploads else f"upload {id}"
        there, absent = ("an incomplete multipart upload",), ()
        if id in uploads:
            yield Difference(key, there, absent, rows=None)
        else:
            yield Difference(key, absent, there, rows=None)
