"""What do the policies say about a run, in all of its experiments together?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from firnline.language.run_retentions import Checkpoints, RunRetention
from firnline.reach.experiments.model import Metric, Run
from firnline.reach.experiments.ranking import Ranking
from firnline.reach.experiments.remarks import Remark
from firnline.reach.experiments.settings import OfExperiment, of_experiment


class About:
    """Finished runs are ranked one by one; which are the best is known after `close_rankings`."""

    def __init__(self, retentions: Sequence[RunRetention], now: datetime) -> None:
        self._retentions, self._now = retentions, now
        self._known: dict[str, OfExperiment | None] = {}
        self._rankings: dict[str, tuple[Ranking, ...]] = {}

    def keeps_all(self, run: Run) -> bool:
        """Whether one of its experiments keeps all that finished, or it is in none."""
        return any(each is None or not each.has_clause for each in self._of(run))

    def abandoned_after(self, run: Run) -> timedelta | None:
        """None where one of its experiments never gives a run up."""
        said = [each.abandoned_after if each else None for each in self._of(run)]
        given = [each for each in said if each is not None]
        return max(given) if len(given) == len(said) else None

    def why_young(self, run: Run) -> str | None:
        """Set if it is younger than one of its experiments keeps all runs; a run without any moment
        may be.
        """
        newest = max(filter(None, (run.started, run.ended, run.last_news)), default=None)
        for each in self._of(run):
            limit = each.keep_younger_than if each else None
            if limit is not None and (newest is None or self._now - newest < limit):
                return f"younger than {limit.days}d"
        return None

    def read_within(self, run: Run) -> timedelta | None:
        """The longest that one of its experiments keeps it after it was read, if any does."""
        said = (each.keep_read_within for each in self._of(run) if each)
        return max((each for each in said if each is not None), default=None)

    def checkpoints(self, run: Run) -> tuple[Checkpoints, ...]:
        """All that is said; none where one of its experiments keeps all checkpoints."""
        said = [each.checkpoints if each else () for each in self._of(run)]
        return tuple(one for each in said for one in each) if all(said) else ()

    def rank(self, run: Run) -> bool:
        """Whether it is compared with other runs."""
        rankings = list(self._rankings_of(run))
        for ranking in rankings:
            ranking.add(run)
        return bool(rankings)

    def ranked_by(self, run: Run) -> tuple[Metric, ...]:
        names = {ranking.clause.metric for ranking in self._rankings_of(run)}
        return tuple(metric for metric in run.metrics if metric.name in names)

    def close_rankings(self) -> None:
        for rankings in self._rankings.values():
            for ranking in rankings:
                ranking.close()

    def why_best(self, run: Run) -> str | None:
        keeping = (ranking for ranking in self._rankings_of(run) if ranking.keeps(run))
        return next((ranking.why_kept for ranking in keeping), None)

    def remarks(self) -> Iterator[Remark]:
        for rankings in self._rankings.values():
            for ranking in rankings:
                yield from ranking.remarks()

    def _of(self, run: Run) -> list[OfExperiment | None]:
        return [self._experiment(name) for name in dict.fromkeys(run.experiments)] or [None]

    def _experiment(self, name: str) -> OfExperiment | None:
        if name not in self._known:
            self._known[name] = of_experiment(name, self._retentions)
        return self._known[name]

    def _rankings_of(self, run: Run) -> Iterator[Ranking]:
        for name in dict.fromkeys(run.experiments):
            about = self._experiment(name)
            if name not in self._rankings:
                clauses = about.keep_best if about else ()
                self._rankings[name] = tuple(Ranking(name, *clause) for clause in clauses)
            yield from self._rankings[name]
