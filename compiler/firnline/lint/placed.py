"""Rules that S3 accepts, each with its place in the list, and how they relate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from firnline.diagnostics.position import Span
from firnline.lint.written import Written
from firnline.s3.model import Rule
from firnline.s3.scope import Scope
from firnline.s3.terms import Days, Versioning


@dataclass(frozen=True, slots=True)
class Placed:
    index: int
    rule: Rule
    scope: Scope

    @property
    def path(self) -> str:
        return f"Rules[{self.index}]"

    @property
    def end(self) -> int | None:
        """In days; None where it never expires, or on a date."""
        return int(self.rule.expires) if isinstance(self.rule.expires, Days) else None


class Config:
    """The enabled rules that S3 accepts; `versioning` is None where it is unknown."""

    def __init__(
        self, written: Written, rules: Sequence[Placed], versioning: Versioning | None
    ) -> None:
        self.written = written
        self.rules = rules
        self.versioning = versioning
        self._by_prefix: dict[str, list[Placed]] = {}
        for each in rules:
            self._by_prefix.setdefault(each.scope.prefix, []).append(each)
        self._lengths = sorted({len(prefix) for prefix in self._by_prefix})
        self._over: dict[Scope, list[Placed]] = {}
        self._first: dict[Scope, Placed | None] = {}

    @cached_property
    def keeps_versions(self) -> bool:
        """As stated, else whether the rules themselves act on versions."""
        if self.versioning is not None:
            return self.versioning is not Versioning.OFF
        return any(
            each.rule.noncurrent_expires
            or each.rule.noncurrent_transitions
            or each.rule.removes_sole_markers
            for each in self.rules
        )

    def over(self, placed: Placed) -> list[Placed]:
        """The rules that cover everything this one covers, itself included."""
        if placed.scope not in self._over:
            prefix = placed.scope.prefix
            above = (self._by_prefix.get(prefix[:n], ()) for n in self._lengths if n <= len(prefix))
            self._over[placed.scope] = [
                each for near in above for each in near if each.scope.holds(placed.scope)
            ]
        return self._over[placed.scope]

    def first_end(self, placed: Placed) -> Placed | None:
        """The one of these rules that deletes first."""
        if placed.scope not in self._first:
            ending = [each for each in self.over(placed) if each.end is not None]
            first = min(ending, key=lambda each: each.end or 0, default=None)
            self._first[placed.scope] = first
        return self._first[placed.scope]

    def end_span(self, placed: Placed) -> Span:
        unit = "Date" if isinstance(placed.rule.expires, date) else "Days"
        return self.written.place(f"{placed.path}.Expiration.{unit}")


def place(index: int, rule: Rule) -> Placed:
    filter = rule.filter
    at_least = 0 if filter.larger_than is None else filter.larger_than + 1
    at_most = None if filter.smaller_than is None else filter.smaller_than - 1
    return Placed(index, rule, Scope(filter.prefix, filter.tags, at_least, at_most))
