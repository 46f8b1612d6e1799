"""What a diagnostic points at and says, as SARIF has it: locations, regions, texts and fixes."""

from __future__ import annotations

import string
from typing import Any, Final

from firnline.diagnostics.fix import Edit, Fix
from firnline.diagnostics.position import Place, Span
from firnline.diagnostics.repository import Repository
from firnline.diagnostics.shortened import shortened
from firnline.diagnostics.visible import visible

COLUMNS: Final = "unicodeCodePoints"
"""The unit in which our columns count."""
_UNRESERVED: Final = frozenset((string.ascii_letters + string.digits + "-._~/").encode())
"""What stands for itself in a path of a URI (RFC 3986, 2.3), and the slash."""


def location(place: Place, repository: Repository) -> dict[str, Any]:
    """GitHub takes no result without a file: what is in none of the repository is shown in the one
    that stands in for it, and named as what it is. A path is never absolute.
    """
    path = repository.path(place.path) if isinstance(place, Span) else None
    if isinstance(place, Span) and path is not None:
        return {"physicalLocation": {**_file(path), "region": region(place)}}
    instead = repository.path(repository.instead) or repository.instead.rpartition("/")[2]
    return {
        "physicalLocation": {**_file(instead), "region": {"startLine": 1}},
        "logicalLocations": [{"fullyQualifiedName": plain(str(place)), "kind": "resource"}],
    }


def region(span: Span) -> dict[str, int]:
    """The end is the first character behind it, as ours is; what is in no line is in the first."""
    if not span.source.text:
        return {"startLine": 1}
    line, column = span.source.place(span.end)
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": line,
        "endColumn": column,
    }


def fixed(fix: Fix, what: str, repository: Repository) -> dict[str, Any] | None:
    """None where its file is not in the repository."""
    path = repository.path(fix.edits[0].span.path)
    if path is None:
        return None
    change = {**_file(path), "replacements": [_replacement(each) for each in fix.edits]}
    return {"description": {"text": plain(what)}, "artifactChanges": [change]}


def plain(text: str) -> str:
    """A message that is shown as it is: nothing in it is a link to elsewhere (SARIF 2.1.0, 3.11.6),
    and no character is hidden.
    """
    lines = shortened(text).split("\n")
    return "\n".join(visible(line) for line in lines).replace("](", "] (")


def _file(path: str) -> dict[str, Any]:
    return {"artifactLocation": {"uri": _uri(path), "uriBaseId": "%SRCROOT%"}}


def _uri(path: str) -> str:
    octets = path.encode("utf-8", "replace")
    return "".join(chr(each) if each in _UNRESERVED else f"%{each:02X}" for each in octets)


def _replacement(edit: Edit) -> dict[str, Any]:
    return {"deletedRegion": region(edit.span), "insertedContent": {"text": edit.text}}
