"""A check as a value: its subject, the kinds that it may report, and what it needs to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import assert_never

from firnline.diagnostics.kinds import Diagnostic, Kind
from firnline.language.project import Project


class Subject(Enum):
    """What a check receives."""

    FOLDER = "everything in one folder"
    POLICY = "one policy, with its overrides for a bucket if it has any"
    PROGRAM = "what all policies together require of a bucket, whatever the holds"
    PROGRAM_UNDER_HOLDS = "the same with what holds suspend left out"


class Needs(Enum):
    """What a check needs to know besides the policies and the fleet file. For `PROJECT` and `TODAY`
    it receives the value after its subject, in that order.
    """

    LOCK = "which buckets there are, and what they are like"
    PROJECT = "the project's settings and code owners"
    TODAY = "the day on which it runs"
    LIVE = "the live rules of buckets"
    INVENTORY = "what is stored"
    REFERENCES = "what registries and experiments still need"


class Turn(Enum):
    """When a check runs."""

    FIRST = "if it finds something, no other check runs on that program"
    MAIN = "with all others"
    LAST = "only if there are no errors: what could be left out, or would cost"


@dataclass(frozen=True, slots=True)
class Check:
    """One check; `run` yields only diagnostics of `kinds`. Unless it `finds_all` of these, others
    may be found by what is stored, so that nobody knows here whether a waiver is needed.
    """

    subject: Subject
    run: Callable[..., Iterator[Diagnostic]]
    kinds: tuple[Kind, ...]
    needs: tuple[Needs, ...] = ()
    turn: Turn = Turn.MAIN
    finds_all: bool = True


NO_PROJECT = Project()


@dataclass(frozen=True, slots=True)
class Known:
    """The facts that checks may use. Without `today` nothing depends on the day; without `lock`,
    buckets are not resolved yet, and nothing is concluded about them. `as_of` is the day whose S3
    rules apply, by default the newest.
    """

    project: Project = NO_PROJECT
    today: date | None = None
    as_of: date | None = None
    lock: bool = True

    def answers(self, check: Check) -> bool:
        """Whether all that the check needs is known."""
        return all(self._has(need) for need in check.needs)

    def handed_to(self, check: Check) -> tuple[object, ...]:
        """What the check receives after its subject."""
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
