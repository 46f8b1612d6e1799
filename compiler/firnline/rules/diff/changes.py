"""What changes in one bucket: cells with the same owner and the same two stories are one change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from firnline.rules.diff.boxes import part_of_cells
from firnline.rules.diff.cells_apart import Freed, Stretch, apart
from firnline.rules.diff.owners import BucketConfig, Owner, Owners
from firnline.rules.diff.scope import scope_of
from firnline.rules.diff.tag_sets import TagSets
from firnline.rules.diff.where import Where
from firnline.s3.compare.cells import Cell, regions
from firnline.s3.compare.difference import Facts
from firnline.s3.compare.same import regions_apart
from firnline.s3.compare.story import Story
from firnline.s3.terms import Clock, Versioning


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
        return self.retention, self.clock.value, self.where, self.old, self.new


def changes(one: BucketConfig, other: BucketConfig) -> tuple[Change, ...]:
    """All that changes in a bucket, in the order of its prefixes. Raises `NotAnalysed`."""
    facts = facts_of(one, other)
    owners = Owners(one), Owners(other)
    groups: dict[object, _Group] = {}
    tag_sets: dict[str, TagSets] = {}
    for region, ours, theirs in regions_apart(one.rules, other.rules):
        found = apart(region, (ours, theirs), owners, facts)
        tag_sets[region[-1]] = TagSets(found.tag_sets)
        for each in found.stretches:
            key = each.owned.retention, each.pair
            groups.setdefault(key, _Group()).add(region[-1], each)
    prefixes = frozenset(
        rule.filter.prefix for config in (one, other) for rule in config.rules.rules
    )
    around = _Around(facts, prefixes, tuple(region[-1] for region in regions(prefixes)), tag_sets)
    return tuple(group.change(around) for group in groups.values())


def facts_of(one: BucketConfig, other: BucketConfig) -> Facts:
    """How the bucket may be versioned, from the snapshot that knows; both ways where they
    disagree, or where policies begin or cease to say that it keeps no versions: that is no fact.
    """
    known = dict.fromkeys(each.versioning for each in (other, one) if each.versioning)
    versionings: tuple[Versioning, ...] = tuple(known) or Facts().versionings
    of_policies = one.program is not None and other.program is not None
    if of_policies and one.versioning is not other.versioning and len(known) == 1:
        versionings = Facts().versionings if Versioning.OFF in known else versionings
    return Facts(versionings, one.object_lock or other.object_lock)


@dataclass(frozen=True, slots=True)
class _Around:
    """What is the same for all changes of a bucket."""

    facts: Facts
    prefixes: frozenset[str]
    regions: tuple[str, ...]
    tag_sets: dict[str, TagSets]


@dataclass(slots=True)
class _Group:
    """Stretches with the same owner and pair of stories, by their region."""

    stretches: dict[str, list[Stretch]] = field(default_factory=dict)

    def add(self, prefix: str, stretch: Stretch) -> None:
        self.stretches.setdefault(prefix, []).append(stretch)

    def change(self, around: _Around) -> Change:
        cell, first = next(self._cells())
        old, new = first.pair
        parts = {
            prefix: part_of_cells(
                ((each.tags, each.sizes) for each in stretches), around.tag_sets[prefix]
            )
            for prefix, stretches in self.stretches.items()
        }
        freed = (each.freed for stretches in self.stretches.values() for each in stretches)
        return Change(
            first.owned.retention,
            old.clock,
            scope_of(parts, around.regions, around.tag_sets),
            old,
            new,
            (first.owned.before, first.owned.after),
            cell,
            around.facts,
            around.prefixes,
            frozenset[Freed]().union(*freed),
        )

    def _cells(self) -> Iterator[tuple[Cell, Stretch]]:
        """Cells in which the stories happen with all their steps: not those of small objects."""
        for prefix, stretches in self.stretches.items():
            for each in stretches:
                size = max(each.sizes[0], *(story.moves_from for story in each.pair))
                if size <= each.sizes[1]:
                    yield Cell(prefix, each.tags, size), each
