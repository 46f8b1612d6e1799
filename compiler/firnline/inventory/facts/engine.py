"""The table engine: queries over data files → batches of rows, in bounded memory.

Only this module imports DuckDB, and pyarrow to read (docs/decisions/table-engine.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeAlias, assert_never

import duckdb
import pyarrow as pa
import pyarrow.dataset
import pyarrow.orc
import pyarrow.parquet

from firnline.inventory.facts.fields import identifier
from firnline.inventory.facts.frame import quoted
from firnline.inventory.manifest import InventoryFormat

_AT_A_TIME: Final = 16_384
"""Rows of an ORC file, whose stripes are larger."""

Batch: TypeAlias = pa.RecordBatch

_NO_ROOM: Final = ("Out of Memory Error", "IO Error: Could not write", "No space left")
_OF_ROWS: Final = (
    "Conversion Error",
    "Invalid Input Error",
    "Invalid Error",
    "Out of Range Error",
    "IO Error: Unexpected end of GZIP",
)


class BadRows(Exception):
    """A value is not what its field should hold; the text is the engine's."""


class NoRoom(Exception):
    """Neither memory nor disk is enough; the text is the engine's."""


class Engine:
    """One for a table. `memory` is in bytes: beyond it, sorts and groups spill into `scratch`, and
    so do tables that were loaded. `threads`: by default as many as the machine has.
    """

    def __init__(self, memory: int, scratch: Path, threads: int | None = None) -> None:
        self._connection = duckdb.connect(
            config={
                **({} if threads is None else {"threads": threads}),
                "memory_limit": f"{memory}B",
                "temp_directory": str(scratch),
                # A bucket has no order of its own; keeping one would take memory.
                "preserve_insertion_order": False,
                # Nothing is downloaded behind anybody's back.
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )

    def batches(self, query: str, objects: str, tables: Tables, rows: int) -> Iterator[Batch]:
        """What `query` yields, where `objects` is the query behind the name it uses. Raises
        `BadRows`, `NoRoom`.
        """
        with _named_problems(), self._connection.cursor() as cursor:
            cursor.execute("set enable_progress_bar = false; set TimeZone = 'UTC'")
            for name, table in tables.items():
                cursor.register(name, table)
            cursor.execute(f"create temp view objects as {objects}")
            # `execute` would hold the whole result before it hands on a batch of it.
            yield from cursor.sql(query).to_arrow_reader(rows)

    def load(self, name: str, batches: Iterable[Batch]) -> None:
        """As a table for queries. At least one batch is there. Raises `BadRows`, `NoRoom`, and what
        the iterable raises.
        """
        table, verb = identifier(name), f"create table {identifier(name)} as"
        for batch in batches:
            with _named_problems():
                self._connection.register("batch", batch)
                self._connection.execute(f"{verb} from batch")
                self._connection.unregister("batch")
            verb = f"insert into {table}"

    def keep(self, name: str, query: str) -> None:
        """What `query` yields, as a table for queries. Raises `BadRows`, `NoRoom`."""
        with _named_problems():
            self._connection.execute("set enable_progress_bar = false; set TimeZone = 'UTC'")
            self._connection.execute(f"create table {identifier(name)} as {query}")

    def limit(self, memory: int) -> None:
        """From now on: what was kept beyond it spills. Raises `NoRoom`."""
        with _named_problems():
            self._connection.execute(f"set memory_limit = '{memory}B'")

    def view(self, name: str, query: str) -> None:
        """What `query` yields, each time that a query reads it. Raises `BadRows`."""
        with _named_problems():
            self._connection.execute(f"create or replace view {identifier(name)} as {query}")

    def close(self) -> None:
        self._connection.close()


Tables = Mapping[str, object]
"""What DuckDB cannot read by itself, by the names under which queries read it."""


def rows_of(
    files: Sequence[Path],
    form: InventoryFormat,
    schema: Sequence[str],
    needed: Sequence[str],
    name: str,
) -> tuple[str, Tables]:
    """What follows `from`, and the tables that it needs; `name` is free for one. At least one of
    `files`, and one of the fields as `needed`, is there.
    """
    paths = _listed(files)
    match form:
        case InventoryFormat.CSV:
            columns = ", ".join(f"{quoted(field)}: 'VARCHAR'" for field in schema)
            return (
                f"read_csv({paths}, columns = {{{columns}}}, auto_detect = false, header = false,"
                " delim = ',', quote = '\"', escape = '\"', nullstr = '', compression = 'gzip')"
            ), {}
        case InventoryFormat.PARQUET:
            return f"read_parquet({paths}, hive_partitioning = false)", {}
        case InventoryFormat.ORC:
            return identifier(name), {name: _OrcFiles(files, needed)}
        case _:
            assert_never(form)


def lines_of(files: tuple[Sequence[Path], Sequence[Path]]) -> str:
    """The lines of text files, of which the second ones are compressed by gzip, and their names."""
    parts = [
        f"select line, filename from read_csv({_listed(paths)}, columns = {{'line': 'VARCHAR'}},"
        f" auto_detect = false, header = false, delim = {_IN_NO_LINE}, quote = '', escape = '',"
        f" comment = '', new_line = '\\n', filename = true,"
        f" compression = {quoted(compression)})"
        for paths, compression in zip(files, ("none", "gzip"), strict=True)
        if paths
    ]
    return " union all ".join(parts)


def csv_of(path: Path, columns: Sequence[str]) -> str:
    """The rows of a CSV below its head, as texts."""
    named = ", ".join(f"{quoted(each)}: 'VARCHAR'" for each in columns)
    return (
        f"from read_csv({_listed([path])}, columns = {{{named}}}, auto_detect = false,"
        " header = true, delim = ',', quote = '\"', escape = '\"', nullstr = chr(1))"
    )


def json_of(files: Sequence[Path]) -> str:
    """The `Records` of JSON documents, and the names of their files."""
    return (
        f"select unnest(Records) as record, filename from read_json({_listed(files)},"
        " columns = {'Records': 'JSON[]'}, format = 'unstructured', compression = 'auto_detect',"
        f" maximum_object_size = {_LARGEST_DOCUMENT}, filename = true)"
    )


_IN_NO_LINE: Final = "chr(1) || chr(2) || chr(3) || chr(4)"
_LARGEST_DOCUMENT: Final = 256_000_000


def fields_of(path: Path, form: InventoryFormat) -> list[str] | None:
    """That a data file says it has; a CSV does not say."""
    match form:
        case InventoryFormat.CSV:
            return None
        case InventoryFormat.PARQUET:
            return list(pyarrow.parquet.read_schema(path).names)
        case InventoryFormat.ORC:
            return list(pyarrow.orc.ORCFile(path).schema.names)
        case _:
            assert_never(form)


def types_of(files: Iterable[Path]) -> Iterator[Mapping[str, str] | None]:
    """The columns of each Parquet file, and as what the engine reads them; None for what is no
    such file, or a part of one.
    """
    with duckdb.connect() as connection:
        for path in files:
            sql = (
                f"describe from read_parquet({quoted(_literally(path))}, hive_partitioning = false)"
            )
            try:
                found = connection.sql(sql).fetchall()
            except duckdb.Error:
                yield None
            else:
                yield {name: kind for name, kind, *_ in found}


class _OrcFiles:
    """As DuckDB takes a table from anybody, as often as it likes (Arrow PyCapsule interface)."""

    def __init__(self, files: Sequence[Path], fields: Sequence[str]) -> None:
        self._files = files
        self._fields = fields

    def __arrow_c_schema__(self) -> object:
        return self._scanner().projected_schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._scanner().to_reader().__arrow_c_stream__(requested_schema)

    def _scanner(self) -> Any:
        # Threads of pyarrow would read some 350 MB ahead of a query that is slower than they are,
        # whatever the readahead. Without them, DuckDB's own decode a batch when they need one.
        return pyarrow.dataset.dataset(self._files, format="orc").scanner(
            self._fields,
            batch_size=_AT_A_TIME,
            batch_readahead=1,
            fragment_readahead=1,
            use_threads=False,
        )


def _listed(files: Sequence[Path]) -> str:
    return f"[{', '.join(quoted(_literally(path)) for path in files)}]"


def _literally(path: Path) -> str:
    """As DuckDB reads names of files, which it takes for patterns."""
    return "".join(f"[{each}]" if each in "*?[" else each for each in str(path))


@contextmanager
def _named_problems() -> Iterator[None]:
    """DuckDB's own exceptions, and those of pyarrow that carry their texts through a reader."""
    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as problem:
        text = str(problem)
        if any(each in text for each in _NO_ROOM):
            raise NoRoom(text.splitlines()[0]) from problem
        if isinstance(problem, pa.ArrowException) or text.startswith(_OF_ROWS):
            raise BadRows(text.splitlines()[0]) from problem
        raise
