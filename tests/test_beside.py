"""What runs beside the tests must pass as well, and is told once they are over."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("beside", "tests", "code"),
    [("true", "true", 0), ("exit 3", "true", 3), ("true", "exit 4", 4), ("exit 3", "exit 4", 4)],
)
def test_both_must_pass_and_both_are_told(beside: str, tests: str, code: int) -> None:
    words = [sys.executable, "-m", "tests.beside", f"echo types; {beside}"]
    ran = subprocess.run(
        [*words, "sh", "-c", f"echo tested; {tests}"], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (code, "tested\ntypes\n")
