"""What is stored below which prefix? Each item counts to the longest that its key begins with."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from firnline.inventory.advice.courses import Kinds
from firnline.inventory.forecast.change import Changed
from firnline.inventory.forecast.groups import Group, Stored
from firnline.inventory.forecast.volume import Volume
from firnline.s3.law.limits import SMALL_OBJECT
from firnline.s3.simulate.stored import ItemKind

Sized = Mapping[int, Mapping[int, Volume]]
"""What may move, by the size from which on it does, and by its kind."""


@dataclass(slots=True)
class Node:
    """What is below a prefix, and `below` none of its larger ones."""

    prefix: str
    stored: list[Group] = field(default_factory=list)
    arriving: list[Group] = field(default_factory=list)
    below: list[Node] = field(default_factory=list)

    @property
    def all(self) -> Iterator[Node]:
        yield self
        for each in self.below:
            yield from each.all


def too_small(node: Node) -> int:
    """How many current objects below are smaller than what moves by default."""
    groups = chain.from_iterable(each.stored for each in node.all)
    return sum(
        each.volume.objects
        for each in chain.from_iterable(groups)
        if each.example.current
        and each.example.kind is ItemKind.OBJECT_VERSION
        and each.example.size < SMALL_OBJECT
    )


def sized(nodes: Iterable[Node], sizes: Sequence[int], kinds: Kinds) -> Sized:
    """Current objects of 128 KiB and more, which is the first of `sizes`; without what is below the
    nodes.
    """
    found: dict[int, dict[int, Volume]] = {size: defaultdict(Volume) for size in sizes}
    for node in nodes:
        for groups, daily in ((node.stored, False), (node.arriving, True)):
            for stored in filter(_may_move, chain.from_iterable(groups)):
                at = sizes[bisect_right(sizes, stored.example.size) - 1]
                kind = kinds.number(stored, daily=daily)
                found[at][kind] = found[at][kind].plus(stored.volume)
    return found


def tree(prefixes: Collection[str], changed: Changed) -> Node:
    """Of the whole bucket."""
    nodes = {prefix: Node(prefix) for prefix in sorted({"", *prefixes})}
    for prefix, node in nodes.items():
        if prefix:
            nodes[longest(prefix[:-1], nodes)].below.append(node)
    for groups, of in (
        (changed.stored.likely, "stored"),
        (changed.arriving.likely, "arriving"),
    ):
        for group in groups:
            getattr(nodes[longest(group[0].example.key, nodes)], of).append(group)
    return nodes[""]


def longest(key: str, prefixes: Collection[str]) -> str:
    while key not in prefixes:
        key = key[:-1]
    return key


def _may_move(stored: Stored) -> bool:
    item = stored.example
    return item.current and item.kind is ItemKind.OBJECT_VERSION and item.size >= SMALL_OBJECT
