"""`make lab` starts MLflow's own server on the laboratory, and `make down` ends it."""

from __future__ import annotations

import json
import socket
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import mlflow_server
from sandbox.paths import CHECKOUT
from tests.docs.running import Clone, cloned

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    with cloned(tmp_path_factory.mktemp("clone")) as clone:
        (clone.folder / ".cache").mkdir()
        mlflow_server.install()
        (clone.folder / ".cache/mlflow-server").symlink_to(CHECKOUT / ".cache/mlflow-server")
        yield clone


def test_it_shows_the_runs_of_the_laboratory_until_make_down(clone: Clone) -> None:
    clone.run("python -m sandbox up --quiet && python -m sandbox laboratory", must_succeed=True)
    port = free_port()
    url = clone.run(f"python -m sandbox mlflow --port {port}", must_succeed=True).strip()
    assert url == f"http://127.0.0.1:{port}"
    assert names_of_experiments(url) >= {"fraud-detection", "churn-prediction"}
    again = clone.run("python -m sandbox mlflow", must_succeed=True).strip()
    assert again == url
    ended = clone.run("python -m sandbox down", must_succeed=True)
    assert ended.startswith("MLflow's server ended: process ")
    with pytest.raises(OSError):  # noqa: PT011 (refused or reset, as the system has it)
        names_of_experiments(url)


def names_of_experiments(url: str) -> set[str]:
    body = json.dumps({"max_results": 100}).encode()
    request = urllib.request.Request(
        f"{url}/api/2.0/mlflow/experiments/search",
        body,
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as response:
        found: dict[str, Any] = json.load(response)
    return {each["name"] for each in found["experiments"]}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_the_lock_pins_what_the_requirements_name() -> None:
    wanted = (CHECKOUT / "examples/requirements.in").read_text()
    assert "mlflow==3.17.2" in wanted
    assert "mlflow==3.17.2 " in Path(mlflow_server.LOCK).read_text()
