"""`firnline verify --inventory`: the days of expiry that inventories tell. Reads S3 or disk."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import InventorySource, reading

# First of what needs the extra: it says so where that is missing.
from firnline.cli.named_inventories import date_of, files_of
from firnline.cli.reading_progress import reading_progress
from firnline.cli.streams import say
from firnline.cli.verify_expiry import Ran, ToldByInventory, written_rules
from firnline.cli.verify_logs import Logged, deleted_by_s3, read_logs
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import Clients
from firnline.fleet.expiry.acted import Between, judge_acts
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
    written_at: Mapping[str, datetime] = MappingProxyType({}),
) -> Iterator[ToldByInventory]:
    """`written_at` says by the name of a bucket when its rules were written, where that is known:
    an inventory from before that tells nothing of them. Raises `CommandFailed`.
    """
    logged = read_logs(logs, folder) if logs else None
    written = {each.bucket.name: each for each in written_rules(buckets)}
    source = InventorySource(None, folder, clients)
    later = [each for place in named for each in files_of(place, source)]
    before = _earlier(earlier, source, {_bucket_of(each) for each in later})
    for files in later:
        bucket, told = _told(files, before, written, colour, logged, written_at)
        if told is None:
            called, name = visible(files.called), visible(bucket)
            say(f"{called} is left out: {name} is not verified, or has drifted")
        else:
            yield told


def _earlier(
    named: Sequence[str], source: InventorySource, buckets: Collection[str]
) -> Mapping[str, InventoryFiles]:
    """One for a bucket, each of one of `buckets`. Raises `CommandFailed`."""
    found: dict[str, InventoryFiles] = {}
    for files in [each for place in named for each in files_of(place, source)]:
        bucket, called = _bucket_of(files), visible(files.called)
        if bucket not in buckets:
            raise CommandFailed(
                f"{called} of --earlier is of {visible(bucket)}, and no --inventory is: name the"
                " later one that it is compared with"
            )
        if bucket in found:
            raise CommandFailed(
                f"two inventories of --earlier are of {visible(bucket)}: name one of"
                f" {visible(found[bucket].called)} and {called}"
            )
        found[bucket] = files
    return found


def _bucket_of(files: InventoryFiles) -> str:
    """Raises `CommandFailed`."""
    bucket, _ = date_of(files)
    return bucket


def _told(
    files: InventoryFiles,
    earlier: Mapping[str, InventoryFiles],
    written: Mapping[str, WrittenRules],
    colour: str,
    logged: Mapping[str, Logged] | None,
    written_at: Mapping[str, datetime],
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
            days = told_days(facts, rules.rules, rules.before, written_at.get(bucket))
            told = ToldByInventory(rules.bucket, days)
            if bucket in earlier:
                told = replace(told, ran=_ran(earlier[bucket], facts, rules, logged))
            return bucket, told
    except UnusableInventory as problem:
        raise CommandFailed(str(problem)) from None


def _ran(
    earlier: InventoryFiles,
    facts: Facts,
    rules: WrittenRules,
    logged: Mapping[str, Logged] | None,
) -> Ran:
    """Raises `CommandFailed`, `UnusableInventory`."""
    with open_inventory([earlier]) as before:
        if why := not_comparable(before, facts):
            raise CommandFailed(f"{visible(earlier.called)} {why}")
        since, until, bucket = before.as_of, facts.as_of, rules.bucket.name
        deleted = None if logged is None else deleted_by_s3(logged, bucket, since, until)
        between = Between(since, until, facts.all_versions)
        acts = judge_acts(rules, changed_since(before, facts), between, deleted)
    return Ran(acts, due_days(facts, rules.rules))
