"""The `runs` of a policy: which runs of a registry still need their artifacts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from firnline.diagnostics.position import Span
from firnline.language.said import Said
from firnline.s3.terms import Days


class Goal(StrEnum):
    """Which values of a metric are better."""

    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"


class CheckpointsOf(StrEnum):
    """Runs whose older checkpoints are not kept. `registered`: with something registered below the
    folder of its artifacts.
    """

    REGISTERED = "registered"
    FINISHED = "finished"
    RUNNING = "running"


class RunMetadata(StrEnum):
    """What happens to the record of a run in its registry, once its bytes are gone."""

    KEEP = "keep"
    MARK = "mark"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class KeepBest:
    """The runs of each experiment with the best last values of a metric."""

    span: Span
    count: int
    metric: str
    goal: Goal


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """Of the checkpoints that `match`, below the folder of a run's artifacts, the newest alone are
    kept.
    """

    span: Span
    match: tuple[Said[str], ...]
    keep_newest: int
    of: tuple[CheckpointsOf, ...]

    @property
    def content(self) -> tuple[object, ...]:
        """Equal for those that say the same, wherever they stand."""
        return frozenset(each.value for each in self.match), self.keep_newest, frozenset(self.of)


@dataclass(frozen=True, slots=True)
class RunRetention:
    """`experiments` are patterns of names, in which only `*` is special."""

    span: Span
    name: Said[str]
    registry: Said[str]
    experiments: tuple[Said[str], ...]
    keep_best: KeepBest | None = None
    keep_younger_than: Said[Days] | None = None
    keep_read_within: Said[Days] | None = None
    abandoned_after: Said[Days] | None = None
    checkpoints: Checkpoints | None = None
    metadata: Said[RunMetadata] | None = None
