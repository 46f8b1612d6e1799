"""The current versions that an inventory lists below some prefixes, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from firnline.cli.stored import StoredIn
from firnline.cli.stored_inventory import Inventoried
from firnline.inventory.facts.engine import Batch
from firnline.inventory.facts.frame import Column, quoted
from firnline.reach.doomed.days import StoredObject

_TOLD: Final = (Column.KEY, Column.LAST_MODIFIED, Column.SIZE, Column.TAGS, Column.STORAGE_CLASS)


def current_objects(
    stored: StoredIn, begins: Sequence[str], command: str
) -> Iterator[StoredObject]:
    """For a command of that name. Raises `CommandFailed`."""
    assert isinstance(stored, Inventoried)
    with stored.reading(command, (Column.KEY, Column.LAST_MODIFIED, Column.SIZE)) as facts:
        either = " or ".join(f"starts_with(key, {quoted(each)})" for each in begins) or "false"
        conditions = [f"({either})"]
        if facts.all_versions:
            conditions += ["is_latest", "not is_delete_marker"]
        columns = (*_TOLD, Column.IS_LATEST, Column.IS_DELETE_MARKER)
        sql = f"select {', '.join(_TOLD)} from objects where {' and '.join(conditions)}"
        for batch in facts.query(sql, columns):
            yield from _rows(batch)


def _rows(batch: Batch) -> Iterator[StoredObject]:
    columns = [column.to_pylist() for column in batch.columns]
    for key, created, size, tags, storage_class in zip(*columns, strict=True):
        yield StoredObject(key, created, size, _tags(tags), storage_class)


def _tags(found: Any) -> tuple[tuple[str, str], ...] | None:
    return None if found is None else tuple(found)
