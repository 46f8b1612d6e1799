"""What `aws cloudwatch get-metric-data` prints → the sizes of buckets, day by day."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest

from firnline.inventory.storage_metrics import NotMetrics, StorageMetrics, read_metric_data


def result(label: str, *values: float, last: int = 28, **more: object) -> dict[str, Any]:
    """The newest first, as CloudWatch orders them."""
    days = [f"2026-11-{last - number:02}T00:00:00+00:00" for number in range(len(values))]
    return {
        "Id": "sizes",
        "Label": label,
        "Timestamps": days,
        "Values": list(values),
        "StatusCode": "Complete",
        **more,
    }


def read(*results: dict[str, Any]) -> list[StorageMetrics]:
    return read_metric_data({"MetricDataResults": list(results), "Messages": []})


OBJECTS = result("acme AllStorageTypes", 9.0, 8.0, 7.0)


def test_sizes_are_by_storage_type_and_day() -> None:
    (found,) = read(result("acme StandardStorage", 30.0, 20.0, 10.0), OBJECTS)
    assert found.bucket == "acme"
    assert found.day == date(2026, 11, 28)
    assert found.on(date(2026, 11, 27)) == {"StandardStorage": 20}
    assert found.objects[date(2026, 11, 26)] == 7


def test_the_pages_of_one_metric_are_one() -> None:
    newer = result("acme StandardStorage", 30.0, StatusCode="PartialData")
    older = result("acme StandardStorage", 20.0, 10.0, last=27)
    (found,) = read(newer, OBJECTS, older)
    assert found.sizes["StandardStorage"] == {
        date(2026, 11, 28): 30,
        date(2026, 11, 27): 20,
        date(2026, 11, 26): 10,
    }


def test_two_values_of_one_day_are_refused_unless_they_are_the_same() -> None:
    average = result("acme StandardStorage", 30.0, 20.0)
    (found,) = read(average, OBJECTS, average)
    assert found.sizes["StandardStorage"][date(2026, 11, 27)] == 20
    smaller = result("acme StandardStorage", 30.0, 15.0)
    with pytest.raises(NotMetrics, match="acme StandardStorage for 2026-11-27, 20 and 15: ask for"):
        read(average, OBJECTS, smaller)


def test_a_time_without_a_zone_is_of_utc_wherever_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        at = {"Timestamps": ["2026-11-28T00:00:00"]}
        sizes = result("acme StandardStorage", 30.0) | at
        (found,) = read(sizes, result("acme AllStorageTypes", 1.0) | at)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found.day == date(2026, 11, 28)


def test_each_bucket_has_its_own() -> None:
    one = [result("acme StandardStorage", 1.0), OBJECTS]
    other = [result("b StandardStorage", 2.0), result("b AllStorageTypes", 1.0)]
    assert [(each.bucket, each.on(each.day)) for each in read(*one, *other)] == [
        ("acme", {"StandardStorage": 1}),
        ("b", {"StandardStorage": 2}),
    ]


def test_a_day_of_which_a_type_is_still_to_come_is_not_whole() -> None:
    (found,) = read(
        result("acme StandardStorage", 30.0, 20.0, 10.0),
        result("acme GlacierStorage", 5.0, 5.0, last=27),
        OBJECTS,
    )
    assert found.day == date(2026, 11, 27)


def test_a_type_that_is_stored_no_longer_is_not_waited_for() -> None:
    (found,) = read(
        result("acme StandardStorage", 30.0, 20.0, 10.0),
        result("acme GlacierStorage", 5.0, last=26),
        OBJECTS,
    )
    assert found.on(found.day) == {"StandardStorage": 30}


def test_of_a_day_in_the_past_no_later_one_is_told() -> None:
    (found,) = read(result("acme StandardStorage", 30.0, 20.0, 10.0), OBJECTS)
    assert found.until(date(2026, 11, 27)).day == date(2026, 11, 27)
    with pytest.raises(NotMetrics, match="no sizes of 2026-11-25: the first are of 2026-11-26"):
        found.until(date(2026, 11, 25))


def test_an_empty_bucket_has_no_sizes() -> None:
    emptied = result("acme StandardStorage", 5.0, last=27)
    (found,) = read(result("acme AllStorageTypes", 0.0, 9.0), emptied)
    assert (found.day, found.on(found.day)) == (date(2026, 11, 28), {})


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ([], "has no `MetricDataResults`"),
        ({"MetricDataResults": []}, "has no metric: is the bucket's name right"),
        ({"Label": "BucketSizeBytes", "Datapoints": []}, "use get-metric-data"),
        ({"MetricDataResults": [OBJECTS], "NextToken": "x"}, "is not whole"),
        ({"MetricDataResults": [result("BucketSizeBytes", 1.0)]}, "let the query's Label be"),
        ({"MetricDataResults": [OBJECTS]}, "no day with both sizes and a number of objects"),
        (
            {"MetricDataResults": [OBJECTS, result("acme NewStorage", 1.0)]},
            "has a storage type that is not known here, `NewStorage`",
        ),
        (
            {"MetricDataResults": [result("acme X", 1.0, StatusCode="InternalError")]},
            "is not whole: acme X has the status InternalError",
        ),
        (
            {"MetricDataResults": [result("acme X", 1.0, Timestamps=["today"])]},
            "has a value that is none",
        ),
    ],
)
def test_what_does_not_tell_all_is_refused(document: Any, says: str) -> None:
    with pytest.raises(NotMetrics, match=says):
        read_metric_data(document)


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_a_size_is_a_number_from_0_on(value: float) -> None:
    with pytest.raises(NotMetrics, match="has a value that is none"):
        read(result("acme StandardStorage", value), OBJECTS)


@pytest.mark.parametrize("results", [[5], [{"Label": "acme StandardStorage", "Values": 5}]])
def test_what_is_no_list_of_metrics_is_no_internal_fault(results: list[Any]) -> None:
    with pytest.raises(NotMetrics):
        read_metric_data({"MetricDataResults": results})
