"""What do the arguments of a configuration refer to, and what do modules pass on?

`configuration` of `terraform show -json` (Terraform, "JSON output format", configuration
representation) has for each argument the names in its expression, not the expression.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from firnline.s3.shape import Json


@dataclass(frozen=True, slots=True)
class Expressions:
    """By the path of a module without keys (empty, or ending in a dot) and a name in it."""

    arguments: Mapping[str, Json] = field(default_factory=dict)
    """Of each resource, by its address: the expressions of its arguments."""
    each: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of each resource with `for_each`: what that refers to."""
    inputs: Mapping[tuple[str, str], Json] = field(default_factory=dict)
    """Of each call of a module: the expressions of its arguments."""
    outputs: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """Of each output of a module: what it refers to."""

    def references(self, resource: str, argument: str) -> tuple[str, ...]:
        return references_of(self.arguments.get(resource, {}).get(argument))


def expressions_of(configuration: Any) -> Expressions:
    root = configuration.get("root_module") if isinstance(configuration, dict) else None
    modules = list(_modules(root, ""))
    resources = [
        (f"{path}{each.get('address', '')}", each)
        for path, module in modules
        for each in _objects(module.get("resources"))
    ]
    return Expressions(
        arguments={address: _object(each.get("expressions")) for address, each in resources},
        each={
            address: references_of(each["for_each_expression"])
            for address, each in resources
            if "for_each_expression" in each
        },
        inputs={
            (path, name): _object(call.get("expressions"))
            for path, module in modules
            for name, call in _object(module.get("module_calls")).items()
            if isinstance(call, dict)
        },
        outputs={
            (path, name): references_of(_object(output).get("expression"))
            for path, module in modules
            for name, output in _object(module.get("outputs")).items()
        },
    )


def references_of(expression: Any) -> tuple[str, ...]:
    """The longest of them: with `aws_s3_bucket.a.id` Terraform lists `aws_s3_bucket.a` as well."""
    said = _object(expression).get("references")
    named = [each for each in said if isinstance(each, str)] if isinstance(said, list) else []
    return tuple(
        each
        for each in named
        if not any(other.startswith((f"{each}.", f"{each}[")) for other in named)
    )


def _modules(module: Any, path: str) -> Iterator[tuple[str, Json]]:
    if not isinstance(module, dict):
        return
    yield path, module
    for name, call in _object(module.get("module_calls")).items():
        yield from _modules(_object(call).get("module"), f"{path}module.{name}.")


def _object(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
