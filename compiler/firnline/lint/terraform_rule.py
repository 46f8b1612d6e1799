"""A `rule` block of Terraform's lifecycle resource → the rule that its provider sends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from firnline.language.json_tree import Path
from firnline.s3.shape import Json

_OLD: Final = {
    "noncurrent_days": "NoncurrentDays",
    "newer_noncurrent_versions": "NewerNoncurrentVersions",
}
_SIZES: Final = {
    "object_size_greater_than": "ObjectSizeGreaterThan",
    "object_size_less_than": "ObjectSizeLessThan",
}
_EXPIRATION: Final = {
    "days": "Days",
    "date": "Date",
    "expired_object_delete_marker": "ExpiredObjectDeleteMarker",
}
_NUMBERS: Final = frozenset(
    {"Days", "NoncurrentDays", "NewerNoncurrentVersions", "DaysAfterInitiation", *_SIZES.values()}
)
# By block: the member, and its members.
_LISTS: Final = {
    "transition": (
        "Transitions",
        {"days": "Days", "date": "Date", "storage_class": "StorageClass"},
    ),
    "noncurrent_version_transition": (
        "NoncurrentVersionTransitions",
        {**_OLD, "storage_class": "StorageClass"},
    ),
}
_BLOCKS: Final = {
    "noncurrent_version_expiration": ("NoncurrentVersionExpiration", _OLD),
    "abort_incomplete_multipart_upload": (
        "AbortIncompleteMultipartUpload",
        {"days_after_initiation": "DaysAfterInitiation"},
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a configuration in S3's spelling. `places`: by path below it ("" is the part
    itself), the place in the JSON.
    """

    shape: Any
    places: Mapping[str, Path] = field(default_factory=dict)


def read_rule(rule: Json, where: Path) -> Part:
    filter = blocks(rule.get("filter"))
    parts = [_members(rule, where, {"id": "ID", "status": "Status"})]
    if filter:
        parts.append(_as_member("Filter", _filter(first(filter), (*where, "filter", 0))))
    prefix = rule.get("prefix")
    # The provider writes "" for a missing prefix.
    if prefix or (prefix == "" and not filter):
        parts.append(_members(rule, where, {"prefix": "Prefix"}))
    return _joined((*parts, *_actions(rule, where)))


def listed(name: str, items: Iterable[Part], where: Path) -> Part:
    """A member whose value is a list."""
    parts = tuple(items)
    places = {f".{name}": where}
    for number, part in enumerate(parts):
        places |= {f".{name}[{number}]{path}": place for path, place in part.places.items()}
    return Part({name: [part.shape for part in parts]}, places)


def blocks(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def first(value: object) -> dict[str, Any]:
    items = blocks(value)
    return items[0] if items and isinstance(items[0], dict) else {}


def _actions(rule: Json, where: Path) -> Iterator[Part]:
    if blocks(rule.get("expiration")):
        yield _as_member("Expiration", _expiration(rule, where))
    for block, (member, names) in _LISTS.items():
        if items := blocks(rule.get(block)):
            read = [
                _members(item, (*where, block, number), names)
                for number, item in enumerate(items)
                if isinstance(item, dict)
            ]
            yield listed(member, read, (*where, block))
    for block, (member, names) in _BLOCKS.items():
        if blocks(rule.get(block)):
            inside = _members(first(rule.get(block)), (*where, block, 0), names)
            yield _as_member(member, inside)


def _expiration(rule: Json, where: Path) -> Part:
    read = _members(first(rule.get("expiration")), (*where, "expiration", 0), _EXPIRATION)
    marker = "ExpiredObjectDeleteMarker"
    if len(read.shape) == 1 or read.shape.get(marker) is not False:
        return read
    # The provider does not send it then.
    return Part({name: value for name, value in read.shape.items() if name != marker}, read.places)


def _filter(filter: Json, where: Path) -> Part:
    parts = [_members(filter, where, _SIZES)]
    if tag := first(filter.get("tag")):
        names = {"key": "Key", "value": "Value"}
        parts.append(_as_member("Tag", _members(tag, (*where, "tag", 0), names, empty=True)))
    if joined := blocks(filter.get("and")):
        parts.append(_as_member("And", _and(first(joined), (*where, "and", 0))))
    prefix = filter.get("prefix")
    if prefix or (prefix == "" and not any(part.shape for part in parts)):
        parts.append(_members(filter, where, {"prefix": "Prefix"}))
    return _joined(parts)


def _and(inside: Json, where: Path) -> Part:
    both = _members(inside, where, {**_SIZES, "prefix": "Prefix"})
    tags = inside.get("tags")
    if not isinstance(tags, dict) or not tags:
        return both
    read = [_tag(key, value, (*where, "tags", key)) for key, value in tags.items()]
    return _joined((both, listed("Tags", read, (*where, "tags"))))


def _tag(key: str, value: object, where: Path) -> Part:
    return Part({"Key": key, "Value": value}, {"": where, ".Key": where, ".Value": where})


def _as_member(name: str, part: Part) -> Part:
    places = {f".{name}{path}": place for path, place in part.places.items()}
    return Part({name: part.shape}, places)


def _joined(parts: Iterable[Part]) -> Part:
    """What several parts say of the same object."""
    shape: dict[str, Any] = {}
    places: dict[str, Path] = {}
    for part in parts:
        shape |= part.shape
        places |= part.places
    return Part(shape, places)


def _members(block: Json, where: Path, names: Mapping[str, str], *, empty: bool = False) -> Part:
    """Without members that are absent; `empty`: "" is a value."""
    said = {
        name: _number(block.get(name)) if member in _NUMBERS else block.get(name)
        for name, member in names.items()
    }
    sent = {
        name: value
        for name, value in said.items()
        if not _is_absent(names[name], value, block) and (value != "" or empty or name == "prefix")
    }
    shape = {names[name]: value for name, value in sent.items()}
    return Part(shape, {"": where, **{f".{names[name]}": (*where, name) for name in sent}})


def _is_absent(member: str, value: object, block: Json) -> bool:
    """Also 0 where the provider writes that for an absent member."""
    if value is None:
        return True
    if value != 0:
        return False
    if member == "Days":
        return bool(block.get("date") or block.get("expired_object_delete_marker"))
    return member in ("ObjectSizeLessThan", "NewerNoncurrentVersions")


def _number(value: Any) -> Any:
    """Older providers write sizes and counts as text."""
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 20 else value
