"""Some objects of a region → boxes of tags and sizes that hold exactly these.

Always the same boxes, however the region was divided into cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from firnline.rules.diff.tag_sets import TagSets
from firnline.s3.scope import NO_LIMIT, Tags

Sizes = tuple[int, int]  # bytes, both inclusive
EVERY_SIZE: tuple[Sizes, ...] = ((0, NO_LIMIT),)


@dataclass(frozen=True, slots=True)
class Box:
    """Objects that have all the tags and one of the sizes, whatever other tags they have; except
    those that have all the tags of one of `without`.
    """

    tags: Tags
    sizes: tuple[Sizes, ...]
    without: tuple[Tags, ...] = ()


EVERYTHING = (Box((), EVERY_SIZE),)


class Part(NamedTuple):
    """Some objects of a region: the sets of tags that they have, for each range of sizes; ranges
    are disjoint and ascending.
    """

    tag_sets: TagSets
    layers: tuple[tuple[Sizes, int], ...]

    def __bool__(self) -> bool:
        return bool(self.layers)


def part_of_cells(cells: Iterable[tuple[Tags, Sizes]], tag_sets: TagSets) -> Part:
    return _layered([(sizes, tag_sets.only(tags)) for tags, sizes in cells], tag_sets)


def part_of_boxes(boxes: Iterable[Box], tag_sets: TagSets) -> Part:
    """The boxes within a region whose sets of tags include those of the boxes."""
    return _layered(
        [(sizes, _group(box, tag_sets)) for box in boxes for sizes in box.sizes], tag_sets
    )


def minus(one: Part, other: Part) -> Part:
    """What is in one and not in the other; both of the same region."""
    cuts = sorted(
        {cut for part in (one, other) for sizes, _ in part.layers for cut in _cuts(sizes)}
    )
    ones, others = (_by_start(part, cuts) for part in (one, other))
    found = []
    for start, end in pairwise(cuts):
        if left := ones.get(start, 0) & ~others.get(start, 0):
            found.append(((start, end - 1), left))
    return Part(one.tag_sets, tuple(found))


def boxes_of(part: Part) -> tuple[Box, ...]:
    """Boxes that together are exactly this part, the plainest first. They depend only on which
    objects it holds.
    """
    by_group: dict[int, list[Sizes]] = {}
    for sizes, group in part.layers:
        by_group.setdefault(group, []).append(sizes)
    candidates = {each for group in by_group for each in _candidates(group, part.tag_sets)}
    left = {group: group for group in by_group}
    found = []
    for tags, without in sorted(candidates, key=_plainest):
        covered = _group(Box(tags, (), without), part.tag_sets)
        fits = [group for group in by_group if not covered & ~group]
        needed = [group for group in fits if covered & left[group]]
        if needed:
            if _bounds(_joined(fits, by_group)) <= _bounds(_joined(needed, by_group)):
                needed = fits
            for group in needed:
                left[group] &= ~covered
            found.append(Box(tags, _joined(needed, by_group), without))
    return tuple(found)


def _candidates(group: int, tag_sets: TagSets) -> Iterator[tuple[Tags, tuple[Tags, ...]]]:
    """Tags, and tags that are excluded: together exactly the group."""
    left = group
    while left:
        tags = tag_sets.first(left)
        excluded = tag_sets.containing(tags) & ~group
        without = []
        while excluded:
            without.append(tag_sets.first(excluded))
            excluded &= ~tag_sets.containing(without[-1])
        yield tags, tuple(without)
        left &= ~_group(Box(tags, (), tuple(without)), tag_sets)


def _group(box: Box, tag_sets: TagSets) -> int:
    """The sets of tags that are in a box."""
    found = tag_sets.containing(box.tags)
    for tags in box.without:
        found &= ~tag_sets.containing(tags)
    return found


def _plainest(box: tuple[Tags, tuple[Tags, ...]]) -> tuple[object, ...]:
    tags, without = box
    return len(tags), tags, len(without), without


def _joined(groups: Iterable[int], by_group: Mapping[int, list[Sizes]]) -> tuple[Sizes, ...]:
    """Their sizes, neighbouring ranges as one."""
    found: list[Sizes] = []
    for least, most in sorted(sizes for group in groups for sizes in by_group[group]):
        if found and found[-1][1] + 1 == least:
            least = found.pop()[0]
        found.append((least, most))
    return tuple(found)


def _bounds(sizes: tuple[Sizes, ...]) -> int:
    """How many bounds a person would have to read."""
    return sum((least > 0) + (most < NO_LIMIT) for least, most in sizes)


def _layered(ranges: list[tuple[Sizes, int]], tag_sets: TagSets) -> Part:
    cuts = sorted({cut for sizes, _ in ranges for cut in _cuts(sizes)})
    places = {cut: place for place, cut in enumerate(cuts)}
    groups = [0] * len(cuts)
    for (least, most), group in ranges:
        for place in range(places[least], places[most + 1]):
            groups[place] |= group
    layers = [
        ((start, end - 1), group)
        for (start, end), group in zip(pairwise(cuts), groups, strict=False)
        if group
    ]
    return Part(tag_sets, tuple(layers))


def _cuts(sizes: Sizes) -> tuple[int, int]:
    return sizes[0], sizes[1] + 1


def _by_start(part: Part, cuts: list[int]) -> dict[int, int]:
    """The group of each range between two cuts, by its start."""
    found = {}
    layers = iter(part.layers)
    current = next(layers, None)
    for start in cuts:
        while current is not None and current[0][1] < start:
            current = next(layers, None)
        if current is not None and current[0][0] <= start:
            found[start] = current[1]
    return found
