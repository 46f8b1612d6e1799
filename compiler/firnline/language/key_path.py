"""Under which keys of a file does a place stand?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from firnline.diagnostics.position import Source
from firnline.language.nodes import List, Map, Node, Text
from firnline.language.yaml_tree import TreeBuilder

_NAMES: Final = frozenset({"address", "ID", "Id", "id", "name"})
_LARGEST: Final = 1 << 20
"""Characters; a larger file is data that some program made, in which keys say little."""


def key_paths(source: Source, starts: list[int]) -> list[str]:
    """For each place the keys from the outermost on, such as `retain.logs.delete_after` or
    `Rules[expire].Status`, whatever its line. Items of lists have no number, as others may come
    before them. Empty where the file is no YAML or JSON.
    """
    root = None
    if len(source.text) <= _LARGEST:
        root = TreeBuilder(Source(source.path, source.text)).build()
    return ["" if root is None else "".join(_steps(root, start)).lstrip(".") for start in starts]


def value_at_top(source: Source, key: str) -> str:
    """The text under a key at the top of a file; empty where there is none."""
    if len(source.text) > _LARGEST:
        return ""
    root = TreeBuilder(Source(source.path, source.text)).build()
    value = root.get(key) if isinstance(root, Map) else None
    return value.value if isinstance(value, Text) else ""


def _steps(node: Node, start: int) -> Iterator[str]:
    below = _below(node, start)
    while below is not None:
        step, node = below
        yield step
        below = _below(node, start)


def _below(node: Node, start: int) -> tuple[str, Node] | None:
    """What the place stands in next, and the step to there."""
    match node:
        case Map():
            entries = [each for each in node.entries if each[0].span.start <= start]
            return (f".{entries[-1][0].value}", entries[-1][1]) if entries else None
        case List():
            items = [each for each in node.items if each.span.start <= start]
            return (_named(items[-1]), items[-1]) if items else None
        case Text():
            return None
        case _:
            assert_never(node)


def _named(item: Node) -> str:
    """What the item of a list is called in the file, if it is."""
    if isinstance(item, Map):
        for key, value in item.entries:
            if key.value in _NAMES and isinstance(value, Text):
                return f"[{value.value}]"
    return ""
