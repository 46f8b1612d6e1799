"""Why a command ends without an answer."""

from __future__ import annotations


class CommandFailed(Exception):
    """The text says why, and `code` is the exit code."""

    def __init__(self, text: str, code: int = 2) -> None:
        super().__init__(text)
        self.code = code
