"""A stand-in as a process: its first line, and how it ends."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import wait_for

BIN = Path(__file__).resolve().parents[3] / "sandbox" / "engine" / "bin"
SHIMS = [BIN / "language" / "pulumi-language-python", BIN / "provider" / "pulumi-resource-aws"]


@pytest.fixture(params=SHIMS, ids=lambda shim: shim.name)
def plugin(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [str(request.param)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        yield started
        started.kill()


def test_the_first_line_is_the_port(plugin: subprocess.Popen[str]) -> None:
    assert plugin.stdout is not None
    assert 0 < int(plugin.stdout.readline()) < 65536


def test_an_interrupt_ends_it_silently(plugin: subprocess.Popen[str]) -> None:
    assert plugin.stdout is not None
    plugin.stdout.readline()
    os.kill(plugin.pid, signal.SIGINT)
    said, complained = plugin.communicate(timeout=60)
    assert (plugin.returncode, said, complained) == (0, "", "")


def test_it_ends_when_the_one_who_started_it_is_gone(tmp_path: Path) -> None:
    """A shell starts it in the background and goes away: nobody sends a signal."""
    script = f'"{SHIMS[1]}" > port & echo $!; while [ ! -s port ]; do sleep 0.05; done'
    started = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
        timeout=60,
    )
    wait_until_gone(int(started.stdout))


def wait_until_gone(pid: int) -> None:
    wait_for(lambda: _is_gone(pid), f"process {pid} is still there", seconds=60)


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and ") Z" in status.read_text(encoding="utf-8")
