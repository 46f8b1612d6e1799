"""`--fail-on`: from which level on do findings make a command exit with 1?"""

from __future__ import annotations

import argparse
from typing import Final

from firnline.diagnostics.kinds import Severity

FAIL_ON: Final = {
    "error": (Severity.ERROR,),
    "warning": (Severity.ERROR, Severity.WARNING),
    "never": (),
}


def add_fail_on(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--fail-on",
        choices=tuple(FAIL_ON),
        default="error",
        help="exit with 1 from this level on (default: error)",
    )
