"""Runs of MLflow's database, with what its other tables have of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from firnline.reach.experiments.model import Metric
from firnline.reach.registries.mlflow.contents import Dataset, Pairs, TrackedRun
from firnline.reach.registries.mlflow.sql_rows import Row, grouped, moment, owner_of, status_of

Rows: TypeAlias = Callable[[str], list[Row]]
"""From a query with `:first` and `:last` to its rows."""


@dataclass(frozen=True, slots=True)
class BesideRuns:
    """What other tables have of some runs, by their ID. `measured` is in milliseconds."""

    parameters: Mapping[str, Pairs]
    tags: Mapping[str, Pairs]
    metrics: Mapping[str, tuple[Metric, ...]]
    measured: Mapping[str, int]
    datasets: Mapping[str, list[Row]]
    models: Mapping[str, list[Row]]


NOTHING_BESIDE: Final = BesideRuns({}, {}, {}, {}, {}, {})


def beside_runs(rows_of: Rows, collation: str) -> BesideRuns:
    """`collation` is that in which texts are compared as in Python."""
    counts = rows_of(_COUNTS_OF_METRICS)
    measured = rows_of(f"SELECT {_METRIC} FROM latest_metrics {_WITHIN} {_ORDER}{collation}")
    metrics = [Metric(name, math.nan if value is None else value) for name, value in measured]
    return BesideRuns(
        parameters=_pairs("params", rows_of, collation),
        tags=_pairs("tags", rows_of, collation),
        metrics=_divided(counts, metrics),
        measured={row[0]: row[2] for row in counts},
        datasets=grouped(rows_of(_DATASETS)),
        models=grouped(rows_of(_MODELS_READ)),
    )


def run_of(row: Row, beside: BesideRuns = NOTHING_BESIDE) -> TrackedRun:
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
        parameters=beside.parameters.get(id, ()),
        tags=beside.tags.get(id, ()),
        metrics=beside.metrics.get(id, ()),
        datasets=tuple([Dataset(each[1], each[2]) for each in beside.datasets.get(id, ())]),
        models_read=tuple([each[1] for each in beside.models.get(id, ())]),
        measured=moment(beside.measured.get(id)),
    )


def _pairs(table: str, rows_of: Rows, collation: str) -> Mapping[str, Pairs]:
    """The rows are the pairs: with the run in each of a million they take twice as long."""
    counts = f"SELECT run_uuid, count(*) FROM {table} {_WITHIN} GROUP BY run_uuid ORDER BY run_uuid"
    what = "key, coalesce(value, '')"
    rows = rows_of(f"SELECT {what} FROM {table} {_WITHIN} {_ORDER}{collation}")
    return _divided(rows_of(counts), rows)


def _divided(counts: Iterable[Row], rows: Sequence[Any]) -> dict[Any, tuple[Any, ...]]:
    """By what they belong to: `counts` has its ID and the number of its rows, in their order."""
    found: dict[Any, tuple[Any, ...]] = {}
    at = 0
    for id, count, *_ in counts:
        found[id] = tuple(rows[at : at + count])
        at += count
    assert at == len(rows), "two queries of one snapshot do not agree"
    return found


_WITHIN: Final = "WHERE run_uuid BETWEEN :first AND :last"
_ORDER: Final = "ORDER BY run_uuid, key"
_METRIC: Final = "key, CASE WHEN is_nan THEN NULL ELSE value END"
"""NaN is stored as 0 with a mark."""

_COUNTS_OF_METRICS: Final = (
    f"SELECT run_uuid, count(*), max(timestamp) FROM latest_metrics {_WITHIN}"
    " GROUP BY run_uuid ORDER BY run_uuid"
)
_DATASETS: Final = (
    "SELECT i.destination_id, d.name, d.dataset_source FROM inputs i"
    " JOIN datasets d ON d.dataset_uuid = i.source_id"
    " WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN'"
    " AND i.destination_id BETWEEN :first AND :last"
)
_MODELS_READ: Final = (
    "SELECT source_id, destination_id FROM inputs"
    " WHERE source_type = 'RUN_INPUT' AND destination_type = 'MODEL_INPUT'"
    " AND source_id BETWEEN :first AND :last"
)
