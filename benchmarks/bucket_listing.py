"""`firnline inventory list` of a bucket whose keys are arithmetic, against boto3 listing it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, in_turn, processor_seconds
from benchmarks.memory import peak_memory

FEW, MANY = 100_000, 1_000_000
ROUNDS = 2
_SERVER = "benchmarks.synthetic_bucket"
_LIST = (
    "import boto3\n"
    "pages = boto3.client('s3').get_paginator('list_objects_v2')\n"
    "pages = pages.paginate(Bucket='objects-{count}')\n"
    "assert sum(len(page['Contents']) for page in pages) == {count}"
)


def measure() -> Iterator[Figure]:
    with TemporaryDirectory() as folder, _served() as environment:
        run = partial(_run, environment, folder)
        plain = [sys.executable, "-c", _LIST.format(count=FEW)]
        ours, theirs, ratio = in_turn(
            partial(run, _command(FEW)), partial(run, plain), ROUNDS, processor_seconds
        )
        yield Figure(f"{FEW:,} objects into an inventory, 12 requests at a time", ours, "s")
        yield Figure("  boto3's paginator, one at a time, nothing kept", theirs, "s")
        yield Figure("  ratio", ratio, "×", 1.0)
        few, many = (_memory(partial(run, _command(count))) for count in (FEW, MANY))
        yield Figure(f"memory for {FEW:,} objects", few, "MB")
        yield Figure(f"memory for {MANY:,} objects", many, "MB")
        yield Figure("  ratio", many / few, "×", 1.25)


def _command(count: int) -> list[str]:
    return [sys.executable, "-m", "firnline", "inventory", "list", f"objects-{count}"]


def _run(environment: dict[str, str], folder: str, command: Sequence[str]) -> None:
    quiet = subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=quiet, stderr=quiet, env=environment, cwd=folder)


def _memory(action: partial[None]) -> float:
    return peak_memory(action, without=_SERVER) / 1_000_000


@contextmanager
def _served() -> Iterator[dict[str, str]]:
    """The environment that leads to the bucket."""
    command = [sys.executable, "-m", _SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        try:
            yield {
                **os.environ,
                "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
                "AWS_ACCESS_KEY_ID": "any",
                "AWS_SECRET_ACCESS_KEY": "any",
                "AWS_REGION": "us-east-1",
                "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            }
        finally:
            server.kill()
