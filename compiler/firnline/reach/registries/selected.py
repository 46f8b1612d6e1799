"""A JSON document and a JMESPath → the values it selects, and how many entries it went through.

JMESPath drops what is missing: `versions[*].uri` gives two values for three versions of which one
has no `uri`. The number of entries tells.
"""

from __future__ import annotations

from typing import Any, Final

import jmespath
from jmespath.visitor import TreeInterpreter

from firnline.reach.source import CannotRead

_PROJECTIONS: Final = ("projection", "filter_projection", "value_projection")


class Selection:
    """Raises `CannotRead` where it is no JMESPath."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._node: dict[str, Any] = _compiled(path).parsed

    def of(self, document: Any) -> Any:
        try:
            return TreeInterpreter().visit(self._node, document)
        except jmespath.exceptions.JMESPathError as wrong:
            raise CannotRead(
                f"has a document that `{self.path}` does not fit ({wrong}): correct the path in the"
                " fleet file"
            ) from None

    def texts(self, document: Any) -> list[Any]:
        """What it selects, with lists in it opened."""
        return list(_flat(self.of(document)))

    def entries(self, document: Any) -> int | None:
        """How many entries it goes through, whether or not something is selected in them. None
        where the path has a form whose entries we cannot count.
        """
        return _entries(self._node, document)


def _compiled(path: str) -> Any:
    try:
        return jmespath.compile(path)
    except jmespath.exceptions.JMESPathError as wrong:
        first = str(wrong).splitlines()[0]
        raise CannotRead(
            f"has a `path` that is no JMESPath ({first}): correct `{path}` in the fleet file"
        ) from None


def _flat(value: Any) -> Any:
    if isinstance(value, list):
        for each in value:
            yield from _flat(each)
    elif value is not None:
        yield value


def _entries(node: dict[str, Any], value: Any) -> int | None:
    """The entries of the innermost projection, summed up over those around it."""
    if not _projects(node):
        return len(node["children"]) if node["type"] == "multi_select_list" else 1
    if node["type"] in ("subexpression", "pipe") and not _projects(node["children"][0]):
        return _entries(node["children"][1], _visit(node["children"][0], value))
    if node["type"] not in _PROJECTIONS:
        return None
    below = _below(node, value)
    if below is None:
        return None
    counted = [_entries(node["children"][1], each) for each in below]
    return None if None in counted else sum(each for each in counted if each is not None)


def _below(node: dict[str, Any], value: Any) -> list[Any] | None:
    """The entries of a projection; None where there is no list or map to go through."""
    first = node["children"][0]
    # What an inner projection dropped would be missing from the count as well.
    if any(map(_projects, first["children"] if first["type"] == "flatten" else (first,))):
        return None
    base = _visit(first, value)
    match node["type"]:
        case "value_projection":
            return list(base.values()) if isinstance(base, dict) else None
        case "filter_projection":
            if not isinstance(base, list):
                return None
            return [each for each in base if _holds(node["children"][2], each)]
        case _:
            return base if isinstance(base, list) else None


def _holds(condition: dict[str, Any], value: Any) -> bool:
    """As JMESPath has it: false are null, false, and what is empty."""
    found = _visit(condition, value)
    return not (found is None or found is False or found in ("", [], {}))


def _visit(node: dict[str, Any], value: Any) -> Any:
    return TreeInterpreter().visit(node, value)


def _projects(node: dict[str, Any]) -> bool:
    return node["type"] in (*_PROJECTIONS, "flatten") or any(
        _projects(each) for each in node.get("children", ()) if isinstance(each, dict)
    )
