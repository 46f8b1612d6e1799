"""`firnline gc mlflow-check` says what the next `mlflow gc` would destroy, and fails then."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline.cli import main
from tests.reach.registries.mlflow.churn import Churn
from tests.reach.registries.mlflow.fake_server import FakeServer, running
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


def as_json(capsys: pytest.CaptureFixture[str], code: int, *words: str) -> Any:
    assert main(["gc", "mlflow-check", *words, "--out", "json"]) == code
    told = json.loads(capsys.readouterr().out)
    assert main(["schema", "mlflow-check"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(told)
    return told


def test_programs_are_told_every_loss(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = as_json(capsys, 1, str(project))
    (registry,) = told["registries"]
    assert (told["is_safe"], registry["is_read"], registry["registered_versions"]) == (
        False,
        True,
        4,
    )
    losses = registry["losses"]
    assert losses[0]["because"] == ["model prod v1", "alias champion"]
    assert {each["location"].partition("/")[0] for each in losses} == {"s3:"}
    assert [each["run"] for each in losses if "run" in each]
    assert len({each["because"][0] for each in losses}) == 3


def test_a_server_that_refuses_and_one_that_is_read_are_told_apart(
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    server = FakeServer()
    server.fault = lambda *_: 403
    with running(server) as address:
        (tmp_path / "fleet.yaml").write_text(
            f"{FLEET}  refuses: {{mlflow: {{tracking_uri: '{address}'}}}}\n"
            f"  ml: {{mlflow: {{tracking_uri: 'sqlite:///{project}/mlflow.db'}}}}\n"
        )
        refuses, read = as_json(capsys, 3, str(tmp_path))["registries"]
        assert main(["gc", "refs", str(tmp_path), "--registry", "refuses"]) == 3
    assert (refuses["gave_no_access"], refuses["is_read"]) == (True, False)
    assert refuses["registered_versions"] is None
    assert "set MLFLOW_TRACKING_TOKEN" in refuses["problems"][0]
    assert (read["gave_no_access"], read["registered_versions"]) == (False, 4)


def test_a_registry_that_cannot_be_read_is_not_safe(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fleet.yaml").write_text(
        f'{FLEET}  ml: {{mlflow: {{tracking_uri: "sqlite:///absent.db"}}}}\n'
    )
    told = as_json(capsys, 1, str(tmp_path))
    assert (told["is_safe"], told["registries"][0]["is_safe"]) == (False, False)
    assert "has a backend store that cannot be read" in told["registries"][0]["problems"][0]
