"""An object, references, policies and an inventory, as a command names them → the answer."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from firnline.cli.failed import CommandFailed
from firnline.cli.gc_policies import policies_for, refuse_unfit
from firnline.cli.gc_references import SavedReferences
from firnline.cli.inventory_source import Age, InventorySource
from firnline.cli.item_options import now
from firnline.cli.named_inventories import open_one
from firnline.diagnostics.visible import visible
from firnline.inventory.facts.frame import Column, quoted
from firnline.inventory.facts.table import Facts
from firnline.reach.experiments.checkpoints import Stored, intermediate_checkpoints
from firnline.reach.mark.areas import Areas
from firnline.reach.mark.why import Why, why
from firnline.reach.references import CheckpointRule, Reference, Strength
from firnline.settings import policies_folder
from firnline.targets.formats.why_text import Explained, StoredObject, to_text

_NEEDED = (Column.SIZE, Column.LAST_MODIFIED)


def explained(arguments: argparse.Namespace, columns: int) -> str:
    """Raises `CommandFailed`."""
    bucket, key = _object(arguments.uri)
    references = SavedReferences(arguments.references)
    program = policies_for(bucket, arguments.policies, arguments.color)
    refuse_unfit(program, references, now())
    found = why(bucket, key, references.found)
    stored, inventory, intermediate = None, None, None
    if arguments.inventory:
        source = InventorySource(arguments.account, policies_folder().path)
        opened = open_one(arguments.inventory, source, Age(now(), arguments.max_age), "never")
        inventory = opened.in_words
        if opened.bucket != bucket:
            raise CommandFailed(f"{inventory}: the object is in `{visible(bucket)}`")
        with opened.reading("gc why", _NEEDED) as facts:
            stored = _stored(facts, key)
            intermediate = _intermediate(facts, key, found, references)
    return to_text(
        Explained(
            bucket,
            key,
            found,
            Areas(program).at(key),
            references.made,
            stored,
            inventory,
            intermediate,
        ),
        columns,
    )


def _object(uri: str) -> tuple[str, str]:
    bucket, slash, key = uri.removeprefix("s3://").partition("/")
    if not uri.startswith("s3://") or not slash or not key:
        raise CommandFailed(f"{visible(uri)} names no object: write s3://BUCKET/KEY")
    return bucket, key


def _stored(facts: Facts, key: str) -> StoredObject | None:
    sql = f"""
        select size, last_modified, storage_class from objects
        where key = {quoted(key)} and is_latest and not is_delete_marker
    """
    needed = (
        *(Column.KEY, *_NEEDED, Column.STORAGE_CLASS),
        *(Column.IS_LATEST, Column.IS_DELETE_MARKER),
    )
    rows = [row for batch in facts.query(sql, needed) for row in batch.to_pylist()]
    return StoredObject(**rows[0]) if rows else None


def _intermediate(
    facts: Facts, key: str, found: Why, references: SavedReferences
) -> CheckpointRule | None:
    """The rule by which the object is an intermediate checkpoint; None where none says so."""
    if not found.checkpoints:
        return None
    _, rule = found.checkpoints[0]
    if not all(_is_of_run(each, rule) for _, each in found.references):
        return None
    if rule.registered_only and not _is_registered(rule, references):
        return None
    return rule if key in intermediate_checkpoints(rule, _below(facts, rule)) else None


def _is_of_run(reference: Reference, rule: CheckpointRule) -> bool:
    is_live = reference.strength is Strength.LIVE and reference.location == rule.location
    return is_live and reference.because[:1] == rule.because[:1]


def _is_registered(rule: CheckpointRule, references: SavedReferences) -> bool:
    return any(
        getattr(each, "strength", Strength.SOFT) >= Strength.PIN
        and each.location.bucket == rule.location.bucket
        and rule.location.covers(each.location.key)
        for _, each in references.found()
    )


def _below(facts: Facts, rule: CheckpointRule) -> Iterator[Stored]:
    sql = f"""
        select key, last_modified from objects
        where starts_with(key, {quoted(rule.location.key)}) and is_latest and not is_delete_marker
    """
    needed = (Column.KEY, Column.LAST_MODIFIED, Column.IS_LATEST, Column.IS_DELETE_MARKER)
    for batch in facts.query(sql, needed):
        for row in batch.to_pylist():
            if rule.location.covers(row["key"]):
                yield Stored(**row)
