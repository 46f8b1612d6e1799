"""What can be wrong (`Kind`), and one occurrence of it (`Diagnostic`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from firnline.diagnostics.fix import Fix
from firnline.diagnostics.position import Place, sort_key


class Severity(Enum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


Example = str | Mapping[str, str]
"""A policy fragment (wrapped in a preamble), one whole file, or several files by name."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that can be wrong. `wrong` reports this kind alone, `right` reports nothing."""

    code: str
    name: str
    severity: Severity
    title: str
    why: str
    help: str
    wrong: Example
    right: Example

    def __hash__(self) -> int:
        return hash(self.code)

    def at(
        self,
        place: Place,
        message: str,
        *,
        also: Iterable[tuple[Place, str]] = (),
        notes: Iterable[str] = (),
        help: str | None = None,
        severity: Severity | None = None,
        fix: Fix | None = None,
    ) -> Diagnostic:
        """One occurrence at `place`; `help` replaces the kind's own, `""` leaves it out."""
        return Diagnostic(
            kind=self,
            place=place,
            message=message,
            also=tuple(also),
            notes=tuple(notes),
            help=self.help if help is None else help,
            severity=severity or self.severity,
            fix=fix,
        )


@dataclass(frozen=True, slots=True)
class Diagnostic:
    kind: Kind
    place: Place
    message: str
    also: tuple[tuple[Place, str], ...]
    notes: tuple[str, ...]
    help: str
    severity: Severity
    fix: Fix | None = None


def in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each diagnostic once, by path, place and code: the same order whatever found them first.

    One mistake is found once for every group of buckets, each time with another example in its
    notes; the first of them is enough.
    """
    ordered = sorted(found, key=_order)
    return tuple({(d.kind, d.place, d.message): d for d in reversed(ordered)}.values())[::-1]


def _order(diagnostic: Diagnostic) -> tuple[str, int, str, int, str, tuple[str, ...]]:
    where, start, end = sort_key(diagnostic.place)
    return where, start, diagnostic.kind.code, end, diagnostic.message, diagnostic.notes


def has_errors(found: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity is Severity.ERROR for diagnostic in found)
