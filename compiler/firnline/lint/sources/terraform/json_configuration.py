"""A configuration of Terraform's in JSON (`.tf.json`) → its resources.

Terraform, "JSON configuration syntax": a block is an object or a list of objects, and a text may
hold an expression, `${…}`, whose value is not known from the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, whole_file
from firnline.diagnostics.remedy import Advise
from firnline.diagnostics.visible import visible
from firnline.language.data_tree import DataTree, Path
from firnline.lint.file_kinds import NOT_KNOWN, NOTHING_TO_CHECK
from firnline.lint.sources.terraform.blocks import blocks, first
from firnline.lint.sources.terraform.configurations import configurations
from firnline.lint.sources.terraform.expressions import Expressions
from firnline.lint.sources.terraform.others import rules_of_others
from firnline.lint.sources.terraform.resources import Described, Resource
from firnline.lint.unknown import Unknown
from firnline.lint.written import Form, ReadFile
from firnline.s3.shape import Json

_EXPRESSION: Final = re.compile(r"(?<![$%])(?:\$\{|%\{)")
_REFERENCE: Final = re.compile(r'\$\{((?:module\.)?[\w-]+\.[\w."\[\]-]+)\}')
_SECTIONS: Final = frozenset(
    {"data", "import", "locals", "module", "moved", "output", "provider", "resource", "terraform"}
    | {"variable", "//", "check", "removed"}
)
_COMMENT: Final = "//"


def read(tree: DataTree, source: Source, _form: Form) -> ReadFile | None:
    data = tree.data
    if not isinstance(data, dict) or not _is_configuration(data, source.path):
        return None
    described = _described(data)
    found = configurations(tree, source, described)
    said = (
        *found.diagnostics,
        *rules_of_others(tree, source, described),
        *_rules_of_modules(data, source),
    )
    if not found.written and not said:
        message = "this Terraform configuration has no resource with S3 lifecycle rules"
        said = (NOTHING_TO_CHECK.at(whole_file(source.path), message),)
    return ReadFile(found.written, said)


def _rules_of_modules(data: Json, source: Source) -> Iterator[Diagnostic]:
    modules = data.get("module")
    if isinstance(modules, dict) and modules:
        named = ", ".join(f"`{visible(str(name))}`" for name in sorted(modules)[:5])
        yield NOT_KNOWN.at(
            whole_file(source.path),
            f"the rules that these modules set are not known: {named}",
            remedy=Advise(
                "check a plan: `terraform plan -out=plan.bin`, then"
                " `terraform show -json plan.bin | firnline check -`"
            ),
        )


def _is_configuration(data: Json, path: str) -> bool:
    return path.lower().endswith(".tf.json") or (
        "resource" in data and data.keys() <= _SECTIONS and not isinstance(data["resource"], str)
    )


def _described(data: Json) -> Described:
    written = list(_resources(data.get("resource"), ("resource",)))
    resources = tuple(
        Resource(f"{type}.{name}", type, _values(body), where)
        for type, name, body, where in written
    )
    arguments = {
        f"{type}.{name}": {each: _expression(value) for each, value in body.items()}
        for type, name, body, _ in written
    }
    expressions = Expressions(arguments)
    return Described(resources, expressions, _constraint(data), spelt=lambda at: _spelt(data, at))


def _spelt(data: Any, where: Path) -> Path:
    """A single block may stand without a list around it; what `dynamic` makes is shown there."""
    above: Any = None
    here, path = data, list[str | int]()
    for step in where:
        if isinstance(step, int) and step >= len(blocks(here)) and isinstance(above, dict):
            return (*path[:-1], "dynamic", path[-1])
        if isinstance(step, int) and isinstance(here, dict):
            continue
        path.append(step)
        match here:
            case dict():
                above, here = here, here.get(step)
            case list() if isinstance(step, int) and step < len(here):
                above, here = here, here[step]
            case _:
                above, here = here, None
    return tuple(path)


def _resources(said: Any, where: Path) -> Iterator[tuple[str, str, Json, Path]]:
    """Each resource by its type and name."""
    for type, of_type, at in _labelled(said, where):
        for name, named, inside in _labelled(of_type, at):
            yield from ((type, name, body, place) for body, place in _objects(named, inside))


def _labelled(said: Any, where: Path) -> Iterator[tuple[str, Any, Path]]:
    """What stands below each label of a block."""
    for labels, at in _objects(said, where):
        yield from ((label, inside, (*at, label)) for label, inside in labels.items())


def _objects(said: Any, where: Path) -> Iterator[tuple[Json, Path]]:
    if isinstance(said, dict):
        yield said, where
        return
    for nth, each in enumerate(blocks(said)):
        if isinstance(each, dict):
            yield each, (*where, nth)


def _values(body: Json) -> Json:
    """Blocks that `dynamic` makes are not known; they come after those that stand beside it."""
    values = {name: _value(value) for name, value in body.items() if name != _COMMENT}
    for dynamic in blocks(values.pop("dynamic", None)):
        for name in dynamic if isinstance(dynamic, dict) else ():
            made = Unknown(f'made by `dynamic "{name}"`')
            beside = blocks(values.get(name))
            values[name] = [*beside, made] if beside else made
    return values


def _value(value: Any) -> Any:
    match value:
        case str() if _EXPRESSION.search(value):
            return Unknown(f"decided by the expression `{value}`")
        case str():
            return value.replace("$${", "${").replace("%%{", "%{")
        case dict():
            return _values(value)
        case list():
            return [_value(each) for each in value]
        case _:
            return value


def _expression(value: Any) -> Json:
    """As `terraform show -json` describes it, where it is one reference."""
    only = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return {"references": [only[1]]} if only else {}


def _constraint(data: Json) -> str | None:
    required = first(first(data.get("terraform")).get("required_providers"))
    aws = required.get("aws")
    constraint = aws.get("version") if isinstance(aws, dict) else aws
    return constraint if isinstance(constraint, str) else None
