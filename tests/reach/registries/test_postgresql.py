"""A real PostgreSQL: one repeatable-read, read-only snapshot, and no password in what is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from firnline.language.fleet_registries import Sql
from firnline.language.read_files import read_files
from firnline.reach.registries.sql import SqlSource
from firnline.reach.registries.world import World
from firnline.reach.source import Certificate
from tests.reach.registries.fleets import answered, fleet_folder, gc_refs, problem_of, uris
from tests.reach.registries.postgresql import PASSWORD, served

pytestmark = pytest.mark.slow
REGISTRY = "REGISTRY_URL"
ROWS = 25_000


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with served() as url:
        yield url


@pytest.fixture
def url(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a database with two models."""
    execute(
        server,
        "drop table if exists models",
        "create table models (id int, uri text, name text)",
        "insert into models values (1, 's3://acme/m/1', 'churn v1'), (2, 's3://acme/m/2', 'x')",
    )
    monkeypatch.setenv(REGISTRY, server)
    return server


def execute(url: str, *statements: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def read(folder: Path, query: str) -> tuple[int, Path]:
    fleet_folder(folder, f"  models: {{sql: {{url_env: {REGISTRY}, query: {query!r}}}}}\n")
    return gc_refs(folder, "--out", str(folder / "refs")), folder / "refs"


@pytest.mark.usefixtures("url")
def test_it_is_read_in_one_snapshot_that_the_certificate_names(tmp_path: Path) -> None:
    # Colons and percent signs are the query's own.
    code, file = read(tmp_path, "select uri::text, name from models where name like $$%$$")
    assert (code, uris(file)) == (0, {"s3://acme/m/1/", "s3://acme/m/2/"})
    certificate = answered(file)["models"].certificate
    assert (certificate.count, certificate.independent_count) == (2, 2)
    assert str(certificate.snapshot).startswith("snapshot ")


def test_what_is_deleted_and_written_meanwhile_changes_nothing(url: str, tmp_path: Path) -> None:
    execute(
        url,
        "delete from models",
        f"insert into models select n, 's3://acme/m/' || n from generate_series(1, {ROWS}) n",
    )
    policies = fleet_folder(
        tmp_path, f"  m: {{sql: {{url_env: {REGISTRY}, query: select uri from models}}}}\n"
    )
    folder, _ = read_files({"fleet.yaml": (policies / "fleet.yaml").read_bytes()})
    assert folder.fleet is not None
    source = folder.fleet.registries[0].source
    assert isinstance(source, Sql)
    found = SqlSource("m", source, World(folder.fleet, policies, {REGISTRY: url})).read()
    next(found)
    execute(url, "delete from models where id > 5", "insert into models values (0, 's3://b/n')")
    *_, certificate = found
    assert isinstance(certificate, Certificate)
    assert (certificate.count, certificate.independent_count) == (ROWS, ROWS)


def test_a_query_cannot_write(url: str, tmp_path: Path) -> None:
    """Even one that hides it from what looks at the text."""
    execute(
        url,
        "create or replace function emptied() returns setof text language sql as"
        " $$ delete from models returning uri $$",
    )
    code, file = read(tmp_path, "select * from emptied()")
    assert (code, "read-only transaction" in problem_of(file, "models")) == (1, True)
    code, file = read(tmp_path, "select uri from models")
    assert (code, len(uris(file))) == (0, 2)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (PASSWORD, "wrong-s3cr3t", "password authentication failed"),
        ("/postgres", "/gone", 'database "gone" does not exist'),
        ("127.0.0.1:", "127.0.0.1:1", "cannot be read"),
    ],
)
def test_a_refusal_is_told_without_the_password(
    old: str,
    new: str,
    why: str,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    head, _, tail = url.rpartition(old)
    monkeypatch.setenv(REGISTRY, head + new + tail)
    code, file = read(tmp_path, "select uri from models")
    assert (code, why in problem_of(file, "models")) == (1, True), problem_of(file, "models")
    assert "s3cr3t" not in file.read_text() + "".join(capsys.readouterr())
