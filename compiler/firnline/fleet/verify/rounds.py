"""Read buckets in rounds, each until its answers may be believed: nothing waits for one bucket."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from firnline.fleet.live import Live
from firnline.fleet.questions import Failure
from firnline.fleet.verify.answer import agrees, mean_the_same
from firnline.fleet.verify.expected import ExpectedBucket
from firnline.fleet.verify.series import Patience, Series, Standing, pause


class Read(NamedTuple):
    """One answer, and when it was requested and came, in seconds of the reader's clock."""

    answer: Live | Failure
    asked: float
    answered: float


ReadAll = Callable[[Sequence[ExpectedBucket]], Iterable[tuple[ExpectedBucket, Read]]]
"""Reads each bucket once, as many at a time as it likes."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a bucket answered in the end, after so many reads. `standing` is `OPEN` where it could
    not be read, and then `answer` is the failure.
    """

    answer: Live | Failure
    standing: Standing
    reads: int


@dataclass(slots=True)
class _Bucket:
    expected: ExpectedBucket
    series: Series[Live] | None = None
    failed: int = 0
    reads: int = 0

    def take(self, read: Read, patience: Patience) -> Settled | None:
        """None while it must be read again."""
        self.reads += 1
        if isinstance(read.answer, Failure):
            self.failed += 1
            is_final = read.answer.why.denied or not read.answer.why.has_credentials
            if is_final or self.failed >= patience.equal_reads:
                return Settled(read.answer, Standing.OPEN, self.reads)
            return None
        self.failed = 0
        fits = agrees(read.answer, self.expected)
        if self.series is None:
            self.series = Series(read.answer, fits, read.answered, read.answered)
        else:
            self.series = self.series.then(
                read.answer, read.answered, agrees=fits, same=mean_the_same
            )
        standing = self.series.standing(patience, read.asked)
        return None if standing is Standing.OPEN else Settled(read.answer, standing, self.reads)


def read_in_rounds(
    expected: Sequence[ExpectedBucket],
    read_all: ReadAll,
    patience: Patience,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    settled: Callable[[ExpectedBucket], None] = lambda _: None,
) -> dict[str, Settled]:
    """By the key of each bucket; `settled` is called for each as soon as it is known."""
    open = {each.bucket.key: _Bucket(each) for each in expected}
    found: dict[str, Settled] = {}
    began, round = clock(), 0
    while open:
        round += 1
        for bucket, read in read_all([each.expected for each in open.values()]):
            key = bucket.bucket.key
            if (end := open[key].take(read, patience)) is not None:
                found[key] = end
                settled(bucket)
        open = {key: each for key, each in open.items() if key not in found}
        if open:
            sleep(pause(round, clock() - began, patience))
    return found
