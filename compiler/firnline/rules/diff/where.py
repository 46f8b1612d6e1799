"""Which objects does a change touch? Cells joined into prefixes, tags and sizes for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sized
from dataclasses import dataclass

from firnline.diagnostics.visible import visible
from firnline.rules.diff.cells_apart import Sizes
from firnline.s3.phrases import from_size, to_size
from firnline.s3.scope import NO_LIMIT, Tags

EVERYTHING = "the whole bucket"
_MOST_COMPARED = 2_000
_MOST_NAMED, _MOST_SHOWN = 3, 6


@dataclass(frozen=True, slots=True)
class Box:
    """Objects that have all the tags and one of the sizes, whatever other tags they have; except
    those that have all the tags of one of `without`.
    """

    tags: Tags
    sizes: tuple[Sizes, ...]
    without: tuple[Tags, ...] = ()

    @property
    def core(self) -> tuple[Tags, tuple[Sizes, ...]]:
        """The part that distinguishes changes; what narrower rules exclude does not."""
        return self.tags, self.sizes


@dataclass(frozen=True, slots=True)
class Where:
    """One of the boxes, below one of the prefixes, except `beside`: longer prefixes, or tags there,
    that another change covers.
    """

    prefixes: tuple[str, ...]
    boxes: tuple[Box, ...]
    beside: tuple[tuple[str, Tags], ...] = ()

    def __str__(self) -> str:
        said = _few([shown(prefix) for prefix in self.prefixes[: _MOST_SHOWN + 1]], self.prefixes)
        boxes = [text for text in map(_box, self.boxes[: _MOST_SHOWN + 1]) if text]
        if boxes and len(boxes) == min(len(self.boxes), _MOST_SHOWN + 1):
            said += ", " + _few(boxes, self.boxes, "; or ")
        if self.beside:
            said += f", but not {_named(self.beside)}"
        return said


def boxes_of(
    by_tags: Mapping[Tags, tuple[Sizes, ...]], looked_at: tuple[Tags, ...]
) -> Iterator[Box]:
    """Boxes that contain exactly these cells; `looked_at` are the tags of all cells."""
    tag_sets = {tags: frozenset(tags) for tags in looked_at}
    left = dict.fromkeys(sorted(by_tags, key=_plainest))
    compared = 0
    while left:
        tags = next(iter(left))
        sizes = tuple(sorted(by_tags[tags]))
        compared += 1
        if compared * len(tag_sets) > _MOST_COMPARED * 50:  # too many for a person to read
            yield from (Box(each, tuple(sorted(by_tags[each]))) for each in left)
            return
        without: list[Tags] = []
        for other in sorted((t for t in tag_sets if tag_sets[t] >= tag_sets[tags]), key=_plainest):
            if other in by_tags and tuple(sorted(by_tags[other])) == sizes:
                left.pop(other, None)
            elif not any(tag_sets[other] >= tag_sets[known] for known in without):
                without.append(other)
        left.pop(tags, None)
        yield Box(tags, sizes, tuple(without))


def _plainest(tags: Tags) -> tuple[int, Tags]:
    return len(tags), tags


def _few(texts: list[str], everything: Sized, joint: str = ", ") -> str:
    if len(everything) <= _MOST_SHOWN:
        return joint.join(texts)
    return f"{joint.join(texts[:_MOST_SHOWN])} and {len(everything) - _MOST_SHOWN:,} more"


def shown(prefix: str) -> str:
    said = visible(prefix)
    return (f'"{said}"' if said != said.strip() else said) or EVERYTHING


def _box(box: Box) -> str:
    said = []
    if box.tags:
        said.append(f"tagged {_tags(box.tags)}")
    sizes = [text for text in map(_sizes, box.sizes) if text]
    if sizes and len(sizes) == len(box.sizes):
        said.append(" or ".join(sizes))
    if box.without:
        added = [tuple(tag for tag in tags if tag not in box.tags) for tags in box.without]
        named = [_tags(tags) for tags in added[:_MOST_NAMED] if tags]
        if len(added) > _MOST_NAMED:
            named.append(f"{len(added) - _MOST_NAMED} more")
        if named:
            said.append("not tagged " + " or ".join(named))
    return ", ".join(said)


def _tags(tags: Tags) -> str:
    return " and ".join(f"{visible(key)}={visible(value)}" for key, value in tags)


def _sizes(sizes: Sizes) -> str:
    """A filter with tags or a size never matches an empty object: that is not mentioned."""
    least, most = sizes
    if most == 0:
        return "empty"
    said = []
    if least > 1:
        said.append(from_size(least))
    if most != NO_LIMIT:
        said.append(to_size(most))
    return " and ".join(said)


def _named(beside: tuple[tuple[str, Tags], ...]) -> str:
    if len(beside) > _MOST_NAMED:
        return f"{len(beside):,} parts of it"
    return " or ".join(
        shown(prefix) + (f" tagged {_tags(tags)}" if tags else "") for prefix, tags in beside
    )
