"""In which cells of a region, and in which ranges of sizes, do two configurations differ?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from firnline.rules.diff.boxes import Sizes
from firnline.rules.diff.owners import Owner, Owners
from firnline.s3.compare.applied import markers_and_uploads_of
from firnline.s3.compare.cells import Cell, cells
from firnline.s3.compare.difference import Facts
from firnline.s3.compare.effect import Effect
from firnline.s3.compare.story import Story, of_markers, of_objects, of_old_versions, of_uploads
from firnline.s3.compare.table import Atoms
from firnline.s3.scope import NO_LIMIT, Tags
from firnline.s3.terms import Clock, Versioning

Pair = tuple[Story, Story]
Freed = tuple[int | None, int | None]
_EMPTY: Sizes = (0, 0)


class Owned(NamedTuple):
    """Who owns a cell in either snapshot. `retention` is the owner now, or the one before."""

    before: Owner | None
    after: Owner | None

    @property
    def retention(self) -> str | None:
        return next((each.name for each in (self.after, self.before) if each), None)


class Stretch(NamedTuple):
    """Objects with these tags and sizes, with one owner, one story before and one after; items that
    have neither are found with all of them. `freed`: how long after an object's expiration its
    bytes are freed, before and after.
    """

    tags: Tags
    sizes: Sizes
    pair: Pair
    owned: Owned
    freed: frozenset[Freed] = frozenset()


class Apart(NamedTuple):
    """What differs in a region; `tag_sets` are all that were compared, also where nothing does."""

    stretches: tuple[Stretch, ...]
    tag_sets: tuple[Tags, ...]


def apart(
    region: tuple[str, ...],
    snapshots: tuple[Atoms, Atoms],
    owners: tuple[Owners, Owners],
    facts: Facts,
) -> Apart:
    """Where two snapshots differ in a region, given all their actions in it.

    Raises `NotAnalysed`.
    """
    ours, theirs = snapshots

    def owned(cell: Cell, clock: Clock) -> Owned:
        return Owned(*(each.of(region, cell, clock) for each in owners))

    rows: dict[Tags, list[_Compared]] = {}
    for each in _compared(region[-1], ours, theirs, facts):
        rows.setdefault(each.cell.tags, []).append(each)
    found: list[Stretch] = []
    for tags in sorted(rows, key=lambda tags: (len(tags), tags)):
        sizes = [each.cell.size for each in rows[tags]]
        for row in zip(*(_differing(each, owned) for each in rows[tags]), strict=True):
            found += _stretches(sizes, row)
    for pair in _markers_and_uploads(ours, theirs, keeps=_keeps_versions(facts)):
        owner = owned(Cell(region[-1], (), 0), pair[0].clock)
        found += [Stretch(tags, (0, NO_LIMIT), pair, owner) for tags in rows]
    return Apart(tuple(_with_empty_objects(found)), tuple(rows))


class _Compared(NamedTuple):
    """`pairs` are those of objects and, where there may be any, of noncurrent versions."""

    cell: Cell
    pairs: tuple[Pair, ...]
    freed: Freed


def _compared(prefix: str, ours: Atoms, theirs: Atoms, facts: Facts) -> Iterator[_Compared]:
    """All cells of a region; of those with the same tags, the smaller sizes first."""
    known: dict[tuple[int, int], tuple[tuple[Pair, ...], Freed]] = {}
    for cell in cells(prefix, ours.filters | theirs.filters):
        first = ours.first(ours.matching(cell)), theirs.first(theirs.matching(cell))
        if first not in known:
            before, after = ours.effect(first[0]), theirs.effect(first[1])
            objects = of_objects(before, facts), of_objects(after, facts)
            old = of_old_versions(before, facts), of_old_versions(after, facts)
            pairs = (objects, old) if _keeps_versions(facts) else (objects,)
            known[first] = pairs, (_freed(before), _freed(after))
        yield _Compared(cell, *known[first])


def _keeps_versions(facts: Facts) -> bool:
    return any(each is not Versioning.OFF for each in facts.versionings)


def _freed(effect: Effect) -> int | None:
    """How long after an object's expiration its bytes are freed; None where `keep_newest` keeps the
    noncurrent version.
    """
    ends = effect.noncurrent_expirations
    return min((days for days, newest in ends if not newest), default=None)


def _markers_and_uploads(ours: Atoms, theirs: Atoms, *, keeps: bool) -> Iterator[Pair]:
    """Noncurrent delete markers differ only where noncurrent versions do, and markers that are
    removed only because objects expire differ only where objects do: neither is reported twice.
    """
    one, other = markers_and_uploads_of(ours), markers_and_uploads_of(theirs)
    if keeps and (one.removes_markers or other.removes_markers):
        markers = of_markers(one), of_markers(other)
        if markers[0] != markers[1]:
            yield markers
    if one.uploads != other.uploads:
        yield of_uploads(one), of_uploads(other)


class _Differing(NamedTuple):
    cell: Cell
    pair: Pair
    owned: Owned
    freed: Freed


def _differing(
    compared: _Compared, owned: Callable[[Cell, Clock], Owned]
) -> Iterator[_Differing | None]:
    """For each of the pairs of stories, what differs."""
    for old, new in compared.pairs:
        if old == new:
            yield None
        else:
            owners = owned(compared.cell, old.clock)
            yield _Differing(compared.cell, (old, new), owners, compared.freed)


def _stretches(sizes: Sequence[int], row: Sequence[_Differing | None]) -> Iterator[Stretch]:
    """Neighbouring cells with the same owner and pair of stories; and below them the smaller ones
    whose stories are the same without transitions, since S3 does not move small objects. `sizes`
    are where the cells begin, which have the same tags.
    """
    most = NO_LIMIT
    growing: _Growing | None = None
    for size, differing in zip(reversed(sizes), reversed(row), strict=True):
        if growing is not None and not (differing and growing.takes(differing)):
            yield growing.closed()
            growing = None
        if growing is None and differing is not None:
            growing = _Growing(differing, most)
        most = size - 1
    if growing is not None:
        yield growing.closed()


class _Growing:
    """A stretch to which smaller cells may still be added."""

    def __init__(self, largest: _Differing, most: int) -> None:
        self._largest, self._most = largest, most
        self._least = largest.cell.size
        self._freed = {largest.freed}
        self._moves_from = 0

    def takes(self, smaller: _Differing) -> bool:
        if smaller.owned.retention != self._largest.owned.retention:
            return False
        if self._moves_from or smaller.pair != self._largest.pair:
            if smaller.pair != _still(self._largest.pair) or not _moves(self._largest.pair):
                return False
            self._moves_from = self._moves_from or self._least
        self._least = smaller.cell.size
        self._freed.add(smaller.freed)
        return True

    def closed(self) -> Stretch:
        largest = self._largest
        old, new = (story.moving_from(self._moves_from) for story in largest.pair)
        freed = frozenset(self._freed if old.clock is Clock.OBJECTS else ())
        sizes = self._least, self._most
        return Stretch(largest.cell.tags, sizes, (old, new), largest.owned, freed)


def _moves(pair: Pair) -> bool:
    return any(story.moves for story in pair)


def _still(pair: Pair) -> Pair:
    return pair[0].still, pair[1].still


def _with_empty_objects(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """A filter with tags or a size often leaves out empty objects, which then fall to a wider one.
    As nothing moves them, they belong to the change of larger objects that the same retention
    moves.
    """
    stretches = list(stretches)
    wider: dict[object, Pair] = {}
    for each in stretches:
        if any(story.moves_from for story in each.pair):
            key = each.owned.retention, _still(each.pair)
            wider[key] = min(wider.get(key, each.pair), each.pair, key=repr)
    for each in stretches:
        pair = wider.get((each.owned.retention, each.pair), each.pair)
        yield each._replace(pair=pair) if each.sizes == _EMPTY else each
