"""Rows of MLflow's tables → its experiments, models, versions and runs."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from firnline.reach.experiments.model import Metric, RunStatus
from firnline.reach.registries.mlflow.contents import Dataset, TrackedRun
from firnline.reach.source import CannotRead

_STATUSES: Final = {
    "SCHEDULED": RunStatus.RUNNING,
    "RUNNING": RunStatus.RUNNING,
    "FINISHED": RunStatus.FINISHED,
    "FAILED": RunStatus.FAILED,
    "KILLED": RunStatus.STOPPED,
}
IS_PROMPT: Final = "mlflow.prompt.is_prompt"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
Row = Sequence[Any]


def moment(milliseconds: int | None) -> datetime | None:
    """MLflow's 0 is none."""
    return _EPOCH + timedelta(milliseconds=milliseconds) if milliseconds else None


def status_of(word: str | None, run: str) -> RunStatus:
    """Raises `CannotRead`."""
    if word not in _STATUSES:
        raise CannotRead(
            f"has the run {run} with the status `{word}`, which this version does not know: update"
            " Firnline"
        )
    return _STATUSES[word]


def owner_of(user: str | None) -> str | None:
    """MLflow writes `unknown` where it is not told."""
    return user if user and user != "unknown" else None


def grouped(rows: Iterable[Row]) -> dict[Any, list[Row]]:
    """By their first column."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def texts(rows: Iterable[Row]) -> tuple[str, ...]:
    """Their last column, where there is one."""
    return tuple(row[-1] for row in rows if row[-1])


def runs_of(
    rows: Iterable[Row],
    parameters: Iterable[Row],
    tags: Iterable[Row],
    metrics: Iterable[Row],
    datasets: Iterable[Row],
    models: Iterable[Row],
) -> Iterator[TrackedRun]:
    """The rows of one page of runs, and those of the other tables that belong to them."""
    of_parameters, of_tags = grouped(parameters), grouped(tags)
    of_metrics, of_datasets, of_models = grouped(metrics), grouped(datasets), grouped(models)
    for row in rows:
        id = row[0]
        own = of_metrics.get(id, ())
        yield run_of(
            row,
            parameters=_pairs(of_parameters.get(id, ())),
            tags=_pairs(of_tags.get(id, ())),
            metrics=tuple(_metric(each) for each in own),
            measured=moment(max((each[4] or 0 for each in own), default=0)),
            datasets=tuple(Dataset(each[1], each[2]) for each in of_datasets.get(id, ())),
            models_read=tuple(each[1] for each in of_models.get(id, ())),
        )


def run_of(row: Row, **of_other_tables: Any) -> TrackedRun:
    id, name, experiment, user, status, start, end, stage, root, deleted = row
    return TrackedRun(
        id=id,
        name=name or id,
        experiment_id=str(experiment),
        status=status_of(status, id),
        is_deleted=stage == "deleted",
        started=moment(start),
        ended=moment(end),
        deleted=moment(deleted),
        owner=owner_of(user),
        root=root or "",
        **of_other_tables,
    )


def _pairs(rows: Iterable[Row]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted([(row[1], row[2] or "") for row in rows]))


def _metric(row: Row) -> Metric:
    """MLflow stores NaN as 0 with a mark."""
    return Metric(row[1], math.nan if row[3] else row[2])
