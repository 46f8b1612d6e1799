"""Parts → text: two spaces for each level, one after `:` and `,`, and no other text changed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from firnline.language.layout.parts import Block, Entry, Flow, Line, LineEnd, Part, Scalar

_STEP = 2
_BEFORE_COMMENT = 2
# Not after a backslash: `\ ` is an intended space.
_TRAILING = re.compile(r"(?<!\\)[ \t]+(?=\n)")


def to_text(document: Part) -> str:
    """The whole file, with `\\n` line ends."""
    page = _Page()
    assert isinstance(document, Block)
    if document.entries[0].name is None:
        (entry,) = document.entries
        page.lines(entry.above, 0)
        page.start(0)
        _Writer(page, entry, 0).value(entry.value)
        page.end(entry.end)
        page.lines(document.tail, 0)
    else:
        _block(page, document, 0, inline=False)
    return page.text()


class _Page:
    """The lines written so far. `must_break`: a comment ends the last of them."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._opened = True  # this list or map is still empty: no blank line
        self.must_break = False

    def text(self) -> str:
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return "\n".join(self._lines) + "\n"

    def open(self) -> None:
        self._opened = True

    def start(self, column: int) -> None:
        self._lines.append(" " * column)
        self._opened = self.must_break = False

    def add(self, text: str) -> None:
        self._lines[-1] += text

    def lines(self, lines: Iterable[Line], column: int) -> None:
        for line in lines:
            if line.text:
                self.start(0 if line.fixed else column)
                self.add(line.text)
            elif not self._opened and self._lines and self._lines[-1]:
                self._lines.append("")

    def end(self, comment: LineEnd | None) -> None:
        """A comment after the last addition, in its old column if there is room."""
        if comment is None:
            return
        written = self._lines[-1].rstrip(" ")
        indentation = len(written) - len(written.lstrip(" "))
        column = max(len(written) + _BEFORE_COMMENT, indentation + comment.offset)
        self._lines[-1] = written.ljust(column) + comment.text
        self._lines += [" " * column + text for text in comment.more]
        self.must_break = True


def _block(page: _Page, block: Block, column: int, *, inline: bool) -> None:
    """`inline`: the first entry is on the line of its dash."""
    if not inline:
        page.open()
        page.lines(block.top, column)
    for entry in block.entries:
        if not inline:
            page.lines(entry.above, column)
            page.start(column)
        inline = False
        _entry(page, entry, column, is_map=block.is_map)
    page.lines(block.tail, column)


def _entry(page: _Page, entry: Entry, column: int, *, is_map: bool) -> None:
    page.add(f"{entry.key}:" if is_map else "-")
    inner = column + _STEP
    page.end(entry.head.end)
    if isinstance(entry.value, Block):
        inline = not is_map and entry.head.end is None and _begins_at_once(entry.value)
        if inline:
            page.add(" ")
        _block(page, entry.value, inner, inline=inline)
        return
    _Writer(page, entry, column).head(entry, inner)
    _Writer(page, entry, column).value(entry.value)
    page.end(entry.end)


def _begins_at_once(block: Block) -> bool:
    """Whether there is no comment above its first entry."""
    return not any(line.text for line in (*block.top, *block.entries[0].above))


class _Writer:
    """Writes a value that may span lines: they keep their columns, counted from the entry."""

    def __init__(self, page: _Page, entry: Entry, column: int) -> None:
        self._page = page
        self._floor = column + 1
        self._shift = column - entry.column

    def head(self, entry: Entry, column: int) -> None:
        """What is between `key:` and its value."""
        comments = [line for line in entry.head.lines if line.text]
        if entry.head.broken:
            self._page.lines(comments, column)
            self._page.start(column)
        else:
            self._page.add(" ")

    def value(self, part: Part) -> None:
        match part:
            case Scalar():
                self._scalar(part)
            case Flow():
                self._flow(part)
            case Block():
                raise AssertionError("a block inside brackets")

    def _scalar(self, scalar: Scalar) -> None:
        if scalar.literal:
            lines = scalar.text.split("\n")
            self._page.add(lines[0].rstrip(" \t"))
            for line in lines[1:]:
                self._page.start(0)
                self._page.add(_shifted(line, self._shift, 0) if line.strip() else "")
            return
        first, *others = _TRAILING.sub("", scalar.text).split("\n")
        self._page.add(first)
        for line in others:
            self._page.start(0)
            self._page.add(_shifted(line, self._shift, self._floor))

    def _flow(self, flow: Flow) -> None:
        page = self._page
        page.add(flow.brackets[0])
        page.end(flow.opening)
        usual = self._usual(flow)
        for number, (entry, column) in enumerate(zip(flow.entries, flow.breaks, strict=True)):
            self._before(entry.above, column, usual, number)
            if entry.name is not None:
                page.add(f"{entry.key}:")
                page.end(entry.head.end)
                self.head(entry, self._moved(entry.value_column))
            self.value(entry.value)
            last = number == len(flow.entries) - 1
            if not last or (flow.comma and flow.closing is not None):
                page.add(",")
            page.end(entry.end)
        tail = [line for line in flow.tail if line.text]
        page.lines(tail, usual)
        if tail or flow.closing is not None or page.must_break:
            page.start(self._moved(flow.closing) if flow.closing is not None else usual)
        page.add(flow.brackets[1])

    def _before(self, above: tuple[Line, ...], column: int | None, usual: int, number: int) -> None:
        """What comes before an entry in brackets: a space, or a line's end and comments."""
        page = self._page
        comments = any(line.text for line in above)
        if column is None and not comments and not page.must_break:
            page.add(" " if number else "")
            return
        place = self._moved(column) if column is not None else usual
        while number == 0 and above and not above[0].text:
            above = above[1:]
        page.lines(above, place)
        page.start(place)

    def _usual(self, flow: Flow) -> int:
        """The column for a line that did not begin there before."""
        columns = [column for column in (*flow.breaks, flow.closing) if column is not None]
        return self._moved(columns[0]) if columns else self._floor + 1

    def _moved(self, column: int) -> int:
        return max(self._floor - 1, column + self._shift)


def _shifted(line: str, shift: int, floor: int) -> str:
    text = line.lstrip(" \t")
    return " " * max(floor, len(line) - len(text) + shift) + text
