"""What is stored in the examples of what is found there, and what is found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from firnline.diagnostics.kinds import Diagnostic, Kind
from firnline.inventory.checks.below_floor import BELOW_FLOOR
from firnline.inventory.checks.seen import Seen, look
from firnline.inventory.checks.stale_inventory import STALE_INVENTORY
from firnline.inventory.checks.stored_findings import stored_findings
from firnline.inventory.checks.tag_unseen import TAG_UNSEEN
from firnline.inventory.checks.unmatched import UNMATCHED
from firnline.inventory.coverage.of_items import ItemsPopulation
from firnline.language.check import NO_PROJECT
from firnline.language.project import Project
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.prefix_of_nothing import MATCHES_NOTHING
from firnline.s3.scope import Tags
from firnline.s3.simulate.stored import StoredItem

_DAYS: Final = 40


class ExampleObjects(NamedTuple):
    objects: int
    prefix: str
    size: int
    tags: Tags = ()


class ExampleStored(NamedTuple):
    objects: tuple[ExampleObjects, ...]
    in_words: str
    days_old: int = 0


STORED: Final = {
    BELOW_FLOOR: ExampleStored(
        (ExampleObjects(38, "runs/small-", 2**10), ExampleObjects(62, "runs/", 2**20)),
        "38 objects of 1KiB and 62 of 1MiB below `runs/`",
    ),
    TAG_UNSEEN: ExampleStored(
        (ExampleObjects(12, "runs/", 2**20, (("Stage", "scratch"),)),),
        "12 objects below `runs/` that carry `Stage=scratch`",
    ),
    MATCHES_NOTHING: ExampleStored(
        (ExampleObjects(20, "experiments/", 2**20),),
        "20 objects of 1MiB below `experiments/`",
    ),
    STALE_INVENTORY: ExampleStored(
        (ExampleObjects(20, "runs/", 2**20),),
        "20 objects of 1MiB, by an inventory that is 23 days old",
        days_old=23,
    ),
    UNMATCHED: ExampleStored(
        (ExampleObjects(20, "runs/", 2**20), ExampleObjects(5, "tmp/", 2**20)),
        "20 objects of 1MiB below `runs/`, and 5 below `tmp/`",
    ),
}


def found_in_stored_example(
    kind: Kind, buckets: Iterable[BucketRules], today: date, project: Project = NO_PROJECT
) -> tuple[Diagnostic, ...]:
    """Nothing of a kind that needs no such facts."""
    if kind not in STORED:
        return ()
    now = datetime.combine(today, time(), UTC)
    created, as_of = now - timedelta(days=_DAYS), now - timedelta(days=STORED[kind].days_old)
    items = tuple(
        StoredItem(f"{each.prefix}{number}", created, each.size, tags=each.tags)
        for each in STORED[kind].objects
        for number in range(each.objects)
    )
    seen = [
        look(each.bucket.name, each.program, ItemsPopulation(items), f"`{each.bucket.name}`", as_of)
        for each in buckets
        if each.program is not None
    ]
    return tuple(stored_findings(Seen(tuple(seen)), today, project.max_age.inventory))
