"""A lifecycle configuration in S3's spelling, from any source → `RuleSet`: the one reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from firnline.s3.model import (
    Filter,
    MinimumSize,
    NoncurrentExpiration,
    NoncurrentTransition,
    Rule,
    RuleSet,
    Transition,
)
from firnline.s3.terms import Days, RuleStatus, StorageClass, When

_COUNTS: Final = frozenset(
    {
        "Days",
        "NoncurrentDays",
        "DaysAfterInitiation",
        "NewerNoncurrentVersions",
        "ObjectSizeGreaterThan",
        "ObjectSizeLessThan",
    }
)
_LISTS: Final = frozenset({"Transitions", "NoncurrentVersionTransitions", "Tags"})
_MAPPINGS: Final = frozenset(
    {"Filter", "And", "Tag", "Expiration", "NoncurrentVersionExpiration"}
    | {"AbortIncompleteMultipartUpload"}
)
_TEXTS: Final = frozenset({"ID", "Prefix", "StorageClass", "Key", "Value"})
_SIZES: Final = frozenset({"ObjectSizeGreaterThan", "ObjectSizeLessThan"})
# What each element may hold (S3 API, LifecycleRule and the types that it names).
_RULE: Final = frozenset(
    {"ID", "Status", "Prefix", "Filter", "Expiration", "Transitions"}
    | {"NoncurrentVersionTransitions", "NoncurrentVersionExpiration"}
    | {"AbortIncompleteMultipartUpload"}
)
_HOLDS: Final[Mapping[str, frozenset[str]]] = {
    "Filter": frozenset({"Prefix", "Tag", "And"}) | _SIZES,
    "And": frozenset({"Prefix", "Tags"}) | _SIZES,
    "Tag": frozenset({"Key", "Value"}),
    "Tags": frozenset({"Key", "Value"}),
    "Expiration": frozenset({"Days", "Date", "ExpiredObjectDeleteMarker"}),
    "Transitions": frozenset({"Days", "Date", "StorageClass"}),
    "NoncurrentVersionTransitions": frozenset(
        {"NoncurrentDays", "StorageClass", "NewerNoncurrentVersions"}
    ),
    "NoncurrentVersionExpiration": frozenset({"NoncurrentDays", "NewerNoncurrentVersions"}),
    "AbortIncompleteMultipartUpload": frozenset({"DaysAfterInitiation"}),
}


class Unreadable(ValueError):
    """The text names the element and what is wrong with it."""


def read_rules(shapes: object, header: object = None, path: str = "Rules") -> RuleSet:
    """`shapes`: the list of rules in boto3's shape; `header`: the minimum size, if there is one.

    A null member counts as absent. This checks only what reading needs; `s3/law` says whether S3
    would accept the rules. Raises `Unreadable`.
    """
    if not isinstance(shapes, list | tuple):
        raise Unreadable(f"`{path}` is no list")
    rules = tuple(read_rule(shape, f"{path}[{place}]") for place, shape in enumerate(shapes))
    try:
        size = MinimumSize(header) if header else MinimumSize.ALL_128K
    except ValueError:
        raise Unreadable(f"{header!r} is no minimum size that S3 knows") from None
    return RuleSet(rules, size)


def read_configuration(shape: Mapping[str, Any]) -> RuleSet:
    """A whole configuration, as boto3 returns it or XML and JSON are read. Raises `Unreadable`."""
    return read_rules(shape.get("Rules"), shape.get("TransitionDefaultMinimumObjectSize"))


def read_rule(shape: object, path: str = "Rule") -> Rule:
    """One rule. Raises `Unreadable`."""
    if not isinstance(shape, Mapping):
        raise Unreadable(f"`{path}` is no object")
    _require_known(shape, _RULE, path)
    cleaned = {name: _checked(name, value, f"{path}.{name}") for name, value in _said(shape)}
    if cleaned.get("Status") not in tuple(RuleStatus):
        said = f"is {cleaned['Status']!r}" if "Status" in cleaned else "is missing"
        raise Unreadable(f"`{path}.Status` {said}; it is `Enabled` or `Disabled`")
    try:
        return _rule(cleaned)
    except KeyError as missing:
        name = missing.args[0]
        wanted = "Days` or `Date" if name == "Date" else name
        raise Unreadable(f"`{path}` has an action or a tag without `{wanted}`") from None


def _rule(shape: Mapping[str, Any]) -> Rule:
    expiration = shape.get("Expiration", {})
    ends = shape.get("NoncurrentVersionExpiration")
    abort = shape.get("AbortIncompleteMultipartUpload")
    return Rule(
        id=shape.get("ID", ""),
        # A rule-level Prefix is the old spelling of a filter (S3 API, LifecycleRule).
        filter=_filter(shape.get("Filter", {"Prefix": shape.get("Prefix", "")})),
        enabled=shape["Status"] == RuleStatus.ENABLED,
        transitions=tuple(
            Transition(_when(each), StorageClass(each["StorageClass"]))
            for each in shape.get("Transitions", [])
        ),
        expires=(_when(expiration) if expiration.keys() & {"Days", "Date"} else None),
        removes_sole_markers=bool(expiration.get("ExpiredObjectDeleteMarker")),
        noncurrent_transitions=tuple(
            NoncurrentTransition(
                Days(each["NoncurrentDays"]),
                StorageClass(each["StorageClass"]),
                each.get("NewerNoncurrentVersions"),
            )
            for each in shape.get("NoncurrentVersionTransitions", [])
        ),
        noncurrent_expires=(
            NoncurrentExpiration(Days(ends["NoncurrentDays"]), ends.get("NewerNoncurrentVersions"))
            if ends
            else None
        ),
        aborts_uploads_after=Days(abort["DaysAfterInitiation"]) if abort else None,
    )


def _filter(shape: Mapping[str, Any]) -> Filter:
    inner = shape.get("And", shape)
    tags = inner.get("Tags", [inner["Tag"]] if "Tag" in inner else [])
    return Filter(
        prefix=inner.get("Prefix", ""),
        tags=tuple(sorted((tag["Key"], tag["Value"]) for tag in tags)),
        larger_than=inner.get("ObjectSizeGreaterThan"),
        smaller_than=inner.get("ObjectSizeLessThan"),
    )


def _when(shape: Mapping[str, Any]) -> When:
    return Days(shape["Days"]) if "Days" in shape else shape["Date"]


def _said(shape: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [(str(name), value) for name, value in shape.items() if value is not None]


def _checked(name: str, value: Any, path: str) -> Any:
    """The value without nulls, checked to be of the type that its name requires."""
    if name in _COUNTS:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise Unreadable(f"`{path}` is {_shown(value)}, no whole number")
    elif name == "Date":
        return _date(value, path)
    elif name in _LISTS:
        if not isinstance(value, list | tuple):
            raise Unreadable(f"`{path}` is no list")
        return [_mapping(name, each, f"{path}[{place}]") for place, each in enumerate(value)]
    elif name in _MAPPINGS:
        return _mapping(name, value, path)
    elif name == "ExpiredObjectDeleteMarker" and not isinstance(value, bool):
        raise Unreadable(f"`{path}` is {_shown(value)}, neither true nor false")
    elif name in _TEXTS and not isinstance(value, str):
        raise Unreadable(f"`{path}` is {_shown(value)}, no text")
    return value


def _require_known(shape: Mapping[Any, Any], names: frozenset[str], path: str) -> None:
    """A predicate or an action that is left out would make another rule of it."""
    for name, _ in _said(shape):
        if name not in names:
            raise Unreadable(f"`{path}.{name}` is nothing that this version of Firnline knows")
    if "And" in names and shape.get("And") is not None and len(_said(shape)) > 1:
        raise Unreadable(f"`{path}.And` stands beside other predicates")


def _date(value: Any, path: str) -> date:
    """S3 keeps a midnight UTC, in whatever offset it was written (captured on S3, radkawar/stackd,
    lifecycle_control_replay.json, 2026-09-21). boto3 gives a `datetime`."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        raise Unreadable(f"`{path}` is no date: {_shown(str(value))}") from None


def _mapping(name: str, value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Unreadable(f"`{path}` is no object")
    _require_known(value, _HOLDS[name], path)
    return {said: _checked(said, each, f"{path}.{said}") for said, each in _said(value)}


def _shown(value: object) -> str:
    return repr(value)[:60]
