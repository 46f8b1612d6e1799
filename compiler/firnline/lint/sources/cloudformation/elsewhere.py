"""Buckets that a template does not show: those of nested stacks, modules, macros and Outposts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, whole_file
from firnline.diagnostics.remedy import Advise
from firnline.diagnostics.visible import visible
from firnline.language.data_tree import DataTree, Path
from firnline.lint.file_kinds import NOT_KNOWN
from firnline.lint.plan_kinds import NOT_FOR_S3
from firnline.lint.sources.parts import span_of

# By type, what holds resources that its template does not show.
_NESTED: Final = {
    "AWS::CloudFormation::Stack": "nested stack",
    "AWS::CloudFormation::StackSet": "stack set",
    "AWS::Serverless::Application": "nested application",
}
_MODULE: Final = "::MODULE"
_OUTPOSTS_BUCKET: Final = "AWS::S3Outposts::Bucket"
# Macros of AWS that add no bucket (CloudFormation User Guide, "Transform reference").
_WITHOUT_BUCKETS: Final = (
    "AWS::CodeDeployBlueGreen",
    "AWS::LanguageExtensions",
    "AWS::SecretsManager",
    "AWS::Serverless-",
    "AWS::ServiceCatalog",
)
_ADDS: Final = ("Fn::ForEach", "Fn::Transform")
_NAMED: Final = 5
_CHANGES: Final = "the macro `{}` may add buckets, or change those that are here"


def is_added(name: object) -> bool:
    """Whether a key stands for resources that CloudFormation adds."""
    return str(name).startswith(_ADDS)


def not_shown(tree: DataTree, source: Source) -> Iterator[Diagnostic]:
    """The template is a map."""
    resources = tree.data.get("Resources")
    resources = resources if isinstance(resources, Mapping) else {}
    yield from _macros(tree, source)
    yield from _added(tree, source, resources)
    yield from _nested(tree, source, resources)
    for name, resource in resources.items():
        if _type(resource) == _OUTPOSTS_BUCKET and _has_rules(resource):
            message = "rules of S3 on Outposts: nothing is said of them"
            place = span_of(tree, ("Resources", name), key=True) or whole_file(source.path)
            yield replace(NOT_FOR_S3.at(place, message), about=f'Bucket "{name}"')


def _nested(tree: DataTree, source: Source, resources: Mapping[Any, Any]) -> Iterator[Diagnostic]:
    """One for all of a sort."""
    found: dict[str, list[str]] = {}
    for name, resource in resources.items():
        type = _type(resource)
        what = "module" if type.endswith(_MODULE) else _NESTED.get(type)
        if what is not None:
            found.setdefault(what, []).append(str(name))
    for what, names in found.items():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        listed = ", ".join(f"`{visible(each)}`" for each in names[:_NAMED])
        yield _open(
            tree,
            source,
            ("Resources", names[0]),
            f"the buckets of {'this' if len(names) == 1 else 'these'} {what}"
            f"{'' if len(names) == 1 else 's'} are not known: {listed}{more}",
            f"check the template of the {what} too",
        )


def _added(tree: DataTree, source: Source, resources: Mapping[Any, Any]) -> Iterator[Diagnostic]:
    for name in filter(is_added, resources):
        yield _open(
            tree,
            source,
            ("Resources", name),
            f"`{visible(str(name))}`: CloudFormation adds resources here",
        )


def _macros(tree: DataTree, source: Source) -> Iterator[Diagnostic]:
    """That may change the whole template."""
    said = tree.data.get("Transform")
    macros = [_macro(each) for each in (said if isinstance(said, list) else [said])]
    unknown = [each for each in macros if each and not each.startswith(_WITHOUT_BUCKETS)]
    for name in unknown:
        yield _open(tree, source, ("Transform",), _CHANGES.format(visible(name)))
    if "Fn::Transform" in tree.data:
        name = _macro(tree.data["Fn::Transform"]) or "Fn::Transform"
        yield _open(tree, source, ("Fn::Transform",), _CHANGES.format(visible(name)))


def _macro(said: Any) -> str:
    name = said.get("Name") if isinstance(said, Mapping) else said
    return name if isinstance(name, str) else ""


def _open(
    tree: DataTree, source: Source, where: Path, message: str, remedy: str | None = None
) -> Diagnostic:
    place = span_of(tree, where, key=True) or whole_file(source.path)
    return NOT_KNOWN.at(place, message, remedy=Advise(remedy) if remedy else None)


def _type(resource: Any) -> str:
    type = resource.get("Type") if isinstance(resource, Mapping) else None
    return type if isinstance(type, str) else ""


def _has_rules(resource: Mapping[str, Any]) -> bool:
    properties = resource.get("Properties")
    return isinstance(properties, Mapping) and "LifecycleConfiguration" in properties
