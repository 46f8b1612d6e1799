"""A database: one read-only snapshot of it, counted in the same transaction."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from firnline.language.fleet_registries import Sql
from firnline.language.read_files import read_files
from firnline.reach.references import Reference, Strength
from firnline.reach.registries.sql import SqlSource
from firnline.reach.registries.world import World
from firnline.reach.source import Certificate
from tests.reach.registries.fleets import (
    answered,
    fleet_folder,
    found_in,
    gc_refs,
    problem_of,
    uris,
)

URL = "REGISTRY_URL"


def database(folder: Path, rows: int = 2) -> Path:
    file = folder / "registry.db"
    with sqlite3.connect(file) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table models (uri text, name text, owner text, state text)")
        connection.executemany(
            "insert into models values (?, ?, 'ann', 'live')",
            [(f"s3://acme/m/{n}", f"churn v{n}") for n in range(rows)],
        )
    connection.close()
    return file


def read(folder: Path, query: str) -> tuple[int, Path]:
    fleet_folder(folder, f"  models: {{sql: {{url_env: {URL}, query: {query!r}}}}}\n")
    return gc_refs(folder, "--out", str(folder / "refs")), folder / "refs"


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL, f"sqlite:///{tmp_path / 'registry.db'}")


def test_the_first_column_is_needed_and_others_say_why(tmp_path: Path) -> None:
    database(tmp_path)
    code, file = read(tmp_path, 'select uri, name, owner, upper("hold") as strength from models;')
    assert (code, uris(file)) == (0, {"s3://acme/m/0/", "s3://acme/m/1/"})
    (_, first), *_ = found_in(file)
    assert isinstance(first, Reference)
    assert (first.because, first.owner) == (("models churn v0",), "ann")
    assert first.strength is Strength.HOLD
    assert answered(file)["models"].certificate.independent_count == 2


def test_colons_and_percent_signs_of_a_query_are_its_own(tmp_path: Path) -> None:
    database(tmp_path)
    code, _ = read(tmp_path, 'select uri from models where uri like "s3://%" and name != ":x"')
    assert code == 0


def test_rows_written_while_it_is_read_are_not_in_the_snapshot(tmp_path: Path) -> None:
    file = database(tmp_path, 25_000)
    policies = fleet_folder(
        tmp_path, f"  m: {{sql: {{url_env: {URL}, query: select uri from models}}}}\n"
    )
    (folder, _) = read_files({"fleet.yaml": (policies / "fleet.yaml").read_bytes()})
    assert folder.fleet is not None
    (registry,) = folder.fleet.registries
    assert isinstance(registry.source, Sql)
    world = World(folder.fleet, policies, {URL: f"sqlite:///{file}"})
    found = SqlSource("m", registry.source, world).read()
    next(found)
    with sqlite3.connect(file) as other:
        other.execute("delete from models where uri > 's3://acme/m/2'")
        other.execute("insert into models values ('s3://acme/new', 'n', 'n', 'live')")
    other.close()
    *_, certificate = found
    assert isinstance(certificate, Certificate)
    assert (certificate.count, certificate.independent_count) == (25_000, 25_000)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("select uri from gone", "no such table"),
        ("select null from models", "row 1 has no location"),
        ("select 7 from models", "row 1 has a location that is no text"),
        ('select "gs://acme/a" from models', "has the scheme"),
        ('select uri, "x" as strength from models', "has the strength `x`"),
        ("delete from models", "cannot be read"),
        ("select uri from models; delete from models", "cannot be read"),
    ],
)
def test_what_is_no_location_or_no_query_is_not_complete(
    query: str, why: str, tmp_path: Path
) -> None:
    file = database(tmp_path)
    code, refs = read(tmp_path, query)
    assert (code, why in problem_of(refs, "models")) == (1, True), problem_of(refs, "models")
    with sqlite3.connect(file) as connection:
        assert connection.execute("select count(*) from models").fetchone() == (2,)
    connection.close()


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, f"set the environment variable {URL}"),
        ("", f"set the environment variable {URL}"),
        ("nonsense", "an address that cannot be read"),
        ("sqlite://", "without a file"),
        ("sqlite:///gone.db", "unable to open database file"),
        ("nodb://ann:s3cr3t@acme/x", "SQLAlchemy does not know"),
        ("mssql+pyodbc://ann:s3cr3t@acme/x", ""),
        ("mysql+nodriver://ann:s3cr3t@acme/x", "SQLAlchemy does not know"),
    ],
)
def test_an_address_that_does_not_serve_is_explained_without_its_password(
    value: str | None,
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    if value is None:
        monkeypatch.delenv(URL)
    else:
        monkeypatch.setenv(URL, value)
    code, refs = read(tmp_path, "select uri from models")
    assert (code, why in problem_of(refs, "models")) == (1, True), problem_of(refs, "models")
    assert "s3cr3t" not in refs.read_text() + "".join(capsys.readouterr())
    assert not (tmp_path / "gone.db").exists()
