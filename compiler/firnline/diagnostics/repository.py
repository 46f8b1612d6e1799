"""Where in its repository is a file that a command was given? As forges name it, from the top."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repository:
    """`top` is the absolute path of its folder, and `here` that of the folder in which relative
    paths start. `instead` is the file in which a finding is shown that is in none, such as one
    about a bucket. `revision` is how the paths of files of a git revision begin.
    """

    top: str
    here: str
    instead: str
    revision: str = ""

    def path(self, path: str) -> str | None:
        """From the top; None for standard input, and for what is outside of the repository."""
        if path == "<stdin>":
            return None
        whole = posixpath.normpath(posixpath.join(self.here, path.removeprefix(self.revision)))
        top = self.top.rstrip("/") + "/"
        return whole.removeprefix(top) if whole.startswith(top) else None
