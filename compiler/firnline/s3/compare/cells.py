"""Into which cells do filters cut all objects? Keys by prefix, then tags, then sizes.

The keys of a *region* begin with its prefix and with none of the longer ones. An object's tags
matter only through the filters whose tags it carries all of, and those it shares with an object
that carries nothing else: so the unions of the filters' tags are all the tags that need a look. An
object has at most ten tags (S3 User Guide, "Categorizing your objects using tags").
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
    """Filters of one prefix cut the objects into more cells than can be looked at."""

    def __init__(self, prefix: str) -> None:
        super().__init__(prefix)
        self.prefix = prefix


def regions(prefixes: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Every prefix as the last of all those that begin it, the shortest first; those that no key
    can begin with are left out."""
    above: list[str] = []
    for prefix in sorted(set(prefixes)):
        if not _is_possible(prefix):
            continue
        while above and not prefix.startswith(above[-1]):
            above.pop()
        above.append(prefix)
        yield tuple(above)


def _is_possible(key: str) -> bool:
    """Whether S3 can hold it: at most 1,024 bytes (S3 User Guide, "Naming Amazon S3 objects")."""
    return len(key) * 4 <= LONGEST_KEY or len(key.encode(errors="surrogatepass")) <= LONGEST_KEY


def key_in(prefix: str, prefixes: Set[str]) -> str:
    """A key of the region of one of the prefixes, as short and as plain as can be."""
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
    """The cells of a region that filters cut: by their tags, and by the sizes that are in them.

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


def _tag_sets(prefix: str, said: set[Tags]) -> list[Tags]:
    """The tags that need a look, no tags first."""
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
