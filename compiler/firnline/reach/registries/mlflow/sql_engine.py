"""A database URL → one connection in one read-only transaction, which sees one state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from firnline.reach.source import CannotRead


@contextmanager
def snapshot(url: str, variable: str) -> Iterator[Connection]:
    """Raises `CannotRead`, in which neither URL nor password stands."""
    where = _parsed(url, variable)
    try:
        engine = create_engine(_read_only(where, variable))
        with engine.connect() as plain, _transaction(plain) as connection:
            yield connection
    except (SQLAlchemyError, ImportError) as error:
        raise CannotRead(
            f"has a backend store that cannot be read ({_said(error, where)}): check the URL in"
            f" {variable}, that its driver is installed (for PostgreSQL: pip install"
            " 'psycopg[binary]'), and that its user may read all tables"
        ) from None
    finally:
        if "engine" in locals():
            engine.dispose()


def _parsed(url: str, variable: str) -> URL:
    try:
        return make_url(url)
    except (SQLAlchemyError, ValueError):
        raise CannotRead(
            f"has no database URL in {variable}: write it as for `mlflow server"
            " --backend-store-uri`, such as postgresql://reader:…@host/mlflow"
        ) from None


def _read_only(url: URL, variable: str) -> URL:
    if url.drivername == "postgres":
        url = url.set(drivername="postgresql")  # as some write it, and SQLAlchemy does not
    backend = url.get_backend_name()
    if backend == "sqlite":
        if not url.database:
            raise CannotRead(f"has no file in {variable}: write sqlite:////srv/mlflow/mlflow.db")
        # A file that is not there would be created, and look like an empty one.
        return url.set(database=f"file:{url.database}", query={"mode": "ro", "uri": "true"})
    if backend != "postgresql":
        raise CannotRead(
            f"has a database of the kind `{backend}` in {variable}, and only PostgreSQL and SQLite"
            " can be read directly: leave `backend_store_env` out, to read over REST"
        )
    return url


@contextmanager
def _transaction(connection: Connection) -> Iterator[Connection]:
    if connection.dialect.name == "sqlite":
        # The driver begins no transaction for a SELECT by itself.
        of_file = connection.execution_options(isolation_level="AUTOCOMMIT")
        of_file.exec_driver_sql("BEGIN")
        yield of_file
        of_file.exec_driver_sql("ROLLBACK")
        return
    with connection.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    ) as of_server:
        yield of_server


def _said(error: Exception, url: URL) -> str:
    cause = getattr(error, "orig", None) or error
    lines = str(cause).strip().splitlines()
    said = lines[0] if lines else type(cause).__name__
    for secret in (url.password, url.render_as_string(hide_password=False)):
        if secret:
            said = said.replace(str(secret), "…")
    return said
