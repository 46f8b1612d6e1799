"""Which properties a resource has, and does a value fit them?

One description serves the checks and the schema that `pulumi import` needs.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, assert_never

from sandbox.engine.aws_provider.properties import Path, is_unknown, text_of


class Kind(Enum):
    STRING = "string"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    OBJECT = "object"
    LIST = "array"
    MAP = "map"


@dataclass(frozen=True, slots=True)
class Shape:
    """`type_name` names an object's type in the schema; `item` is what a list or map holds."""

    kind: Kind
    required: bool = False
    replaces: bool = False
    fields: Mapping[str, "Shape"] = field(default_factory=dict)
    item: "Shape | None" = None
    type_name: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """`reason` is a sentence without its full stop; an empty path means the whole resource."""

    path: Path
    reason: str

    def text(self, resource: str) -> str:
        """As the bridge ends it (pulumi-terraform-bridge, NewCheckFailure)."""
        if not self.path:
            return self.reason
        return f"{self.reason}. Examine values at '{resource}.{text_of(self.path)}'."


def text(*, required: bool = False, replaces: bool = False) -> Shape:
    return Shape(Kind.STRING, required=required, replaces=replaces)


def integer(*, required: bool = False) -> Shape:
    return Shape(Kind.INTEGER, required=required)


def boolean() -> Shape:
    return Shape(Kind.BOOLEAN)


def record(type_name: str, *, required: bool = False, **fields: Shape) -> Shape:
    """A keyword may end in `_` where its name is a Python keyword."""
    named = {name.rstrip("_"): shape for name, shape in fields.items()}
    return Shape(Kind.OBJECT, required=required, fields=named, type_name=type_name)


def many(item: Shape) -> Shape:
    return Shape(Kind.LIST, item=item)


def mapping(item: Shape) -> Shape:
    return Shape(Kind.MAP, item=item)


def misfits(value: Any, shape: Shape, path: Path = ()) -> Iterator[Failure]:
    """Unknown keys, missing keys and wrong kinds, at every depth; unknown values fit everywhere."""
    if is_unknown(value):
        return
    if not _is_of(shape.kind, value):
        yield Failure(path, f"Expected {_EXPECTED[shape.kind]}, got {_printed(value)}")
        return
    match shape.kind:
        case Kind.OBJECT:
            yield from _misfits_in_object(value, shape, path)
        case Kind.LIST:
            assert shape.item is not None, "a list says what it holds"
            for index, item in enumerate(value):
                yield from misfits(item, shape.item, (*path, index))
        case Kind.MAP:
            assert shape.item is not None, "a map says what it holds"
            for key, item in value.items():
                yield from misfits(item, shape.item, (*path, key))
        case Kind.STRING | Kind.INTEGER | Kind.BOOLEAN:
            pass
        case _:
            assert_never(shape.kind)


def _misfits_in_object(value: Mapping[str, Any], shape: Shape, path: Path) -> Iterator[Failure]:
    for key, inner in value.items():
        if key in shape.fields:
            yield from misfits(inner, shape.fields[key], (*path, key))
        else:
            yield Failure((*path, key), f"Invalid or unknown key{_did_you_mean(key, shape)}")
    for key, inner_shape in shape.fields.items():
        if inner_shape.required and key not in value:
            # The path is part of the sentence here, as the bridge words a missing key.
            yield Failure((), f"Missing required property '{text_of((*path, key))}'")


def _did_you_mean(key: str, shape: Shape) -> str:
    close = difflib.get_close_matches(key, shape.fields, n=1)
    return f", did you mean `{close[0]}`?" if close else ""


def _is_of(kind: Kind, value: object) -> bool:
    match kind:
        case Kind.STRING:
            return isinstance(value, str)
        case Kind.INTEGER:
            return isinstance(value, int) and not isinstance(value, bool)
        case Kind.BOOLEAN:
            return isinstance(value, bool)
        case Kind.LIST:
            return isinstance(value, list)
        case Kind.OBJECT | Kind.MAP:
            return isinstance(value, dict)
        case _:
            assert_never(kind)


def _printed(value: object) -> str:
    return "an object" if isinstance(value, dict) else repr(value)


_EXPECTED = {
    Kind.STRING: "a String",
    Kind.INTEGER: "an Integer",
    Kind.BOOLEAN: "a Bool",
    Kind.OBJECT: "an Object",
    Kind.LIST: "a List",
    Kind.MAP: "a Map",
}
