"""A listing of single objects → what checks need to know of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from firnline.inventory.coverage.folders import folder_of, tree_of
from firnline.inventory.coverage.population import MOST_FOLDERS, Spelt
from firnline.inventory.coverage.tally import Match, Scopes, Tally
from firnline.inventory.facts.branch import Branch
from firnline.inventory.forecast.monthly import as_it_is
from firnline.inventory.forecast.stays import StoredAs
from firnline.inventory.forecast.volume import Volume
from firnline.s3.scope import Scope, Tags, sizes_apart
from firnline.s3.simulate.stored import ItemKind, StoredItem


@dataclass(frozen=True, slots=True)
class ItemsPopulation:
    """`Population` of items; where none of them has tags, a tool that does not list tags wrote
    them.
    """

    items: tuple[StoredItem, ...]

    @property
    def tells_tags(self) -> bool:
        return any(item.tags for item in self.items)

    def tallies(self, scopes: Collection[Scope], /) -> Sequence[Tally]:
        ends = _prefixes(scopes)
        cuts = sorted(sizes_apart(scopes))
        named = {key for each in scopes for key, _ in each.tags}
        told = None if self.tells_tags else frozenset[str]()
        found: dict[_Like, dict[StoredAs, Volume]] = defaultdict(dict)
        for item in self._versions:
            like = _like(item, ends, cuts, named)
            stored = as_it_is(item)
            before = found[like].get(stored, Volume())
            found[like][stored] = before.plus(Volume.of(item.size))
        return [
            Tally(like.prefix, like.tags, told, like.size, like.size, like.current, stored)
            for like, stored in found.items()
        ]

    def unmatched(self, scopes: Collection[Scope], depth: int, /) -> Branch:
        known = Scopes(scopes)
        told = None if self.tells_tags else frozenset[str]()
        return tree_of(
            (
                (item.key, {as_it_is(item): Volume.of(item.size)})
                for item in self._versions
                if known.match(_alone(item, told)) is Match.NO
            ),
            depth,
            folder_of,
        )

    def folders_in(self, parent: str, /) -> Mapping[str, int]:
        folders = (folder_of([parent], item.key) for item in self._versions)
        found = Counter(each for each in folders if each is not None and each != parent)
        return dict(found.most_common(MOST_FOLDERS))

    def spellings(self, prefix: str, tags: Tags, /) -> Spelt:
        alike = {_folded(tag) for tag in tags}
        return Counter(
            tag
            for item in self._versions
            if item.key.startswith(prefix)
            for tag in item.tags
            if _folded(tag) in alike
        )

    @property
    def _versions(self) -> list[StoredItem]:
        return [each for each in self.items if each.kind is ItemKind.OBJECT_VERSION]


def _prefixes(scopes: Collection[Scope]) -> Mapping[int, frozenset[str]]:
    """By their length."""
    found: dict[int, set[str]] = defaultdict(set)
    for each in scopes:
        found[len(each.prefix)].add(each.prefix)
    return {length: frozenset(found[length]) for length in sorted(found, reverse=True)}


class _Like(NamedTuple):
    """What scopes see of an item: of its size, the one from which on they see no difference."""

    prefix: str
    tags: Tags
    size: int
    current: bool


def _like(
    item: StoredItem,
    prefixes: Mapping[int, frozenset[str]],
    cuts: Sequence[int],
    named: Collection[str],
) -> _Like:
    below = (item.key[:length] for length in prefixes if item.key[:length] in prefixes[length])
    size = max((cut for cut in cuts if cut <= item.size), default=0)
    tags = tuple(sorted(tag for tag in item.tags if tag[0] in named))
    return _Like(next(below, ""), tags, size, item.current)


def _alone(item: StoredItem, told: frozenset[str] | None) -> Tally:
    return Tally(item.key, item.tags, told, item.size, item.size, item.current, {})


def _folded(tag: tuple[str, str]) -> tuple[str, str]:
    return tag[0].lower(), tag[1].lower()
