"""What changes in one bucket: cells with the same owner and the same two stories are one change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from firnline.rules.diff.cells_apart import Pair, Sizes, apart, tag_sets
from firnline.rules.diff.owners import BucketConfig, Owner, Owners
from firnline.rules.diff.where import Box, Where, boxes_of
from firnline.s3.compare.cells import Cell
from firnline.s3.compare.difference import Facts
from firnline.s3.compare.same import regions_apart
from firnline.s3.compare.story import Story
from firnline.s3.compare.table import Atoms
from firnline.s3.scope import NO_LIMIT, Tags
from firnline.s3.terms import Clock, Versioning

Freed = tuple[int | None, int | None]
_ALL: tuple[Sizes, ...] = ((0, NO_LIMIT),)
_EMPTY: tuple[Sizes, ...] = ((0, 0),)


@dataclass(frozen=True, slots=True)
class Change:
    """Two stories of the same cells. `retention` owns them now, or did before; `cell` is one of
    them, and `facts` are those under which the stories hold.

    `freed`: how many days after an object's expiration its bytes are freed, before and after, where
    versions are kept: one pair for each case in the cells, None in it where they stay.
    """

    retention: str | None
    clock: Clock
    where: tuple[Where, ...]
    old: Story
    new: Story
    owners: tuple[Owner | None, Owner | None]
    cell: Cell
    facts: Facts
    prefixes: frozenset[str]
    freed: frozenset[Freed]

    @property
    def freed_alike(self) -> Freed | None:
        """How many days after an expiration the bytes are freed that it only hides, before and
        after; None where it hides nothing, or where this differs among the cells.
        """
        keeps = Versioning.OFF not in self.facts.versionings
        if self.clock is not Clock.OBJECTS or not keeps or len(self.freed) != 1:
            return None
        return next(iter(self.freed))

    @property
    def core(self) -> object:
        """Changes of several buckets with the same core are one item; a digest is made of nothing
        else.
        """
        places = tuple(
            (place.prefixes, tuple(box.core for box in place.boxes)) for place in self.where
        )
        return self.retention, self.clock.value, places, self.old, self.new


def changes(one: BucketConfig, other: BucketConfig) -> tuple[Change, ...]:
    """All that changes in a bucket, in the order of its prefixes. Raises `NotAnalysed`."""
    facts = facts_of(one, other)
    owners = Owners(one), Owners(other)
    groups: dict[object, _Group] = {}
    for region, ours, theirs in regions_apart(one.rules, other.rules):
        found = apart(region[-1], ours, theirs, facts)
        prefix = region[-1]
        boxes = [(pair, Box((), _ALL)) for pair in found.markers_and_uploads]
        for pair, by_tags in tag_sets(found.stretches).items():
            boxes += [(pair, box) for box in boxes_of(by_tags, found.tags)]
        for retention, owned, pair, box, cell in _without_repeats(_owned(region, boxes, owners)):
            group = groups.setdefault((retention, pair), _Group(retention, pair, owned, cell))
            group.boxes.setdefault(prefix, []).append(box)
            if pair[0].clock is Clock.OBJECTS:
                group.freed.add((_freed(ours, cell), _freed(theirs, cell)))
    prefixes = frozenset(
        rule.filter.prefix for config in (one, other) for rule in config.rules.rules
    )
    below = _children(prefixes)
    return tuple(group.change(facts, prefixes, below) for group in groups.values())


def facts_of(one: BucketConfig, other: BucketConfig) -> Facts:
    """How the bucket may be versioned, from the snapshot that knows; both ways where they
    disagree.
    """
    known = dict.fromkeys(each.versioning for each in (other, one) if each.versioning)
    versionings: tuple[Versioning, ...] = tuple(known) or Facts().versionings
    return Facts(versionings, one.object_lock or other.object_lock)


_Found = tuple[str | None, tuple[Owner | None, Owner | None], Pair, Box, Cell]


def _without_repeats(found: Iterable[_Found]) -> Iterator[_Found]:
    """Without changes for empty objects alone, where the same retention has another change that
    covers them: a filter with tags or a size never matches empty objects, so they belong to the
    wider one.
    """
    listed = list(found)
    said = {
        (retention, pair[0].still, pair[1].still)
        for retention, _, pair, box, _ in listed
        if box.sizes != _EMPTY
    }
    for each in listed:
        retention, _, pair, box, _ = each
        if box.sizes != _EMPTY or (retention, pair[0].still, pair[1].still) not in said:
            yield each


def _owned(
    region: tuple[str, ...], boxes: Iterable[tuple[Pair, Box]], owners: tuple[Owners, Owners]
) -> Iterator[_Found]:
    for pair, box in boxes:
        size = max(box.sizes[0][0], *(story.moves_from for story in pair))
        cell = Cell(region[-1], box.tags, size)
        before, after = (each.of(region, cell, pair[0].clock) for each in owners)
        retention = next((each.name for each in (after, before) if each), None)
        yield retention, (before, after), pair, box, cell


def _freed(atoms: Atoms, cell: Cell) -> int | None:
    """How long after an object's expiration its bytes are freed; None where `keep_newest` keeps the
    old version.
    """
    ends = atoms.effect(atoms.first(atoms.matching(cell))).noncurrent_expirations
    return min((days for days, newest in ends if not newest), default=None)


@dataclass(slots=True)
class _Group:
    retention: str | None
    pair: Pair
    owners: tuple[Owner | None, Owner | None]
    cell: Cell
    boxes: dict[str, list[Box]] = field(default_factory=dict)
    freed: set[Freed] = field(default_factory=set)

    def change(self, facts: Facts, prefixes: frozenset[str], below: dict[str, list[str]]) -> Change:
        old, new = self.pair
        where = tuple(self._where(below))
        return Change(
            self.retention,
            old.clock,
            where,
            old,
            new,
            self.owners,
            self.cell,
            facts,
            prefixes,
            frozenset(self.freed),
        )

    def _where(self, below: dict[str, list[str]]) -> Iterator[Where]:
        """Prefixes with the same boxes, grouped; a prefix below another one of its group is left
        out.
        """
        alike: dict[object, list[str]] = {}
        for prefix, boxes in self.boxes.items():
            alike.setdefault(frozenset(box.core for box in boxes), []).append(prefix)
        for group in alike.values():
            inside = {child for prefix in group for child in below.get(prefix, ())}
            outermost = tuple(sorted(set(group) - inside))
            joined = _joined([self.boxes[each] for each in group])
            beside: set[tuple[str, Tags]] = {
                (prefix, ()) for prefix in inside - set(self.boxes)
            } | {
                (prefix, tags)
                for prefix in group
                for box in self.boxes[prefix]
                for tags in box.without
                if not any(each.core == box.core and tags in each.without for each in joined)
            }
            yield Where(outermost, joined, tuple(sorted(beside)))


def _joined(by_prefix: list[list[Box]]) -> tuple[Box, ...]:
    """Each box once, without what is excluded from it below the prefixes."""
    taken: dict[tuple[Tags, tuple[Sizes, ...]], list[tuple[Tags, ...]]] = {}
    for boxes in by_prefix:
        for box in boxes:
            taken.setdefault(box.core, []).append(box.without)
    return tuple(
        Box(*core, tuple(tags for tags in found[0] if all(tags in each for each in found)))
        for core, found in sorted(taken.items())
    )


def _children(prefixes: Iterable[str]) -> dict[str, list[str]]:
    """By prefix, the longer ones right below it."""
    found: dict[str, list[str]] = {}
    above: list[str] = []
    for prefix in sorted(prefixes):
        while above and not prefix.startswith(above[-1]):
            above.pop()
        if above:
            found.setdefault(above[-1], []).append(prefix)
        above.append(prefix)
    return found
