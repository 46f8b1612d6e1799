"""Which resources of a Terraform plan are about the same bucket?"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Any

from firnline.s3.shape import Json

_INDEX = re.compile(r"\[[^\]]*\]")


class Buckets:
    """The buckets that the resources of a plan name.

    The name of a bucket that is still to be created is not in `planned_values`; then the
    expressions of `configuration` say to which resource it belongs (Terraform, JSON output format,
    "Configuration representation"). Instances of one resource (`count`, `for_each`) are those of
    the same index.
    """

    def __init__(self, data: Json) -> None:
        configuration = data.get("configuration")
        root = configuration.get("root_module") if isinstance(configuration, dict) else None
        self._references = dict(_references(root, ""))

    def of(self, resource: Json) -> Hashable | None:
        """The same for resources about the same bucket; none where nobody can tell."""
        values = resource.get("values")
        name = values.get("bucket") if isinstance(values, dict) else None
        if isinstance(name, str):
            return name
        address = str(resource.get("address", ""))
        references = self._references.get(_INDEX.sub("", address))
        return (references, tuple(_INDEX.findall(address))) if references else None


def _references(module: Any, prefix: str) -> Iterator[tuple[str, frozenset[str]]]:
    """By the address of each resource, what its `bucket` refers to, seen from the root module."""
    if not isinstance(module, dict):
        return
    for resource in _list(module.get("resources")):
        expressions = resource.get("expressions") if isinstance(resource, dict) else None
        bucket = expressions.get("bucket") if isinstance(expressions, dict) else None
        if isinstance(bucket, dict):
            named = [str(each) for each in _list(bucket.get("references"))]
            # Terraform lists `aws_s3_bucket.a.id` and `aws_s3_bucket.a`: the latter is the bucket.
            whole = [each for each in named if not any(_is_part(each, other) for other in named)]
            references = frozenset(f"{prefix}{each}" for each in whole)
            yield f"{prefix}{resource.get('address', '')}", references
    calls = module.get("module_calls")
    for name, call in (calls if isinstance(calls, dict) else {}).items():
        if isinstance(call, dict):
            yield from _references(call.get("module"), f"{prefix}module.{name}.")


def _is_part(reference: str, of: str) -> bool:
    return reference.startswith((f"{of}.", f"{of}["))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
