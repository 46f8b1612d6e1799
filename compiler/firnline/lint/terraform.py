"""`terraform show -json`, of a plan or a state → the configurations that its provider sends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from firnline.language.json_tree import Path
from firnline.lint.terraform_buckets import Buckets
from firnline.lint.terraform_rule import Part, blocks, first, listed, read_rule
from firnline.s3.law.header import MEMBER
from firnline.s3.shape import Json
from firnline.s3.terms import MfaDelete, Versioning

LIFECYCLE = "aws_s3_bucket_lifecycle_configuration"
VERSIONING = "aws_s3_bucket_versioning"
# AWS provider, aws_s3_bucket_versioning: `Disabled` is for buckets that never had it.
_VERSIONING: Final = {each.status or "Disabled": each for each in Versioning}


@dataclass(frozen=True, slots=True)
class Configuration:
    """`places`: by path in `s3/law`, the place in the JSON."""

    name: str
    configuration: Json
    header: str | None
    places: Mapping[str, Path]
    versioning: Versioning | None
    mfa_delete: bool


def is_terraform(data: Json) -> bool:
    return "terraform_version" in data or ("format_version" in data and _root(data)[0] is not None)


def configurations_of(data: Json) -> Iterator[Configuration]:
    """Every resource of a lifecycle configuration, in modules too."""
    root, path = _root(data)
    found = list(_resources(root, path))
    buckets = Buckets(data)
    versioned = {}
    for resource, _ in found:
        values, bucket = resource.get("values"), buckets.of(resource)
        if resource.get("type") == VERSIONING and isinstance(values, dict) and bucket is not None:
            versioned[bucket] = first(values.get("versioning_configuration"))
    for resource, where in found:
        values, bucket = resource.get("values"), buckets.of(resource)
        if resource.get("type") == LIFECYCLE and isinstance(values, dict):
            state = versioned.get(bucket, {}) if bucket is not None else {}
            yield _read(resource, values, (*where, "values"), state)


def _root(data: Json) -> tuple[Any, Path]:
    for name in ("planned_values", "values"):
        inside = data.get(name)
        if isinstance(inside, dict) and isinstance(inside.get("root_module"), dict):
            return inside["root_module"], (name, "root_module")
    return None, ()


def _resources(root: Any, path: Path) -> Iterator[tuple[Json, Path]]:
    modules: list[tuple[Any, Path]] = [(root, path)]
    while modules:
        module, where = modules.pop()
        if not isinstance(module, dict):
            continue
        for number, resource in enumerate(blocks(module.get("resources"))):
            if isinstance(resource, dict):
                yield resource, (*where, "resources", number)
        for number, child in enumerate(blocks(module.get("child_modules"))):
            modules.append((child, (*where, "child_modules", number)))


def _read(resource: Json, values: Json, where: Path, state: Json) -> Configuration:
    rules = listed("Rules", _rules(values, where), (*where, "rule"))
    header = "transition_default_minimum_object_size"
    places = {path.removeprefix("."): place for path, place in rules.places.items()}
    return Configuration(
        name=str(resource.get("address", "")),
        configuration=rules.shape,
        header=values.get(header) or None,
        places={"": (*where, "rule"), MEMBER: (*where, header), **places},
        versioning=_versioning(state.get("status")),
        mfa_delete=state.get("mfa_delete") == MfaDelete.ENABLED,
    )


def _rules(values: Json, where: Path) -> Iterator[Part]:
    for number, rule in enumerate(blocks(values.get("rule"))):
        is_rule = isinstance(rule, dict)
        yield read_rule(rule, (*where, "rule", number)) if is_rule else Part(rule)


def _versioning(status: Any) -> Versioning | None:
    """None also where a plan does not know it yet."""
    return _VERSIONING.get(status) if isinstance(status, str) else None
