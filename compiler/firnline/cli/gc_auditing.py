"""Inventories, references and policies, as a command names them → an `Audit` of buckets."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

import polars as pl

from firnline.cli.failed import CommandFailed
from firnline.cli.gc_beside import previous_of
from firnline.cli.gc_policies import ages_of, policies_for, refuse_unfit
from firnline.cli.gc_read_now import references_of
from firnline.cli.gc_references import SavedReferences
from firnline.cli.gc_unneeded import unneeded_output, write_unneeded
from firnline.cli.inventory_source import Age, InventorySource
from firnline.cli.item_options import now
from firnline.cli.named_inventories import date_of, files_of, open_one
from firnline.cli.people_file import people_of
from firnline.cli.prices_of import prices_of
from firnline.cli.read_logs import open_reads, tells_how_often
from firnline.cli.stored_inventory import Inventoried
from firnline.cli.table_path import is_table, table_path
from firnline.diagnostics.visible import visible
from firnline.inventory.prices.price_list import Prices
from firnline.inventory.reads.reads_table import ReadsTable
from firnline.reach.mark.areas import Areas
from firnline.reach.mark.audit import NEEDED, Found, KeysRead, audit_bucket
from firnline.reach.mark.classes import Ages
from firnline.reach.mark.compared import changes, orphans_of
from firnline.reach.mark.known import Known
from firnline.reach.mark.missing import as_said, unstored
from firnline.reach.mark.report import Audit, BucketAudit, Missing, ObjectClass
from firnline.reach.mark.successors import gone_owners
from firnline.settings import policies_folder

_SHOWN = 20


def audited(arguments: argparse.Namespace) -> Audit:
    """Raises `CommandFailed`, `NoPrice`. It writes the file that takes all of what nobody needs, if
    one is named.
    """
    unneeded_file = unneeded_output(arguments)
    prices = prices_of(arguments.region)
    people = people_of(arguments.owners, now().date()) if arguments.owners else None
    before = previous_of(arguments.previous) if arguments.previous else None
    source = InventorySource(arguments.account, policies_folder().path)
    if not arguments.references:
        _look_at_inventories(arguments.inventories, source)
    known = Known()
    with references_of(arguments, known.add_lines) as references, _reads(arguments) as reads:
        if before is not None:
            before.refuse_shrunk(references.registries)
        ages: list[Ages] = []
        found: list[Found] = []

        def unneeded() -> Iterator[tuple[str, pl.DataFrame]]:
            for inventory in _inventories(arguments, source):
                batches = _of_bucket(
                    inventory, arguments, references, known, ages, prices, found, reads
                )
                yield from ((inventory.bucket, rows) for rows in batches)

        write_unneeded(unneeded(), unneeded_file, with_reads=reads is not None)
        missing, more = named_missing(references, known, found)
        buckets = tuple(each.audit for each in found)
        return Audit(
            buckets,
            references.made,
            references.registries,
            prices.in_words,
            tuple(assumptions(buckets, references, ages)),
            missing,
            more,
            None if people is None else gone_owners(buckets, people),
            None if before is None else changes(before.orphans, orphans_of(buckets)),
        )


def _look_at_inventories(inventories: Sequence[str], source: InventorySource) -> None:
    """So that registries are not read for nothing. Raises `CommandFailed`."""
    for named in inventories:
        if is_table(named):
            table_path(named)
        else:
            for files in files_of(named, source):
                date_of(files)


def _inventories(arguments: argparse.Namespace, source: InventorySource) -> Iterator[Inventoried]:
    age = Age(now(), arguments.max_age)
    seen: dict[str, str] = {}
    for named in arguments.inventories:
        inventory = open_one(named, source, age, arguments.color)
        if other := seen.get(inventory.bucket):
            raise CommandFailed(
                f"{visible(named)} is of bucket `{visible(inventory.bucket)}`, as is"
                f" {visible(other)}: name one"
            )
        seen[inventory.bucket] = named
        yield inventory


def _of_bucket(
    inventory: Inventoried,
    arguments: argparse.Namespace,
    references: SavedReferences,
    known: Known,
    ages: list[Ages],
    prices: Prices,
    found: list[Found],
    reads: ReadsTable | None,
) -> Iterator[pl.DataFrame]:
    """What nobody needs; then the rest is added to `found`. Raises `CommandFailed`, `NoPrice`."""
    refuse_older_references(references, inventory.as_of, inventory.in_words)
    program = policies_for(inventory.bucket, arguments.policies, arguments.color)
    refuse_unfit(program, references, now())
    ages.append(ages_of(program))
    with inventory.reading("gc audit", NEEDED) as facts:
        called, areas = inventory.in_words, Areas(program)
        age, read = ages[-1], _read_of(inventory.bucket, reads)
        found.append((yield from audit_bucket(facts, called, known, areas, age, prices, read)))


def _reads(arguments: argparse.Namespace) -> AbstractContextManager[ReadsTable | None]:
    """What only tells when runs were read, and not how often, adds no columns."""
    if not arguments.reads or not tells_how_often(arguments.reads):
        return nullcontext()
    return open_reads(arguments.reads)


def _read_of(bucket: str, reads: ReadsTable | None) -> KeysRead | None:
    found = reads.of(bucket) if reads else None
    return KeysRead(reads.rows_of(bucket), found.known.days) if reads and found else None


def refuse_older_references(references: SavedReferences, made: datetime, called: str) -> None:
    """Than an inventory. Raises `CommandFailed`."""
    if made > references.made:
        raise CommandFailed(
            f"no verdict: {references.called} is of {references.made:%Y-%m-%d %H:%M}Z, and"
            f" {called}: what was stored between has no reference yet: {references.again}",
            1,
        )


def named_missing(
    references: SavedReferences, known: Known, found: Sequence[Found]
) -> tuple[tuple[Missing, ...], int]:
    """The first references of which nothing is stored, and how many more there are."""
    missing = frozenset[int]().union(*(each.missing for each in found))
    texts = unstored(known, missing)
    shown = texts[:_SHOWN]
    read = references.at({each.line for each in shown}) if shown else ()
    return tuple(as_said(shown, read)), len(texts) - len(shown)


def assumptions(
    buckets: tuple[BucketAudit, ...], references: SavedReferences, ages: Sequence[Ages]
) -> Iterator[str]:
    """What the answer stands on."""
    least, quiet = min(each.least for each in ages), min(each.quiet for each in ages)
    yield (
        f"orphans were at least {_days(least)} old when the inventory was made, as was"
        f" everything in the same folder or run ({_days(quiet)}); nothing is deleted"
    )
    if any(each.total(ObjectClass.UNCLASSIFIED).objects for each in buckets):
        yield (
            "unclassified is what no registry names and no policy leaves to registries"
            " (`delete_when: unreferenced`): it is never a candidate"
        )
    uncounted = [each.name for each in references.registries if not each.is_counted]
    if uncounted:
        yield (
            f"nothing but their own answer says that {', '.join(map(visible, uncounted))} were read"
            " whole: this serves as a report, and nothing may be deleted by it"
        )
    if any(each.noncurrent is None for each in buckets):
        yield "noncurrent versions are not listed, so their cost is not known"


def _days(age: timedelta) -> str:
    return f"{age.days} days"
