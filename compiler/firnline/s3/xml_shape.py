"""S3's XML → boto3's shape, with the values that S3 would read from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from firnline.s3.timestamps import on_the_wire
from firnline.s3.xml_tree import Element

_LISTS: Final = {
    "Transition": "Transitions",
    "NoncurrentVersionTransition": "NoncurrentVersionTransitions",
}
ELEMENT_OF: Final = {
    "Rules": "Rule",
    "Tags": "Tag",
    **{member: element for element, member in _LISTS.items()},
}
"""The element of a list's items, which have no list around them; by the member in boto3's shape."""
_MAPS: Final = frozenset(
    {
        "Filter",
        "And",
        "Tag",
        "Expiration",
        "Transition",
        "NoncurrentVersionTransition",
        "NoncurrentVersionExpiration",
        "AbortIncompleteMultipartUpload",
        "Rule",
    }
)
_INTEGER = re.compile(r"\s*([+-]?\d{1,20})\s*", re.ASCII)
ROOT: Final = "LifecycleConfiguration"


@dataclass(frozen=True, slots=True)
class Unread:
    """Text that is not a valid value of its element's type."""

    text: str


Note = Callable[[str, Element], None]


def to_shape(root: Element, note: Note = lambda _path, _element: None) -> object:
    """The configuration in boto3's shape; `note` receives the position of each path. Elements that
    the shape does not have keep their names, so that they are reported as unknown.
    """
    if root.name != ROOT:
        return Unread(root.name)
    note("", root)
    rules: list[Any] = []
    shape: dict[str, Any] = {"Rules": rules}
    for child in root.children:
        if child.name == "Rule":
            rules.append(_read(child, f"Rules[{len(rules)}]", note))
        else:
            shape[child.name] = _read(child, child.name, note)
    return shape


def _read(element: Element, path: str, note: Note) -> Any:
    note(path, element)
    if element.name not in _MAPS:
        return Unread(element.name) if element.children else _value(element)
    if element.text.strip():
        return Unread(element.text)
    shape: dict[str, Any] = {}
    for child in element.children:
        name = _list_name(element, child)
        if name is not None:
            items = shape.setdefault(name, [])
            at = f"{path}.{name}"
            if not items:
                note(at, child)
            items.append(_read(child, f"{at}[{len(items)}]", note))
        elif child.name in shape:
            note(f"{path}.{child.name}", child)
            shape[child.name] = Unread("written twice")
        else:
            shape[child.name] = _read(child, f"{path}.{child.name}", note)
    return shape


def _list_name(parent: Element, child: Element) -> str | None:
    if parent.name == "Rule":
        return _LISTS.get(child.name)
    return "Tags" if (parent.name, child.name) == ("And", "Tag") else None


def _value(element: Element) -> Any:
    match element.name:
        case "Days" | "NoncurrentDays" | "NewerNoncurrentVersions" | "DaysAfterInitiation":
            return _integer(element.text)
        case "ObjectSizeGreaterThan" | "ObjectSizeLessThan":
            return _integer(element.text)
        case "Date":
            return on_the_wire(element.text) or Unread(element.text)
        case "ExpiredObjectDeleteMarker":
            return {"true": True, "false": False}.get(element.text.strip(), Unread(element.text))
        case _:
            return element.text


def _integer(text: str) -> int | Unread:
    found = _INTEGER.fullmatch(text)
    return int(found[1]) if found else Unread(text)
