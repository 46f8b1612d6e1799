"""Old inputs and new ones → what changes, by property path."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sandbox.engine.aws_provider.properties import Path, Properties
from sandbox.engine.aws_provider.shape import Shape


class Change(Enum):
    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class Difference:
    path: Path
    change: Change
    replaces: bool


def differences(old: Properties, new: Properties, shape: Shape) -> list[Difference]:
    """Empty for equal inputs, whether a number came as an integer or a float."""
    return [
        Difference(path, change, replaces=_replaces(path, shape))
        for path, change in _walk(old, new, ())
    ]


def _walk(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Change]]:
    match old, new:
        case dict(), dict():
            for key in sorted(old.keys() | new.keys()):
                yield from _walk_entry(
                    key in old, key in new, old.get(key), new.get(key), path, key
                )
        case list(), list():
            for index in range(max(len(old), len(new))):
                in_old, in_new = index < len(old), index < len(new)
                yield from _walk_entry(
                    in_old,
                    in_new,
                    old[index] if in_old else None,
                    new[index] if in_new else None,
                    path,
                    index,
                )
        case _ if old != new:
            yield path, Change.UPDATE


def _walk_entry(
    in_old: bool, in_new: bool, old: Any, new: Any, path: Path, step: str | int
) -> Iterator[tuple[Path, Change]]:
    if in_old and in_new:
        yield from _walk(old, new, (*path, step))
    else:
        yield (*path, step), Change.ADD if in_new else Change.DELETE


def _replaces(path: Path, shape: Shape) -> bool:
    first = path[0]
    assert isinstance(first, str), "the outermost step is a property"
    found = shape.fields.get(first)
    return found is not None and found.replaces
