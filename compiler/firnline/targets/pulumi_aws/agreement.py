"""When can S3's answers about a bucket be trusted?

S3 may answer with the state before the last write (observed on S3, 2026-09-21), so one read proves
neither that a rule exists nor that it does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import BucketPlace
from firnline.fleet.live import Live

ANSWERS_KEEP_CHANGING = Kind(
    code="FL721",
    name="answers-keep-changing",
    severity=Severity.ERROR,
    title="S3 does not give the same answer about a bucket's rules three times in a row",
    why=(
        "S3 may answer with the state before the last write. A bucket is written only after three"
        " equal answers over at least 3 seconds, because a rule that was just added may be missing"
        " from a single one."
    ),
    help="wait a minute, and make sure that no one else writes the bucket's lifecycle; then repeat",
    # Seconds, and the IDs of the rules in S3's answer at that time.
    wrong="{0: [firnline/lab/tmp], 1.5: [firnline/lab/tmp, by-hand], 3: [firnline/lab/tmp]}",
    right="{0: [firnline/lab/tmp], 1.5: [firnline/lab/tmp], 3: [firnline/lab/tmp]}",
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to read, in seconds. Not configurable in a project, a stack or a shell: only tests
    pass another one.
    """

    equal_reads: int = 3
    over: float = 3.0
    agreed_within: float = 30.0
    believed_for: float = 10.0
    equal_read_backs: int = 3
    between_read_backs: float = 0.2
    settled_within: float = 60.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """The same answer, so many times in a row. Times are those of one monotonic clock."""

    live: Live
    since: float
    reads: int = 1

    def and_then(self, live: Live, answered: float) -> Self | Agreement:
        """With one more answer, which either continues the series or starts a new one."""
        if not live.tells_the_same(self.live):
            return Agreement(live, answered)
        return Agreement(live, self.since, self.reads + 1)

    def next_read(self, patience: Patience) -> float:
        """When to read again: the reads are spread evenly, and the last is not too early."""
        return self.since + patience.over * min(1.0, self.reads / (patience.equal_reads - 1))

    def is_reached(self, patience: Patience, read_at: float) -> bool:
        """Whether the last answer, read at that time, completes the proof."""
        return self.reads >= patience.equal_reads and read_at - self.since >= patience.over


def keeps_changing(answers: Iterable[Live], bucket: str, account_id: str) -> Diagnostic:
    """`answers` are all answers of S3, in order."""
    given = [frozenset(live.ids) for live in answers]
    sometimes = frozenset().union(*given) - given[0].intersection(*given)
    names = ", ".join(f"`{id}`" for id in sorted(sometimes))
    return ANSWERS_KEEP_CHANGING.at(
        BucketPlace(bucket, account_id),
        f"{len(given)} reads did not agree, so nothing is written",
        notes=[f"in some answers only: {names}"] if names else [],
    )
