"""Parts of a configuration in S3's spelling, each with its place in the data of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from firnline.diagnostics.position import Span
from firnline.language.data_tree import DataLocation, DataTree, Path
from firnline.lint.paths import split


@dataclass(frozen=True, slots=True)
class Part:
    """`places`: by the path below the part ("" is the part itself), the place in the data."""

    shape: Any
    places: Mapping[str, Path] = field(default_factory=dict)


def listed(name: str, items: Iterable[Part], where: Path) -> Part:
    """A member whose value is a list."""
    return as_member(name, as_list(items, where))


def as_list(items: Iterable[Part], where: Path) -> Part:
    parts = tuple(items)
    places: dict[str, Path] = {"": where}
    for number, part in enumerate(parts):
        places |= {f"[{number}]{path}": place for path, place in part.places.items()}
    return Part([part.shape for part in parts], places)


def as_member(name: str, part: Part) -> Part:
    places = {f".{name}{path}": place for path, place in part.places.items()}
    return Part({name: part.shape}, places)


def joined(parts: Iterable[Part]) -> Part:
    """What several parts say of the same object."""
    shape: dict[str, Any] = {}
    places: dict[str, Path] = {}
    for part in parts:
        shape |= part.shape
        places |= part.places
    return Part(shape, places)


def outermost(part: Part) -> Part:
    """A whole configuration: its paths begin as those of `s3/law` do."""
    return Part(part.shape, {path.removeprefix("."): at for path, at in part.places.items()})


def finder(tree: DataTree, places: Mapping[str, Path]) -> Callable[[str, bool], Span | None]:
    """The place of a path that a part has; `places` are those of the whole configuration."""
    named = namer(tree, places)

    def find(path: str, key: bool) -> Span | None:
        where = places.get(path)
        return None if where is None else span_of(tree, where, key=key, named=named(path))

    return find


def namer(tree: DataTree, places: Mapping[str, Path]) -> Callable[[str], str]:
    """What the file calls what stands at a path, within its rule: `transition[1].days`."""

    def name(path: str) -> str:
        where = places.get(path)
        if where is None:
            return path
        above = places.get(split(path)[0], ())
        inside = where[len(above) :] if above and where[: len(above)] == above else ()
        return _name(tree, where, inside or _last(where)) or path

    return name


def _last(where: Path) -> Path:
    """Its key, or `rule[1]`; nothing for an argument of a function in a template."""
    match where:
        case (*_, str(key), int(number)) if not key.startswith("Fn::"):
            return key, number
        case (*_, str(key)):
            return (key,)
        case _:
            return ()


def _name(tree: DataTree, where: Path, inside: Path) -> str:
    """Without the number of the only item of a list."""
    text = ""
    for nth, step in enumerate(inside, len(where) - len(inside)):
        if isinstance(step, str):
            text += f".{step}"
        elif (*where[:nth], step + 1) in tree.places or step > 0:
            text += f"[{step}]"
    return text.lstrip(".")


def span_of(tree: DataTree, where: Path, *, key: bool, named: str = "") -> Span | None:
    """A value; a long one is shown by its key, or by its first character."""
    place = tree.places.get(where)
    if place is None:
        return None
    found = _shown(place, key)
    return replace(found, named=named or str(where[-1] if where else ""))


def _shown(place: DataLocation, key: bool) -> Span:
    if key and place.key is not None:
        return place.key
    value = place.value
    is_short = (
        value.end - value.start <= 1 or "\n" not in value.source.text[value.start : value.end]
    )
    if value.source.text[value.start] not in "{[" and is_short:
        return value
    return place.key or Span(value.source, value.start, value.start + 1)
