"""What a person should know about how runs were judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from firnline.diagnostics.how_many import how_many
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
    READS_NOT_NAMED = "reads_not_named"
    READS_WITHOUT_BUCKET = "reads_without_bucket"
    READS_BEGIN_LATE = "reads_begin_late"
    READS_END_EARLY = "reads_end_early"


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
        more = ", …" if self.count > len(self.runs) else ""
        runs = f"{how_many(self.count, 'run')} ({', '.join(self.runs)}{more})"
        one, many = _SAYS[self.kind]
        says = (one if self.count == 1 else many).format(metric=self.metric)
        return f"{where}{runs} {says}"


_SAYS: Final[Mapping[RemarkKind, tuple[str, str]]] = {
    RemarkKind.TIES: (
        "ties for the last place by `{metric}`; all are kept",
        "tie for the last place by `{metric}`; all of them are kept",
    ),
    RemarkKind.NOT_A_NUMBER: (
        "has NaN as `{metric}`, which never counts among the best",
        "have NaN as `{metric}`, which never counts among the best",
    ),
    RemarkKind.INFINITE: (
        "has an infinite `{metric}`; it is kept and takes no place of the best",
        "have an infinite `{metric}`; they are kept and take no place of the best",
    ),
    RemarkKind.WITHOUT_METRIC: (
        "has no metric `{metric}` and is never among the best",
        "have no metric `{metric}` and are never among the best",
    ),
    RemarkKind.NOTHING_TO_RANK: (
        "finished without a usable `{metric}`, as did all others, so it is kept: see whether"
        " `metric` has the right name",
        "finished, none with a usable `{metric}`, so all of them are kept: see whether `metric` has"
        " the right name",
    ),
    RemarkKind.DELETION_UNDATED: (
        "is deleted, and the registry does not say since when; its artifacts are kept",
        "are deleted, and the registry does not say since when; their artifacts are kept",
    ),
    RemarkKind.END_UNDATED: (
        "has ended, and the registry does not say when; its artifacts are kept",
        "have ended, and the registry does not say when; their artifacts are kept",
    ),
    RemarkKind.NEWS_UNDATED: (
        "is running, and the registry does not say when it last heard of it; it is kept",
        "are running, and the registry does not say when it last heard of them; they are kept",
    ),
    RemarkKind.CHECKPOINTS_DIFFER: (
        "is in experiments with different `checkpoints`; all of its checkpoints are kept",
        "are in experiments with different `checkpoints`; all of their checkpoints are kept",
    ),
    RemarkKind.READS_NOT_NAMED: (
        "is kept by `keep_read_within`, as nothing is known of reads: name them with --reads FILE",
        "are kept by `keep_read_within`, as nothing is known of reads: name them with --reads FILE",
    ),
    RemarkKind.READS_WITHOUT_BUCKET: (
        "is kept by `keep_read_within`, as --reads has no row about its bucket: turn logging on for"
        " it, and query its logs too",
        "are kept by `keep_read_within`, as --reads has no row about their bucket: turn logging on"
        " for it, and query its logs too",
    ),
    RemarkKind.READS_BEGIN_LATE: (
        "is kept, as --reads begins later than `keep_read_within` ago: query older logs too, or"
        " wait until logs go back that far",
        "are kept, as --reads begins later than `keep_read_within` ago: query older logs too, or"
        " wait until logs go back that far",
    ),
    RemarkKind.READS_END_EARLY: (
        "is kept by `keep_read_within`, as --reads ends more than two days ago: query the logs"
        " again",
        "are kept by `keep_read_within`, as --reads ends more than two days ago: query the logs"
        " again",
    ),
}
