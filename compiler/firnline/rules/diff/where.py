"""Which objects does a change touch? Prefixes, tags and sizes, in words for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from firnline.diagnostics.visible import visible
from firnline.rules.diff.boxes import EVERY_SIZE, EVERYTHING, Box, Sizes
from firnline.s3.phrases import from_size, to_size
from firnline.s3.scope import NO_LIMIT, Tags

WHOLE_BUCKET = "the whole bucket"
MOST_SHOWN = 6
_EMPTY: tuple[Sizes, ...] = ((0, 0),)
_AMBIGUOUS = frozenset(' ,;"()\\')


@dataclass(frozen=True, slots=True)
class Excluded:
    """Objects in one of the boxes, below a prefix, but not below a longer one of `outside`."""

    prefix: str
    boxes: tuple[Box, ...]
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Where:
    """Objects in one of the boxes, below one of the prefixes, except those that are excluded below
    a longer prefix. Nothing that is excluded is in the scope of the same change.
    """

    prefixes: tuple[str, ...]
    boxes: tuple[Box, ...]
    excluded: tuple[Excluded, ...] = ()


def in_words(where: Where, most: int | None = MOST_SHOWN) -> str:
    """Of each list the first `most` entries, and how many more there are; None names all."""
    said = _few([_prefix(prefix) for prefix in where.prefixes], most, ", ", "and")
    if where.boxes != EVERYTHING:
        said += ", " + _few(list(_boxes(where.boxes, most)), most, "; or ", "and")
    excluded = [text for each in where.excluded for text in _excluded(each, most)]
    if excluded:
        said += f", but not {_few(excluded, most, ' or ', 'or')}"
    return said


def _excluded(excluded: Excluded, most: int | None) -> Iterator[str]:
    prefix = _prefix(excluded.prefix)
    apart = [_prefix(each) for each in excluded.outside]
    outside = f" outside {_few(apart, most, ' and ', 'and')}" if apart else ""
    if excluded.boxes == EVERYTHING:
        yield prefix + outside
        return
    for box in _boxes(excluded.boxes, most):
        yield f"{prefix} ({box}){outside}" if ", " in box else f"{prefix} {box}{outside}"


def _few(texts: Sequence[str], most: int | None, joint: str, last: str) -> str:
    if most is None or len(texts) <= most:
        return joint.join(texts)
    return f"{joint.join(texts[:most])} {last} {len(texts) - most:,} more"


def _boxes(boxes: Iterable[Box], most: int | None) -> Iterator[str]:
    """Boxes that differ only in their tags as one; the empty objects of other ones last."""
    alike: dict[object, list[Box]] = {}
    for box in sorted(boxes, key=lambda box: box.sizes == _EMPTY):
        alike.setdefault((box.sizes, box.without or not box.tags), []).append(box)
    for group in alike.values():
        yield ", ".join(_parts(group, most))


def _parts(alike: Sequence[Box], most: int | None) -> Iterator[str]:
    box = alike[0]
    if box.tags:
        yield f"tagged {_few([_tags(each.tags) for each in alike], most, ' or ', 'or')}"
    if box.sizes != EVERY_SIZE:
        yield _few([_sizes(each) for each in box.sizes], most, " or ", "or")
    if box.without:
        added = [tuple(tag for tag in tags if tag not in box.tags) for tags in box.without]
        yield f"not tagged {_few([_tags(tags) for tags in added], most, ' or ', 'or')}"


def _sizes(sizes: Sizes) -> str:
    least, most = sizes
    if most == 0:
        return "empty"
    said = ["not empty"] if least == 1 else [from_size(least)] if least else []
    if most != NO_LIMIT:
        said.append(to_size(most))
    return " and ".join(said)


def _tags(tags: Tags) -> str:
    return " and ".join(f"{_quoted(key, '=')}={_quoted(value, '=')}" for key, value in tags)


def _prefix(prefix: str) -> str:
    if not prefix:
        return WHOLE_BUCKET
    return '"empty"' if prefix == "empty" else _quoted(prefix)


def _quoted(text: str, and_also: str = "") -> str:
    """In quotes where it could be read as something else than one name."""
    if text and visible(text) == text and _AMBIGUOUS.union(and_also).isdisjoint(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"{visible(escaped)}"'
