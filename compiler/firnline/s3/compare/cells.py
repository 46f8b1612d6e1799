"""Into which cells do filters divide all objects? Keys by prefix, then tags, then sizes.

The keys of a *region* begin with its prefix and with none of the longer ones. Which filters match
an object depends only on those of its tags that occur in a filter, so it is enough to look at the
unions of the filters' tags. An object has at most ten tags (S3 User Guide, "Categorizing your
objects using tags").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import NamedTuple

from firnline.s3.law.limits import MOST_TAGS
from firnline.s3.scope import NO_LIMIT, Tags

MOST_CELLS = 20_000
LONGEST_KEY = 1_024  # bytes of UTF-8 (S3 User Guide, "Naming Amazon S3 objects")


class Cell(NamedTuple):
    """Objects of one region, `prefix`, that have these tags and are at least that large: up to the
    next larger cell. Sizes are in bytes."""

    prefix: str
    tags: Tags
    size: int


class NotAnalysed(Exception):
    """Filters of one prefix divide the objects into more cells than can be analysed."""

    def __init__(self, prefix: str) -> None:
        super().__init__(prefix)
        self.prefix = prefix


def regions(prefixes: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """For each prefix, all prefixes that it begins with, the shortest first and itself last;
    prefixes that no key can begin with are left out.
    """
    above: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not _is_possible(prefix):
            continue
        while above and not prefix.startswith(above[-1]):
            above.pop()
        above.append(prefix)
        yield tuple(above)


def key_in(prefix: str, prefixes: Set[str]) -> str:
    """A key in the region of one of the prefixes, as short and simple as possible."""
    for letter in "xabcdefghijklmnopqrstuvwxyz0123456789-_.~":
        key = prefix + letter
        if key not in prefixes and _is_possible(key):
            return key
    return prefix


def in_filter(cell: Cell, filter: tuple[Tags, int, int]) -> bool:
    """Whether a filter's tags and sizes admit the objects of a cell."""
    tags, at_least, at_most = filter
    return at_least <= cell.size <= at_most and (not tags or set(tags) <= set(cell.tags))


def cells(prefix: str, filters: Iterable[tuple[Tags, int, int]]) -> Iterator[Cell]:
    """The cells into which filters divide a region: by the tags and the sizes that they name.

    Both bounds of a size are inclusive. Raises `NotAnalysed`.
    """
    distinct = set(filters)
    tag_sets = _tag_sets(prefix, {tags for tags, _, _ in distinct})
    starts = {0}
    for _, at_least, at_most in distinct:
        starts.add(at_least)
        if at_most != NO_LIMIT:
            starts.add(at_most + 1)
    if len(tag_sets) * len(starts) > MOST_CELLS:
        raise NotAnalysed(prefix)
    for tags in tag_sets:
        for size in sorted(starts):
            yield Cell(prefix, tags, size)


def with_bytes(found: Iterable[Cell]) -> list[Cell]:
    """All cells but those of empty objects alone."""
    there = dict.fromkeys(found)  # in their order
    return [each for each in there if each.size or each._replace(size=1) not in there]


def _is_possible(key: str) -> bool:
    """Whether S3 accepts keys that begin with it: at most 1,024 bytes (S3 User Guide, "Naming
    Amazon S3 objects").
    """
    return len(key) * 4 <= LONGEST_KEY or len(key.encode(errors="surrogatepass")) <= LONGEST_KEY


def _tag_sets(prefix: str, said: set[Tags]) -> list[Tags]:
    """The sets of tags that must be looked at, the empty one first."""
    if said <= {()}:
        return [()]
    found: dict[frozenset[tuple[str, str]], dict[str, str]] = {frozenset(): {}}
    for added in sorted(said, key=len):
        for known in list(found.values()):
            union = known | dict(added)
            agree = all(union[key] == value for key, value in known.items())
            if agree and len(union) <= MOST_TAGS:
                found.setdefault(frozenset(union.items()), union)
        if len(found) > MOST_CELLS:
            raise NotAnalysed(prefix)
    return [tuple(sorted(union.items())) for union in found.values()]
