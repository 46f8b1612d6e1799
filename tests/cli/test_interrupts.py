"""An interrupt ends a command with 130, whenever it comes, and never with a traceback."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.policies import whole

GOOD = whole("retain: {tmp: {prefix: tmp/, delete_after: 7d}}")
# Until Python is up an interrupt is not ours, so the program tells when it begins.
_PROGRAM = """
import os, sys
from firnline.program import main
os.write(int(os.environ["BEGINS"]), b"!")
sys.exit(main())
"""


def moments(count: int) -> list[float]:
    """Seconds after the start, the same in every run."""
    some = random.Random(7)
    return [0.0, *(some.random() for _ in range(count - 1))]


def interrupted(
    after: float, *words: str, stdin: int = subprocess.PIPE
) -> subprocess.CompletedProcess[str]:
    while True:
        ran = _interrupted(after, words, stdin)
        if not _was_early(ran.stderr):
            return ran


def _was_early(told: str) -> bool:
    """Whether the interrupt came before the program was called, on a busy machine."""
    return (
        told.startswith("Traceback") and told.count("File ") == told.count('File "<string>"') == 1
    )


def _interrupted(
    after: float, words: Sequence[str], stdin: int
) -> subprocess.CompletedProcess[str]:
    begins, writes = os.pipe()
    running = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, *words],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "BEGINS": str(writes)},
        pass_fds=[writes],
    )
    os.close(writes)
    assert os.read(begins, 1) == b"!"
    os.close(begins)
    time.sleep(after)  # the moment is what is tested
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    return subprocess.CompletedProcess(running.args, running.returncode, out, err)


def assert_waiting_command_ends(after: float) -> None:
    ran = interrupted(after, "check", "-")
    assert (ran.returncode, ran.stdout, ran.stderr) == (130, "", "interrupted\n")


def assert_working_command_ends(after: float, folder: Path) -> None:
    """It has its whole answer, or says that it was interrupted."""
    ran = interrupted(after, "compile", str(folder), "--out", "s3-json")
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr
    # Python's last step is to give the signal back to the system, which ends it: 130 in a shell.
    if ran.returncode in (0, -signal.SIGINT):
        assert ran.stdout.endswith("}\n")
    else:
        assert ran.returncode == 130
        assert ran.stderr.endswith("interrupted\n")


@pytest.mark.parametrize("after", moments(8))
def test_a_command_that_waits_is_interrupted(after: float) -> None:
    assert_waiting_command_ends(after)


@pytest.mark.parametrize("after", moments(8))
def test_a_command_that_works_is_interrupted_or_has_ended(after: float, tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").write_text(GOOD)
    assert_working_command_ends(after, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_forty_more_moments_end_no_command_with_a_traceback(tmp_path: Path) -> None:
    """In the first half of a second: afterwards a command waits, or has ended."""
    (tmp_path / "lab.yaml").write_text(GOOD)
    early = [after / 2 for after in moments(48)[8:]]
    with ThreadPoolExecutor(4) as at_once:  # most of a moment is waiting
        judged = [
            *(at_once.submit(assert_waiting_command_ends, after) for after in early),
            *(at_once.submit(assert_working_command_ends, after, tmp_path) for after in early),
        ]
    for each in judged:
        each.result()


def test_whoever_interrupts_again_does_not_wait_for_the_end() -> None:
    begins = "import time\ntry:\n    time.sleep(60)\nfinally:\n    time.sleep(60)\n"
    program = (
        "import signal, sys; from firnline import program;"
        "sys.stderr.write('!'); sys.stderr.flush();"
        "signal.signal(signal.SIGINT, program._raise_once);"
        f"exec({begins!r})"
    )
    running = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)
    assert running.stderr is not None
    assert running.stderr.read(1) == "!"
    for _ in range(2):
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
    assert running.stderr.read() == "interrupted\n"
    assert running.wait(timeout=60) == 130


def test_where_interrupts_are_ignored_as_below_nohup_they_stay_ignored() -> None:
    check = "check - --today 2026-11-28"
    words = ["sh", "-c", f"trap '' INT; exec {sys.executable} -m firnline {check}"]
    running = subprocess.Popen(words, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(GOOD, timeout=60)
    assert (running.returncode, said) == (0, "nothing wrong in 1 policy, 1 retention, 1 bucket\n")
