"""A resource of Terraform's, wherever it is from: a plan, a state, or a configuration in JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from firnline.language.data_tree import Path
from firnline.lint.sources.terraform.addresses import Address, address_of
from firnline.lint.sources.terraform.blocks import blocks
from firnline.lint.sources.terraform.expressions import Expressions
from firnline.s3.shape import Json

LIFECYCLE: Final = "aws_s3_bucket_lifecycle_configuration"
VERSIONING: Final = "aws_s3_bucket_versioning"
BUCKET: Final = "aws_s3_bucket"
DIRECTORY_BUCKET: Final = "aws_s3_directory_bucket"
CLOUD_CONTROL_BUCKET: Final = "awscc_s3_bucket"
WITH_RULES: Final = frozenset({LIFECYCLE, BUCKET, CLOUD_CONTROL_BUCKET})
BUCKETS: Final = (BUCKET, DIRECTORY_BUCKET, CLOUD_CONTROL_BUCKET)


@dataclass(frozen=True, slots=True)
class Resource:
    """An instance that is managed; `where` is the place of its values in the data of the file."""

    address: str
    type: str
    values: Json
    where: Path
    schema_version: object = None
    label: str = ""
    """What people call it, where that is not its address."""

    @property
    def called(self) -> str:
        return self.label or self.address

    @property
    def at(self) -> Address:
        return address_of(self.address)


@dataclass(frozen=True, slots=True)
class Described:
    """All resources of a file, and what is known of how they were written."""

    resources: tuple[Resource, ...]
    expressions: Expressions = field(default_factory=Expressions)
    constraint: str | None = None
    """On the version of the AWS provider."""
    created: frozenset[str] = frozenset()
    """The addresses of resources that a plan creates."""
    spelt: Callable[[Path], Path] = tuple
    """A place as the file spells it, where that is not as Terraform does."""

    def is_written(self, resource: Resource, argument: str) -> bool:
        """Whether the configuration sets it; an attribute may have values that it does not set."""
        return argument in self.expressions.arguments.get(resource.at.configured, {})

    def of_type(self, *types: str) -> Iterator[Resource]:
        return (each for each in self.resources if each.type in types)


def resources_below(root: Any, path: Path) -> Iterator[Resource]:
    """Those of a module as `terraform show -json` has it, and of the modules in it."""
    modules: list[tuple[Any, Path]] = [(root, path)]
    while modules:
        module, where = modules.pop(0)
        if isinstance(module, dict):
            yield from _managed(module.get("resources"), (*where, "resources"))
            children = enumerate(blocks(module.get("child_modules")))
            modules += [(child, (*where, "child_modules", nth)) for nth, child in children]


def _managed(said: Any, where: Path) -> Iterable[Resource]:
    for nth, each in enumerate(blocks(said)):
        if isinstance(each, dict) and each.get("mode", "managed") == "managed":
            values = each.get("values")
            yield Resource(
                address=str(each.get("address", "")),
                type=str(each.get("type", "")),
                values=values if isinstance(values, dict) else {},
                where=(*where, nth, "values"),
                schema_version=each.get("schema_version"),
            )
