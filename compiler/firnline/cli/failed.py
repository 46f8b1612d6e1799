"""Why a command ends without an answer."""

from __future__ import annotations

from typing import Final

_WRONG_USE: Final = 2


class CommandFailed(Exception):
    """The text says why, and `code` is the exit code."""

    def __init__(self, text: str, code: int = _WRONG_USE) -> None:
        super().__init__(text)
        self.code = code


def code_of(why: Exception) -> int:
    """The exit code of a command that ended so; other exceptions mean wrong use."""
    return why.code if isinstance(why, CommandFailed) else _WRONG_USE
