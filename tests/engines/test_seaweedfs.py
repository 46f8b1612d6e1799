"""How the server is started and stopped, with a small script in its place."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.engines import seaweedfs as seaweedfs_module
from tests.engines.seaweedfs import EngineFailed, seaweedfs

SERVER = """#!{python}
import pathlib, socket, sys, time
if sys.argv[1] == "shell":
    for line in sys.stdin:
        print(line.strip(), flush=True)
        if "run-shard" in line:
            print({answer!r}, flush=True)
    sys.exit()
pathlib.Path({seen!r}).write_text(f"{{__import__('os').getpid()}} {{' '.join(sys.argv)}}")
{dies}
options = dict(each.split("=") for each in sys.argv if "=" in each)
port, grpc = options["-s3.port"], options["-master.port.grpc"]
pathlib.Path(f"/tmp/seaweedfs-master-grpc-{{grpc}}.sock").touch()
with socket.create_server(("127.0.0.1", int(port))):
    time.sleep(60)
"""


@pytest.fixture
def seen(tmp_path: Path) -> Path:
    """The server's process ID, and what it was called with."""
    return tmp_path / "seen"


def script(
    tmp_path: Path, seen: Path, answer: str = "cursors checkpointed", dies: str = ""
) -> Path:
    binary = tmp_path / "weed"
    text = SERVER.format(python=sys.executable, answer=answer, seen=str(seen), dies=dies)
    binary.write_text(text, encoding="utf-8")
    binary.chmod(0o755)
    return binary


def is_running(seen: Path) -> bool:
    try:
        os.kill(int(seen.read_text(encoding="utf-8").split()[0]), 0)
    except ProcessLookupError:
        return False
    return True


def option(seen: Path, name: str) -> str:
    words = seen.read_text(encoding="utf-8").split()
    return next(each for each in words if each.startswith(f"{name}=")).removeprefix(f"{name}=")


def data_folder(seen: Path) -> Path:
    return Path(option(seen, "-dir"))


def socket_of(seen: Path) -> Path:
    return Path(f"/tmp/seaweedfs-master-grpc-{option(seen, '-master.port.grpc')}.sock")


def test_the_server_ends_with_its_use_and_leaves_no_data(tmp_path: Path, seen: Path) -> None:
    with seaweedfs(script(tmp_path, seen)) as server:
        server.run_lifecycle()
        assert is_running(seen)
        assert data_folder(seen).is_dir()
        assert socket_of(seen).exists()
    assert not is_running(seen)
    assert not data_folder(seen).exists()
    assert not socket_of(seen).exists()


def test_an_interruption_ends_the_server(tmp_path: Path, seen: Path) -> None:
    with pytest.raises(KeyboardInterrupt), seaweedfs(script(tmp_path, seen)):
        raise KeyboardInterrupt
    assert not is_running(seen)
    assert not data_folder(seen).exists()


def test_the_server_listens_on_loopback_and_reports_to_nobody(tmp_path: Path, seen: Path) -> None:
    with seaweedfs(script(tmp_path, seen)):
        words = seen.read_text(encoding="utf-8").split()
    assert {"-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false"} <= set(words)


def test_a_server_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path, seen: Path) -> None:
    dies = "sys.exit('no space left on device')"
    with (
        pytest.raises(EngineFailed, match="no space left"),
        seaweedfs(script(tmp_path, seen, dies=dies)),
    ):
        pass


def test_a_pass_that_does_not_end_is_given_up(
    tmp_path: Path, seen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seaweedfs_module, "_PASS_WITHIN", 0.2)
    with (
        seaweedfs(script(tmp_path, seen, answer="running")) as server,
        pytest.raises(EngineFailed, match=r"more than 0\.2 s"),
    ):
        server.run_lifecycle()


def test_a_pass_that_fails_is_no_pass(tmp_path: Path, seen: Path) -> None:
    binary = script(tmp_path, seen, answer="error: daily_run: shard=3")
    with seaweedfs(binary) as server, pytest.raises(EngineFailed, match="shard=3"):
        server.run_lifecycle()
    assert not is_running(seen)
