"""The tests pass wherever they run: what a machine may lack or do otherwise, they arrange."""

from __future__ import annotations

import subprocess
import sys

from sandbox.paths import CHECKOUT

STARTS_A_COMMAND_AND_INTERRUPTS_IT = (
    "tests/cli/test_commands.py::test_an_interrupted_command_says_so_and_exits_with_130"
)


def test_commands_can_be_interrupted_where_the_tests_run_under_an_ignored_interrupt() -> None:
    pytest = f"{sys.executable} -m pytest -q -p no:cacheprovider"
    ran = subprocess.run(
        ["bash", "-c", f"trap '' INT; {pytest} {STARTS_A_COMMAND_AND_INTERRUPTS_IT}"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
