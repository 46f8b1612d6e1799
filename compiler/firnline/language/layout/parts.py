"""The pieces a file is made of, each with the comments that belong to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line of its own between two tokens: a comment, or a blank one where `text` is empty.

    `fixed`: it stays in the first column, as a `---` does, and an entry that an editor has
    commented out, which would otherwise come back on another column.
    """

    text: str
    column: int
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class LineEnd:
    """A comment after a token, and the lines below that continue it in the same column.

    `offset` is counted from the indentation of its line.
    """

    text: str
    offset: int
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Everything between two tokens; `broken` where the second is not on the first's line."""

    end: LineEnd | None
    lines: tuple[Line, ...]
    broken: bool


@dataclass(frozen=True, slots=True)
class Scalar:
    """As written, quotes and all. `literal`: a block scalar, whose lines move together."""

    text: str
    literal: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """`key: value`, or an item of a list, with the comments above it and at its end.

    `name` is what the key says, `key` how it is written; an item has neither. `head` is what is
    between the key and the value, `value_column` where the value began.
    """

    above: tuple[Line, ...]
    name: str | None
    key: str
    column: int
    head: Gap
    value: Part
    value_column: int
    end: LineEnd | None


@dataclass(frozen=True, slots=True)
class Flow:
    """A list or map in brackets. `breaks`: for each place in it the column at which a line begins
    there, if one does; places keep their breaks when entries change places."""

    brackets: str
    opening: LineEnd | None
    entries: tuple[Entry, ...]
    breaks: tuple[int | None, ...]
    tail: tuple[Line, ...]
    closing: int | None
    comma: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A list or map by indentation. `top` and `tail` are comments of no entry."""

    is_map: bool
    top: tuple[Line, ...]
    entries: tuple[Entry, ...]
    tail: tuple[Line, ...]


Part = Scalar | Flow | Block
