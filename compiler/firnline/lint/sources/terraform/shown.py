"""`terraform show -json`, of a plan or a state → its resources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.position import Source, whole_file
from firnline.diagnostics.remedy import Advise
from firnline.language.data_tree import DataTree, Path
from firnline.lint.file_kinds import NOTHING_TO_CHECK
from firnline.lint.plan_kinds import INCOMPLETE
from firnline.lint.sources.terraform.awscc import ARGUMENT
from firnline.lint.sources.terraform.changes import (
    what_is_removed,
    whether_it_is_complete,
    without_rules,
)
from firnline.lint.sources.terraform.configurations import configurations
from firnline.lint.sources.terraform.expressions import Expressions, expressions_of
from firnline.lint.sources.terraform.known_after_apply import (
    created_by,
    unknown_by_address,
    with_unknown,
    without_computed,
)
from firnline.lint.sources.terraform.others import rules_of_others
from firnline.lint.sources.terraform.resources import (
    CLOUD_CONTROL_BUCKET,
    LIFECYCLE,
    WITH_RULES,
    Described,
    Resource,
    resources_below,
)
from firnline.lint.written import Form, ReadFile
from firnline.s3.shape import Json

_AWS: Final = "aws"
_KNOWN_WHEN_PLANNED: Final = ("var.", "each.", "count.", "path.", "terraform.")


def read(tree: DataTree, source: Source, _form: Form) -> ReadFile | None:
    data = tree.data
    if not isinstance(data, dict) or not _is_shown(data):
        return None
    described = _described(data)
    found = configurations(tree, source, described)
    said = (
        *found.diagnostics,
        *what_is_removed(tree, source),
        *whether_it_is_complete(tree, source),
        *rules_of_others(tree, source, described),
        *_whether_it_is_cut(data, source),
    )
    if not found.written and not said:
        message = "this Terraform plan or state has no resource with S3 lifecycle rules"
        said = (NOTHING_TO_CHECK.at(whole_file(source.path), message),)
    return ReadFile(found.written, said, tuple(without_rules(tree, found.written)))


def _whether_it_is_cut(data: Json, source: Source) -> Iterator[Diagnostic]:
    """Some keep only the changes of a plan; what a resource will be is in `planned_values`."""
    changes = data.get("resource_changes")
    changed = changes if isinstance(changes, list) and _root(data)[0] is None else []
    types = {str(each.get("type")) for each in changed if isinstance(each, dict)}
    if types & WITH_RULES:
        yield INCOMPLETE.at(
            whole_file(source.path),
            "it has buckets in `resource_changes`, but no `planned_values`, which have their rules",
            remedy=Advise("check the whole output of `terraform show -json`"),
            severity=Severity.ERROR,
        )


def _is_shown(data: Json) -> bool:
    is_state_file = data.get("version") == 4 and "lineage" in data
    return "format_version" in data or ("terraform_version" in data and not is_state_file)


def _described(data: Json) -> Described:
    """Only what is planned: data sources, and the state before, are not."""
    root, path = _root(data)
    unknown = unknown_by_address(data)
    configuration = data.get("configuration")
    expressions = expressions_of(configuration)
    resources = tuple(
        _with_unknown(each, unknown.get(each.address), expressions)
        for each in resources_below(root, path)
    )
    constraint = ", ".join(_constraints(configuration)) or None
    return Described(resources, expressions, constraint, frozenset(created_by(data)))


def _with_unknown(resource: Resource, unknown: Any, expressions: Expressions) -> Resource:
    """What the provider computes of what nobody set is not known either, and is not sent."""
    if resource.type == CLOUD_CONTROL_BUCKET and isinstance(unknown, dict):
        named = expressions.references(resource.at.configured, ARGUMENT)
        if all(each.startswith(_KNOWN_WHEN_PLANNED) for each in named):
            unknown = {name: each for name, each in unknown.items() if name != ARGUMENT}
    if resource.type == LIFECYCLE:
        written = expressions.arguments.get(resource.at.configured, {})
        unknown = without_computed(unknown, written)
    values = with_unknown(resource.values, unknown)
    return replace(resource, values=values if isinstance(values, dict) else {})


def _root(data: Json) -> tuple[Any, Path]:
    for name in ("planned_values", "values"):
        inside = data.get(name)
        if isinstance(inside, dict) and isinstance(inside.get("root_module"), dict):
            return inside["root_module"], (name, "root_module")
    return None, ()


def _constraints(configuration: Any) -> Iterator[str]:
    providers = configuration.get("provider_config") if isinstance(configuration, dict) else None
    for each in (providers if isinstance(providers, dict) else {}).values():
        if isinstance(each, dict) and each.get("name") == _AWS:
            constraint = each.get("version_constraint")
            if isinstance(constraint, str):
                yield constraint
