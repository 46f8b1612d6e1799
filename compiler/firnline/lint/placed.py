"""Rules as far as S3 accepts them, each with its place, and their actions with theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from firnline.diagnostics.position import Span
from firnline.lint.written import Written
from firnline.s3.compare.atoms import Atom, of_rule
from firnline.s3.model import MinimumSize, Rule
from firnline.s3.scope import Scope, Tags
from firnline.s3.terms import Clock, Versioning


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule, the number of its place in the list, and what its filter matches."""

    index: int
    rule: Rule
    scope: Scope

    @property
    def path(self) -> str:
        return f"Rules[{self.index}]"

    @property
    def matches_nothing(self) -> bool:
        """Whether no size is within both of its bounds."""
        return self.scope.at_most is not None and self.scope.at_most < self.scope.at_least


@dataclass(frozen=True, slots=True)
class Action:
    """One action of a rule; `path` is the part of the configuration that sets when it is due."""

    placed: Placed
    atom: Atom
    path: str

    @property
    def filter(self) -> tuple[Tags, int, int]:
        return self.atom.filter

    @property
    def scope(self) -> Scope:
        return self.placed.scope

    def is_end(self, clock: Clock) -> bool:
        """Whether it is an expiration on that clock."""
        return self.atom.clock is clock and self.atom.target is None

    @property
    def is_move(self) -> bool:
        return self.atom.target is not None


@dataclass(frozen=True)  # without slots, for `cached_property`
class AcceptedConfiguration:
    """The enabled rules of one configuration, without what S3 refuses in them, and what is known of
    its bucket.

    `versionings` are those that are possible: one where it is known. `today` decides which dates
    have passed; where it is None, none has. It is not `whole` if some of its rules or of their
    expirations are missing, and not `accepted` if S3 refuses anything in it.
    """

    written: Written
    rules: tuple[Placed, ...]
    minimum_size: MinimumSize = MinimumSize.ALL_128K
    versionings: tuple[Versioning, ...] = (Versioning.ENABLED, Versioning.OFF)
    today: date | None = None
    whole: bool = True
    accepted: bool = True

    @property
    def versioning_is_known(self) -> bool:
        return len(self.versionings) == 1

    @property
    def may_keep_versions(self) -> bool:
        return self.versionings != (Versioning.OFF,)

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        return tuple(each for placed in self.rules for each in self._actions_of(placed))

    def _actions_of(self, placed: Placed) -> Iterator[Action]:
        atoms = of_rule(placed.rule, self.minimum_size)
        for atom, path in zip(atoms, _paths(placed), strict=True):
            yield Action(placed, atom, path)

    def span(self, action: Action) -> Span:
        return self.written.place(action.path)

    def name_span(self, placed: Placed) -> Span:
        return self.written.place(f"{placed.path}.ID")


def place(index: int, rule: Rule) -> Placed:
    return Placed(index, rule, rule.filter.scope)


def _paths(placed: Placed) -> Iterator[str]:
    """Of the actions of a rule, in the order of `of_rule`."""
    rule, here = placed.rule, placed.path
    for number, move in enumerate(rule.transitions):
        yield f"{here}.Transitions[{number}].{_unit(move.when)}"
    if rule.expires is not None:
        yield f"{here}.Expiration.{_unit(rule.expires)}"
    for number, _ in enumerate(rule.noncurrent_transitions):
        yield f"{here}.NoncurrentVersionTransitions[{number}].NoncurrentDays"
    if rule.noncurrent_expires is not None:
        yield f"{here}.NoncurrentVersionExpiration.NoncurrentDays"
    if rule.removes_sole_markers:
        yield f"{here}.Expiration.ExpiredObjectDeleteMarker"
    if rule.aborts_uploads_after is not None:
        yield f"{here}.AbortIncompleteMultipartUpload.DaysAfterInitiation"


def _unit(when: object) -> str:
    return "Date" if isinstance(when, date) else "Days"
