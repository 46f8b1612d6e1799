"""A DynamoDB table to the lines of a references file: of moto, and of 1,000,000 items of a fake."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.figure import Figure

OF_MOTO = 100_000
OF_THE_FAKE = 1_000_000
_FEW = 100_000
_MODULE = "benchmarks.dynamodb_table"
_MOST_MEMORY = 200
_GROWTH = 1.25


def measure(items: int = OF_THE_FAKE) -> Iterator[Figure]:
    with _served(OF_MOTO) as port:
        moto = read("moto", port)
    yield Figure(f"{OF_MOTO:,} items of moto, over HTTP", moto["processor"], "s")
    yield Figure("  memory", moto["bytes"] / 1e6, "MB", _MOST_MEMORY)
    few, many = (read("fake", str(count)) for count in (_FEW, items))
    yield Figure(f"{_FEW:,} items of the paging fake", few["processor"], "s")
    yield Figure(f"{items:,} items of the paging fake", many["processor"], "s")
    each = many["processor"] / many["items"] / (few["processor"] / few["items"])
    yield Figure("  per item, against the few", each, "×", _GROWTH)
    yield Figure("  memory", many["bytes"] / 1e6, "MB", _MOST_MEMORY)
    yield Figure("  memory, against the few", many["bytes"] / few["bytes"], "×", _GROWTH)


def read(table: str, which: str) -> dict[str, float]:
    """In a process of its own, of which the memory is told."""
    command = [sys.executable, "-m", _MODULE, "read", table, which]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


@contextmanager
def _served(items: int) -> Iterator[str]:
    """The port of moto's server, which has the table."""
    command = [sys.executable, "-m", _MODULE, "serve", str(items)]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()
