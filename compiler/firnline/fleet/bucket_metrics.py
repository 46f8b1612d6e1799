"""The storage metrics that S3 reports of a bucket to CloudWatch, for nothing, once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from firnline.fleet.accounts import CloudWatch, requesting
from firnline.inventory.storage_metrics import (
    NAMESPACE,
    OBJECTS,
    SIZE,
    Series,
    StorageMetrics,
    metrics_of,
)
from firnline.s3.simulate.clock import midnight_from

LIST_METRICS: Final = "cloudwatch:ListMetrics"
READ_METRICS: Final = "cloudwatch:GetMetricData"
_KEPT: Final = timedelta(days=455)
"""CloudWatch keeps daily values so long (CloudWatch User Guide, "Metrics retention")."""
_DAY: Final = 86_400


def read_metrics(
    client: CloudWatch, account_id: str, bucket: str, until: datetime
) -> StorageMetrics | None:
    """Until a moment; None where S3 has reported nothing in two weeks. `client` is of the bucket's
    region. Raises `NoAccess`, `NotMetrics`.
    """
    with requesting(account_id, LIST_METRICS):
        queries = [
            _query(number, metric)
            for number, metric in enumerate(_metrics(client, bucket))
            if metric["MetricName"] in (SIZE, OBJECTS)
        ]
    if not queries:
        return None
    with requesting(account_id, READ_METRICS):
        return metrics_of(bucket, list(_values(client, queries, until)))


def _metrics(client: CloudWatch, bucket: str) -> Iterator[Any]:
    request: dict[str, Any] = {
        "Namespace": NAMESPACE,
        "Dimensions": [{"Name": "BucketName", "Value": bucket}],
    }
    while True:
        page = client.list_metrics(**request)
        yield from page["Metrics"]
        if not page.get("NextToken"):
            return
        request["NextToken"] = page["NextToken"]


def _query(number: int, metric: Any) -> dict[str, Any]:
    """Its label is the storage type."""
    dimensions = {each["Name"]: each["Value"] for each in metric["Dimensions"]}
    return {
        "Id": f"m{number}",
        "Label": dimensions.get("StorageType", ""),
        "MetricStat": {"Metric": metric, "Period": _DAY, "Stat": "Average"},
    }


def _values(
    client: CloudWatch, queries: list[dict[str, Any]], until: datetime
) -> Iterator[tuple[str, Series]]:
    request: dict[str, Any] = {
        "MetricDataQueries": queries,
        # A day is counted from here on: from a midnight.
        "StartTime": midnight_from(until) - _KEPT,
        "EndTime": until,
    }
    while True:
        page = client.get_metric_data(**request)
        for each in page["MetricDataResults"]:
            yield each["Label"], list(zip(each["Timestamps"], each["Values"], strict=True))
        if not page.get("NextToken"):
            return
        request["NextToken"] = page["NextToken"]
