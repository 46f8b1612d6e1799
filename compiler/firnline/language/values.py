"""Values from well-shaped nodes, each with its place; missing ones are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import TypeVar

from firnline.language.nodes import List, Map, Node, Text
from firnline.language.said import Said
from firnline.language.tag import Tag

E = TypeVar("E", bound=Enum)


def said_under(root: Map, key: str, stand_in: str) -> Said[str]:
    value = root.get(key)
    return Said(value.value, value.span) if isinstance(value, Text) else Said(stand_in, root.span)


def choice(node: Node | None, choices: Callable[[str], E]) -> Said[E] | None:
    return Said(choices(node.value), node.span) if isinstance(node, Text) else None


def one_or_many(node: Node | None) -> tuple[Said[str], ...]:
    items = node.items if isinstance(node, List) else (node,)
    return tuple(Said(item.value, item.span) for item in items if isinstance(item, Text))


def entries_of(node: Node | None) -> Iterator[tuple[Text, Map]]:
    """Of a map from names to settings."""
    if isinstance(node, Map):
        yield from ((key, value) for key, value in node.read_all() if isinstance(value, Map))


def maps_of(node: Node | None) -> Iterator[Map]:
    if isinstance(node, List):
        yield from (item for item in node.items if isinstance(item, Map))


def pairs_of(node: Node | None) -> Iterator[tuple[Text, Node]]:
    """Of a map from names to values."""
    if isinstance(node, Map):
        yield from node.read_all()


def tags_in(node: Node | None) -> tuple[Tag, ...]:
    return tuple(
        Tag(Said(key.value, key.span), one_or_many(values)) for key, values in pairs_of(node)
    )


def whole_number(text: Text) -> int:
    return int(text.value[:9])  # larger than any number in S3
