"""`make up`: two at once, and what it makes of the engine's words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox import walkthrough
from sandbox.paths import CHECKOUT
from sandbox.walkthrough import without_bad_advice

# As pulumi/pkg v3.250 says it, backend/diy/lock.go.
LOCKED = (
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to"
    " end or delete the lock file with `pulumi cancel`."
)
HELD = (
    "  file:///x/locks/organization/firnline/sandbox/cc32.json: created by root@vm (pid {pid}) at"
)
WAITS = """\
import sys
from pathlib import Path
from sandbox import walkthrough
walkthrough.LOCK_FILE = Path(sys.argv[1])
with walkthrough.alone():
    print("alone", flush=True)
    sys.stdin.readline()
"""


def start(lock: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WAITS, str(lock)],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_the_second_waits_for_the_first_and_says_for_whom(tmp_path: Path) -> None:
    lock = tmp_path / ".sandbox" / "lock"
    first = start(lock)
    assert next_line(first) == "alone"
    second = start(lock)
    try:
        waiting = next_line(second)
        assert waiting.startswith("→ waiting for another `make up` in this folder: process ")
        assert f"process {first.pid}, since " in waiting
        first.communicate("\n", timeout=60)
        assert next_line(second) == "alone"
    finally:
        second.communicate("\n", timeout=60)


def test_the_lock_of_one_that_was_killed_is_free(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    first = start(lock)
    assert next_line(first) == "alone"
    first.kill()
    first.communicate(timeout=60)
    second = start(lock)
    assert next_line(second) == "alone"
    second.communicate("\n", timeout=60)


def test_nobody_is_advised_to_cancel_a_deployment_that_runs() -> None:
    said = "\n".join(map(without_bad_advice, [LOCKED, HELD.format(pid=os.getpid())]))
    assert "pulumi cancel" not in said
    assert "the stack is currently locked by 1 lock(s)." in said
    assert "it still runs: wait until it has ended" in said


def test_the_lock_of_a_dead_one_may_be_taken_away() -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    said = "\n".join(map(without_bad_advice, [LOCKED, HELD.format(pid=dead.pid)]))
    assert "it has ended: `pulumi cancel --stack sandbox`" in said


def test_other_lines_stay() -> None:
    assert without_bad_advice("    + 18 created") == "    + 18 created"


def test_an_interrupt_is_told_after_the_command_has_ended(
    capfd: pytest.CaptureFixture[str],
) -> None:
    # The command interrupts us, as a terminal interrupts both, and then finishes its work.
    command = "import os, signal, time; os.kill(os.getppid(), signal.SIGINT); time.sleep(1); "
    with pytest.raises(KeyboardInterrupt):
        walkthrough.run_calmly([sys.executable, "-c", command + "print('finished')"])
    assert "finished" in capfd.readouterr().out


def test_what_make_up_ends_with_fits_a_terminal_of_80_columns() -> None:
    assert max(map(len, walkthrough.CLOSING.splitlines())) <= 80
