"""Parts of the regions of a bucket → prefixes, tags and sizes that hold exactly these objects."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from firnline.rules.diff.boxes import (
    EVERYTHING,
    Box,
    Part,
    boxes_of,
    minus,
    part_of_boxes,
)
from firnline.rules.diff.tag_sets import TagSets
from firnline.rules.diff.where import Excluded, Where


def scope_of(
    parts: Mapping[str, Part], prefixes: Sequence[str], tag_sets: Mapping[str, TagSets]
) -> tuple[Where, ...]:
    """`prefixes` are those of all regions, sorted; of a region without a part, no object is in the
    scope. `tag_sets` are those of all regions in which anything may differ.
    """
    regions = list(_that_matter(parts, prefixes, tag_sets))
    said: dict[int, tuple[Box, ...]] = {}
    alike: dict[tuple[Box, ...], tuple[list[str], list[Excluded]]] = {}
    for place, region in enumerate(regions):
        around = [box for outer in region.above for box in said.get(outer, ())]
        if region.holds_more_than(around):
            said[place] = region.boxes
            group = alike.setdefault(region.boxes, ([], []))
            group[0].append(region.prefix)
            group[1].extend(_excluded(place, regions))
    return tuple(
        Where(tuple(inside), boxes, tuple(sorted(excluded, key=_order)))
        for boxes, (inside, excluded) in alike.items()
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Region:
    """A region that does not hold the same part as the one around it; `above` are the places of the
    regions around it, the widest first.
    """

    prefix: str
    boxes: tuple[Box, ...]
    tag_sets: TagSets
    above: tuple[int, ...]

    def part(self, boxes: Sequence[Box]) -> Part:
        return part_of_boxes(boxes, self.tag_sets)

    def holds_more_than(self, boxes: Sequence[Box]) -> bool:
        return bool(minus(self.part(self.boxes), self.part(boxes)))


def _that_matter(
    parts: Mapping[str, Part], prefixes: Sequence[str], tag_sets: Mapping[str, TagSets]
) -> Iterator[_Region]:
    """In the order of the prefixes."""
    found: list[_Region] = []
    above: list[int] = []
    for prefix in _below(sorted(parts), prefixes):
        while above and not prefix.startswith(found[above[-1]].prefix):
            above.pop()
        outer = found[above[-1]] if above else None
        boxes = boxes_of(parts[prefix]) if prefix in parts else ()
        if boxes == (outer.boxes if outer else ()):
            continue
        own = tag_sets.get(prefix) or (outer.tag_sets if outer else TagSets([()]))
        found.append(_Region(prefix, boxes, own, tuple(above)))
        yield found[-1]
        above.append(len(found) - 1)


def _below(starts: Sequence[str], prefixes: Sequence[str]) -> Iterator[str]:
    """Those of the sorted prefixes that begin with one of the starts."""
    outer = None
    for start in starts:
        if outer is not None and start.startswith(outer):
            continue
        outer = start
        place = bisect_left(prefixes, start)
        while place < len(prefixes) and prefixes[place].startswith(start):
            yield prefixes[place]
            place += 1


@dataclass(slots=True, eq=False)
class _Cut:
    """What one region has less than an outer one, and the longer prefixes below which this does not
    hold. `whole`: no object below its prefix, apart from those, is in the scope.
    """

    prefix: str
    boxes: tuple[Box, ...]
    outside: list[str] = field(default_factory=list)
    whole: bool = True


def _excluded(place: int, regions: Sequence[_Region]) -> Iterator[Excluded]:
    """What the regions below one of them do not have of its part."""
    outer = regions[place]
    cuts: list[_Cut] = []
    holding: dict[int, list[_Cut]] = {place: []}
    for inner, region in enumerate(regions[place + 1 :], place + 1):
        if not region.prefix.startswith(outer.prefix):
            break
        missing = minus(region.part(outer.boxes), region.part(region.boxes))
        here = []
        for cut in holding[region.above[-1]]:
            if minus(region.part(cut.boxes), missing):
                cut.outside.append(region.prefix)
            else:
                here.append(cut)
        if minus(missing, region.part([box for cut in here for box in cut.boxes])):
            here.append(_Cut(region.prefix, boxes_of(missing)))
            cuts.append(here[-1])
        for cut in here:
            cut.whole = cut.whole and not region.boxes
        holding[inner] = here
    for cut in cuts:
        yield Excluded(cut.prefix, EVERYTHING if cut.whole else cut.boxes, tuple(cut.outside))


def _order(excluded: Excluded) -> tuple[object, ...]:
    return excluded.prefix, excluded.outside
