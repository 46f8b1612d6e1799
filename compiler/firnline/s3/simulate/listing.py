"""What does S3 do with the items of a listing, and with delete markers that it creates?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from firnline.s3.simulate.batch import Batch, BatchStep
from firnline.s3.simulate.history import marker_left_by
from firnline.s3.simulate.stored import ItemKind, StoredItem
from firnline.s3.simulate.versions import version_events
from firnline.s3.terms import Versioning


class ItemHistory(NamedTuple):
    """What happens to one item; `place` is its place in the listing, None for a delete marker that
    S3 creates: it comes after the version that it hides.
    """

    place: int | None
    item: StoredItem
    steps: tuple[BatchStep, ...]


class Outcome(NamedTuple):
    """`put` is a delete marker that S3 puts; None for a version that was there."""

    put: StoredItem | None
    steps: tuple[BatchStep, ...]


def simulate_listing(
    batch: Batch, items: Sequence[StoredItem], since: datetime, until: datetime | None = None
) -> Iterator[ItemHistory]:
    """For each item once, key by key; versions of one key act on each other.

    Items to which the same happens share their steps: in a listing they are few against all.
    """
    known: dict[Hashable, tuple[Outcome, ...]] = {}
    for places in by_key(batch, items):
        versions = [items[place] for place in places]
        alike = tuple([batch.alike(item) for item in versions])
        found = known.get(alike)
        if found is None:
            found = tuple(of_key(batch, versions, since, until))
            if None not in alike:
                known[alike] = found
        for number, (put, steps) in enumerate(found):
            if put is None:
                yield ItemHistory(places[number], versions[number], steps)
            else:
                yield ItemHistory(None, _of_another_key(put, versions[0].key), steps)


def of_key(
    batch: Batch, versions: Sequence[StoredItem], since: datetime, until: datetime | None
) -> Iterator[Outcome]:
    """Of the versions of one key, the oldest first; then of the markers that S3 puts."""
    if len(versions) == 1 and not _may_act(batch, versions[0]):
        yield Outcome(None, tuple(batch.steps(versions[0], since, until)))
        return
    put: list[StoredItem | None] = [None for _ in versions]
    steps: list[list[BatchStep]] = [[] for _ in versions]
    for done in version_events(batch, versions, since, until):
        steps[done.number].append(done.step)
        if done.marker is not None:
            put.append(marker_left_by(batch.bucket, done.before, done.step.at, hidden=1))
            steps.append([])
            if done.replaced is not None and done.replaced != done.number:
                steps[done.replaced] += _place_taken(steps[done.replaced], done.step)
    yield from (Outcome(item, tuple(found)) for item, found in zip(put, steps, strict=True))


def _of_another_key(marker: StoredItem, key: str) -> StoredItem:
    """As `dataclasses.replace` would copy it, which takes several times as long."""
    return StoredItem(
        key,
        marker.created,
        kind=marker.kind,
        null_version=marker.null_version,
        hidden=marker.hidden,
    )


def by_key(batch: Batch, items: Sequence[StoredItem]) -> Iterable[list[int]]:
    """Places of items that act on each other, the oldest first."""
    if batch.bucket.versioning is Versioning.OFF:
        yield from ([place] for place in range(len(items)))
        return
    keys: dict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        if item.kind is ItemKind.MULTIPART_UPLOAD:
            yield [place]
        else:
            keys[item.key].append(place)
    for places in keys.values():
        if len(places) > 1:
            if sum(items[place].current for place in places) > 1:
                yield from ([place] for place in places)  # no versions of one key
                continue
            # Of one second, the one that is listed first is the newest.
            yield sorted(
                places, key=lambda place: (items[place].current, items[place].created, -place)
            )
        else:
            yield places


def _may_act(batch: Batch, item: StoredItem) -> bool:
    """Whether lifecycle may do something to it that affects another version of its key."""
    off = batch.bucket.versioning is Versioning.OFF
    return not off and item.kind is ItemKind.OBJECT_VERSION and item.current


def _place_taken(steps: Sequence[BatchStep], marker: BatchStep) -> tuple[BatchStep, ...]:
    """The event of the null version that a null marker replaces, unless it is removed at that
    midnight anyway.
    """
    is_there = not steps or steps[-1].left is not None
    return (marker._replace(left=None),) if is_there else ()
