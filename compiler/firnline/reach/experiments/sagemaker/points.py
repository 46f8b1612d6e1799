"""The points of metrics by step, of many runs at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from firnline.reach.experiments.model import Metric, MetricPoint, Run
from firnline.reach.experiments.sagemaker.calls import MetricCalls, Record

_QUERIES: Final = 100
"""As many as one request may hold."""


def with_points(
    metrics: MetricCalls, runs: Sequence[Run], problem: Callable[[str], None]
) -> Iterator[Run]:
    """The runs in their order. A metric whose points are not told keeps its last value, and
    `problem` is told why.
    """
    wanted = [(run.id, metric.name) for run in runs for metric in run.metrics]
    found: dict[tuple[str, str], list[MetricPoint]] = {}
    for began in range(0, len(wanted), _QUERIES):
        _read(metrics, wanted[began : began + _QUERIES], found, problem)
    for run in runs:
        yield replace(
            run,
            metrics=tuple(
                _of(metric, found.get((run.id, metric.name), ())) for metric in run.metrics
            ),
        )


def _of(metric: Metric, points: Sequence[MetricPoint]) -> Metric:
    """Its last value is the one at its last step."""
    if not points:
        return metric
    return Metric(metric.name, points[-1].value, tuple(points))


def _read(
    metrics: MetricCalls,
    wanted: Sequence[tuple[str, str]],
    found: dict[tuple[str, str], list[MetricPoint]],
    problem: Callable[[str], None],
) -> None:
    """Again from the last step on for what was truncated, as long as there is more."""
    while wanted:
        queries = [_query(each, found.get(each)) for each in wanted]
        results = metrics.batch_get_metrics(MetricQueries=queries)["MetricQueryResults"]
        if len(results) != len(queries):
            problem(f"answers {len(results)} of {len(queries)} queries of metrics: read it again")
            return
        truncated = []
        for each, result in zip(wanted, results, strict=True):
            if _add(found.setdefault(each, []), result) and result["Status"] == "Truncated":
                truncated.append(each)
            elif result["Status"] != "Complete":
                why = result.get("Message") or result["Status"]
                problem(f"does not tell all steps of the metric {each[1]} of {each[0]} ({why})")
        wanted = truncated


def _add(points: list[MetricPoint], result: Record) -> bool:
    """Whether there was any new step."""
    last = points[-1].step if points else -1
    pairs = zip(result.get("XAxisValues", ()), result.get("MetricValues", ()), strict=True)
    new = [MetricPoint(int(step), float(value)) for step, value in sorted(pairs) if step > last]
    points += new
    return bool(new)


def _query(wanted: tuple[str, str], points: list[MetricPoint] | None) -> dict[str, Any]:
    run, name = wanted
    query: dict[str, Any] = {
        "ResourceArn": run,
        "MetricName": name,
        "MetricStat": "Last",
        "Period": "IterationNumber",
        "XAxisType": "IterationNumber",
    }
    return {**query, "Start": points[-1].step + 1} if points else query
