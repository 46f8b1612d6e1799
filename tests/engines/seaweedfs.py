"""A SeaweedFS server of our own: on loopback, its data in a temporary folder, gone with the run."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DAY = 10.0
"""Seconds, by `-tags s3tests` (SeaweedFS, weed/util/constants_lifecycle_interval_10sec.go)."""

MOST_BUCKETS = 280
"""Each bucket takes a volume of its own, and the server becomes slow beyond some 300."""

_HOST = "127.0.0.1"
_STARTS_WITHIN = 60.0
_PASS_WITHIN = 60.0
_STOPS_WITHIN = 10.0
_CURSORS = "/etc/s3/lifecycle/daily-cursors"


class EngineFailed(Exception):
    """The server did not start, or ended; the text ends with its last words."""


@dataclass(frozen=True, slots=True)
class SeaweedFS:
    """`run_lifecycle` is one pass over everything; it returns when the pass has ended."""

    endpoint: str
    _shell: subprocess.Popen[str]
    _s3_grpc: str
    _log: Path

    def client(self, connections: int) -> S3Client:
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id="any",
            aws_secret_access_key="any",
            config=Config(
                s3={"addressing_style": "path"},
                max_pool_connections=connections,
                retries={"max_attempts": 1},
                proxies={},
            ),
        )

    def run_lifecycle(self) -> None:
        """Started cold: without the cursors of the pass before, which would have it go by the log
        of events alone."""
        too_long = threading.Timer(_PASS_WITHIN, self._shell.kill)
        too_long.start()
        try:
            self._run_lifecycle()
        finally:
            too_long.cancel()

    def _run_lifecycle(self) -> None:
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        self._shell.stdin.write(
            f"fs.rm -rf {_CURSORS}\n"
            f"s3.lifecycle.run-shard -shards 0-15 -s3 {self._s3_grpc} -events 0\n"
        )
        self._shell.stdin.flush()
        for line in self._shell.stdout:
            if "cursors checkpointed" in line:
                return
            if line.startswith(("error", "warning")) or "failed" in line:
                raise EngineFailed(f"a pass failed: {line.strip()}\n{_tail(self._log)}")
        raise EngineFailed(
            f"the shell ended, or a pass took more than {_PASS_WITHIN:g} s\n{_tail(self._log)}"
        )


@contextmanager
def seaweedfs(binary: Path) -> Iterator[SeaweedFS]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="firnline-engines-")))
        log = folder / "server.log"
        ports = _free_ports(
            "master.port", "master.port.grpc", "volume.port", "volume.port.grpc",
            "filer.port", "filer.port.grpc", "s3.port", "s3.port.grpc",
        )  # fmt: skip
        stack.callback(_remove_sockets, ports)
        server = stack.enter_context(_running([str(binary), *_options(folder, ports)], log, folder))
        endpoint = f"http://{_HOST}:{ports['s3.port']}"
        _wait_for(endpoint, server, log)
        shell = stack.enter_context(
            _running(
                [
                    *(str(binary), "shell"),
                    f"-master={_HOST}:{ports['master.port']}.{ports['master.port.grpc']}",
                    f"-filer={_HOST}:{ports['filer.port']}.{ports['filer.port.grpc']}",
                ],
                folder / "shell.log",
                folder,
                piped=True,
            )
        )
        yield SeaweedFS(endpoint, shell, f"{_HOST}:{ports['s3.port.grpc']}", log)


def _options(folder: Path, ports: dict[str, int]) -> list[str]:
    data = folder / "data"
    data.mkdir()
    return [
        *("-logtostderr=true", "server", f"-dir={data}", f"-ip={_HOST}", f"-ip.bind={_HOST}"),
        *("-filer", "-s3", "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"),
        *(f"-volume.max={4 * MOST_BUCKETS}", "-master.volumeSizeLimitMB=64"),
        "-volume.preStopSeconds=0",
        f"-filer.localSocket={folder / 'filer.sock'}",
        f"-s3.localSocket={folder / 's3.sock'}",
        *(f"-{name}={port}" for name, port in ports.items()),
    ]


@contextmanager
def _running(
    command: list[str], log: Path, folder: Path, piped: bool = False
) -> Iterator[subprocess.Popen[str]]:
    """Its process, in a group of its own so that Ctrl-C reaches it through us alone."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        # One volume for each bucket, not seven (weed scaffold -config=master).
        "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1",
    }
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
            stdout=subprocess.PIPE if piped else output,
            stderr=output,
            text=True,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(_STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(endpoint: str, server: subprocess.Popen[str], log: Path) -> None:
    host, port = endpoint.removeprefix("http://").split(":")
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until:
        if server.poll() is not None:
            raise EngineFailed(f"the server ended at once\n{_tail(log)}")
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return
        time.sleep(0.2)
    raise EngineFailed(f"the server did not answer within {_STARTS_WITHIN:.0f} s\n{_tail(log)}")


def _remove_sockets(ports: dict[str, int]) -> None:
    """Remaining in /tmp, whatever TMPDIR says (SeaweedFS, weed/command/server.go)."""
    for part in ("master", "volume", "filer", "s3"):
        port = ports[f"{part}.port.grpc"]
        Path(f"/tmp/seaweedfs-{part}-grpc-{port}.sock").unlink(missing_ok=True)


def _free_ports(*names: str) -> dict[str, int]:
    """Free while all of them were held at once."""
    with ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in names]
        for each in held:
            each.bind((_HOST, 0))
        return {name: each.getsockname()[1] for name, each in zip(names, held, strict=True)}


def _tail(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
    return "\n".join(f"  {line}" for line in lines)
