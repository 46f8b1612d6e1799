"""Text and its nodes → parts: which comment belongs to what?

- A comment at a line's end belongs to the item that ends there, and so do lines below it in its
  column.
- A comment on a line of its own belongs to the entry below it.
- Where it is indented more than what comes next, it ends the list or map whose column it has.
- Above the first entry of a map, what a blank line sets apart belongs to the map.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from firnline.language.layout.parts import Block, Entry, Flow, Gap, Line, LineEnd, Part, Scalar
from firnline.language.nodes import List, Map, Node, Text

_MARKER = re.compile(r"(?:---|\.\.\.)(?=\s|\Z)")
_BLANK_END = re.compile(r"(?:\n[ \t]*)+\Z")


class NotLaidOut(Exception):
    """The file uses a valid but rare spelling of YAML, so it is left as it is."""


class Parser:
    """`comments`: every comment met so far, with nothing after it."""

    def __init__(self, text: str) -> None:
        self.comments: list[str] = []
        self._text = text
        self._at = 0
        self._lines: tuple[Line, ...] = ()  # above the next token, not assigned yet

    def document(self, root: Node) -> Part:
        gap = self._gap()
        self._lines = gap.lines
        if _is_block(self._text, self._at, root):
            return self._block(root)
        # A file in braces: comments around it are those of a block with one entry without key.
        above, column = gap.lines, self._column(self._at)
        value = self._inline(root)
        after = self._gap()
        nothing = Gap(None, (), False)
        entry = Entry(above, None, "", column, nothing, value, column, after.end)
        return self._ended(Block(True, (), (entry,), after.lines))

    def _block(self, node: Node, outer: int = -1) -> Block:
        column = self._column(self._at)
        is_map = isinstance(node, Map)
        entries = tuple(self._entry(key, value) for key, value in _children(node))
        top: tuple[Line, ...] = ()
        if is_map and entries:
            top, above = _set_apart(entries[0].above)
            entries = (replace(entries[0], above=above), *entries[1:])
        following = self._column(self._at) if self._at < len(self._text) else -1
        # A list may be in the same column as the map that contains it: what ends there ends the
        # map.
        floor = max(column, outer + 1)
        count = 0
        for number, line in enumerate(self._lines, 1):
            if line.text and (line.column < floor or line.column <= following):
                break
            count = number if line.text else count
        tail, self._lines = self._lines[:count], self._lines[count:]
        block = Block(is_map, top, entries, tail)
        return self._ended(block) if following < 0 and column == 0 else block

    def _ended(self, block: Block) -> Block:
        if self._at < len(self._text):
            raise NotLaidOut("something follows its end")
        return block

    def _entry(self, key: Text | None, value: Node) -> Entry:
        """An entry of a block; the lines below it are left in `_lines`."""
        above, column = self._lines, self._column(self._at)
        written = self._key(key)
        head = self._gap()
        value_column = self._column(self._at)
        name = key.value if key else None
        if _is_block(self._text, self._at, value):
            self._lines = head.lines
            head = replace(head, lines=())
            block = self._block(value, column)
            return Entry(above, name, written, column, head, block, value_column, None)
        part = self._inline(value)
        after = self._gap()
        self._lines = after.lines
        return Entry(above, name, written, column, head, part, value_column, after.end)

    def _key(self, key: Text | None) -> str:
        """Steps over `key:` or over the dash of an item."""
        if key is None:
            self._expect("-")
            return ""
        if self._at != key.span.start:
            raise NotLaidOut("a key begins with `? `")
        self._at = key.span.end
        while self._text[self._at : self._at + 1] in (" ", "\t"):
            self._at += 1
        self._expect(":")
        return self._text[key.span.start : key.span.end]

    def _inline(self, node: Node) -> Part:
        if not isinstance(node, Text):
            return self._flow(node)
        if node.empty or self._at != node.span.start:
            raise NotLaidOut("a value is left empty")
        text = self._text[node.span.start : node.span.end]
        literal = text[0] in "|>"
        if literal:
            # What follows the last line is no part of it; its own blanks are.
            text = _BLANK_END.sub("", text)
        self._at += len(text)
        return Scalar(text, literal)

    def _flow(self, node: Node) -> Flow:
        brackets = "{}" if isinstance(node, Map) else "[]"
        self._expect(brackets[0])
        gap = self._gap()
        opening = gap.end
        entries: list[Entry] = []
        breaks: list[int | None] = []
        comma = False
        for key, value in _children(node):
            breaks.append(self._column(self._at) if gap.broken else None)
            entry = self._flow_entry(key, value, gap.lines)
            gap = self._gap()
            comma = self._text[self._at : self._at + 1] == ","
            if comma:
                self._at += 1
                gap = _joined(gap, self._gap(), self._column(self._at))
            entries.append(replace(entry, end=gap.end))
        closing = self._column(self._at) if gap.broken else None
        self._expect(brackets[1])
        return Flow(brackets, opening, tuple(entries), tuple(breaks), gap.lines, closing, comma)

    def _flow_entry(self, key: Text | None, value: Node, above: tuple[Line, ...]) -> Entry:
        column, name, written, head = self._column(self._at), None, "", Gap(None, (), False)
        if key is not None:
            name, written = key.value, self._key(key)
            head = self._gap()
        value_column = self._column(self._at)
        return Entry(above, name, written, column, head, self._inline(value), value_column, None)

    def _gap(self) -> Gap:
        """Steps to the next token."""
        text, length = self._text, len(self._text)
        end: Line | None = None
        indentation = self._indentation(self._at)
        lines: list[Line] = []
        broken = blank = self._at == 0
        while True:
            while self._at < length and text[self._at] in " \t":
                self._at += 1
            if self._at < length and text[self._at] == "\n":
                if broken and blank:
                    lines.append(Line("", 0))
                broken = blank = True
                self._at += 1
            elif (comment := self._comment()) is None:
                break
            elif broken:
                lines.append(comment)
                blank = False
            else:
                end = comment
        following = self._column(self._at) if self._at < length else -1
        lines = [
            replace(line, fixed=True) if line.column == 0 < following else line for line in lines
        ]
        if end is None:
            return Gap(None, tuple(lines), broken)
        more = 0
        if end.column != following:
            # The lines directly below a comment at a line's end, in its column, continue it.
            while more < len(lines) and lines[more].text and lines[more].column == end.column:
                more += 1
        continued = tuple(line.text for line in lines[:more])
        at_end = LineEnd(end.text, end.column - indentation, continued)
        return Gap(at_end, tuple(lines[more:]), broken)

    def _comment(self) -> Line | None:
        """Steps to the end of the line, if a comment or a document's mark begins here."""
        text, start = self._text, self._at
        marker = self._column(start) == 0 and _MARKER.match(text, start) is not None
        if not marker and text[start : start + 1] != "#":
            return None
        stop = text.find("\n", start)
        self._at = stop if stop >= 0 else len(text)
        written = text[start : self._at].rstrip(" \t")
        if marker and written[3:].strip()[:1] not in ("", "#"):
            raise NotLaidOut("the first key stands behind `---`")
        self.comments.append(written)
        return Line(written, self._column(start), marker)

    def _expect(self, sign: str) -> None:
        if self._text[self._at : self._at + 1] != sign:
            raise NotLaidOut(f"a `{sign}` is left out")
        self._at += 1

    def _column(self, index: int) -> int:
        return index - self._text.rfind("\n", 0, index) - 1

    def _indentation(self, index: int) -> int:
        """The indentation of the line that contains the character."""
        start = self._text.rfind("\n", 0, index) + 1
        end = start
        while self._text[end : end + 1] in (" ", "\t"):
            end += 1
        return end - start


def _is_block(text: str, at: int, node: Node) -> bool:
    return not isinstance(node, Text) and text[at : at + 1] not in ("[", "{")


def _children(node: Node) -> Iterable[tuple[Text | None, Node]]:
    match node:
        case Map():
            yield from node.entries
        case List():
            for item in node.items:
                yield None, item
        case Text():
            pass
        case _:
            assert_never(node)


def _set_apart(above: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Splits comments into those of the map and those of its first entry."""
    count = 0
    for number, line in enumerate(above, 1):
        if line.text[:3] in ("---", "...") or (
            not line.text and any(each.text for each in above[:number])
        ):
            count = number
    return above[:count], above[count:]


def _joined(before: Gap, after: Gap, column: int) -> Gap:
    """The gaps before and after a comma, as if it were directly after its entry."""
    lines = before.lines
    if before.end and after.end:
        texts = (after.end.text, *after.end.more)
        lines = (*lines, *(Line(text, column) for text in texts))
    return Gap(before.end or after.end, (*lines, *after.lines), before.broken or after.broken)
