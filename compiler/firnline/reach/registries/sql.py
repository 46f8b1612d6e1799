"""Reads locations from a database: the first column of a query, in one read-only transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from firnline.diagnostics.masked import without_secrets
from firnline.language.fleet_registries import Sql
from firnline.reach.references import Reference, Strength
from firnline.reach.registries.clock import now
from firnline.reach.registries.pinned import Refused, references_of
from firnline.reach.registries.world import World
from firnline.reach.source import CannotRead, Certificate, Found

_PAGE: Final = 10_000
_STRENGTHS: Final = {str(each): each for each in Strength}
_REMEDY: Final = "correct the rows, or leave them out of `query`"


@dataclass(frozen=True, slots=True)
class SqlSource:
    name: str
    settings: Sql
    world: World

    def read(self) -> Iterator[Found]:
        """Raises `CannotRead`."""
        url = self._url()
        try:
            with _snapshot(url) as connection:
                yield from self._rows(connection)
        except SQLAlchemyError as why:
            raise CannotRead(_failed(why, url)) from None

    def _rows(self, connection: Connection) -> Iterator[Found]:
        began, refused = now(), Refused()
        # As a text with no parameters: a colon or a percent sign of the query is its own.
        query = self.settings.query.value.rstrip().rstrip(";").replace(":", "\\:")
        snapshot = _snapshot_id(connection)
        counted = connection.execute(text(f"select count(*) from ({query}) counted")).scalar_one()
        answer = connection.execution_options(stream_results=True).execute(text(query))
        columns = [column.lower() for column in answer.keys()]  # noqa: SIM118  # no mapping
        count = pages = 0
        for page in answer.partitions(_PAGE):
            pages += 1
            for row in page:
                count += 1
                yield from self._references(columns, row, count, refused)
        yield Certificate(
            began,
            now(),
            pages=pages,
            count=count,
            independent_count=int(counted),
            counted_by="`select count(*)` in the same transaction",
            snapshot=snapshot,
            problems=refused.problems(_REMEDY),
        )

    def _references(
        self, columns: Sequence[str], row: Any, number: int, refused: Refused
    ) -> Iterator[Reference]:
        said = {
            name: str(value)
            for name, value in zip(columns[1:], row[1:], strict=True)
            if value is not None
        }
        record = f"{self.name} {said.get('name') or f'row {number:,}'}"
        strength = _STRENGTHS.get(said.get("strength", "pin").lower())
        if strength is None:
            refused.add(record, f"has the strength `{said['strength']}`")
            return
        yield from references_of(
            row[0],
            record,
            refused,
            said.get("owner"),
            strength=strength,
            experiment=said.get("experiment"),
        )

    def _url(self) -> URL:
        variable = self.settings.url_env.value
        said = self.world.environment.get(variable)
        if not said:
            raise CannotRead(
                f"has no address: set the environment variable {variable} to the database's URL"
            )
        try:
            return make_url(said)
        except (ArgumentError, ValueError):
            raise CannotRead(
                f"has an address that cannot be read: set {variable} to a URL such as"
                " postgresql+psycopg://reader:…@host/database"
            ) from None


@contextmanager
def _snapshot(url: URL) -> Iterator[Connection]:
    """A connection in a transaction that reads one state of the database, and cannot write."""
    engine = _engine(url)
    try:
        begins = _BEGIN.get(engine.dialect.name)
        if begins is None:
            raise CannotRead(
                f"is a database of the kind `{engine.dialect.name}`, whose snapshots are not known"
                " here: read it with a program, as `exec`"
            )
        with engine.connect().execution_options(**begins.options) as connection:
            for statement in begins.statements:
                connection.exec_driver_sql(statement)
            yield connection
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class _Begin:
    """How a read-only transaction begins."""

    options: Mapping[str, Any]
    statements: tuple[str, ...] = ()


_OURS: Final = {"isolation_level": "AUTOCOMMIT"}
"""SQLAlchemy begins nothing by itself."""
_MYSQL: Final = _Begin(
    _OURS,
    (
        "set session transaction isolation level repeatable read",
        "start transaction with consistent snapshot, read only",
    ),
)
_BEGIN: Final[Mapping[str, _Begin]] = {
    "sqlite": _Begin(_OURS, ("pragma query_only = on", "begin")),
    "postgresql": _Begin({"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}),
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
}


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            return _sqlite(url)
        return create_engine(url)
    except NoSuchModuleError:
        raise CannotRead(
            f"is a database of the kind `{url.drivername}`, which SQLAlchemy does not know: correct"
            " the URL, or install its dialect"
        ) from None
    except ImportError as missing:
        raise CannotRead(
            f"needs the database driver `{missing.name}`, which is not installed: install it, or"
            " name another in the URL"
        ) from None


def _sqlite(url: URL) -> Engine:
    """SQLite would make a file that is missing: an empty registry."""
    if not url.database or url.database == ":memory:":
        raise CannotRead("is a SQLite database without a file: name one in the URL")
    file = url.database if url.database.startswith("file:") else f"file:{url.database}"
    return create_engine(url.set(database=file, query={**url.query, "mode": "ro", "uri": "true"}))


def _snapshot_id(connection: Connection) -> str | None:
    if connection.dialect.name != "postgresql":
        return None
    return f"snapshot {connection.execute(text('select pg_current_snapshot()')).scalar_one()}"


def _failed(why: SQLAlchemyError, url: URL) -> str:
    """The driver's own words, without the statement, its parameters or the password."""
    said = str(getattr(why, "orig", None) or why).strip().splitlines() or [type(why).__name__]
    cleaned = without_secrets(said[0], [url.password or "", url.render_as_string(False)])
    return (
        f"cannot be read ({type(why).__name__}: {cleaned}): see that the database can be reached"
        " and that `query` is one that it takes"
    )
