"""What the engine sends: protobuf structs, from and to plain Python values."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from google.protobuf import struct_pb2

Properties: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[str | int, ...]

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""A value that is not known yet (pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go)."""


def from_struct(struct: struct_pb2.Struct) -> Properties:
    """Null values and the engine's own keys (`__defaults`, `__internal`) are left out."""
    return {
        key: _from_value(value)
        for key, value in struct.fields.items()
        if not key.startswith("__") and value.WhichOneof("kind") != "null_value"
    }


def to_struct(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(properties)
    return struct


def is_unknown(value: object) -> bool:
    return value == UNKNOWN


def contains_unknown(value: object) -> bool:
    match value:
        case dict():
            return any(map(contains_unknown, value.values()))
        case list():
            return any(map(contains_unknown, value))
        case _:
            return is_unknown(value)


def text_of(path: Path) -> str:
    """As Pulumi prints property paths: `rules[2].filter.and.tags["a.b"]`."""
    return "".join(_steps(path))


def _steps(path: Path) -> Iterator[str]:
    for place, step in enumerate(path):
        if isinstance(step, int):
            yield f"[{step}]"
        elif step.isidentifier():
            yield step if place == 0 else f".{step}"
        else:
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            yield f'["{escaped}"]'


def _from_value(value: struct_pb2.Value) -> Any:
    match value.WhichOneof("kind"):
        case "struct_value":
            return from_struct(value.struct_value)
        case "list_value":
            return [_from_value(item) for item in value.list_value.values]
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case _:
            return None
