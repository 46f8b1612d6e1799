"""Rules in S3's spelling that nobody has vouched for → `RuleSet`, or what keeps us from reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from firnline.s3.model import MinimumSize, Rule, RuleSet
from firnline.s3.moment import read_moment
from firnline.s3.shape import rule_from_s3

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


class Unreadable(ValueError):
    """The text names the element and what is the matter with it."""


def rules_from_anybody(shapes: object, header: object = None, path: str = "Rules") -> RuleSet:
    """`shapes`: the list of rules in boto3's shape; `header`: the minimum size, if any is said.

    A member that is null is as one that is absent. Only what it takes to read them is asked here:
    whether S3 would accept them is the law's to say. Raises `Unreadable`.
    """
    if not isinstance(shapes, list | tuple):
        raise Unreadable(f"`{path}` is no list")
    rules = tuple(_rule(shape, f"{path}[{place}]") for place, shape in enumerate(shapes))
    try:
        size = MinimumSize(header) if header else MinimumSize.ALL_128K
    except ValueError:
        raise Unreadable(f"{header!r} is no minimum size that S3 knows") from None
    return RuleSet(rules, size)


def _rule(shape: object, path: str) -> Rule:
    if not isinstance(shape, Mapping):
        raise Unreadable(f"`{path}` is no object")
    cleaned = {name: _checked(name, value, f"{path}.{name}") for name, value in _said(shape)}
    if cleaned.get("Status") not in ("Enabled", "Disabled"):
        said = f"is {cleaned['Status']!r}" if "Status" in cleaned else "is missing"
        raise Unreadable(f"`{path}.Status` {said}; it is `Enabled` or `Disabled`")
    try:
        return rule_from_s3(cleaned)
    except KeyError as missing:
        name = missing.args[0]
        wanted = "Days` or `Date" if name == "Date" else name
        raise Unreadable(f"`{path}` has an action or a tag without `{wanted}`") from None


def _said(shape: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [(str(name), value) for name, value in shape.items() if value is not None]


def _checked(name: str, value: Any, path: str) -> Any:
    """The value without nulls; of the kind that its name calls for."""
    if name in _COUNTS:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise Unreadable(f"`{path}` is {_shown(value)}, no whole number")
    elif name == "Date":
        try:
            return read_moment(value)
        except ValueError as problem:
            raise Unreadable(f"`{path}` {problem}") from None
    elif name in _LISTS:
        if not isinstance(value, list | tuple):
            raise Unreadable(f"`{path}` is no list")
        return [_mapping(each, f"{path}[{place}]") for place, each in enumerate(value)]
    elif name in _MAPPINGS:
        return _mapping(value, path)
    elif name in _TEXTS and not isinstance(value, str):
        raise Unreadable(f"`{path}` is {_shown(value)}, no text")
    return value


def _mapping(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Unreadable(f"`{path}` is no object")
    return {name: _checked(name, each, f"{path}.{name}") for name, each in _said(value)}


def _shown(value: object) -> str:
    return repr(value)[:60]
