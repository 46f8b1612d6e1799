"""Which registered versions the next `mlflow gc` would destroy: the replay of §5.3."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from firnline.reach.registries.mlflow.source import MlflowServer
from tests.reach.registries.mlflow.churn import Churn
from tests.reach.registries.mlflow.fake_server import FakeServer, running
from tests.reach.registries.mlflow.stores import empty_store, server_of, settings, world


def test_versions_of_deleted_runs_and_logged_models_would_be_lost(churn: Churn) -> None:
    found, problems = server_of(churn.store).next_gc()
    assert problems == ()
    assert found.versions == 4
    assert [(each.because, each.deleted) for each in found.losses] == [
        (("model prod v1", "alias champion"), f"logged model {churn.model.model_id}"),
        (("model prod v2", "stage Staging"), f"run two {churn.two}"),
        (("model copy v1",), f"logged model {churn.model.model_id}"),
    ]
    assert all(each.since for each in found.losses)
    assert [each.run for each in found.losses] == [None, churn.two, None]


def test_a_version_outside_of_what_is_deleted_is_not_lost(churn: Churn) -> None:
    found, _ = server_of(churn.store).next_gc()
    assert "model prod v3" not in {each.because[0] for each in found.losses}


def test_a_lookalike_beside_a_deleted_folder_is_not_lost(churn: Churn, tmp_path: Path) -> None:
    store = tmp_path / "changed.db"
    store.write_bytes(churn.store.read_bytes())
    beside = f"{churn.model.artifact_location}-backup"
    with sqlite3.connect(store) as connection:
        connection.execute(
            "UPDATE model_versions SET source = ?, storage_location = ? WHERE version = 3",
            (beside, beside),
        )
    found, _ = server_of(store).next_gc()
    assert "model prod v3" not in {each.because[0] for each in found.losses}


def test_a_version_that_holds_a_deleted_folder_would_lose_a_part(
    churn: Churn, tmp_path: Path
) -> None:
    store = tmp_path / "changed.db"
    store.write_bytes(churn.store.read_bytes())
    with sqlite3.connect(store) as connection:
        connection.execute(
            "UPDATE model_versions SET source = 's3://acme-ml/ml', storage_location = NULL"
            " WHERE version = 3"
        )
    found, _ = server_of(store).next_gc()
    assert "model prod v3" in {each.because[0] for each in found.losses}


def test_a_server_does_not_list_a_deleted_model_and_its_version_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    server = FakeServer()
    server.registered_models[0]["aliases"][0]["version"] = "1"
    gone = server.models[0]["info"]
    location = gone["artifact_uri"]
    server.models.pop(0)
    server.fault = lambda call, _given, answer: (
        {"artifact_uri": location} if call == "model-versions/get-download-uri" else answer
    )
    server.runs[1]["info"]["lifecycle_stage"] = "deleted"
    with running(server) as address:
        found, problems = MlflowServer(settings(address), world()).next_gc()
    assert problems == ()
    (loss,) = found.losses
    assert loss.because == ("model prod v1", "alias champion")
    assert loss.deleted == f"logged model {gone['model_id']}"
    assert loss.since is None


def test_an_empty_server_is_not_one_without_losses(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    with sqlite3.connect(store) as connection:
        connection.execute("DELETE FROM experiments")
    _, problems = server_of(store).next_gc()
    assert "not even MLflow's own Default" in problems[0]
