"""On which days do doomed references lose what an inventory lists?"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import Age, InventorySource
from firnline.cli.item_options import now
from firnline.cli.known_buckets import KnownBucket
from firnline.cli.samples import KeptOpen
from firnline.cli.stored import Listed, StoredIn, is_of_many, read_listed
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.reach.doomed.days import Days, StoredObject
from firnline.reach.doomed.doomed import Doomed
from firnline.s3.simulate.stored import ItemKind
from firnline.settings import policies_folder


def dated(
    doomed: Sequence[Doomed], arguments: Namespace, bucket: str | None, today: date
) -> tuple[Doomed, ...]:
    """`bucket` is that of a listing that does not name its own. Raises `CommandFailed`."""
    days = Days(doomed)
    as_of = _seen(days, _stored(arguments, bucket))
    for missing in sorted(set(days.buckets) - as_of.keys()):
        say(f"no inventory of `{visible(missing)}` is named, so its days are not known")
    return tuple(days.dated(as_of, today))


def dated_by(
    doomed: Sequence[Doomed], buckets: Iterable[KnownBucket], today: date
) -> tuple[Doomed, ...]:
    """Without a day where sums alone tell what a bucket stores. Raises `CommandFailed`."""
    days = Days(doomed)
    as_of: dict[str, datetime] = {}
    for bucket in buckets:
        if bucket.name in days.buckets and lists_objects(bucket):
            for each in bucket.stored:
                _see(days, bucket.name, each, "report --references")
            as_of[bucket.name] = max(each.as_of for each in bucket.stored)
    return tuple(days.dated(as_of, today))


def lists_objects(bucket: KnownBucket) -> bool:
    stored = bucket.stored
    return bool(stored) and all(isinstance(each, Listed | KeptOpen) for each in stored)


def _seen(days: Days, listed: Iterable[StoredIn]) -> dict[str, datetime]:
    """Of each bucket the moment of what is stored there. Raises `CommandFailed`."""
    as_of: dict[str, datetime] = {}
    for stored in listed:
        called = stored.bucket
        if called is None:
            raise CommandFailed(
                f"{visible(stored.path)} does not say which bucket it lists: name S3 Inventory's"
                " manifest.json, or policies of one bucket alone"
            )
        if called in as_of:
            raise CommandFailed(
                f"{visible(stored.path)} is of bucket `{visible(called)}`, as is another one: its"
                " objects would count twice"
            )
        if called in days.buckets:
            as_of[called] = stored.as_of
            _see(days, called, stored, "check --references")
    return as_of


def _see(days: Days, bucket: str, stored: StoredIn, command: str) -> None:
    for each in _objects(stored, days.starts(bucket), command):
        days.see(bucket, each)


def _stored(arguments: Namespace, bucket: str | None) -> Iterator[StoredIn]:
    source = InventorySource(arguments.account, policies_folder().path)
    for named in arguments.inventory:
        if not is_of_many(named):
            yield read_listed(named, bucket)
            continue
        # An extra, and slow to import.
        from firnline.cli.named_inventories import open_named

        yield from open_named(named, source, Age(now(), arguments.max_age), arguments.color)


def _objects(stored: StoredIn, starts: Iterable[str], command: str) -> Iterator[StoredObject]:
    """The current versions whose keys begin so. Raises `CommandFailed`."""
    begins = tuple(starts)
    if not isinstance(stored, Listed):
        from firnline.cli.current_objects import current_objects

        yield from current_objects(stored, begins, command)
        return
    for item in stored.items:
        is_object = item.current and item.kind is ItemKind.OBJECT_VERSION
        if is_object and item.key.startswith(begins):
            tags = item.tags if stored.has_tags else None
            yield StoredObject(item.key, item.created, item.size, tags, item.storage_class)
