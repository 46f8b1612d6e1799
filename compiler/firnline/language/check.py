"""A check as a value: what it is asked about, which kinds it may report, what it has to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import assert_never

from firnline.diagnostics.kinds import Diagnostic, Kind
from firnline.language.project import Project


class Subject(Enum):
    """What a check is handed."""

    FOLDER = "everything that one folder says"
    POLICY = "one policy, with its overrides for a bucket if it has any"
    PROGRAM = "what all policies together require of a bucket, whatever the holds"
    PROGRAM_UNDER_HOLDS = "what is left of that where holds withhold something"


class Needs(Enum):
    """What a check has to know besides the policies and the fleet file.

    Of `PROJECT` and `TODAY` it is handed the value, behind its subject and in that order.
    """

    LOCK = "which buckets there are, and what they are like"
    PROJECT = "the project's settings and code owners"
    TODAY = "the day on which it is asked"
    LIVE = "the live rules of buckets"
    INVENTORY = "what is stored"
    REFERENCES = "what registries and experiments still need"


class Turn(Enum):
    """When a check is asked."""

    FIRST = "where it finds something, no other is asked about that program"
    MAIN = "with all others"
    LAST = "only where nothing is an error: what could be left out, or would cost"


@dataclass(frozen=True, slots=True)
class Check:
    """One question; `ask` yields nothing but `kinds`."""

    subject: Subject
    ask: Callable[..., Iterator[Diagnostic]]
    kinds: tuple[Kind, ...]
    needs: tuple[Needs, ...] = ()
    turn: Turn = Turn.MAIN


NO_PROJECT = Project()


@dataclass(frozen=True, slots=True)
class Known:
    """What checks may be told. Without `today` nothing depends on the day; without `lock`, buckets
    have yet to be looked for, and nothing is concluded about any. `as_of` is the day whose law of
    S3 holds, the newest where none is said."""

    project: Project = NO_PROJECT
    today: date | None = None
    as_of: date | None = None
    lock: bool = True

    def answers(self, check: Check) -> bool:
        """Whether all that the check needs is known."""
        return all(self._has(need) for need in check.needs)

    def handed_to(self, check: Check) -> tuple[object, ...]:
        """What the check is handed behind its subject."""
        return tuple(value for need in check.needs for value in self._handed(need))

    def _handed(self, need: Needs) -> tuple[object, ...]:
        match need:
            case Needs.PROJECT:
                return (self.project,)
            case Needs.TODAY:
                return (self.today,)
            case Needs.LOCK | Needs.LIVE | Needs.INVENTORY | Needs.REFERENCES:
                return ()
            case _:
                assert_never(need)

    def _has(self, need: Needs) -> bool:
        match need:
            case Needs.LOCK:
                return self.lock
            case Needs.PROJECT:
                return True
            case Needs.TODAY:
                return self.today is not None
            case Needs.LIVE | Needs.INVENTORY | Needs.REFERENCES:
                return False
            case _:
                assert_never(need)


NOTHING_KNOWN = Known()
