"""`firnline verify --inventory`: the days of expiry that inventories tell. Reads S3 or disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import InventorySource, reading

# First of what needs the extra: it says so where that is missing.
from firnline.cli.named_inventories import date_of, files_of
from firnline.cli.reading_progress import reading_progress
from firnline.cli.streams import say
from firnline.cli.verify_expiry import Ran, ToldByInventory, written_rules
from firnline.cli.verify_logs import deleted_by_s3
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Clients
from firnline.fleet.expiry.acted import judge_acts
from firnline.fleet.expiry.verdicts import WrittenRules
from firnline.fleet.verify.verified import VerifiedBucket
from firnline.inventory.facts.changed_since import changed_since, not_comparable
from firnline.inventory.facts.expiry_days import due_days, told_days
from firnline.inventory.facts.inventory_files import InventoryFiles
from firnline.inventory.facts.problems import UnusableInventory
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.facts.table import Facts


def told_by_inventories(
    named: Sequence[str],
    earlier: Sequence[str],
    folder: str,
    colour: str,
    buckets: Sequence[VerifiedBucket],
    clients: Clients,
    logs: Sequence[str] = (),
) -> Iterator[ToldByInventory]:
    """Raises `CommandFailed`."""
    deleted = deleted_by_s3(logs, folder) if logs else None
    written = {each.bucket.name: each for each in written_rules(buckets)}
    source = InventorySource(None, folder, clients)
    before = {_bucket_of(each): each for place in earlier for each in files_of(place, source)}
    for files in [each for place in named for each in files_of(place, source)]:
        bucket, told = _told(files, before, written, colour, deleted)
        if told is None:
            called, name = visible(files.called), visible(bucket)
            say(f"{called} is left out: {name} is not verified, or has drifted")
        else:
            yield told


def _bucket_of(files: InventoryFiles) -> str:
    """Raises `CommandFailed`."""
    bucket, _ = date_of(files)
    return bucket


def _told(
    files: InventoryFiles,
    earlier: Mapping[str, InventoryFiles],
    written: Mapping[str, WrittenRules],
    colour: str,
    deleted: Mapping[str, frozenset[str]] | None,
) -> tuple[str, ToldByInventory | None]:
    """Of which bucket; None where that is none of `written`. Raises `CommandFailed`."""
    try:
        with (
            reading(files.called),
            reading_progress(visible(files.called), colour) as begin,
            open_inventory([files], on_begin=begin) as facts,
        ):
            bucket = facts.inventories[0].bucket
            rules = written.get(bucket)
            if rules is None:
                return bucket, None
            told = ToldByInventory(rules.bucket, told_days(facts, rules.rules, rules.before))
            if bucket in earlier:
                keys = None if deleted is None else deleted.get(bucket, frozenset())
                told = replace(told, ran=_ran(earlier[bucket], facts, rules, keys))
            return bucket, told
    except UnusableInventory as problem:
        raise CommandFailed(str(problem)) from None


def _ran(
    earlier: InventoryFiles, facts: Facts, rules: WrittenRules, deleted: frozenset[str] | None
) -> Ran:
    """Raises `CommandFailed`, `UnusableInventory`."""
    with open_inventory([earlier]) as before:
        if why := not_comparable(before, facts):
            raise CommandFailed(f"{visible(earlier.called)} {why}")
        changes = changed_since(before, facts)
        acts = judge_acts(rules, changes, before.as_of, facts.as_of, deleted)
    return Ran(acts, due_days(facts, rules.rules))
