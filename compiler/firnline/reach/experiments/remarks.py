"""What a person should know about how runs were judged."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from firnline.reach.experiments.model import Run

NAMED: Final = 5
"""How many runs a remark names."""


def called(run: Run) -> str:
    """How people know it."""
    return run.name or run.id


class RemarkKind(StrEnum):
    TIES = "ties"
    NOT_A_NUMBER = "not_a_number"
    INFINITE = "infinite"
    WITHOUT_METRIC = "without_metric"
    NOTHING_TO_RANK = "nothing_to_rank"
    DELETION_UNDATED = "deletion_undated"
    END_UNDATED = "end_undated"
    NEWS_UNDATED = "news_undated"
    CHECKPOINTS_DIFFER = "checkpoints_differ"


@dataclass(frozen=True, slots=True)
class Remark:
    """About `count` runs, of which `runs` are the first few. `section` is the name of the entry of
    `runs` that it is about, if it is about one.
    """

    kind: RemarkKind
    count: int
    runs: tuple[str, ...]
    experiment: str | None = None
    section: str | None = None
    metric: str | None = None

    def __str__(self) -> str:
        """A sentence without its full stop."""
        where = f"{self.experiment}: " if self.experiment else ""
        runs = f"{self.count:,} {'run' if self.count == 1 else 'runs'} ({', '.join(self.runs)}"
        more = ", …)" if self.count > len(self.runs) else ")"
        return f"{where}{runs}{more} {_SAYS[self.kind].format(metric=self.metric)}"


_SAYS: Final = {
    RemarkKind.TIES: "tie for the last place by `{metric}`; all of them are kept",
    RemarkKind.NOT_A_NUMBER: "have NaN as `{metric}`, which never counts among the best",
    RemarkKind.INFINITE: "have an infinite `{metric}`; they are kept and take no place of the best",
    RemarkKind.WITHOUT_METRIC: "have no metric `{metric}` and are never among the best",
    RemarkKind.NOTHING_TO_RANK: "finished and none has a usable `{metric}`, so all are kept: is the"
    " metric's name right?",
    RemarkKind.DELETION_UNDATED: "are deleted, the registry does not say since when; their"
    " artifacts are kept",
    RemarkKind.END_UNDATED: "have ended, the registry does not say when; their artifacts are kept",
    RemarkKind.NEWS_UNDATED: "are running, the registry does not say when it last heard of them;"
    " their artifacts are kept",
    RemarkKind.CHECKPOINTS_DIFFER: "are in experiments with different `checkpoints`; all their"
    " checkpoints are kept",
}
