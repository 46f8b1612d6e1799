"""Where in which file is something written?"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


class Source:
    """The text of one file under the path by which people know it; equal only to itself.

    Lines end at `\\n` alone, as git and GitHub count them: libyaml would also break at U+0085 and
    U+2028, so its line numbers are never used.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    def __repr__(self) -> str:
        return f"Source({self.path!r}, {len(self.text)} characters)"

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def place(self, index: int) -> tuple[int, int]:
        """Line and column of a character, both from 1."""
        line = bisect_right(self._line_starts, index)
        return line, index - self._line_starts[line - 1] + 1

    def start_of(self, line: int) -> int:
        """Where a line (from 1) begins; one that is not there begins at the end."""
        starts = self._line_starts
        return starts[line - 1] if line <= len(starts) else len(self.text)

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its end."""
        start = self._line_starts[number - 1]
        after = self._line_starts[number] if number < len(self._line_starts) else None
        return self.text[start:after].rstrip("\r\n")

    def whole(self) -> Span:
        """The place of a mistake that concerns the file and no line of it."""
        return Span(self, 0, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """The characters from `start` up to, not including, `end`."""

    source: Source
    start: int
    end: int

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def line(self) -> int:
        return self.source.place(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.place(self.start)[1]

    def __str__(self) -> str:
        if not self.source.text:
            return self.path
        return f"{self.path}:{self.line}:{self.column}"


def unplaced(subject: str) -> Span:
    """The place of something that stands in no file, such as a live bucket; `subject` names it."""
    return Source(subject, "").whole()
