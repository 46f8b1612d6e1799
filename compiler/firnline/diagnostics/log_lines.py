"""An output → the same, without what GitHub Actions would carry out that reads it in a log.

A value that a stranger wrote may look like a workflow command. The runner takes for one a line
that begins with `::` and a name, behind white space or not, and `##[` anywhere in a line
(actions/runner, src/Runner.Common/ActionCommand.cs).
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final, assert_never

_AT_START: Final = re.compile(r"^([^\S\n]*):(?=:[^:\s])", re.MULTILINE)
_ANYWHERE: Final = "##["


class Notation(Enum):
    """How an output writes a character otherwise, without another meaning."""

    WORDS = auto()
    JSON = auto()
    XML = auto()


def without_commands(text: str, notation: Notation) -> str:
    if "::" not in text and _ANYWHERE not in text:
        return text
    colon, sharp = _written(notation)
    text = _AT_START.sub(lambda match: match[1] + colon, text)
    return text.replace(_ANYWHERE, sharp + _ANYWHERE[1:])


def _written(notation: Notation) -> tuple[str, str]:
    """A colon and a sharp; words have the escapes of `visible`."""
    match notation:
        case Notation.WORDS:
            return "\\x3a", "\\x23"
        case Notation.JSON:
            return "\\u003a", "\\u0023"
        case Notation.XML:
            return "&#58;", "&#35;"
        case _:
            assert_never(notation)
