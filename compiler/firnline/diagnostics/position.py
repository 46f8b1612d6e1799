"""What does a diagnostic point at: a span of a file, a bucket, or an object?"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import assert_never


class Source:
    """The text of one file and the path that people know it by; equal only to itself.

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
        """Where a line (from 1) begins; a missing line begins at the end."""
        starts = self._line_starts
        return starts[line - 1] if line <= len(starts) else len(self.text)

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its end."""
        start = self._line_starts[number - 1]
        after = self._line_starts[number] if number < len(self._line_starts) else None
        return self.text[start:after].rstrip("\r\n")

    def whole(self) -> Span:
        """The place of a mistake that concerns the whole file."""
        return Span(self, 0, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """The characters from `start` up to, not including, `end`.

    `named` is what a value of a generated file is called, such as `expiration.days`: such a file
    may be one line, in which a column says nothing.
    """

    source: Source
    start: int
    end: int
    named: str = field(default="", compare=False)

    @property
    def path(self) -> str:
        return self.source.path

    @property
    def line(self) -> int:
        return self.source.place(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.place(self.start)[1]

    @property
    def first_line(self) -> Span:
        """Of a span of several lines the part on the first one."""
        end = self.source.text.find("\n", self.start, self.end)
        return Span(self.source, self.start, end if end >= 0 else self.end)

    def __str__(self) -> str:
        if not self.source.text:
            return self.path
        return f"{self.path}:{self.line}:{self.column}"


def whole_file(path: str) -> Span:
    """The place of a file as a whole, without its text."""
    return Source(path, "").whole()


@dataclass(frozen=True, slots=True)
class BucketPlace:
    """A bucket itself, in its account, not its name in a file."""

    bucket: str
    account_id: str | None = None

    def __str__(self) -> str:
        return f"s3://{self.bucket}{_in_account(self.account_id)}"


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """An object, or one version of it."""

    bucket: str
    key: str
    version_id: str | None = None
    account_id: str | None = None

    def __str__(self) -> str:
        version = f" version {self.version_id}" if self.version_id is not None else ""
        return f"s3://{self.bucket}/{self.key}{version}{_in_account(self.account_id)}"


Place = Span | BucketPlace | ObjectPlace


def sort_key(place: Place) -> tuple[str, int, int]:
    """Files by path and place; a bucket comes before its objects."""
    match place:
        case Span():
            return place.path, place.start, place.end
        case BucketPlace() | ObjectPlace():
            return str(place), 0, 0
        case _:
            assert_never(place)


def path_of(place: Place) -> str | None:
    """The file that a place is in."""
    match place:
        case Span():
            return place.path
        case BucketPlace() | ObjectPlace():
            return None
        case _:
            assert_never(place)


def _in_account(account_id: str | None) -> str:
    return f" (account {account_id})" if account_id is not None else ""
