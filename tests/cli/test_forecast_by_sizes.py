"""`firnline forecast` of a bucket of which CloudWatch alone tells: its sizes, day by day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline import testing
from firnline.cli import main
from firnline.inventory.forecast.months import starts
from firnline.testing import seed
from firnline.testing.faults import Fault
from firnline.testing.moto_process import find_bucket
from tests.fleet.small_world import served, write_folder

Captured = pytest.CaptureFixture[str]
BUCKET = "acme-models-use1"
GIB = 2**30
POLICY = "policies/ml.yaml"
LIVE = ["--bucket", BUCKET, "--account", "prod"]


def live(aws: testing.Emulator) -> list[str]:
    """As of when the emulator was started, whatever the hour."""
    return [*LIVE, *as_of(aws)]


def as_of(aws: testing.Emulator) -> list[str]:
    return ["--as-of", f"{aws.started:%Y-%m-%dT%H:%M:%SZ}"]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[testing.Emulator]:
    """A gibibyte was written every day for 40 days, below `tmp/`, which is kept for 14."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    with served(monkeypatch) as emulator:
        bucket = find_bucket(BUCKET)
        assert bucket is not None
        for day in range(40):
            made = emulator.started - timedelta(days=day + 1)
            seed.put_version(bucket, f"tmp/{day}", GIB, made, {})
        write_folder(tmp_path)
        emulator.report_storage_metrics()
        yield emulator


