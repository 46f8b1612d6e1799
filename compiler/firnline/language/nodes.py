"""A YAML file as it was written: text, lists and maps, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from firnline.diagnostics.position import Span

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar. Always text: `no`, `012345670123` and `1:30` stay what was written."""

    span: Span
    value: str
    empty: bool = False  # nothing was written, not even quotes


@dataclass(frozen=True, slots=True)
class List:
    span: Span
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Map:
    span: Span
    entries: tuple[tuple[Text, Node], ...]

    def get(self, key: str) -> Node | None:
        return next((value for name, value in self.entries if name.value == key), None)

    def key(self, key: str) -> Text | None:
        return next((name for name, _ in self.entries if name.value == key), None)


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


def without(node: Node, paths: set[Path]) -> Node:
    """The same tree less the entries and items that the paths lead to."""
    if not paths:
        return node
    if isinstance(node, Map):
        kept = [
            (key, without(value, _below(paths, key.value)))
            for key, value in node.entries
            if (key.value,) not in paths
        ]
        return Map(node.span, tuple(kept))
    if isinstance(node, List):
        items = [
            without(item, _below(paths, index))
            for index, item in enumerate(node.items)
            if (index,) not in paths
        ]
        return List(node.span, tuple(items))
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


def _below(paths: set[Path], step: str | int) -> set[Path]:
    return {path[1:] for path in paths if len(path) > 1 and path[0] == step}
