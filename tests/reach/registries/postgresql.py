"""A real PostgreSQL for slow tests: its programs come from a pinned package."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.install import postgresql

PASSWORD = "s3cr3t-of-the-database"
_UNPRIVILEGED = "nobody"
"""PostgreSQL refuses to run as root."""


@contextmanager
def served() -> Iterator[str]:
    """The URL of a database, with its password."""
    commands, port = postgresql(), _free_port()
    folder = Path(tempfile.mkdtemp(prefix="firnline-postgresql-"))
    try:
        (folder / "password").write_text(PASSWORD)
        as_user = _not_as_root(folder)
        data = str(folder / "data")
        initialise = ["-D", data, "-U", "firnline", "--auth=scram-sha-256", "--no-sync"]
        _run([commands / "initdb", *initialise, f"--pwfile={folder / 'password'}"], as_user)
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        )
        start = ["-D", data, "-w", "-l", str(folder / "log"), "-o", options]
        _run([commands / "pg_ctl", "start", *start], as_user)
        try:
            yield f"postgresql+psycopg://firnline:{PASSWORD}@127.0.0.1:{port}/postgres"
        finally:
            _run([commands / "pg_ctl", "stop", "-D", data, "-m", "immediate", "-w"], as_user)
    finally:
        shutil.rmtree(folder)


def _run(words: list[Any], as_user: dict[str, Any]) -> None:
    ran = subprocess.run(
        [str(each) for each in words],
        stdout=subprocess.DEVNULL,  # which the server inherits: a pipe would stay open
        stderr=subprocess.DEVNULL,
        cwd="/",
        check=False,
        **as_user,
    )
    assert ran.returncode == 0, words


def _not_as_root(folder: Path) -> dict[str, Any]:
    if os.geteuid():
        return {}
    for each in (folder, folder / "password"):
        shutil.chown(each, _UNPRIVILEGED)
    return {"user": _UNPRIVILEGED, "group": "nogroup", "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])
