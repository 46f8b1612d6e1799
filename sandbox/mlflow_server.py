"""The MLflow server of `make lab`: on the laboratory's database, installed apart, on 127.0.0.1.

`python -m sandbox down` ends it with the world that it belongs to.
"""

import json
import os
import subprocess
import time
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

from sandbox.laboratory import BUCKET, project
from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.pinned import environment
from sandbox.processes import end_process, process_start
from sandbox.state import State

LOCK = CHECKOUT / "examples/requirements.lock"
INSTALLED = CHECKOUT / ".cache/mlflow-server"
PORT = 5000
PATIENCE_SECONDS = 120.0


class ServerFailed(Exception):
    """The message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class MlflowServer:
    url: str
    pid: int
    process_start: str


def install() -> Path:
    """Where `mlflow` is."""
    what = "MLflow's server, pinned by examples/requirements.lock (400 MB)"
    return environment(INSTALLED, LOCK, what)


def start(state: State, paths: SandboxPaths, port: int = PORT) -> MlflowServer:
    """It runs afterwards, whether it did before or not. Raises `ServerFailed`."""
    if running := find(state, paths):
        return running
    log = paths.world(state.world) / "mlflow.log"
    with log.open("w", encoding="utf-8") as written:
        process = subprocess.Popen(
            _command(install() / "mlflow", project(paths) / "mlflow.db", port),
            cwd=project(paths),
            env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            start_new_session=True,  # outlives this terminal
        )
    began = process_start(process.pid)
    if began is None:
        raise ServerFailed(f"MLflow's server ended at once: see {log}")
    server = MlflowServer(f"http://127.0.0.1:{port}", process.pid, began)
    _file(state, paths).write_text(json.dumps(asdict(server)), encoding="utf-8")
    _wait_for(server, process, log)
    process.returncode = 0  # it goes on without us, which is no oversight
    return server


def find(state: State, paths: SandboxPaths) -> MlflowServer | None:
    """The one that runs."""
    try:
        server = MlflowServer(**json.loads(_file(state, paths).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    return server if process_start(server.pid) == server.process_start else None


def end(state: State, paths: SandboxPaths) -> MlflowServer | None:
    """Ends the process that `start` started, and no other; None if there was none to end."""
    server = find(state, paths)
    if server:
        end_process(server.pid, server.process_start, patience_seconds=20)
    _file(state, paths).unlink(missing_ok=True)
    return server


def _command(mlflow: Path, database: Path, port: int) -> list[str]:
    return [
        str(mlflow),
        "server",
        "--backend-store-uri",
        f"sqlite:///{database}",
        "--default-artifact-root",
        f"s3://{BUCKET}/mlflow",
        "--no-serve-artifacts",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
    ]


def _wait_for(server: MlflowServer, process: "subprocess.Popen[bytes]", log: Path) -> None:
    # No proxy: the address is on this machine, whatever the environment says.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise ServerFailed(f"MLflow's server ended at once: see {log}; is the port free?")
        try:
            with opener.open(f"{server.url}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise ServerFailed(f"no response from {server.url} in {PATIENCE_SECONDS:.0f} s: see {log}")


def _file(state: State, paths: SandboxPaths) -> Path:
    return paths.world(state.world) / "mlflow-server.json"
