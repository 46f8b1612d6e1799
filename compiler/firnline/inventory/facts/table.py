"""`Facts`: what some buckets store at a moment, as one typed table that is read in batches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeAlias

from firnline.inventory.facts.engine import BadRows, Batch, Engine, NoRoom, Tables
from firnline.inventory.facts.fields import identifier
from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.objects import Inventory, objects_of, uploads_of
from firnline.inventory.facts.problems import NotEnoughRoom, UnreadableRows

BATCH: Final = 100_000
MEMORY: Final = 1_000_000_000
"""Bytes that the engine may use. Beside them Python, the libraries and batches take some 300 MB."""


ObjectsIn: TypeAlias = Callable[[Sequence[Inventory]], tuple[str, Tables]]
"""The query of the table `objects`, with the tables that it needs."""


class Facts:
    """The table of all inventories. Nothing is read until a query is iterated, and what is read is
    never held: memory is bounded by `memory` and a batch, not by the number of objects.

    Use it in a `with`, which removes what was spilled and downloaded.
    """

    def __init__(
        self,
        inventories: Sequence[Inventory],
        memory: int,
        scratch: TemporaryDirectory[str],
        *,
        threads: int | None = None,
    ) -> None:
        """`threads` of the engine: by default as many as the machine has."""
        self.inventories = tuple(inventories)
        self._memory = memory
        self._scratch = scratch
        self._engine = Engine(memory, Path(scratch.name) / "spilled", threads)

    @property
    def as_of(self) -> datetime:
        """The moment of the facts: of the oldest inventory, where they are of several."""
        return min(each.made for each in self.inventories)

    @property
    def all_versions(self) -> bool:
        """Whether all inventories list noncurrent versions and delete markers."""
        return all(each.all_versions for each in self.inventories)

    @property
    def lists_uploads(self) -> bool:
        """Whether all inventories list incomplete uploads."""
        return all(each.lists_uploads for each in self.inventories)

    @property
    def known(self) -> frozenset[Column]:
        """The columns that all inventories tell of. Any other may be asked for as well: it is null
        in the rows of the inventories that lack it.
        """
        return frozenset.intersection(*(each.known for each in self.inventories))

    def load(self, name: str, batches: Iterable[Batch]) -> None:
        """At least one batch, as the table of that name, in which an inventory has its rows.

        Raises `UnreadableRows`, `NotEnoughRoom`, and what the iterable raises.
        """
        try:
            self._engine.load(name, batches)
        except BadRows as problem:
            raise self._unreadable(problem) from None
        except NoRoom as problem:
            raise self._without_room(problem) from None

    def batches(self, *columns: Column, rows: int = BATCH) -> Iterator[Batch]:
        """These columns of all rows, in no order, as Arrow batches of at most so many rows.

        Raises `UnreadableRows`, `NotEnoughRoom`.
        """
        return self.query("from objects", columns, rows=rows)

    def query(
        self,
        sql: str,
        columns: Collection[Column],
        computed: Mapping[str, str] | None = None,
        *,
        rows: int = BATCH,
    ) -> Iterator[Batch]:
        """What `sql` selects from the table `objects`, which has these `columns` and the `computed`
        ones. DuckDB's SQL; `frame.quoted` spells a text in it.

        `computed` are expressions by name, over `Column`s that are not derived, and over those only
        for which they are needed: `{"prefix": "left(key, instr(key, '/'))"}`. They are computed
        while rows are scanned. Prefer them to the same expression in `sql` where a derived column
        is asked for (`noncurrent_since` and the like): then a sort carries their values, and
        a key, which is most of a row, need not be sorted.

        A sum of `bigint` is a `hugeint`, which Arrow has only as a decimal: cast it to `bigint`.
        The day of a moment is `epoch_ms(last_modified) // 86400000`, in days since 1970; `epoch`
        and what is divided from it have fractions.

        Raises `UnreadableRows`, `NotEnoughRoom`.
        """
        said = computed or {}
        names = (*columns, *map(identifier, said))
        return self._batches(sql, names, lambda of: objects_of(of, columns, said), rows)

    def uploads(
        self, sql: str, columns: Collection[Column], *, rows: int = BATCH
    ) -> Iterator[Batch]:
        """What `sql` selects from the table `objects` if its rows are incomplete uploads: their
        keys, the bytes of their parts as `size`, when they were begun as `last_modified`.

        Raises `UnreadableRows`, `NotEnoughRoom`.
        """
        if not any(each.lists_uploads for each in self.inventories):
            return iter(())  # a file in CSV would be read to its end for nothing
        return self._batches(sql, columns, lambda of: uploads_of(of, columns), rows)

    def close(self) -> None:
        self._engine.close()
        self._scratch.cleanup()

    def __enter__(self) -> Facts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _batches(
        self, sql: str, names: Collection[str], objects_in: ObjectsIn, rows: int
    ) -> Iterator[Batch]:
        """`names` are those of the columns of the table `objects`. Raises `UnreadableRows`,
        `NotEnoughRoom`.
        """
        objects, tables = objects_in(self.inventories)
        try:
            yield from self._engine.batches(sql, objects, tables, rows)
        except BadRows as problem:
            raise self._named(names, objects_in, problem) from None
        except NoRoom as problem:
            raise self._without_room(problem) from None

    def _named(
        self, names: Collection[str], objects_in: ObjectsIn, problem: BadRows
    ) -> UnreadableRows:
        """Of the first file that cannot be read alone; of the inventory where each can."""
        counts = ", ".join(f"count({name})" for name in names)
        for inventory in self.inventories:
            for file in inventory.files:
                objects, tables = objects_in([replace(inventory, files=(file,))])
                try:
                    list(self._engine.batches(f"select {counts} from objects", objects, tables, 1))
                except BadRows as found:
                    return UnreadableRows(file.called, _not_read(inventory, found))
        return self._unreadable(problem)

    def _unreadable(self, problem: BadRows) -> UnreadableRows:
        first = self.inventories[0]
        return UnreadableRows(first.called, _not_read(first, problem))

    def _without_room(self, problem: NoRoom) -> NotEnoughRoom:
        return NotEnoughRoom(
            self.inventories[0].called,
            f"needs more memory than {self._memory // 1_000_000:,} MB for this, or more disk"
            f" than is free below {self._scratch.name}: {problem}",
        )


def side_by_side(named: Mapping[str, Facts]) -> Facts:
    """One table of several, which must stay open; the name of each is in place of its bucket."""
    inventories = [
        replace(each, bucket=name) for name, facts in named.items() for each in facts.inventories
    ]
    return Facts(inventories, MEMORY, TemporaryDirectory(prefix="firnline-"))


def _not_read(inventory: Inventory, why: Exception) -> str:
    if inventory.table:
        return f"has a value that cannot be read: export the table again ({why})"
    return (
        "is what S3 wrote, but a value in it cannot be read: take the inventory of another day"
        f" ({why})"
    )
