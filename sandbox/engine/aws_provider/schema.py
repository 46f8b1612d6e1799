"""Shapes → the package schema that `pulumi import` reads."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, assert_never

from sandbox.engine.aws_provider import config_shape
from sandbox.engine.aws_provider.resource import Resource
from sandbox.engine.aws_provider.shape import Kind, Shape

Json: TypeAlias = dict[str, Any]


def package(version: str, resources: Iterable[type[Resource]]) -> Json:
    types: Json = {}
    described = {kind.token: _resource(kind, types) for kind in resources}
    config = _properties(config_shape.SHAPE.fields, types, "index")
    return {
        "name": "aws",
        "version": version,
        "description": "stand-in for pulumi-aws: two S3 types",
        "config": {"variables": config},
        "provider": {"inputProperties": config},
        "types": types,
        "resources": described,
    }


def _resource(kind: type[Resource], types: Json) -> Json:
    module = kind.token.split(":")[1].split("/")[0]
    return {
        "properties": _properties(kind.outputs.fields, types, module),
        "required": _required(kind.outputs),
        "inputProperties": _properties(kind.inputs.fields, types, module),
        "requiredInputs": _required(kind.inputs),
    }


def _properties(fields: Mapping[str, Shape], types: Json, module: str) -> Json:
    return {
        name: _type(shape, types, module)
        | ({"willReplaceOnChanges": True} if shape.replaces else {})
        for name, shape in fields.items()
    }


def _type(shape: Shape, types: Json, module: str) -> Json:
    match shape.kind:
        case Kind.OBJECT:
            token = f"aws:{module}/{shape.type_name}:{shape.type_name}"
            if token not in types:
                properties = _properties(shape.fields, types, module)
                required = _required(shape)
                types[token] = {"type": "object", "properties": properties, "required": required}
            return {"$ref": f"#/types/{token}"}
        case Kind.LIST:
            assert shape.item is not None, "a list says what it holds"
            return {"type": "array", "items": _type(shape.item, types, module)}
        case Kind.MAP:
            assert shape.item is not None, "a map says what it holds"
            inner = _type(shape.item, types, module)
            return {"type": "object", "additionalProperties": inner}
        case Kind.STRING | Kind.INTEGER | Kind.BOOLEAN:
            return {"type": shape.kind.value}
        case _:
            assert_never(shape.kind)


def _required(shape: Shape) -> list[str]:
    return [name for name, inner in shape.fields.items() if inner.required]
