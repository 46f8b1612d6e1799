"""Diagnostics as one line each: `path:line:column: error FL301 message`, for grep and editors."""

from __future__ import annotations

from collections.abc import Sequence

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.visible import visible


def to_concise(found: Sequence[Diagnostic]) -> str:
    """In their order, which is by path, place and code."""
    return "".join(f"{_line(diagnostic)}\n" for diagnostic in found)


def _line(diagnostic: Diagnostic) -> str:
    level, code = diagnostic.severity.value, diagnostic.kind.code
    return visible(f"{diagnostic.place}: {level} {code} {diagnostic.message}")
