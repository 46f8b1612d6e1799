"""`--fail-on`: from which level on do findings make a command fail, and with which exit code?"""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterable
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, Severity

ONLY_GATES: Final = 5
"""The exit code where nothing is wrong, but something waits for an approval."""
FAIL_ON: Final = {
    "error": (Severity.ERROR,),
    "gate": (Severity.ERROR, Severity.GATE),
    "warning": (Severity.ERROR, Severity.GATE, Severity.WARNING),
    "never": (),
}


def add_fail_on(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--fail-on",
        choices=tuple(FAIL_ON),
        default="gate",
        help="fail from this level on: with 1, or with 5 where only gates are open (default: gate)",
    )


def code_of(found: Iterable[Diagnostic], failing: Collection[Severity]) -> int:
    """1 wins over 5."""
    levels = {each.severity for each in found}.intersection(failing)
    if levels - {Severity.GATE}:
        return 1
    return ONLY_GATES if levels else 0
