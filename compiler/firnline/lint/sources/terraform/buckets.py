"""Which bucket is a resource about?

The name of a bucket that is still to be created is often not in a plan: then the expressions of the
configuration say to which resource it belongs, through the arguments and outputs of modules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

from firnline.lint.sources.terraform.addresses import (
    Address,
    address_of,
    caller_of,
    without_keys,
)
from firnline.lint.sources.terraform.expressions import references_of
from firnline.lint.sources.terraform.resources import (
    BUCKETS,
    CLOUD_CONTROL_BUCKET,
    DIRECTORY_BUCKET,
    Described,
    Resource,
)

_OF_INSTANCE: Final = ("each.key", "each.value", "count.index")
_NAME: Final = {CLOUD_CONTROL_BUCKET: "bucket_name"}
_DEEPEST: Final = 16  # chains of references: a bucket through modules in modules


@dataclass(frozen=True, slots=True)
class Bucket:
    """`key` is equal for the same bucket; `name` is None where it is not known yet."""

    key: Hashable
    name: str | None
    is_directory: bool = False


class Buckets:
    def __init__(self, described: Described) -> None:
        self._expressions = described.expressions
        self._instances: dict[str, list[Resource]] = defaultdict(list)
        for each in described.resources:
            self._instances[f"{each.at.module}{each.at.name}"].append(each)

    def of(self, resource: Resource) -> Bucket | None:
        """None where nobody can tell."""
        return self._of(resource, _DEEPEST)

    def _of(self, resource: Resource, depth: int) -> Bucket | None:
        name = resource.values.get(_NAME.get(resource.type, "bucket"))
        is_directory = resource.type == DIRECTORY_BUCKET
        if isinstance(name, str) and name:
            return Bucket(name, name, is_directory)
        if resource.type in BUCKETS:
            return Bucket(("resource", resource.address), None, is_directory)
        if depth == 0:
            return None
        at = resource.at
        named = self._expressions.references(at.configured, "bucket")
        if any(each.startswith("each.value") for each in named):
            named = (*named, *self._expressions.each.get(at.configured, ()))
        return self._named(named, at, depth - 1)

    def _named(self, references: Sequence[str], at: Address, depth: int) -> Bucket | None:
        """The one bucket that the references of an expression lead to."""
        per_instance = any(each.startswith(_OF_INSTANCE) for each in references)
        key = at.index if per_instance else ""
        found = {self._reference(each, at.module, key, depth) for each in references} - {None}
        return found.pop() if len(found) == 1 else None

    def _reference(self, reference: str, module: str, key: str, depth: int) -> Bucket | None:
        if depth == 0:
            return None
        if reference.startswith("var."):
            return self._passed_in(reference.split(".")[1], module, depth)
        if reference.startswith("module."):
            return self._passed_out(reference, module, key, depth)
        return self._resource(address_of(reference), module, key, depth)

    def _passed_in(self, variable: str, module: str, depth: int) -> Bucket | None:
        caller = caller_of(module)
        if caller is None:
            return None
        outer, call, key = caller
        expression = self._expressions.inputs.get((without_keys(outer), call), {}).get(variable)
        return self._named(references_of(expression), Address(outer, "", key), depth - 1)

    def _passed_out(self, reference: str, module: str, key: str, depth: int) -> Bucket | None:
        """An output of a module: `module.lake.bucket_id`, `module.lake["eu"].bucket_id`."""
        whole = f"{reference}."
        inner = address_of(whole).module
        called = caller_of(inner)
        if called is None:
            return None
        output = whole[len(inner) :].split(".")[0].split("[")[0]
        own = f"{module}{inner}"
        if key and not called[2]:
            own = f"{own[:-1]}{key}."
        references = self._expressions.outputs.get((without_keys(own), output), ())
        return self._named(references, Address(own, "", ""), depth - 1)

    def _resource(self, named: Address, module: str, key: str, depth: int) -> Bucket | None:
        type = named.name.partition(".")[0]
        if not type.startswith(BUCKETS):
            return None  # part of a name, not a bucket
        whole = f"{module}{named.name}"
        wanted = named.index or key
        instances = self._instances.get(whole, [])
        if not instances:
            return Bucket(("resource", f"{whole}{wanted}"), None, type == DIRECTORY_BUCKET)
        exact = [each for each in instances if each.at.index == wanted]
        alone = [each for each in instances if not each.at.index] if wanted else instances
        one = exact or alone
        return self._of(one[0], depth - 1) if len(one) == 1 else None
