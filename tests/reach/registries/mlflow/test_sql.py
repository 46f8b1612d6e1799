"""What one snapshot of MLflow's backend store says."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from firnline.reach.experiments.model import Run, RunStatus
from firnline.reach.references import OrphanReason, Reference, Root, Strength, Unneeded
from firnline.reach.registries.mlflow.source import MlflowServer
from firnline.reach.registries.mlflow.sql_engine import snapshot
from firnline.reach.source import CannotRead
from tests.reach.registries.mlflow.churn import BUCKET, Churn
from tests.reach.registries.mlflow.stores import (
    VARIABLE,
    client_of,
    empty_store,
    of,
    pins,
    read,
    settings,
    strongest,
    texts_of,
    world,
)


def test_the_reading_is_complete_by_counts_of_the_database(churn: Churn) -> None:
    _, certificate = read(churn.store)
    assert certificate.is_complete
    assert certificate.counted_by == "SELECT count(*)"
    # 4 experiments with Default, 3 runs, 3 logged models, 5 versions, one of them deleted.
    assert certificate.count == 4 + 3 + 3 + 5


def test_a_registered_version_pins_its_model_although_run_and_logged_model_are_deleted(
    churn: Churn,
) -> None:
    found, _ = read(churn.store)
    key = f"ml/1/models/{churn.model.model_id}/artifacts/model.pkl"
    reference = strongest(found, BUCKET, key)
    assert reference is not None
    assert reference.strength is Strength.PIN
    assert ("model prod v1", "alias champion") in {each.because for each in of(Reference, found)}


def test_a_version_registered_from_a_deleted_run_pins_its_folder_alone(churn: Churn) -> None:
    found, _ = read(churn.store)
    kept = strongest(found, BUCKET, f"ml/1/{churn.two}/artifacts/legacy_model/model.pkl")
    checkpoint = strongest(found, BUCKET, f"ml/1/{churn.two}/artifacts/checkpoints/step-1.bin")
    assert kept is not None
    assert kept.because == ("model prod v2", "stage Staging")
    assert checkpoint is not None
    assert checkpoint.strength is Strength.LIVE


def test_a_copy_of_a_version_pins_what_the_version_stores(churn: Churn) -> None:
    found, _ = read(churn.store)
    copies = [each for each in of(Reference, found) if each.because == ("model copy v1",)]
    assert churn.model.artifact_location + "/" in {str(each.location) for each in copies}


def test_what_the_run_behind_a_version_read_is_pinned_with_the_version(churn: Churn) -> None:
    found, _ = read(churn.store)
    because = (f"run one ({churn.one})", "model prod v1", "alias champion")
    assert pins(found)[f"s3://{BUCKET}/data/café 2026/train.parquet/"] == (
        "dataset train",
        *because,
    )
    assert pins(found)[f"s3://{BUCKET}/warm start/epoch-3/"] == ("parameter ckpt_uri", *because)
    assert pins(found)[f"s3://{BUCKET}/notes/one.md/"] == ("tag note", *because)
    assert pins(found)[f"{churn.base}/"][1:] == because


def test_every_reading_of_an_external_source_is_pinned(churn: Churn) -> None:
    found, _ = read(churn.store)
    assert f"s3://{BUCKET}/external/v3/" in pins(found)


def test_runs_come_in_every_lifecycle_stage_with_what_they_measured(churn: Churn) -> None:
    found, _ = read(churn.store)
    runs = {each.name: each for each in of(Run, found)}
    assert set(runs) == {"one", "two", "three"}
    one = runs["one"]
    assert (one.is_deleted, one.owner, one.experiments) == (True, "ada", ("churn",))
    assert one.deleted is not None
    assert dict(one.parameters)["depth"] == "6"
    assert [each.name for each in one.metrics] == ["auc", "loss"]
    assert one.metrics[0].last == 0.9
    assert one.metrics[1].last != one.metrics[1].last
    assert texts_of(one.roots) == [f"s3://{BUCKET}/ml/1/{churn.one}/"]
    assert runs["three"].status is RunStatus.STOPPED


def test_the_models_of_an_active_run_are_kept_or_not_with_it(churn: Churn) -> None:
    found, _ = read(churn.store)
    three = next(each for each in of(Run, found) if each.name == "three")
    assert f"{churn.losing.artifact_location}/" in texts_of(three.roots)
    key = f"ml/1/models/{churn.losing.model_id}/artifacts/model.pkl"
    assert strongest(found, BUCKET, key) is None


def test_what_is_deleted_is_unneeded_since_then(churn: Churn) -> None:
    found, _ = read(churn.store)
    unneeded = {(str(each.location), each.reason) for each in of(Unneeded, found)}
    assert (f"{churn.model.artifact_location}/", OrphanReason.LOGGED_MODEL_DELETED) in unneeded
    assert (f"s3://{BUCKET}/old/v4/", OrphanReason.VERSION_DELETED) in unneeded
    assert (f"s3://{BUCKET}/ml/2/", OrphanReason.EXPERIMENT_DELETED) in unneeded
    assert all(each.since is not None for each in of(Unneeded, found))


def test_a_root_that_someone_chose_is_not_unneeded_with_its_experiment(churn: Churn) -> None:
    found, _ = read(churn.store)
    assert not any(each.location.covers("shared/x") for each in of(Unneeded, found))


def test_each_experiment_has_a_root_for_runs_models_and_traces(churn: Churn) -> None:
    found, _ = read(churn.store)
    roots = {str(each.location): each.known_ids for each in of(Root, found)}
    assert roots[f"s3://{BUCKET}/ml/1/"] == "[0-9a-f]{32}"
    assert roots[f"s3://{BUCKET}/ml/1/models/"] == "m-[0-9a-f]{32}"
    assert roots[f"s3://{BUCKET}/ml/1/traces/"] == "tr-[0-9a-f]{32}"


@pytest.fixture
def changed(churn: Churn, tmp_path: Path) -> Path:
    copy = tmp_path / "changed.db"
    copy.write_bytes(churn.store.read_bytes())
    return copy


def _change(store: Path, *statements: str) -> None:
    with sqlite3.connect(store) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_proxied_location_needs_the_destination_of_the_server(changed: Path) -> None:
    _change(
        changed,
        "UPDATE model_versions SET source = 'mlflow-artifacts:/1/r/artifacts/model',"
        " storage_location = 'mlflow-artifacts:/1/r/artifacts/model' WHERE version = 3",
    )
    _, certificate = read(changed)
    assert not certificate.is_complete
    assert "model prod v3" in certificate.problems[0]
    assert "`artifacts_destination` in the fleet file" in certificate.problems[0]


@pytest.mark.parametrize(
    "source",
    [
        "models:/m-00000000000000000000000000000000",
        "models:/prod/99",
        "models:/prod/3",
        "runs:/00000000000000000000000000000000/model",
        "s4://somewhere/else",
        "s3://team-ap-s3alias/model",
        "REDACTED",
    ],
)
def test_a_version_whose_source_cannot_be_resolved_leaves_the_reading_incomplete(
    changed: Path, source: str
) -> None:
    _change(
        changed,
        f"UPDATE model_versions SET source = '{source}', storage_location = NULL WHERE version = 3",
    )
    _, certificate = read(changed)
    assert not certificate.is_complete
    assert "model prod v3" in certificate.problems[0]
    assert source in certificate.problems[0]


def test_a_version_in_another_store_than_s3_is_no_matter(changed: Path) -> None:
    _change(changed, "UPDATE model_versions SET source = 'gs://b/x', storage_location = 'gs://b/x'")
    assert read(changed)[1].is_complete


def test_a_run_address_is_resolved_by_the_root_of_the_run(changed: Path, churn: Churn) -> None:
    _change(
        changed,
        f"UPDATE model_versions SET source = 'runs:/{churn.three}/model', storage_location = NULL"
        " WHERE version = 3",
    )
    found, certificate = read(changed)
    assert certificate.is_complete
    assert f"s3://{BUCKET}/ml/1/{churn.three}/artifacts/model/" in pins(found)


def test_more_runs_than_a_page_holds_are_all_read(changed: Path) -> None:
    _change(
        changed,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4500)"
        " INSERT INTO runs (run_uuid, name, status, lifecycle_stage, artifact_uri, experiment_id)"
        " SELECT printf('%032x', i), 'n', 'FINISHED', 'active', 's3://acme-ml/x', 1 FROM n",
        "INSERT INTO params SELECT 'p', run_uuid, run_uuid FROM runs WHERE name = 'n'",
    )
    found, certificate = read(changed)
    runs = [each for each in of(Run, found) if each.name == "n"]
    assert certificate.is_complete
    assert len(runs) == 4500
    assert all(dict(each.parameters) == {"p": each.id} for each in runs)


def test_a_trace_in_s3_is_live(changed: Path) -> None:
    _change(
        changed,
        "INSERT INTO trace_info (request_id, experiment_id, timestamp_ms, status)"
        " VALUES ('tr-1', 1, 5, 'OK')",
        "INSERT INTO trace_tags VALUES ('mlflow.artifactLocation',"
        f" 's3://{BUCKET}/ml/1/traces/tr-1/artifacts', 'tr-1')",
    )
    found, certificate = read(changed)
    reference = strongest(found, BUCKET, "ml/1/traces/tr-1/artifacts/traces.json")
    assert certificate.is_complete
    assert reference is not None
    assert reference.because == ("trace tr-1",)


def test_a_database_that_is_not_there_is_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="cannot be read"):
        read(tmp_path / "absent.db")
    assert not (tmp_path / "absent.db").exists()


def test_a_database_of_something_else_is_not_an_empty_one(tmp_path: Path) -> None:
    _change(tmp_path / "other.db", "CREATE TABLE runs (id TEXT)")
    with pytest.raises(CannotRead, match="no database of MLflow 3"):
        read(tmp_path / "other.db")


def test_a_store_without_any_experiment_is_not_believed(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    _change(store, "DELETE FROM experiments")
    assert "no experiment" in read(store)[1].problems[0]


def test_a_variable_that_is_not_set_is_named() -> None:
    server = MlflowServer(settings(backend_store_env=VARIABLE), world())
    with pytest.raises(CannotRead, match=VARIABLE):
        list(server.read())


def test_neither_the_password_nor_the_url_stands_in_an_error() -> None:
    url = "postgresql+nodriver://me:hunter2@db.acme.example/mlflow"
    server = MlflowServer(settings(backend_store_env=VARIABLE), world({VARIABLE: url}))
    with pytest.raises(CannotRead) as raised:
        list(server.read())
    assert "hunter2" not in str(raised.value)


def test_nothing_is_written(churn: Churn) -> None:
    before = churn.store.read_bytes()
    url = f"sqlite:///{churn.store}"
    with (
        pytest.raises(CannotRead, match="readonly database"),
        snapshot(url, VARIABLE) as connection,
    ):
        connection.exec_driver_sql("DELETE FROM runs")
    assert churn.store.read_bytes() == before


def test_what_is_said_of_a_registered_model_is_needed_by_its_versions(
    churn: Churn, tmp_path: Path
) -> None:
    store = Path(shutil.copy(churn.store, tmp_path))
    with client_of(store) as client:
        client.set_registered_model_tag("prod", "baseline", f"s3://{BUCKET}/drift/baseline.json")
        client.update_registered_model("prod", f"Judged on s3://{BUCKET}/golden/set.parquet")
    found, certificate = read(store)
    assert certificate.is_complete
    for key in ("drift/baseline.json", "golden/set.parquet"):
        reference = strongest(found, BUCKET, key)
        assert reference is not None
        assert reference.strength is Strength.PIN


def test_a_status_that_nobody_knows_is_no_reading(churn: Churn, tmp_path: Path) -> None:
    store = Path(shutil.copy(churn.store, tmp_path))
    with sqlite3.connect(store) as database:
        database.execute("pragma ignore_check_constraints = on")
        database.execute("update runs set status = 'PAUSED' where run_uuid = ?", (churn.three,))
    with pytest.raises(CannotRead, match="with the status `PAUSED`"):
        read(store)
