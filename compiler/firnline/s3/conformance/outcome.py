"""The outcome of one case, and the tally of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from firnline.s3.conformance.fields import Fields
from firnline.s3.law.facts import Confidence


class CaseKind(StrEnum):
    """The question of a case: whether S3 accepts the rules, or what it does under them."""

    VALIDATION = "validation"
    EVALUATION = "evaluation"
    UNREADABLE = "unreadable"


UNSAID = "unsaid"
CONFIDENCES = (*(each.value for each in Confidence), UNSAID)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`expected` and `found` say in words what S3 does and what we say it does.

    Where a case could not be read, `problem` says why. `note` is a difference that does not count,
    such as another wording of an error.
    """

    id: str
    kind: CaseKind
    confidence: str
    agrees: bool
    expected: str = ""
    found: str = ""
    problem: str = ""
    note: str = ""

    @classmethod
    def of(cls, fields: Fields, kind: CaseKind, agrees: bool, **rest: str) -> Self:
        return cls(name_of(fields), kind, _confidence(fields), agrees, **rest)

    @classmethod
    def unreadable(cls, case: object, place: int, problem: str) -> Self:
        """`place` counts from one; it replaces an ID that is missing."""
        fields = Fields(case if isinstance(case, dict) else {})
        name = name_of(fields) or f"case {place}"
        return cls(name, CaseKind.UNREADABLE, _confidence(fields), False, problem=problem)

    @property
    def text(self) -> str:
        if self.problem:
            return f"{self.id}: cannot be run: {self.problem}"
        return f"{self.id} ({self.confidence}): S3 says {self.expected}; here {self.found}"


@dataclass(frozen=True, slots=True)
class Tally:
    agreeing: int
    total: int
    by_confidence: tuple[tuple[str, int, int], ...]

    @property
    def text(self) -> str:
        split = ", ".join(f"{name} {some} of {all_}" for name, some, all_ in self.by_confidence)
        return f"{self.agreeing} of {self.total} as S3 does{f' ({split})' if split else ''}"


def tally(outcomes: Iterable[Outcome]) -> Tally:
    outcomes = list(outcomes)
    total = Counter(each.confidence for each in outcomes)
    agreeing = Counter(each.confidence for each in outcomes if each.agrees)
    names = [name for name in CONFIDENCES if name in total]
    split = tuple((name, agreeing[name], total[name]) for name in names)
    return Tally(sum(agreeing.values()), len(outcomes), split)


@dataclass(frozen=True, slots=True)
class Results:
    """Every outcome, by the file that has the case."""

    by_file: Mapping[str, Sequence[Outcome]]

    @property
    def outcomes(self) -> list[Outcome]:
        return [outcome for outcomes in self.by_file.values() for outcome in outcomes]

    @property
    def tally(self) -> Tally:
        return tally(self.outcomes)


def name_of(fields: Fields) -> str:
    return str(fields.get("id") or "")


def _confidence(fields: Fields) -> str:
    said = fields.get("confidence")
    return said if said in CONFIDENCES else UNSAID
