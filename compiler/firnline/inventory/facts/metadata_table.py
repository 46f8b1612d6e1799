"""The Parquet files of an S3 Metadata live inventory table → `Facts`.

They are what a query exported, `UNLOAD` of Athena or `write.parquet` of Spark, or a copy of the
table's own data files. No manifest names them, so nothing proves that none is missing; what can be
told from the rows is checked: that they are of one bucket, each version once, and none newer than
the table is said to be.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.inventory.facts.age_limit import refuse_older
from firnline.inventory.facts.engine import (
    BadRows,
    Engine,
    NoRoom,
    rows_of,
)
from firnline.inventory.facts.inventory_files import OnDiskFile
from firnline.inventory.facts.metadata_files import EXPORT, columns_of, files_at
from firnline.inventory.facts.metadata_rows import (
    TAGS,
    inventory_fields,
)
from firnline.inventory.facts.objects import CheckedTable, Inventory
from firnline.inventory.facts.problems import (
    NotATable,
    NotEnoughRoom,
    SameVersionTwice,
    SeveralBuckets,
    UnreadableRows,
    WrongDate,
)
from firnline.inventory.facts.table import MEMORY, Facts
from firnline.inventory.manifest import InventoryFormat


def open_table(
    path: Path,
    made: datetime,
    *,
    not_before: datetime | None = None,
    memory: int = MEMORY,
    scratch: Path | None = None,
) -> Facts:
    """The facts of the bucket that the table at `path` is of, a file or a folder of files, exported
    at `made`. The rest is as `open_inventory` takes it.

    Raises a subclass of `UnusableInventory` where a file is none of such a table, where rows are of
    several buckets, or newer than `made`, or of one version, and where the table is too old.
    """
    called = str(path)
    refuse_older(called, made, not_before)
    files = files_at(path)
    columns = columns_of(files)
    folder = TemporaryDirectory(prefix="firnline-", dir=scratch)
    try:
        with closing(Engine(memory, Path(folder.name) / "checked")) as engine:
            checked = _checked(_Rows(engine, called, files), columns, made)
        fields = inventory_fields(columns)
        table = Inventory(
            checked.bucket, made, called, InventoryFormat.PARQUET, fields, tuple(files), checked
        )
        return Facts([table], memory, folder)
    except BaseException:
        folder.cleanup()
        raise


class _Rows:
    """Of all files, under the names of the table's own columns."""

    def __init__(self, engine: Engine, called: str, files: Sequence[OnDiskFile]) -> None:
        self._engine = engine
        self.called = called
        paths = [file.path for file in files]
        rows, _ = rows_of(paths, InventoryFormat.PARQUET, (), (), "")
        self._objects = f"from {rows}"

    def first(self, sql: str) -> Mapping[str, Any] | None:
        """Of what a query yields. Raises `UnreadableRows`, `NotEnoughRoom`."""
        try:
            for batch in self._engine.batches(sql, self._objects, {}, 1):
                for row in batch.to_pylist():
                    return dict(row)
        except BadRows as problem:
            raise UnreadableRows(self.called, f"cannot be read: {problem}: {EXPORT}") from None
        except NoRoom as problem:
            raise NotEnoughRoom(self.called, f"needs more memory or disk: {problem}") from None
        return None


def _checked(rows: _Rows, columns: Collection[str], made: datetime) -> CheckedTable:
    untold = "object_tags is null" if TAGS in columns else "true"
    told = rows.first(_WHAT.format(untold=untold))
    assert told is not None, "an aggregate has a row"
    if not told["rows"]:
        raise NotATable(rows.called, f"has no rows, so nothing says its bucket: {EXPORT}")
    if told["lacking"]:
        raise UnreadableRows(
            rows.called,
            "has no `bucket`, `key`, `size` of 0 or more, or `last_modified_date` in"
            f" {how_many(told['lacking'], 'row')}, such as that of `{visible(told['such_as'])}`:"
            f" {EXPORT}, once its status is Active",
        )
    if told["one"] != told["other"]:
        raise SeveralBuckets(
            rows.called,
            f"has rows of buckets `{told['one']}` and `{told['other']}`: export the table of each"
            " into a folder of its own",
        )
    if told["newest"] > made:
        raise WrongDate(
            rows.called,
            f"has an object of {told['newest']:%Y-%m-%d %H:%M:%S} UTC, and is said to be of"
            f" {made:%Y-%m-%d %H:%M:%S}: say when it was exported",
        )
    if twice := rows.first(_TWICE):
        raise SameVersionTwice(
            rows.called,
            f"has version `{twice['version']}` of `{visible(twice['key'])}` twice: its files are"
            f" of several exports or snapshots. {EXPORT[0].upper()}{EXPORT[1:]}, into an empty"
            " folder",
        )
    return CheckedTable(told["one"], told["untold"])


_WHAT: Final = """
    select count(*)::bigint as rows, min(bucket) as one, max(bucket) as other,
        make_timestamptz(max(epoch_us(last_modified_date))) as newest,
        count(*) filter (lacking)::bigint as lacking,
        coalesce(min(key) filter (lacking), '') as such_as,
        count(*) filter (not marker and {untold})::bigint as untold
    from (
        select *, coalesce(is_delete_marker, false) as marker,
            bucket is null or key is null or last_modified_date is null
                or (coalesce(size, -1) < 0 and not marker) as lacking
        from objects
    )
"""
_TWICE: Final = """
    select min(key) as key, min(coalesce(nullif(version_id, ''), 'null')) as version
    from objects
    group by hash(key), hash('.' || key), hash(coalesce(nullif(version_id, ''), 'null'))
    having count(*) > 1 limit 1
"""