def forecast(capsys: Captured, *words: str) -> tuple[Any, str]:
    assert main(["forecast", POLICY, *words, "--out", "json"]) == 0
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert main(["schema", "forecast"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(told)
    return told, printed.err


def test_a_live_bucket_without_inventory_is_forecast_between_bounds(
    aws: testing.Emulator, capsys: Captured
) -> None:
    told, err = forecast(capsys, *live(aws), "--months", "1")
    assert f"{BUCKET} has no S3 Inventory" in err
    assert f"`firnline inventory list {BUCKET} --versions --uploads` makes an inventory" in err
    assert told["exact"] is False
    (month,) = told["months"]
    assert month["before"]["bytes"] == {"STANDARD": 40 * GIB}
    assert month["before"]["usd"]["total"] == pytest.approx(40 * 0.023)
    # What has its marker in the first run is gone a week later; what was written on the last days
    # may be below `tmp/` too.
    assert month["after"]["bytes"] == {"STANDARD": {"at_least": 0, "at_most": 40 * GIB}}
    hidden = told["first_run"]["after"]["delete_markers"]["bytes"]
    # Of the last week's 7 GiB it is known that they are not two weeks old.
    assert hidden == {"at_least": 0, "at_most": 33 * GIB}
    assert told["facts"][0].startswith(f"CloudWatch: {BUCKET} on ")
    assert "STANDARD 40GiB in 40 objects" in told["facts"][0]
    assert "what rules do lies between two bounds" in told["facts"][1]
    assert "tags" not in told["not_counted"]
    assert "incomplete_uploads" not in told["not_counted"]


def test_growth_is_what_came_on_top_of_an_earlier_day(
    aws: testing.Emulator, capsys: Captured
) -> None:
    told, _ = forecast(capsys, *live(aws), "--growth-from", "30d", "--months", "1")
    (arrives,) = told["arrives"]
    assert (arrives["prefix"], arrives["bytes_a_month"]) == ("", GIB * 365 // 12)
    (month,) = told["months"]
    begin, end = starts(datetime.fromisoformat(told["as_of"]), 1)
    length = (end - begin).days
    assert month["before"]["bytes"] == {"STANDARD": (40 + length) * GIB}
    assert any("grows as in the 30 days" in each for each in told["facts"])
    assert "growth" not in told["not_counted"]
    words = ["forecast", POLICY, *live(aws), "--growth-from", "90d"]
    assert main(words) == 2
    assert "CloudWatch has no sizes of" in capsys.readouterr().err


def saved(path: Path, aws: testing.Emulator) -> list[str]:
    """As the AWS CLI prints what is asked of it."""
    days = [aws.started.date() - timedelta(days=number) for number in range(40)]
    results = [
        {
            "Id": "sizes",
            "Label": f"{BUCKET} {name}",
            "Timestamps": [f"{day}T00:00:00+00:00" for day in days],
            "Values": [float(each * (40 - number)) for number in range(40)],
            "StatusCode": "Complete",
        }
        for name, each in (("StandardStorage", GIB), ("AllStorageTypes", 1))
    ]
    path.write_text(json.dumps({"MetricDataResults": results, "Messages": []}))
    return ["--cloudwatch", str(path), "--versioning", "enabled"]


def test_saved_metrics_are_forecast_as_the_same_live(
    aws: testing.Emulator, capsys: Captured, tmp_path: Path
) -> None:
    asked, _ = forecast(capsys, *live(aws), "--months", "2")
    words = saved(tmp_path / "sizes.json", aws)
    told, _ = forecast(capsys, *words, *as_of(aws), "--months", "2")
    assert told.pop("facts")[0].startswith(f"{tmp_path}/sizes.json: {BUCKET} on ")
    assert asked.pop("facts")
    assert told == asked


def test_of_a_file_with_sizes_of_several_buckets_the_one_that_is_asked_for_is_forecast(
    aws: testing.Emulator, capsys: Captured, tmp_path: Path
) -> None:
    path = tmp_path / "sizes.json"
    words = [*saved(path, aws), *as_of(aws), "--months", "1"]
    told, _ = forecast(capsys, *words)
    document = json.loads(path.read_text())
    others = json.loads(path.read_text().replace(BUCKET, "acme-other"))["MetricDataResults"]
    path.write_text(json.dumps({"MetricDataResults": document["MetricDataResults"] + others}))
    asked, _ = forecast(capsys, *words, "--bucket", BUCKET)
    assert asked == told
    assert main(["forecast", POLICY, *words, "--bucket", "acme-third"]) == 2
    says = f"has no bucket `acme-third`: it is of {BUCKET}, acme-other"
    assert says in " ".join(capsys.readouterr().err.split())


def test_sizes_that_are_too_old_are_refused(
    aws: testing.Emulator, capsys: Captured, tmp_path: Path
) -> None:
    words = saved(tmp_path / "sizes.json", aws)
    later = f"{aws.started + timedelta(days=9):%Y-%m-%dT%H:%M:%SZ}"
    assert main(["forecast", POLICY, *words, "--as-of", later, "--max-age", "8d"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert f"its last sizes of {BUCKET} are of {aws.started.date()}, before the limit of" in told


def test_a_file_without_sizes_says_what_it_lacks(
    aws: testing.Emulator, capsys: Captured, tmp_path: Path
) -> None:
    assert aws
    path = tmp_path / "sizes.json"
    for content, says in (
        ('{"MetricDataResults": []}', "has no metric: is the bucket's name right"),
        ("{", "is not JSON"),
    ):
        path.write_text(content)
        assert main(["forecast", POLICY, "--cloudwatch", str(path)]) == 2
        assert f"{path} {says}" in " ".join(capsys.readouterr().err.split())
    assert main(["forecast", POLICY, "--cloudwatch", "nowhere.json"]) == 2
    assert "nowhere.json cannot be read: No such file" in capsys.readouterr().err


@pytest.mark.parametrize("operation", ["ListMetrics", "GetMetricData"])
def test_a_bucket_of_which_nothing_can_be_read_says_how_to_list_it(
    operation: str, aws: testing.Emulator, capsys: Captured
) -> None:
    aws.middleware.faults.add(Fault(operation=operation, status=403, code="AccessDenied"))
    assert main(["forecast", POLICY, *LIVE]) == 3
    told = " ".join(capsys.readouterr().err.split())
    assert f"its storage metrics cannot be read: no cloudwatch:{operation}" in told
    assert f"nothing tells what {BUCKET} stores: `firnline inventory list {BUCKET}" in told


def test_a_bucket_that_s3_never_reported_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with served(monkeypatch):
        write_folder(tmp_path)
        assert main(["forecast", POLICY, *LIVE]) == 3
    assert "has no storage metrics in CloudWatch" in capsys.readouterr().err


@pytest.mark.usefixtures("aws")
def test_a_bucket_that_is_not_there_is_named(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "rules.json").write_text(json.dumps({"Rules": []}))
    assert main(["forecast", "rules.json", "--bucket", "acme-nowhere"]) == 2
    assert "there is no bucket `acme-nowhere`" in capsys.readouterr().err


@pytest.mark.usefixtures("aws")
def test_an_empty_bucket_costs_nothing(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "rules.json").write_text(json.dumps({"Rules": []}))
    words = ["forecast", "rules.json", "--bucket", "acme-models-euw1", "--account", "prod"]
    assert main([*words, "--region", "us-east-1", "--out", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["exact"] is True
    assert told["months"][0]["before"]["usd"]["total"] == 0
    assert "nothing in 0 objects" in told["facts"][0]
    assert len(told["facts"]) == 1
