"""MLflow's own server over REST, and its own `mlflow gc`, against what we say of them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from firnline import testing
from firnline.reach.experiments.model import Run
from firnline.reach.references import Reference, Root, Strength
from firnline.reach.registries.mlflow.source import MlflowServer
from firnline.reach.source import Certificate, Found
from sandbox import mlflow_server
from tests.reach.registries.mlflow.churn import BUCKET, Churn
from tests.reach.registries.mlflow.stores import of, read, server_of, settings, world

pytestmark = pytest.mark.slow

_PATIENCE_SECONDS = 600.0  # it takes minutes where other tests load the machine


@pytest.fixture(scope="module")
def address(churn: Churn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("server")
    store = folder / "mlflow.db"
    store.write_bytes(churn.store.read_bytes())
    port = _free_port()
    words = [str(mlflow_server.install() / "mlflow"), "server", "--host", "127.0.0.1"]
    words += ["--port", str(port), "--workers", "1", "--backend-store-uri", f"sqlite:///{store}"]
    words += ["--default-artifact-root", f"s3://{BUCKET}/ml", "--no-serve-artifacts"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            words, cwd=folder, env=_environment(), stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", process, folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def test_rest_says_what_the_database_says(churn: Churn, address: str) -> None:
    *found, certificate = MlflowServer(settings(address), world()).read()
    by_sql, _ = read(churn.store)
    assert isinstance(certificate, Certificate)
    assert certificate.problems == ()
    assert certificate.is_complete
    others = {each for each in of(Root, by_sql) if not each.what.startswith("logged model")}
    assert {*of(Root, found)} == others
    assert _pinned(found) == _pinned(by_sql)
    assert _runs(found) == _runs(by_sql)


def test_rest_tells_the_same_losses_as_the_database(churn: Churn, address: str) -> None:
    over_rest, problems = MlflowServer(settings(address), world()).next_gc()
    by_sql, _ = server_of(churn.store).next_gc()
    assert problems == ()
    assert [(each.because, each.deleted) for each in over_rest.losses] == [
        (each.because, each.deleted) for each in by_sql.losses
    ]


def test_mlflow_gc_destroys_the_versions_that_we_say_and_no_other(
    churn: Churn, tmp_path: Path
) -> None:
    """The replay of §5.3: it has no dry run, and the registry goes on saying READY."""
    store = tmp_path / "mlflow.db"
    store.write_bytes(churn.store.read_bytes())
    found, _ = server_of(store).next_gc()
    with testing.serve() as emulator:
        s3 = emulator.caller_client("s3")
        s3.create_bucket(Bucket=BUCKET)
        before = {each: f"{each}/model.pkl" for each in _folders_of_versions(store)}
        for key in before.values():
            s3.put_object(Bucket=BUCKET, Key=key, Body=b"model")
        environment = {**_environment(), **emulator.environment}
        environment["MLFLOW_S3_ENDPOINT_URL"] = environment["AWS_ENDPOINT_URL"]
        environment["MLFLOW_TRACKING_URI"] = f"sqlite:///{store}"
        mlflow = str(mlflow_server.install() / "mlflow")
        words = [mlflow, "gc", "--backend-store-uri", f"sqlite:///{store}"]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        listed = s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
    left = {each["Key"] for each in listed}
    destroyed = {folder for folder, key in before.items() if key not in left}
    assert destroyed == {each.location.key for each in found.losses}
    assert "external/v3" in set(before) - destroyed


def _folders_of_versions(store: Path) -> set[str]:
    found, _ = read(store)
    return {
        each.location.key
        for each in of(Reference, found)
        if each.strength is Strength.PIN and each.because[0].startswith("model ")
    }


def _pinned(found: list[Found]) -> set[tuple[str, tuple[str, ...]]]:
    return {
        (str(each.location), each.because)
        for each in of(Reference, found)
        if each.strength is Strength.PIN
    }


def _runs(found: list[Found]) -> dict[str, object]:
    """REST does not tell when one was deleted, and NaN is not equal to itself."""
    return {
        each.id: (
            each.name,
            each.experiments,
            each.status,
            each.is_deleted,
            each.started,
            each.ended,
            each.last_news,
            each.owner,
            each.roots,
            each.parameters,
            [(metric.name, str(metric.last)) for metric in each.metrics],
            each.inputs,
        )
        for each in of(Run, found)
    }


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
        # Five processes for jobs that nobody starts here.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    }


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            with opener.open(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"no response from MLflow's server: {log.read_text()}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
