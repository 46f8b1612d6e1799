"""Search: filters on nested properties, any order, pages, TotalHits and Parents."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from firnline.testing.responses import Response
from firnline.testing.sagemaker.call import Call, Json, Refused, json_response, moment
from firnline.testing.sagemaker.page import cut
from firnline.testing.sagemaker.trials import parents

# The member of a result, and moto's objects of that kind.
_RESOURCES: Final = {
    "Endpoint": ("Endpoint", "endpoints"),
    "Experiment": ("Experiment", "experiments"),
    "ExperimentTrial": ("Trial", "trials"),
    "ExperimentTrialComponent": ("TrialComponent", "trial_components"),
    "FeatureGroup": ("FeatureGroup", "feature_groups"),
    "HyperParameterTuningJob": ("HyperParameterTuningJob", "hyper_parameter_tuning_jobs"),
    "Model": ("Model", "_models"),
    "ModelPackage": ("ModelPackage", "model_packages"),
    "ModelPackageGroup": ("ModelPackageGroup", "model_package_groups"),
    "Pipeline": ("Pipeline", "pipelines"),
    "PipelineExecution": ("PipelineExecution", "pipeline_executions"),
    "TrainingJob": ("TrainingJob", "training_jobs"),
}


def search(call: Call) -> Response:
    resource = call.body["Resource"]
    if resource not in _RESOURCES:
        raise Refused(f"the emulator cannot search {resource}")
    member, kept = _RESOURCES[resource]
    made = getattr(call.backend, kept).values()
    records = [_record(call.backend, member, each) for each in made]
    expression = call.body.get("SearchExpression") or {}
    found = [each for each in records if _is_hit(each, expression)]
    page = cut(call.body, "Results", [{member: each} for each in _sorted(call.body, found)])
    hits = {"Value": len(found), "Relation": "EqualTo"}
    return json_response({**page, "TotalHits": hits})


def _record(backend: Any, member: str, made: Any) -> Json:
    record = made.describe() if member == "FeatureGroup" else made.gen_response_object()
    if f"{member}Arn" not in record and "Arn" in record:
        record[f"{member}Arn"] = record.pop("Arn")
    match member:
        case "TrialComponent":
            belongs = parents(backend, made.trial_component_name)
            names = [{"TrialName": trial, "ExperimentName": each} for trial, each in belongs]
            record |= {"Parents": names, "Metrics": made.gen_metrics_response_object()}
        case "Trial":
            record.pop("TrialComponents", None)
        case "ModelPackage":
            record["SourceUri"] = getattr(made, "source_uri", None)
            record["Tags"] = made.tags
        case _:
            pass
    return {name: value for name, value in record.items() if value is not None}


def _sorted(body: Json, found: list[Json]) -> list[Json]:
    by = body.get("SortBy", "LastModifiedTime")
    descending = body.get("SortOrder", "Descending") == "Descending"
    # moto keeps them in the order of their creation, which decides among equals.
    ordered = sorted(found, key=lambda each: _comparable(next(_values(each, by), "")))
    return ordered[::-1] if descending else ordered


def _is_hit(record: Json, expression: Json) -> bool:
    tests = [_passes(record, each) for each in expression.get("Filters", ())]
    tests += [_passes_nested(record, each) for each in expression.get("NestedFilters", ())]
    tests += [_is_hit(record, each) for each in expression.get("SubExpressions", ())]
    if not tests:
        return True
    return any(tests) if expression.get("Operator") == "Or" else all(tests)


def _passes_nested(record: Json, nested: Json) -> bool:
    """One element of the list must pass all filters, whose names begin with the list's."""
    name = nested["NestedPropertyName"]
    elements = [element for each in _values(record, name) for element in _each(each)]
    filters = [
        {**each, "Name": each["Name"].removeprefix(f"{name}.")} for each in nested["Filters"]
    ]
    return any(all(_passes(element, each) for each in filters) for element in elements)


def _passes(record: Json, condition: Json) -> bool:
    values = [each for value in _values(record, condition["Name"]) for each in _each(value)]
    operator = condition.get("Operator", "Equals")
    match operator:
        case "Exists":
            return bool(values)
        case "NotExists":
            return not values
        case "NotEquals":
            return not any(_compare("Equals", each, condition["Value"]) for each in values)
        case _:
            return any(_compare(operator, each, condition["Value"]) for each in values)


def _compare(operator: str, value: Any, text: str) -> bool:
    expected: Any = text
    if isinstance(value, datetime):
        value, expected = moment(value), moment(text)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        expected = float(text)
    match operator:
        case "Equals":
            return bool(value == expected)
        case "Contains":
            return text in str(value)
        case "In":
            return str(value) in text.split(",")
        case "GreaterThan":
            return bool(value > expected)
        case "GreaterThanOrEqualTo":
            return bool(value >= expected)
        case "LessThan":
            return bool(value < expected)
        case "LessThanOrEqualTo":
            return bool(value <= expected)
        case _:
            raise Refused(f"Unknown operator: {operator}")


def _values(record: Any, name: str) -> Iterator[Any]:
    """Of a property like `Status.PrimaryStatus`, `Tags.team`, `Parents.TrialName`; `Metrics.auc`
    stands for the last value, and a parameter for its value of either kind.
    """
    first, _, rest = name.partition(".")
    if not isinstance(record, dict) or record.get(first) is None:
        return
    value = record[first]
    match first, rest:
        case _, "":
            yield value
        case "Tags", _:
            yield from (each["Value"] for each in value if each["Key"] == rest)
        case "Metrics", _:
            metric, _, stat = rest.rpartition(".") if _has_stat(rest) else (rest, "", "Last")
            yield from (each[stat] for each in value if each["MetricName"] == metric)
        case "Parameters", _ if rest in value:
            yield from value[rest].values()
        case "HyperParameters", _ if rest in value:
            yield value[rest]
        case _:
            for each in _each(value):
                yield from _values(each, rest)


def _has_stat(name: str) -> bool:
    return name.rpartition(".")[2] in ("Max", "Min", "Last", "Avg", "Count", "StdDev")


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _comparable(value: Any) -> tuple[bool, Any]:
    """Numbers before texts, so that any two values have an order."""
    if isinstance(value, datetime):
        value = moment(value).isoformat()
    is_number = isinstance(value, int | float)
    return (not is_number, value if is_number else str(value))
