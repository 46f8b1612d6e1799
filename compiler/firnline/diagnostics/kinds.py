"""What can be wrong (`Kind`), and one occurrence of it (`Diagnostic`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Any, Final

from firnline.diagnostics.fix import Fix
from firnline.diagnostics.position import Place, sort_key
from firnline.diagnostics.remedy import Advise, Remedy, Way
from firnline.diagnostics.remedy_words import in_words
from firnline.diagnostics.shortened import shortened


class Severity(Enum):
    """`GATE`: valid, but the people whose data it is must approve it."""

    ERROR = "error"
    GATE = "gate"
    WARNING = "warning"
    NOTE = "note"


_LONGEST_NAME: Final = 300

Example = str | Mapping[str, str]
"""A policy fragment (wrapped in a preamble), one whole file, or several files by name."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that can be wrong. `wrong` reports this kind alone, `right` reports nothing.

    `is_spelling` where only the text that is pointed at is wrong, whatever surrounds it.
    """

    code: str
    name: str
    severity: Severity
    title: str
    why: str
    help: str
    wrong: Example
    right: Example
    is_spelling: bool = False

    def __hash__(self) -> int:
        return hash(self.code)

    def at(
        self,
        place: Place,
        message: str,
        *,
        also: Iterable[tuple[Place, str]] = (),
        notes: Iterable[str] = (),
        remedy: Way | Remedy | None = None,
        severity: Severity | None = None,
        fix: Fix | None = None,
        doomed: Mapping[str, Any] | None = None,
        layout: Mapping[str, Any] | None = None,
    ) -> Diagnostic:
        """One occurrence at `place`; `remedy` replaces the kind's own help, `()` leaves it out. Of
        a text that has very long values in it the middle is left out.
        """
        if remedy is None:
            remedy = Advise(self.help)
        return Diagnostic(
            kind=self,
            place=place,
            message=shortened(message),
            also=tuple((place, shortened(label)) for place, label in also),
            notes=tuple(map(shortened, notes)),
            remedy=(remedy,) if isinstance(remedy, Way) else remedy,
            severity=severity or self.severity,
            fix=fix,
            doomed=doomed,
            layout=layout,
        )


@dataclass(frozen=True, slots=True)
class Diagnostic:
    kind: Kind
    place: Place
    message: str
    also: tuple[tuple[Place, str], ...]
    notes: tuple[str, ...]
    remedy: Remedy
    severity: Severity
    fix: Fix | None = None
    about: str | None = None
    """The resource of a plan or template that it is about: its place in the text says little."""
    documented_at: str | None = None
    """The address of its kind's page, where the project has such a site."""
    is_refused_first: bool = False
    """Whether a client refuses it before it sends anything, so that S3 never sees the file."""
    doomed: Mapping[str, Any] | None = field(default=None, compare=False)
    """Of references that a rule dooms, what the message says of them, as data for JSON."""
    layout: Mapping[str, Any] | None = field(default=None, compare=False)
    """Of the layout of a reader that a rule breaks, likewise."""

    @property
    def resource(self) -> str:
        """What it is about, as people read it: a stranger may have named it. Empty for a policy."""
        return shortened(self.about or "", _LONGEST_NAME)

    @property
    def help(self) -> str:
        """The remedy in words; empty where there is none."""
        return shortened(in_words(self.remedy))


@dataclass(frozen=True, slots=True)
class Waived:
    """A diagnostic that is accepted until a day, and why."""

    diagnostic: Diagnostic
    why: str
    until: date


def in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each diagnostic once, by path, place and code, behind what is refused first: an order that
    does not depend on that of the checks. One mistake is found once for every group of buckets,
    each time with another example in its notes; the first is kept.
    """
    ordered = sorted(found, key=_order)
    return tuple({(d.kind, d.place, d.message): d for d in reversed(ordered)}.values())[::-1]


def by_place(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """In the same order, each however often it is there: alike gates may be of several items."""
    return tuple(sorted(found, key=_order))


def documented_on(site: str | None, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """With the address of each one's page on the site that `make docs-site` built, if any."""
    if site is None:
        return tuple(found)
    return tuple(
        replace(each, documented_at=f"{site}/diagnostics/{each.kind.code}.html") for each in found
    )


def has_errors(found: Iterable[Diagnostic]) -> bool:
    return any(diagnostic.severity is Severity.ERROR for diagnostic in found)


def _order(diagnostic: Diagnostic) -> tuple[str, bool, int, str, int, str, tuple[str, ...]]:
    where, start, end = sort_key(diagnostic.place)
    is_later = not diagnostic.is_refused_first
    return where, is_later, start, diagnostic.kind.code, end, diagnostic.message, diagnostic.notes
