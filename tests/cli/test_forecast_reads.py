"""`firnline forecast --reads`: FL508, and what reads cost in the classes objects are in by then."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline.cli import main
from firnline.inventory.prices.price_json import to_json
from firnline.inventory.prices.shipped import US_EAST_1
from tests.cli.test_inventory_reads import logs
from tests.inventory.facts.written import MADE, write
from tests.inventory.reads.log_lines import log_line

Captured = pytest.CaptureFixture[str]
MIB, GIB = 2**20, 2**30
FIELDS = ("Bucket", "Key", "Size", "StorageClass", "LastModifiedDate")
NOW = datetime(2026, 11, 28, tzinfo=UTC)
BEGIN = NOW - timedelta(days=60)
POLICY = """\
firnline: policy/v1
policy: lab
owner: lab
why: runs of the laboratory
applies_to: [{{account: lab, buckets: lab}}]
versioning: off
retain:
  runs: {{prefix: runs/, {tiers}}}
"""
STORED = (
    ("runs/old", 400, 100 * GIB),
    ("runs/dt=1/new", 65, 100 * GIB),
    ("runs/unread", 400, 100 * GIB),
)
pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    rows: list[dict[str, Any]] = [
        {"Key": key, "Size": size, "StorageClass": "STANDARD"}
        | {"LastModifiedDate": NOW - timedelta(days=age)}
        for key, age, size in STORED
    ]
    return str(write(tmp_path / "inventory", rows, FIELDS, made=MADE))


@pytest.fixture
def read(tmp_path: Path) -> str:
    """On each of 61 days: `old` twice, `new`, which is 5 days old at first, and what is gone."""
    lines = [
        log_line(key, BEGIN + timedelta(days=day, hours=hour), bucket="lab", sent=sent)
        for day in range(61)
        for hour, key, sent in (
            (1, "runs/old", 100 * GIB),
            (3, "runs/old", MIB),
            (5, "runs/dt=1/new", 100 * GIB),
            (7, "runs/gone", 100 * GIB),
        )
    ]
    return logs(tmp_path / "logs", *lines)


def forecast(capsys: Captured, manifest: str, tiers: str, *words: str) -> tuple[str, str]:
    Path("policy.yaml").write_text(POLICY.format(tiers=tiers))
    code = main(
        ["forecast", "policy.yaml", "--inventory", manifest, *words, "--as-of", "2026-11-28"]
    )
    assert code in (0, 1)
    shown = capsys.readouterr()
    return shown.out, shown.err


def as_data(capsys: Captured, *given: str) -> Any:
    shown, _ = forecast(capsys, *given, "--out", "json")
    told = json.loads(shown)
    assert main(["schema", "forecast"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(told)
    return told


def test_reads_of_what_is_archived_by_then_are_told_with_dollars_and_hours(
    manifest: str, read: str, capsys: Captured
) -> None:
    shown, told = forecast(
        capsys, manifest, "archive_after: 30d, delete_after: never", "--reads", read
    )
    assert "FL508" in told
    message = " ".join(re.findall(r"[^\s|^]+", told))
    # Of `old` 122, of `new` those from its 30th day on, in 60 days.
    assert "DEEP_ARCHIVE by then: each" in message
    assert "12 hours, or 48 in bulk" in message
    assert "reads a month" in shown
    said = " ".join(shown.split())
    assert "if they go on as in the logs from 2026-09-29 to 2026-11-28" in said


def test_the_reads_of_each_class_are_those_at_the_age_at_which_objects_are_in_it(
    manifest: str, read: str, capsys: Captured
) -> None:
    told = as_data(capsys, manifest, "archive_after: 30d, delete_after: never", "--reads", read)
    before, after = (told["reads"][side]["classes"] for side in ("before", "after"))
    all_reads = 61 * 3
    young = 26  # `new`, at an age of 5 to 29 days and on the day that ends with the move
    assert before["STANDARD"]["reads"] == pytest.approx(all_reads * 30 / 60, abs=3)
    assert after["STANDARD"]["reads"] == pytest.approx(young * 30 / 60, abs=1.5)
    assert after["DEEP_ARCHIVE"]["reads"] == pytest.approx((all_reads - young) * 30 / 60, abs=3)
    restores = (61 * 2 - young) * 30 / 60
    usd = restores * (0.10 / 1000 + 100 * 0.02) + 78 * 0.0004 / 1000
    assert after["DEEP_ARCHIVE"]["usd_a_month"] == pytest.approx(usd, rel=0.05)
    assert "retrieval" not in told["not_counted"]
    assert [each["code"] for each in told["diagnostics"]] == ["FL508"]


def test_what_is_read_only_while_it_is_warm_is_no_finding(
    manifest: str, read: str, capsys: Captured
) -> None:
    told = as_data(capsys, manifest, "archive_after: 500d, delete_after: never", "--reads", read)
    assert told["diagnostics"] == []
    assert list(told["reads"]["after"]["classes"]) == ["STANDARD"]


def test_a_class_with_a_fee_is_a_finding_where_reading_costs_more_than_it_saves(
    manifest: str, read: str, capsys: Captured
) -> None:
    told = as_data(capsys, manifest, "cold_after: 30d, delete_after: never", "--reads", read)
    codes = [each["code"] for each in told["diagnostics"]]
    assert "FL508" in codes
    (found,) = (each for each in told["diagnostics"] if each["code"] == "FL508")
    assert "reading costs $" in found["message"]


def test_a_bucket_of_which_the_logs_tell_nothing_is_said_to_be_unknown(
    manifest: str, tmp_path: Path, capsys: Captured
) -> None:
    other = logs(tmp_path / "other", log_line("a", BEGIN, bucket="other"))
    shown, told = forecast(
        capsys, manifest, "archive_after: 30d, delete_after: never", "--reads", other
    )
    assert "its reads are not known" in shown
    assert "FL508" not in told


def test_the_spreadsheet_has_the_reads_and_their_cost(
    manifest: str, read: str, capsys: Captured
) -> None:
    shown, _ = forecast(
        capsys,
        *(manifest, "archive_after: 30d, delete_after: never", "--reads", read, "--out", "csv"),
    )
    rows = list(csv.DictReader(StringIO(shown)))
    measures = {(each["side"], each["measure"], each["of"]) for each in rows}
    assert ("after", "reads", "DEEP_ARCHIVE") in measures
    assert ("before", "usd of reads", "STANDARD") in measures


def test_a_check_beside_an_inventory_finds_it_too(
    manifest: str, read: str, capsys: Captured
) -> None:
    Path("policies").mkdir()
    text = POLICY.format(tiers="archive_after: 30d, delete_after: never")
    Path("policies/lab.yaml").write_text(text)
    words = ["check", "policies", "--as-of", "2026-11-28", "--out", "json"]
    assert main([*words, "--reads", read]) == 2
    assert "--reads is joined to what is stored" in capsys.readouterr().err
    main([*words, "--inventory", manifest])
    assert "FL508" not in capsys.readouterr().out
    main([*words, "--inventory", manifest, "--reads", read])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    assert [each["code"] for each in found if each["code"] == "FL508"] == ["FL508"]


@pytest.mark.parametrize(
    ("tiers", "codes"), [("archive_after: 30d", ["FL508"]), ("warm_after: 30d", [])]
)
def test_reads_without_a_price_are_not_free_but_said_once_to_be_unknown_with_the_remedy(
    manifest: str, read: str, capsys: Captured, tiers: str, codes: list[str]
) -> None:
    saved_before_reads = replace(US_EAST_1, read_prices=())
    Path("prices").mkdir()
    Path("prices/us-east-1.json").write_text(to_json(saved_before_reads))
    told = as_data(capsys, manifest, f"{tiers}, delete_after: never", "--reads", read)
    assert told["reads"]["after"]["usd_a_month"] is None
    assert "retrieval" in told["not_counted"]
    [said] = [fact for fact in told["facts"] if "what reads cost is not counted" in fact]
    assert "run `firnline prices update --region us-east-1`" in said
    assert said.startswith("lab: ")
    assert [each["code"] for each in told["diagnostics"]] == codes
    main(
        ["check", "policy.yaml", "--as-of", "2026-11-28", "--inventory", manifest, "--reads", read]
    )
    assert capsys.readouterr().err.count("lab: what reads cost is not counted") == 1


def test_the_class_of_an_object_counts_and_tags_that_nothing_tells_stay_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    made = {"Size": GIB, "LastModifiedDate": NOW - timedelta(days=400)}
    keys = {"runs/frozen": "GLACIER_IR", "runs/warm": "STANDARD", "it": "INTELLIGENT_TIERING"}
    rows = [{"Key": key, "StorageClass": name, **made} for key, name in keys.items()]
    manifest = str(write(tmp_path / "inventory", rows, FIELDS, made=MADE))
    lines = [
        log_line(key, BEGIN + timedelta(days=day), bucket="lab", sent=GIB)
        for day in range(61)
        for key in keys
    ]
    tiers = "tags: {stage: scratch}, archive_after: 30d, delete_after: never"
    read = logs(tmp_path / "logs", *lines)
    told = as_data(capsys, manifest, tiers, "--reads", read)
    before, after = told["reads"]["before"], told["reads"]["after"]
    assert {name: each["reads"] for name, each in before["classes"].items()} == (
        {"GLACIER_IR": 30, "INTELLIGENT_TIERING": 30, "STANDARD": 30}
    )
    kept_dear = 0.023 - 0.004  # of 1 GB, all the time
    requests = 30 * 0.0004 / 1000
    tiered = after["classes"].pop("INTELLIGENT_TIERING")
    assert tiered["usd_a_month"] == pytest.approx(kept_dear + requests, rel=0.02)
    assert "reads" not in told["not_counted"]
    assert after["classes"] == {}
    assert after["by_unknown_tags"]["reads"] == 60  # of either class 30.5
    assert after["usd_a_month"]["at_least"] < after["usd_a_month"]["at_most"]
    [finding] = told["diagnostics"]
    assert "up to 61 reads a month (61GiB) may be of objects that are in" in finding["message"]
    assert any("surely 0 reads; `firnline inventory list --tags`" in n for n in finding["notes"])
