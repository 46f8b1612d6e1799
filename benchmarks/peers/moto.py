"""moto: boto3 puts each configuration to a moto server on loopback."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from benchmarks.peers.answers import SILENT, Answer, NoAnswer, cannot, refuses
from benchmarks.peers.cases import Case

NAME: Final = "moto"
_REGION: Final = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
_SCRIPT: Final = Path(__file__).with_name("put_each.py")
_ENVIRONMENT: Final = {
    # boto3 requests a directory bucket's session before the bucket exists, and moto has none
    "AWS_S3_DISABLE_EXPRESS_SESSION_AUTH": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "NO_PROXY": "127.0.0.1",
    "no_proxy": "127.0.0.1",
}
_STARTS_WITHIN: Final = 60.0


def ask(cases: Sequence[Case], programs: Path, folder: Path) -> dict[str, Answer]:
    """One server for all, ended in any case."""
    answers = {case.id: cannot("moto has no option for the date") for case in cases if case.as_of}
    requests = [_request(number, case) for number, case in enumerate(cases) if not case.as_of]
    with _server(programs, folder / "moto.log") as endpoint:
        done = subprocess.run(
            [str(programs / "python"), str(_SCRIPT), endpoint],
            input=json.dumps(requests),
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **_ENVIRONMENT},
        )
    if done.returncode != 0:
        raise NoAnswer(f"moto could not be run: {done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    return answers | {id: _answer(*each) for id, each in found.items()}


def _request(number: int, case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "bucket": f"case-{number}--use1-az4--x-s3" if case.directory else f"case-{number}",
        "config": case.config,
        "header": dict(case.header),
        "region": _REGION[case.partition],
        "versioning": case.versioning,
        "mfa_delete": case.bucket.get("mfa_delete"),
        "directory": case.directory,
    }


def _answer(verdict: str, said: str) -> Answer:
    match verdict:
        case "silent":
            return SILENT
        case "n/a":
            return cannot(said)
        case _:
            return refuses(said)


@contextmanager
def _server(programs: Path, log: Path) -> Iterator[str]:
    port = _free_port()
    command = [str(programs / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        endpoint = f"http://127.0.0.1:{port}"
        _wait_for(endpoint, process, log)
        yield endpoint
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_for(endpoint: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with build_opener(ProxyHandler({})).open(f"{endpoint}/moto-api/", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise NoAnswer(f"moto's server did not start: {log.read_text()[-2000:]}")
