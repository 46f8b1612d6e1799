"""In which cells of a region do two configurations differ, and which ranges of sizes do these
form?
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from firnline.s3.compare.applied import markers_and_uploads_of
from firnline.s3.compare.cells import cells
from firnline.s3.compare.difference import Facts
from firnline.s3.compare.story import Story, of_markers, of_objects, of_old_versions, of_uploads
from firnline.s3.compare.table import Atoms
from firnline.s3.scope import NO_LIMIT, Tags
from firnline.s3.terms import Versioning

Pair = tuple[Story, Story]
Sizes = tuple[int, int]  # bytes, both inclusive


class Stretch(NamedTuple):
    """Objects with these tags and sizes, with one story before and one after."""

    tags: Tags
    sizes: Sizes
    pair: Pair


class Apart(NamedTuple):
    """What differs in a region; `markers_and_uploads` have neither tags nor sizes. `tags` are all
    sets of tags that were compared, also where nothing differs.
    """

    markers_and_uploads: tuple[Pair, ...]
    stretches: tuple[Stretch, ...]
    tags: tuple[Tags, ...]


def apart(prefix: str, ours: Atoms, theirs: Atoms, facts: Facts) -> Apart:
    """Where two snapshots differ in a region, given all their actions in it.

    Raises `NotAnalysed`.
    """
    keeps = any(each is not Versioning.OFF for each in facts.versionings)
    rows: dict[Tags, list[tuple[int, Pair, Pair]]] = {}
    known: dict[tuple[int, int], tuple[Pair, Pair]] = {}
    for cell in cells(prefix, (atom.filter for atom in (*ours.rows, *theirs.rows))):
        first = ours.first(ours.matching(cell)), theirs.first(theirs.matching(cell))
        pairs = known.get(first)
        if pairs is None:
            effect = ours.effect(first[0]), theirs.effect(first[1])
            objects = of_objects(effect[0], facts), of_objects(effect[1], facts)
            old = of_old_versions(effect[0], facts), of_old_versions(effect[1], facts)
            pairs = known[first] = objects, old
        rows.setdefault(cell.tags, []).append((cell.size, *pairs))
    found: list[Stretch] = []
    for tags in sorted(rows, key=lambda tags: (len(tags), tags)):
        row = rows[tags]
        found += _stretches(tags, [(size, pair) for size, pair, _ in row])
        if keeps:
            found += _stretches(tags, [(size, pair) for size, _, pair in row])
    return Apart(tuple(_markers_and_uploads(ours, theirs, keeps=keeps)), tuple(found), tuple(rows))


def _markers_and_uploads(ours: Atoms, theirs: Atoms, *, keeps: bool) -> Iterator[Pair]:
    """Noncurrent delete markers differ only where old versions do, and markers that are removed
    only because objects expire differ only where objects do: neither is reported twice.
    """
    one, other = markers_and_uploads_of(ours), markers_and_uploads_of(theirs)
    if keeps and (one.removes_markers or other.removes_markers):
        markers = of_markers(one), of_markers(other)
        if markers[0] != markers[1]:
            yield markers
    if one.uploads != other.uploads:
        yield of_uploads(one), of_uploads(other)


def _stretches(tags: Tags, row: Sequence[tuple[int, Pair]]) -> Iterator[Stretch]:
    """Neighbouring sizes with the same pair of stories; and below them the smaller sizes whose
    stories are the same without transitions, since S3 does not move small objects.
    """
    most = NO_LIMIT
    found: _Open | None = None
    for size, pair in reversed(row):
        if found is None or not found.takes(size, pair):
            if found is not None:
                yield found.closed(tags)
            found = _Open(pair, size, most) if pair[0] != pair[1] else None
        most = size - 1
    if found is not None:
        yield found.closed(tags)


class _Open:
    def __init__(self, pair: Pair, size: int, most: int) -> None:
        self._pair, self._least, self._most = pair, size, most
        self._moves_from: int | None = None

    def takes(self, size: int, pair: Pair) -> bool:
        if self._moves_from is None and pair == self._pair:
            self._least = size
            return True
        old, new = self._pair
        if (old.moves or new.moves) and pair == (old.still, new.still):
            self._moves_from = self._least if self._moves_from is None else self._moves_from
            self._least = size
            return True
        return False

    def closed(self, tags: Tags) -> Stretch:
        start = self._moves_from or 0
        old, new = (story.moving_from(start) for story in self._pair)
        return Stretch(tags, (self._least, self._most), (old, new))


def tag_sets(stretches: Iterable[Stretch]) -> dict[Pair, dict[Tags, tuple[Sizes, ...]]]:
    """By pair of stories: the sizes for each set of tags."""
    found: dict[Pair, dict[Tags, tuple[Sizes, ...]]] = {}
    for tags, sizes, pair in stretches:
        by_tags = found.setdefault(pair, {})
        by_tags[tags] = (*by_tags.get(tags, ()), sizes)
    return found
