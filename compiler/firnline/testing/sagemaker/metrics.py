"""Metrics of trial components by step: BatchPutMetrics and BatchGetMetrics."""

from __future__ import annotations

from statistics import fmean, pstdev
from typing import Any

from firnline.testing.responses import Response
from firnline.testing.sagemaker.call import Call, Json, json_response

_MOST_PUT, _MOST_QUERIES = 10, 100
_POINTS = 1_000
"""So many are answered at once, and the rest is truncated; AWS publishes no number."""


def put_metrics(call: Call) -> Response:
    data, name = call.body["MetricData"], call.body["TrialComponentName"]
    component = call.backend.trial_components.get(name)
    if component is None or len(data) > _MOST_PUT:
        return json_response({"Errors": [{"Code": "VALIDATION_ERROR", "MetricIndex": 0}]})
    for each in data:
        # In moto's form, from which it makes the summaries of DescribeTrialComponent.
        metric = component.metrics.setdefault(
            each["MetricName"], {"MetricName": each["MetricName"], "Values": {}}
        )
        metric["Timestamp"] = each["Timestamp"]
        step = each.get("Step", len(metric["Values"]))
        metric["Values"][step] = {**each, "Value": float(each["Value"])}
    component.last_modified_time = call.now
    return json_response({"Errors": []})


def get_metrics(call: Call) -> Response:
    queries = call.body["MetricQueries"][:_MOST_QUERIES]
    return json_response({"MetricQueryResults": [_result(call.backend, each) for each in queries]})


def _result(backend: Any, query: Json) -> Json:
    name = query["ResourceArn"].rpartition("/")[2]
    component = backend.trial_components.get(name)
    if component is None:
        return _no_result(f"there is no {query['ResourceArn']}")
    if query["Period"] != "IterationNumber" or query["XAxisType"] != "IterationNumber":
        return _no_result("the emulator knows metrics by IterationNumber alone")
    points = component.metrics.get(query["MetricName"], {}).get("Values", {})
    first, last = query.get("Start", 0), query.get("End")
    steps = [each for each in sorted(points) if each >= first and (last is None or each <= last)]
    shown = steps[:_POINTS]
    return {
        "Status": "Complete" if shown == steps else "Truncated",
        "XAxisValues": shown,
        "MetricValues": [_stat(query["MetricStat"], [points[each]["Value"]]) for each in shown],
    }


def _no_result(why: str) -> Json:
    return {"Status": "ValidationError", "Message": why, "XAxisValues": [], "MetricValues": []}


def _stat(stat: str, values: list[float]) -> float:
    match stat:
        case "Count":
            return float(len(values))
        case "StdDev":
            return pstdev(values)
        case "Min":
            return min(values)
        case "Max":
            return max(values)
        case "Avg":
            return fmean(values)
        case _:
            return values[-1]
