"""A state file of Terraform's, version 4, as it lies on a disk or in a bucket → its resources.

hashicorp/terraform, internal/states/statefile/version4.go.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from firnline.diagnostics.position import Source, whole_file
from firnline.language.data_tree import DataTree
from firnline.lint.file_kinds import NOTHING_TO_CHECK
from firnline.lint.kinds import DOCUMENT
from firnline.lint.sources.terraform.configurations import configurations
from firnline.lint.sources.terraform.others import rules_of_others
from firnline.lint.sources.terraform.resources import Described, Resource
from firnline.lint.written import Form, ReadFile
from firnline.s3.shape import Json

_VERSION: Final = 4


def read(tree: DataTree, source: Source, _form: Form) -> ReadFile | None:
    data = tree.data
    if not isinstance(data, dict) or not isinstance(data.get("version"), int):
        return None
    if "lineage" not in data and "terraform_version" not in data:
        return None
    if data["version"] != _VERSION:
        message = (
            f"a Terraform state of version {data['version']}: only version {_VERSION} is read;"
            " `terraform show -json` prints one that is"
        )
        return ReadFile(diagnostics=(DOCUMENT.at(whole_file(source.path), message, remedy=()),))
    described = Described(tuple(_resources(data)))
    found = configurations(tree, source, described)
    said = (*found.diagnostics, *rules_of_others(tree, source, described))
    if not found.written and not said:
        message = "this Terraform state has no resource with S3 lifecycle rules"
        said = (NOTHING_TO_CHECK.at(whole_file(source.path), message),)
    return ReadFile(found.written, said)


def _resources(data: Json) -> Iterator[Resource]:
    """All instances that are managed, apart from those that wait for their destruction."""
    for nth, resource in _objects(data.get("resources")):
        if resource.get("mode") != "managed":
            continue
        module = f"{resource['module']}." if resource.get("module") else ""
        named = f"{module}{resource.get('type')}.{resource.get('name')}"
        for number, instance in _objects(resource.get("instances")):
            values = instance.get("attributes")
            if "deposed" not in instance and isinstance(values, dict):
                yield Resource(
                    address=f"{named}{_index(instance)}",
                    type=str(resource.get("type")),
                    values=values,
                    where=("resources", nth, "instances", number, "attributes"),
                    schema_version=instance.get("schema_version"),
                )


def _index(instance: Json) -> str:
    key = instance.get("index_key")
    return "" if key is None else f"[{json.dumps(key, ensure_ascii=False)}]"


def _objects(value: Any) -> list[tuple[int, Json]]:
    items = enumerate(value) if isinstance(value, list) else ()
    return [(nth, each) for nth, each in items if isinstance(each, dict)]
