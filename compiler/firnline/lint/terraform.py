"""`terraform show -json`, of a plan or a state → the configurations that its provider sends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from firnline.language.json_tree import Path
from firnline.lint.terraform_buckets import Buckets
from firnline.s3.terms import Versioning

LIFECYCLE = "aws_s3_bucket_lifecycle_configuration"
VERSIONING = "aws_s3_bucket_versioning"
# AWS provider, aws_s3_bucket_versioning: `Disabled` is for buckets that never had it.
_VERSIONING: Final[dict[str, Versioning]] = {
    "Enabled": Versioning.ENABLED,
    "Suspended": Versioning.SUSPENDED,
    "Disabled": Versioning.OFF,
}
Json = dict[str, Any]


@dataclass(slots=True)
class Configuration:
    """`places`: by path in `s3/law`, the place in the JSON."""

    name: str
    configuration: Json
    header: str | None
    places: dict[str, Path] = field(default_factory=dict)
    versioning: Versioning | None = None
    mfa_delete: bool = False


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
            versioned[bucket] = _first(values.get("versioning_configuration"))
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
        for number, resource in enumerate(_list(module.get("resources"))):
            if isinstance(resource, dict):
                yield resource, (*where, "resources", number)
        for number, child in enumerate(_list(module.get("child_modules"))):
            modules.append((child, (*where, "child_modules", number)))


def _read(resource: Json, values: Json, where: Path, state: Json) -> Configuration:
    header = values.get("transition_default_minimum_object_size")
    made = Configuration(
        name=str(resource.get("address", "")),
        configuration={"Rules": []},
        header=header or None,
        versioning=_versioning(state.get("status")),
        mfa_delete=state.get("mfa_delete") == "Enabled",
    )
    made.places[""] = made.places["Rules"] = (*where, "rule")
    made.places["TransitionDefaultMinimumObjectSize"] = (
        *where,
        "transition_default_minimum_object_size",
    )
    for number, rule in enumerate(_list(values.get("rule"))):
        reader = _Rule(made.places, f"Rules[{number}]", (*where, "rule", number))
        made.configuration["Rules"].append(reader.read(rule) if isinstance(rule, dict) else rule)
    return made


@dataclass(frozen=True, slots=True)
class _Rule:
    places: dict[str, Path]
    path: str
    where: Path

    def read(self, rule: Json) -> Json:
        self.places[self.path] = self.where
        shape = self._members(rule, "", (), {"id": "ID", "status": "Status"})
        filter = _list(rule.get("filter"))
        if filter:
            shape["Filter"] = self._filter(_first(filter))
        prefix = rule.get("prefix")
        # The provider writes "" for a missing prefix.
        if prefix or (prefix == "" and not filter):
            shape |= self._members(rule, "", (), {"prefix": "Prefix"})
        self._actions(rule, shape)
        return shape

    def _actions(self, rule: Json, shape: Json) -> None:
        if ends := _list(rule.get("expiration")):
            inside = self._block(
                rule,
                "expiration",
                "Expiration",
                {
                    "days": "Days",
                    "date": "Date",
                    "expired_object_delete_marker": "ExpiredObjectDeleteMarker",
                },
            )
            if len(inside) > 1 and inside.get("ExpiredObjectDeleteMarker") is False:
                del inside["ExpiredObjectDeleteMarker"]  # the provider does not send it then
            if inside or ends:
                shape["Expiration"] = inside
        for block, member, names in (
            (
                "transition",
                "Transitions",
                {"days": "Days", "date": "Date", "storage_class": "StorageClass"},
            ),
            (
                "noncurrent_version_transition",
                "NoncurrentVersionTransitions",
                {**_OLD, "storage_class": "StorageClass"},
            ),
        ):
            items = _list(rule.get(block))
            if items:
                self.places[f"{self.path}.{member}"] = (*self.where, block)
                shape[member] = [
                    self._members(item, f".{member}[{number}]", (block, number), names)
                    for number, item in enumerate(items)
                    if isinstance(item, dict)
                ]
        for block, member, names in (
            ("noncurrent_version_expiration", "NoncurrentVersionExpiration", _OLD),
            (
                "abort_incomplete_multipart_upload",
                "AbortIncompleteMultipartUpload",
                {"days_after_initiation": "DaysAfterInitiation"},
            ),
        ):
            if _list(rule.get(block)):
                shape[member] = self._block(rule, block, member, names)

    def _filter(self, filter: Json) -> Json:
        at: Path = ("filter", 0)
        self.places[f"{self.path}.Filter"] = (*self.where, *at)
        shape = self._members(filter, ".Filter", at, _SIZES)
        if tag := _first(filter.get("tag")):
            names = {"key": "Key", "value": "Value"}
            shape["Tag"] = self._members(tag, ".Filter.Tag", (*at, "tag", 0), names, empty=True)
        joined = _list(filter.get("and"))
        if joined:
            inside, inner = _first(joined), (*at, "and", 0)
            both = self._members(inside, ".Filter.And", inner, {**_SIZES, "prefix": "Prefix"})
            tags = inside.get("tags")
            if isinstance(tags, dict) and tags:
                both["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
                for number, key in enumerate(tags):
                    place = (*self.where, *inner, "tags", key)
                    for member in ("", ".Key", ".Value"):
                        self.places[f"{self.path}.Filter.And.Tags[{number}]{member}"] = place
            shape["And"] = both
        if filter.get("prefix") or (filter.get("prefix") == "" and not shape):
            shape |= self._members(filter, ".Filter", at, {"prefix": "Prefix"}, empty=True)
        return shape

    def _block(self, rule: Json, block: str, member: str, names: dict[str, str]) -> Json:
        inside = _first(rule.get(block))
        return self._members(inside, f".{member}", (block, 0), names)

    def _members(
        self, said: Json, below: str, at: Path, names: dict[str, str], empty: bool = False
    ) -> Json:
        """Without members that are null, or "" or 0 where the provider writes that for absent
        ones.
        """
        self.places[f"{self.path}{below}"] = (*self.where, *at)
        shape: Json = {}
        for name, member in names.items():
            value = said.get(name)
            if value is None or (value == "" and not empty and member != "Prefix"):
                continue
            if member in ("ObjectSizeGreaterThan", "ObjectSizeLessThan") or member in _NUMBERS:
                value = _number(value)
            if member in ("ObjectSizeLessThan", "NewerNoncurrentVersions") and value == 0:
                continue
            instead = said.get("date") or said.get("expired_object_delete_marker")
            if member == "Days" and value == 0 and instead:
                continue
            shape[member] = value
            self.places[f"{self.path}{below}.{member}"] = (*self.where, *at, name)
        return shape


_OLD = {"noncurrent_days": "NoncurrentDays", "newer_noncurrent_versions": "NewerNoncurrentVersions"}
_SIZES = {
    "object_size_greater_than": "ObjectSizeGreaterThan",
    "object_size_less_than": "ObjectSizeLessThan",
}
_NUMBERS = frozenset({"Days", "NoncurrentDays", "NewerNoncurrentVersions", "DaysAfterInitiation"})


def _number(value: Any) -> Any:
    """Older providers write sizes and counts as text."""
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 20 else value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _first(value: Any) -> Json:
    items = _list(value)
    return items[0] if items and isinstance(items[0], dict) else {}


def _versioning(status: Any) -> Versioning | None:
    """None also where a plan does not know it yet."""
    return _VERSIONING.get(status) if isinstance(status, str) else None
