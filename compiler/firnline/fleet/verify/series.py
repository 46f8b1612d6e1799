"""Answers about one bucket, one after the other → may they be believed yet?

S3 is eventually consistent here: a read may have the configuration before the last write, and seven
in a row had it (observed on S3, 2026-09-21). So one answer proves nothing. What is expected must be
answered several times in a row; what differs must also last, as long as a write takes to settle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, TypeVar

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Patience:
    """How many answers in a row must be equal, and for how many seconds a different one must last:
    at least `over`, and until `settle` seconds after the first read. Where answers still change,
    reading ends `given_up_after` later.
    """

    equal_reads: int = 3
    over: float = 3.0
    settle: float = 60.0
    given_up_after: float = 30.0

    @property
    def longest(self) -> float:
        """No bucket is read for longer, by much."""
        return max(self.over, self.settle) + self.given_up_after


USUAL: Final = Patience()


class Standing(Enum):
    OPEN = "open"
    AGREES = "agrees"
    DIFFERS = "differs"
    KEEPS_CHANGING = "keeps changing"


@dataclass(frozen=True, slots=True)
class Series(Generic[Answer]):
    """The last answer, how many alike there were in a row and since when, in seconds of one clock;
    `began` at the first read of all.
    """

    answer: Answer
    agrees: bool
    began: float
    since: float
    alike: int = 1
    reads: int = 1

    def then(
        self, answer: Answer, at: float, *, agrees: bool, same: Callable[[Answer, Answer], bool]
    ) -> Series[Answer]:
        """`same` says whether two answers that are not expected mean the same."""
        continues = agrees == self.agrees and (agrees or same(self.answer, answer))
        return Series(
            answer,
            agrees,
            self.began,
            self.since if continues else at,
            self.alike + 1 if continues else 1,
            self.reads + 1,
        )

    def standing(self, patience: Patience, now: float) -> Standing:
        enough = self.alike >= patience.equal_reads
        if enough and self.agrees:
            return Standing.AGREES
        lasted = now - self.since >= patience.over and now - self.began >= patience.settle
        if enough and lasted:
            return Standing.DIFFERS
        over = now - self.began >= patience.longest
        return Standing.KEEPS_CHANGING if over else Standing.OPEN


_FIRST: Final = 0.2
_LONGEST: Final = 8.0
_LATER: Final = 0.5
"""A read begins so much later than the end that it is for: the first answer took its time too."""


def pause(round: int, elapsed: float, patience: Patience) -> float:
    """Seconds from one round of reads to the next: none is long while what is expected may be
    confirmed; then they double. Reads fall on the ends of `over` and `settle`.
    """
    if round < patience.equal_reads:
        return _FIRST
    doubled = min(_LONGEST, _FIRST * 2.0 ** min(round - patience.equal_reads + 1, 10))
    ends = (each + _LATER - elapsed for each in (patience.over, patience.settle, patience.longest))
    return min([doubled, *(each for each in ends if each > 0)])
