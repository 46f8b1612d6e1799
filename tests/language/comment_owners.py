"""Which entry does each comment of a file stand at? For files whose entries are all distinct."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from firnline.diagnostics.position import Source
from firnline.language.layout.parse import Parser
from firnline.language.layout.parts import Block, Entry, Line, Part, Scalar
from firnline.language.yaml_tree import TreeBuilder

Owner = tuple[str, str, tuple[str, ...]]


def owners(text: str) -> Counter[Owner]:
    """Each comment with where it stands: above or behind an entry, or first or last in a map."""
    root = TreeBuilder(Source("", text)).build()
    assert root is not None
    return Counter(_of(Parser(text).document(root), ()))


def _of(part: Part, path: tuple[str, ...]) -> Iterator[Owner]:
    if isinstance(part, Scalar):
        return
    first = (*path, part.entries[0].name or "0") if part.entries else path
    if isinstance(part, Block):
        yield from _lines(part.top, "above", first)
    elif part.opening:
        yield part.opening.text, "behind", path
    for number, entry in enumerate(part.entries):
        yield from _entry(entry, (*path, entry.name or str(number)))
    yield from _lines(part.tail, "last in", path)


def _entry(entry: Entry, path: tuple[str, ...]) -> Iterator[Owner]:
    yield from _lines(entry.above, "above", path)
    for end in (entry.head.end, entry.end):
        if end is not None:
            yield from ((text, "behind", path) for text in (end.text, *end.more))
    yield from _lines(entry.head.lines, "before the value of", path)
    yield from _of(entry.value, path)


def _lines(lines: tuple[Line, ...], place: str, path: tuple[str, ...]) -> Iterator[Owner]:
    yield from ((line.text, place, path) for line in lines if line.text)
