"""`firnline gc mlflow-check` says what the next `mlflow gc` would destroy, and fails then."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from firnline.cli import main
from tests.reach.registries.mlflow.churn import Churn
from tests.reach.registries.mlflow.stores import client_of, empty_store

FLEET = """\
firnline: fleet/v1
namespace: acme
accounts:
  prod: {id: "123456789012", regions: [us-east-1]}
registries:
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    store = empty_store(folder)
    with client_of(store) as client:
        Churn(store, client)
    (folder / "fleet.yaml").write_text(
        f'{FLEET}  ml: {{mlflow: {{tracking_uri: "sqlite:///mlflow.db"}}}}\n'
    )
    return folder


def test_it_names_each_version_with_its_alias_and_fails(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["gc", "mlflow-check", str(project)]) == 1
    said = capsys.readouterr().out
    assert "ml: the next `mlflow gc` destroys 3 of 4 registered versions:" in said
    assert "model prod v1 ← alias champion" in said
    assert "mlflow runs restore --run-id" in said


def test_it_passes_where_nothing_registered_is_deleted(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("fleet.yaml", "mlflow.db"):
        (tmp_path / name).write_bytes((project / name).read_bytes())
    with sqlite3.connect(tmp_path / "mlflow.db") as connection:
        connection.execute("UPDATE runs SET lifecycle_stage = 'active'")
        connection.execute("UPDATE logged_models SET lifecycle_stage = 'active'")
    assert main(["gc", "mlflow-check", str(tmp_path)]) == 0
    assert "destroys none of 4 registered versions" in capsys.readouterr().out


def test_it_fails_where_a_registry_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fleet.yaml").write_text(
        f'{FLEET}  ml: {{mlflow: {{tracking_uri: "sqlite:///absent.db"}}}}\n'
    )
    assert main(["gc", "mlflow-check", str(tmp_path)]) == 1
    assert "ml has a backend store that cannot be read" in capsys.readouterr().err


def test_it_needs_a_registry_of_mlflow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fleet.yaml").write_text(f"{FLEET}  j: {{json: {{file: a.json, path: a}}}}\n")
    assert main(["gc", "mlflow-check", str(tmp_path)]) == 2
    assert "has no registry of MLflow" in capsys.readouterr().err
