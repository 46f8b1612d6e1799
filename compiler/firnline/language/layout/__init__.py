"""How a file is laid out: text → the same text in canonical order and spacing.

Nothing is generated from data: keys, values and comments are pieces of the original text, put in
another order and into other columns (docs/decisions/fmt.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.diagnostics.position import Source
from firnline.language.layout.order import in_order
from firnline.language.layout.parse import NotLaidOut, Parser
from firnline.language.layout.render import to_text
from firnline.language.nodes import Node, to_data
from firnline.language.schemas import FileKind, schema
from firnline.language.shape import check_shape, kind_of
from firnline.language.syntax import Content, read
from firnline.language.yaml_tree import TreeBuilder

_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Formatted:
    """Both texts, complete with line ends and byte-order mark; equal where nothing is to be done.
    `left_alone` says why a valid file is not formatted.
    """

    before: str
    after: str
    left_alone: str | None = None

    @property
    def changed(self) -> bool:
        return self.before != self.after


def format_file(content: Content, path: str) -> Formatted | tuple[Diagnostic, ...]:
    """The file in canonical order and spacing, or the errors of syntax and shape that forbid it."""
    root, found = read(content, path)
    if root is None or has_errors(found):
        return found
    kind, found = kind_of(root)
    if kind is None:
        return found
    _, _, found = check_shape(root, kind)
    if has_errors(found):
        return found
    assert isinstance(content, bytes)
    before = content.decode("utf-8")
    if kind is FileKind.LOCK:
        return Formatted(before, before)
    mark = _MARK if before.startswith(_MARK) else ""
    first_line = before.partition("\n")[0]
    try:
        text = format_text(before.removeprefix(_MARK).replace("\r\n", "\n"), kind)
    except NotLaidOut as reason:
        return Formatted(before, before, str(reason))
    if first_line.endswith("\r"):
        text = text.replace("\n", "\r\n")
    return Formatted(before, mark + text)


def format_text(text: str, kind: FileKind) -> str:
    """For a text without errors and with `\\n` line ends; raises `NotLaidOut`."""
    root = _tree(text)
    parser = Parser(text)
    formatted = to_text(in_order(parser.document(root), schema(kind)))
    again = Parser(formatted)
    same = _tree(formatted)
    again.document(same)
    assert to_data(same) == to_data(root), "formatting would change what the file says"
    assert sorted(again.comments) == sorted(parser.comments), "formatting would lose a comment"
    return formatted


def _tree(text: str) -> Node:
    builder = TreeBuilder(Source("", text))
    root = builder.build()
    assert root is not None, builder.found
    assert not builder.found, builder.found
    return root
