"""What the records of MLflow's evaluation datasets name in S3 is needed, by SQL and over REST."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from firnline.reach.references import Reference, Strength
from firnline.reach.registries.mlflow.source import MlflowServer
from firnline.reach.source import Certificate
from tests.reach.registries.mlflow.fake_server import FakeServer, running
from tests.reach.registries.mlflow.stores import (
    client_of,
    empty_store,
    of,
    read,
    settings,
    strongest,
    world,
)

IMAGE = "s3://acme-eval/images/café 7.png"
RECORDS: list[dict[str, Any]] = [
    {
        "inputs": {"question": "what is on it?", "image": IMAGE},
        "expectations": {"mask": "s3://acme-eval/masks/7.png"},
        "outputs": {"answer": "s3://acme-eval/answers/7.json"},
        "tags": {"from": "s3://acme-eval/raw/7"},
        "source": {
            "source_type": "DOCUMENT",
            "source_data": {"doc_uri": "s3://acme-docs/manual.pdf"},
        },
    },
    {"inputs": {"question": "how are you?"}},
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As MLflow's own client writes it."""
    store = empty_store(tmp_path_factory.mktemp("evaluations"))
    with client_of(store) as client:
        dataset = client.create_dataset("golden", ["0"], {"origin": "s3://acme-eval/origin/"})
        of_it: Any = client._tracking_client.store
        of_it.upsert_dataset_records(dataset.dataset_id, RECORDS)
    return store


@pytest.mark.parametrize(
    ("bucket", "key"),
    [
        ("acme-eval", "images/café 7.png"),
        ("acme-eval", "masks/7.png"),
        ("acme-eval", "answers/7.json"),
        ("acme-eval", "raw/7"),
        ("acme-eval", "origin/x"),
        ("acme-docs", "manual.pdf"),
    ],
)
def test_whatever_a_record_names_is_live(store: Path, bucket: str, key: str) -> None:
    found, _ = read(store)
    reference = strongest(found, bucket, key)
    assert reference is not None
    assert reference.strength is Strength.LIVE
    assert reference.because == ("evaluation dataset golden",)


def test_datasets_and_records_are_counted(store: Path, tmp_path: Path) -> None:
    _, certificate = read(store)
    _, without = read(empty_store(tmp_path))
    assert certificate.is_complete
    assert certificate.count == without.count + 1 + 2


def test_a_store_older_than_evaluation_datasets_is_read(store: Path, tmp_path: Path) -> None:
    older = tmp_path / "older.db"
    older.write_bytes(store.read_bytes())
    with sqlite3.connect(older) as connection:
        for table in ("evaluation_dataset_tags", "evaluation_dataset_records"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DROP TABLE evaluation_datasets")
    found, certificate = read(older)
    assert certificate.is_complete
    assert strongest(found, "acme-eval", "masks/7.png") is None


def test_records_without_outputs_are_read(store: Path, tmp_path: Path) -> None:
    """The column came later."""
    older = tmp_path / "older.db"
    older.write_bytes(store.read_bytes())
    with sqlite3.connect(older) as connection:
        connection.execute("ALTER TABLE evaluation_dataset_records DROP COLUMN outputs")
    found, certificate = read(older)
    assert certificate.is_complete
    assert strongest(found, "acme-eval", "masks/7.png") is not None


def test_over_rest_it_is_the_same(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    server = FakeServer()
    server.evaluations = [
        {
            **each,
            "dataset_id": "d-1",
            "dataset_record_id": f"dr-{number}",
            "created_time": 1,
            "last_update_time": 1,
        }
        for number, each in enumerate(RECORDS)
    ]
    with running(server) as address:
        *found, certificate = MlflowServer(settings(address), world()).read()
    assert isinstance(certificate, Certificate)
    assert certificate.is_complete
    of_records = {
        each.location
        for each in of(Reference, read(store)[0])
        if each.because == ("evaluation dataset golden",) and each.location.key != "origin"
    }
    assert of_records
    assert of_records == {
        each.location
        for each in of(Reference, found)
        if each.because == ("evaluation dataset golden",)
    }
