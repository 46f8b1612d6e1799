"""Which finished runs of an experiment are the best by a metric?"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from firnline.language.run_retentions import Goal, KeepBest
from firnline.reach.experiments.model import Run
from firnline.reach.experiments.remarks import NAMED, Remark, RemarkKind, called

_LARGEST: Final = sys.float_info.max
"""MLflow's SQL store writes it for infinity."""


class Ranking:
    """First all finished runs are added, then it knows which it keeps.

    Ties at the last place are all kept. NaN is never among the best. An infinite value on the good
    side is kept and takes no place: it is more often a fault than the best, and must not displace
    another run. Where no run has a usable value nothing is known to be worse, and all are kept.
    """

    def __init__(self, experiment: str, section: str, clause: KeepBest) -> None:
        self.clause = clause
        self._experiment, self._section = experiment, section
        self._ranked: list[tuple[float, str]] = []
        self._said: dict[RemarkKind, list[str]] = {}
        self._last: float | None = None

    def add(self, run: Run) -> None:
        value = self._value(run)
        if value is None:
            self._say(RemarkKind.WITHOUT_METRIC, run)
        elif math.isnan(value):
            self._say(RemarkKind.NOT_A_NUMBER, run)
        elif value >= _LARGEST:
            self._say(RemarkKind.INFINITE, run)
        else:
            self._ranked.append((value, called(run)))

    def close(self) -> None:
        """No more runs are added."""
        self._ranked.sort(key=lambda each: -each[0])
        if self._ranked:
            self._last = self._ranked[: self.clause.count][-1][0]

    @property
    def why_kept(self) -> str:
        if self._last is None:
            return f"nothing in {self._experiment} can be compared by `{self.clause.metric}`"
        best = f"best {self.clause.count}" if self.clause.count > 1 else "best"
        return f"{best} of {self._experiment} by `{self.clause.metric}`"

    def keeps(self, run: Run) -> bool:
        if self._last is None:
            return True
        value = self._value(run)
        # NaN is less than nothing and not greater either.
        return value is not None and value >= self._last

    def remarks(self) -> Iterator[Remark]:
        if self._last is None:
            names = [name for names in self._said.values() for name in names]
            yield self._remark(RemarkKind.NOTHING_TO_RANK, names)
            return
        tied = [name for value, name in self._ranked if value == self._last]
        if sum(value >= self._last for value, _ in self._ranked) > self.clause.count:
            yield self._remark(RemarkKind.TIES, tied)
        for kind, names in self._said.items():
            yield self._remark(kind, names)

    def _value(self, run: Run) -> float | None:
        """Greater is better."""
        for metric in run.metrics:
            if metric.name == self.clause.metric:
                return metric.last if self.clause.goal is Goal.MAXIMIZE else -metric.last
        return None

    def _say(self, kind: RemarkKind, run: Run) -> None:
        self._said.setdefault(kind, []).append(called(run))

    def _remark(self, kind: RemarkKind, names: Sequence[str]) -> Remark:
        return Remark(
            kind,
            len(names),
            tuple(sorted(names)[:NAMED]),
            self._experiment,
            self._section,
            self.clause.metric,
        )
