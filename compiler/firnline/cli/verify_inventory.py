"""`firnline verify --inventory`: the days of expiry that inventories tell. Reads S3 or disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import InventorySource, reading

# First of what needs the extra: it says so where that is missing.
from firnline.cli.named_inventories import files_of
from firnline.cli.reading_progress import reading_progress
from firnline.cli.streams import say
from firnline.cli.verify_expiry import ToldByInventory, written_rules
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Clients
from firnline.fleet.expiry.verdicts import WrittenRules
from firnline.fleet.verify.verified import VerifiedBucket
from firnline.inventory.facts.expiry_days import told_days
from firnline.inventory.facts.inventory_files import InventoryFiles
from firnline.inventory.facts.problems import UnusableInventory
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.facts.told_days import ToldDays


def told_by_inventories(
    named: Sequence[str],
    folder: str,
    colour: str,
    buckets: Sequence[VerifiedBucket],
    clients: Clients,
) -> Iterator[ToldByInventory]:
    """Raises `CommandFailed`."""
    written = {each.bucket.name: each for each in written_rules(buckets)}
    source = InventorySource(None, folder, clients)
    for files in [each for place in named for each in files_of(place, source)]:
        bucket, told = _told(files, written, colour)
        if told is None:
            called, name = visible(files.called), visible(bucket)
            say(f"{called} is left out: {name} is not verified, or has drifted")
        else:
            yield ToldByInventory(written[bucket].bucket, told)


def _told(
    files: InventoryFiles, written: Mapping[str, WrittenRules], colour: str
) -> tuple[str, ToldDays | None]:
    """Of which bucket; None where that is none of `written`. Raises `CommandFailed`."""
    try:
        with (
            reading(files.called),
            reading_progress(visible(files.called), colour) as begin,
            open_inventory([files], on_begin=begin) as facts,
        ):
            bucket = facts.inventories[0].bucket
            rules = written.get(bucket)
            return bucket, told_days(facts, rules.rules, rules.before) if rules else None
    except UnusableInventory as problem:
        raise CommandFailed(str(problem)) from None
