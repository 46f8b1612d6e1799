"""Which S3 operation is this request? Read from botocore's model of S3: no list is kept here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from urllib.parse import parse_qs

import botocore.session
from botocore.model import OperationModel


class ResourceLevel(Enum):
    SERVICE = "/"
    BUCKET = "/{Bucket}"
    OBJECT = "/{Bucket}/{Key+}"


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a request must look like to be this operation."""

    name: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...]  # with a value, or "" for "present"
    headers: tuple[str, ...]

    def matches(self, query: Mapping[str, str], headers: Mapping[str, str]) -> bool:
        return all(
            name in query and (not value or query[name] == value) for name, value in self.query
        ) and all(name in headers for name in self.headers)

    @property
    def demands(self) -> int:
        return len(self.query) + len(self.headers)


def name_s3_operation(
    method: str, scope: ResourceLevel, query: Mapping[str, str], headers: Mapping[str, str]
) -> str:
    """`headers` by lower-case name. The operation that demands most of what is there wins."""
    fitting = [
        shape
        for shape in _shapes()
        if (shape.method, shape.path) == (method, scope.value) and shape.matches(query, headers)
    ]
    if not fitting:
        return method
    return max(fitting, key=lambda shape: shape.demands).name


@cache
def _shapes() -> tuple[_Shape, ...]:
    model = botocore.session.get_session().get_service_model("s3")
    operations = (model.operation_model(name) for name in model.operation_names)
    # Directory buckets are listed at an endpoint of their own, with the same path.
    return tuple(
        _shape(operation)
        for operation in operations
        if not operation.deprecated and operation.name != "ListDirectoryBuckets"
    )


def _shape(operation: OperationModel) -> _Shape:
    path, _, literal = str(operation.http["requestUri"]).partition("?")
    query = [
        (name, values[0]) for name, values in parse_qs(literal, keep_blank_values=True).items()
    ]
    headers: list[str] = []
    shape = operation.input_shape
    required = [shape.members[member] for member in shape.required_members] if shape else []
    for member in required:
        place = member.serialization
        match place.get("location"):
            case "querystring":
                query.append((place["name"], ""))
            case "header":
                headers.append(place["name"].lower())
            case _:
                pass  # in the path or in the body: no sign of which operation it is
    return _Shape(operation.name, operation.http["method"], path, tuple(query), tuple(headers))
