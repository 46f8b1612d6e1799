"""Diagnostics as one line each: `path:line:column: error FL301 message`, for grep and editors.

Where all of a file is one line, a column is no place: then it is left out, and the name stands
behind the message.
"""

from __future__ import annotations

from collections.abc import Sequence

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.long_lines import is_by_name, named_value
from firnline.diagnostics.position import Span
from firnline.diagnostics.visible import visible


def to_concise(found: Sequence[Diagnostic]) -> str:
    """In their order, which is by path, place and code."""
    return "".join(f"{_line(diagnostic)}\n" for diagnostic in found)


def _line(diagnostic: Diagnostic) -> str:
    level, code = diagnostic.severity.value, diagnostic.kind.code
    about = f" in {diagnostic.resource}" if diagnostic.resource else ""
    place = str(diagnostic.place)
    if isinstance(diagnostic.place, Span) and is_by_name(diagnostic.place):
        about += f": {named_value(diagnostic.place).text}"
        place = place.rpartition(":")[0]
    return visible(f"{place}: {level} {code} {diagnostic.message}{about}")
