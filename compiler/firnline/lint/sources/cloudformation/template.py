"""A CloudFormation or SAM template → the configurations of the buckets in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, whole_file
from firnline.language.data_tree import DataTree, Path
from firnline.lint.file_kinds import NOTHING_TO_CHECK
from firnline.lint.sources.cloudformation.elsewhere import is_added, not_shown
from firnline.lint.sources.cloudformation.intrinsics import Expressions
from firnline.lint.sources.cloudformation.written_property import Bucket, written_property
from firnline.lint.unknown import Unknown
from firnline.lint.written import Form, ReadFile, Supposed, Written, with_conditions
from firnline.s3.terms import Versioning

BUCKET: Final = "AWS::S3::Bucket"
DIRECTORY_BUCKET: Final = "AWS::S3Express::DirectoryBucket"
_VERSIONING: Final = {each.status: each for each in Versioning if each.status}
_MOST_CONDITIONS: Final = 10
"""Each takes two more checks of the bucket's rules."""
_ASSUMED: Final = (
    "the template sets no versioning: the bucket counts as never versioned, as one is that this"
    " template creates; `--versioning` says otherwise"
)


def read(tree: DataTree, source: Source, _form: Form) -> ReadFile | None:
    data = tree.data
    if not isinstance(data, dict) or not _is_template(data):
        return None
    resources = data.get("Resources")
    parameters = data.get("Parameters")
    expressions = Expressions(parameters if isinstance(parameters, dict) else {})
    found = [
        each
        for name, resource in (resources if isinstance(resources, dict) else {}).items()
        for each in _read_bucket(tree, source, expressions, str(name), resource)
    ]
    elsewhere = tuple(not_shown(tree, source))
    if found or elsewhere:
        written = tuple(each for each, _ in found)
        return ReadFile(written, (*elsewhere, *(each for _, faults in found for each in faults)))
    message = "no bucket in this template has a lifecycle configuration"
    return ReadFile(diagnostics=(NOTHING_TO_CHECK.at(whole_file(source.path), message),))


def _is_template(data: dict[str, Any]) -> bool:
    resources = data.get("Resources")
    return "AWSTemplateFormatVersion" in data or (
        isinstance(resources, dict)
        and (
            any("::" in str(each.get("Type")) for each in resources.values() if _is_map(each))
            or any(map(is_added, resources))
        )
    )


def _read_bucket(
    tree: DataTree, source: Source, expressions: Expressions, name: str, resource: Any
) -> Iterator[tuple[Written, list[Diagnostic]]]:
    """One bucket; and what its rules are under each condition on which they depend."""
    for written, faults in _read_resource(tree, source, expressions, name, resource):
        supposed = [
            (Supposed(condition, holds, each), its_faults)
            for condition in _conditions(expressions, resource)[:_MOST_CONDITIONS]
            for holds in (True, False)
            for each, its_faults in _read_resource(
                tree, source, replace(expressions, supposed={condition: holds}), name, resource
            )
        ]
        found = ((where, fault) for where, its_faults in supposed for fault in its_faults)
        all_faults = [*faults, *with_conditions(faults, found)]
        yield replace(written, supposed=tuple(where for where, _ in supposed)), all_faults


def _conditions(expressions: Expressions, resource: Any) -> list[str]:
    """Those that decide whether a rule is there, or all of them; in the order of the template."""
    properties = resource.get("Properties")
    lifecycle = properties.get("LifecycleConfiguration") if _is_map(properties) else None
    known, _ = expressions.look(lifecycle, ())
    rules = known.get("Rules") if _is_map(known) else None
    listed, _ = expressions.look(rules, ())
    items = listed if isinstance(listed, list) else ()
    decided = (lifecycle, rules, *items)
    return list(dict.fromkeys(each for value in decided for each in expressions.condition(value)))


def _read_resource(
    tree: DataTree, source: Source, expressions: Expressions, name: str, resource: Any
) -> Iterator[tuple[Written, list[Diagnostic]]]:
    """One bucket that has a lifecycle configuration, and what CloudFormation would not read."""
    kind = resource.get("Type") if _is_map(resource) else None
    if kind not in (BUCKET, DIRECTORY_BUCKET):
        return
    where: Path = ("Resources", name, "Properties")
    properties, where = expressions.look(resource.get("Properties"), where)
    said = properties.get("LifecycleConfiguration") if _is_map(properties) else properties
    lifecycle, at = expressions.look(said, (*where, "LifecycleConfiguration"))
    if lifecycle is None:
        return
    name_of_bucket = (
        expressions.whole(properties.get("BucketName")) if _is_map(properties) else None
    )
    versioning = _versioning(expressions.whole(properties)) if _is_map(properties) else None
    bucket = Bucket(
        resource=f'Bucket "{name}"',
        name=name_of_bucket if isinstance(name_of_bucket, str) else None,
        versioning=versioning,
        assumed=_ASSUMED if versioning is Versioning.OFF else "",
        is_directory=kind == DIRECTORY_BUCKET,
    )
    yield written_property(tree, source, bucket, lifecycle, at, expressions.look)


def _versioning(properties: dict[str, Any]) -> Versioning | None:
    """None where the template leaves it open."""
    said = properties.get("VersioningConfiguration")
    if str(properties.get("ObjectLockEnabled")).lower() == "true":
        return Versioning.ENABLED  # S3 requires it (S3 User Guide, Object Lock)
    if said is None:
        return Versioning.OFF
    status = said.get("Status") if _is_map(said) else said
    return _VERSIONING.get(status) if isinstance(status, str) else None


def _is_map(value: Any) -> bool:
    return isinstance(value, dict) and not isinstance(value, Unknown)
