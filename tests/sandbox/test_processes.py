"""A process is known by its number and its start, however the system tells them."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from sandbox import processes
from sandbox.processes import end_process, process_start


@pytest.fixture
def child() -> Iterator["subprocess.Popen[bytes]"]:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield child
    child.kill()
    child.communicate()


def test_a_process_keeps_its_start_and_an_ended_one_has_none(
    child: "subprocess.Popen[bytes]",
) -> None:
    start = process_start(child.pid)
    assert start is not None
    assert process_start(child.pid) == start
    assert end_process(child.pid, start)
    assert process_start(child.pid) is None  # though nobody has waited for it yet
    assert not end_process(child.pid, start)


def test_another_start_means_another_process(child: "subprocess.Popen[bytes]") -> None:
    assert not end_process(child.pid, "another")
    assert child.poll() is None


def test_ps_tells_it_too_where_there_is_no_proc(child: "subprocess.Popen[bytes]") -> None:
    start = processes._start_by_ps(child.pid)
    assert start
    assert start == processes._start_by_ps(child.pid)
    child.kill()
    assert os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert processes._start_by_ps(child.pid) is None
