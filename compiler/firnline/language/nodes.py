"""A YAML file as it was written: text, lists and maps, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from firnline.diagnostics.position import Span

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar. Always text: `no`, `012345670123` and `1:30` stay as written."""

    span: Span
    value: str
    empty: bool = False  # nothing was written, not even quotes


@dataclass(frozen=True, slots=True)
class List:
    span: Span
    items: tuple[Node, ...]


class Map:
    """Keys are unique; lookups do not walk the entries, as a file may have ten thousand.

    It records which of its keys have been read, so that no key that the schema allows is ignored.
    """

    __slots__ = ("_by_key", "_read", "entries", "span")

    def __init__(self, span: Span, entries: tuple[tuple[Text, Node], ...]) -> None:
        self.span = span
        self.entries = entries
        self._by_key = {key.value: (key, value) for key, value in entries}
        self._read: set[str] = set()

    def get(self, key: str) -> Node | None:
        if key not in self._by_key:
            return None
        self._read.add(key)
        return self._by_key[key][1]

    def read_all(self) -> tuple[tuple[Text, Node], ...]:
        """The entries of a map with freely chosen names as keys."""
        self._read.update(self._by_key)
        return self.entries

    def leave(self, *keys: str) -> None:
        """Marks keys that need no reading: they are for people, or were read elsewhere."""
        self._read.update(keys)

    def unread(self) -> Iterator[Text]:
        """The keys that were not read, here and in the values that were."""
        for key, value in self.entries:
            if key.value not in self._read:
                yield key
            else:
                yield from _unread(value)

    def key(self, key: str) -> Text | None:
        return self._by_key[key][0] if key in self._by_key else None


Node = Text | List | Map


def to_data(node: Node) -> Any:
    """The node as plain JSON data, for the schema; what was left empty is `None`."""
    match node:
        case Text():
            return None if node.empty else node.value
        case List():
            return [to_data(item) for item in node.items]
        case Map():
            return {key.value: to_data(value) for key, value in node.entries}


def at(node: Node, path: Path) -> Node:
    """The node that a path of keys and indices leads to."""
    for step in path:
        if isinstance(node, Map):
            found = node.get(str(step))
            assert found is not None, path
            node = found
        elif isinstance(node, List):
            node = node.items[int(step)]
    return node


def without(node: Node, paths: Iterable[Path]) -> Node:
    """The same tree without the entries and items that the paths lead to."""
    below: dict[str | int, list[Path]] = {}
    for first, *rest in paths:
        below.setdefault(first, []).append(tuple(rest))
    if not below:
        return node
    if isinstance(node, Map):
        kept = [(key, value, below.get(key.value, [])) for key, value in node.entries]
        return Map(
            node.span,
            tuple((key, without(value, deeper)) for key, value, deeper in kept if () not in deeper),
        )
    if isinstance(node, List):
        items = [(item, below.get(index, [])) for index, item in enumerate(node.items)]
        return List(
            node.span, tuple(without(item, deeper) for item, deeper in items if () not in deeper)
        )
    return node


def all_text(node: Node) -> Iterator[Text]:
    """Every key and every value."""
    match node:
        case Text():
            yield node
        case List():
            for item in node.items:
                yield from all_text(item)
        case Map():
            for key, value in node.entries:
                yield key
                yield from all_text(value)


def _unread(node: Node) -> Iterator[Text]:
    if isinstance(node, Map):
        yield from node.unread()
    elif isinstance(node, List):
        for item in node.items:
            yield from _unread(item)
