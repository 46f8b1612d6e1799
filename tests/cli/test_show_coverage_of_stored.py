"""`firnline show --coverage --inventory`: what no retention covers, and what it costs a month."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from firnline.cli import main
from tests.cli.test_check_stored import LISTING, stored
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("socket_disabled")
RUNS = "retain: {r: {prefix: runs/, delete_after: 90d}}"
GIB = 2**30
SCHEMA = Path(__file__).parents[2] / "compiler/firnline/targets/coverage.schema.json"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "policies").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")  # as wide as the sentences that are looked for


def coverage(capsys: Captured, *words: str, policy: str = RUNS) -> tuple[int, str, str]:
    Path("policies/p.yaml").write_text(whole(policy))
    capsys.readouterr()
    code = main(["show", "--coverage", *words])
    return code, *capsys.readouterr()


def as_json(capsys: Captured, *words: str) -> dict[str, Any]:
    code, out, _ = coverage(capsys, "--out", "json", *words)
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    jsonschema.validate(found, json.loads(SCHEMA.read_text()))
    return found


def metrics(bucket: str, size: int, objects: int) -> str:
    rows = [("StandardStorage", size), ("AllStorageTypes", objects)]
    Path("metrics.json").write_text(
        json.dumps(
            {
                "MetricDataResults": [
                    {
                        "Id": f"m{place}",
                        "Label": f"{bucket} {kind}",
                        "Timestamps": ["2026-11-27T00:00:00+00:00"],
                        "Values": [value],
                    }
                    for place, (kind, value) in enumerate(rows)
                ]
            }
        )
    )
    return "metrics.json"


def test_large_prefixes_without_a_retention_are_told_with_their_cost(capsys: Captured) -> None:
    stored({"runs/1": GIB, "tmp/a/1": 100 * GIB, "tmp/b/1": GIB, "x": GIB})
    code, out, _ = coverage(capsys, "--inventory", LISTING)
    assert code == 0
    assert "3 object versions (102GiB, $2.35 a month)" in out
    assert "2  101GiB      $2.32  tmp/" in out
    (bucket,) = as_json(capsys, "--inventory", LISTING)["buckets"]
    assert bucket["stored"]["objects"] == 4
    assert bucket["uncovered"] == {"objects": 3, "bytes": 102 * GIB, "usd_a_month": 2.346}
    assert [each["prefix"] for each in bucket["prefixes"]] == ["tmp/", "tmp/a/"]


def test_a_spreadsheet_has_the_numbers_of_the_json(capsys: Captured) -> None:
    stored({"runs/1": GIB, "tmp/1": GIB})
    code, out, _ = coverage(capsys, "--inventory", LISTING, "--out", "csv")
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["is"], row["prefix"], row["bytes"]) for row in rows] == [
        ("stored", "", str(2 * GIB)),
        ("uncovered", "", str(GIB)),
        ("not_decided", "", "0"),
        ("of_others", "", "0"),
        ("prefix", "tmp/", str(GIB)),
    ]


def test_without_facts_only_buckets_are_told_and_that_is_said(capsys: Captured) -> None:
    code, out, _ = coverage(capsys)
    assert code == 0
    assert "what is stored is not known" in out
    assert as_json(capsys)["not_told"] == ["lab-data"]


def test_what_is_meant_for_live_rules_or_coverage_alone_is_refused(capsys: Captured) -> None:
    Path("policies/p.yaml").write_text(whole(RUNS))
    assert main(["show", "--inventory", LISTING]) == 2
    assert "--inventory goes with --coverage" in capsys.readouterr().err
    assert main(["show", "--out", "csv"]) == 2
    assert "--out csv goes with --coverage" in capsys.readouterr().err
    assert main(["show", "--coverage", "--max-age", "7d"]) == 2
    assert "--max-age is about what is stored" in capsys.readouterr().err


def test_of_a_region_without_prices_the_bytes_are_told_and_the_cost_is_not(
    capsys: Captured,
) -> None:
    stored({"tmp/1": GIB})
    words = ("--inventory", LISTING, "--region", "eu-north-1")
    (bucket,) = as_json(capsys, *words)["buckets"]
    assert bucket["uncovered"] == {"objects": 1, "bytes": GIB, "usd_a_month": None}
    _, out, err = coverage(capsys, *words)
    assert "what it costs is not known: no prices of eu-north-1 are known" in err
    assert "1 object version (1GiB) of 1 object version (1GiB) match" in out


def test_by_sizes_alone_a_bucket_without_a_policy_has_its_cost_and_others_are_left_open(
    capsys: Captured,
) -> None:
    files = [("lab-data", "one.json"), ("lab-other", "other.json")]
    for bucket, file in files:
        Path(metrics(bucket, 100 * GIB, 1_000)).rename(file)
    words = [word for _, file in files for word in ("--cloudwatch", file)]
    found = {each["bucket"]: each for each in as_json(capsys, *words)["buckets"]}
    nothing = {"objects": 0, "bytes": 0, "usd_a_month": 0}
    whole_bucket = {"objects": 1_000, "bytes": 100 * GIB, "usd_a_month": 2.3}
    other, covered = found["lab-other"], found["lab-data"]
    assert (other["has_policy"], other["uncovered"]) == (False, whole_bucket)
    assert (covered["uncovered"], covered["not_decided"]) == (nothing, whole_bucket)
    _, out, _ = coverage(capsys, *words)
    said = " ".join(out.split())
    assert "no policy covers `lab-other` (CloudWatch, 2026-11-27): 1,000 object versions" in said
    assert "$2.30 a month) it is not told whether a retention matches them" in said
    assert "in all $2.30 a month for what surely no retention covers" in said


def test_a_bucket_is_named_for_a_listing_and_one_of_which_nothing_is_told_is_refused(
    capsys: Captured,
) -> None:
    stored({"tmp/1": GIB})
    buckets = "applies_to: [{account: lab, buckets: [lab-data, lab-more]}]\n"
    words = ("--inventory", LISTING)
    code, _, err = coverage(capsys, *words, policy=buckets + RUNS)
    assert code == 2
    assert "does not say which bucket it is of" in err
    code, out, _ = coverage(capsys, "lab-more", *words, policy=buckets + RUNS)
    assert code == 0
    assert "`lab-more` (listed in listing.json): 1 object version" in out
    assert "what is stored is not known of 1 covered bucket:\n  lab-data\n" in out
    code, _, err = coverage(capsys, "lab-more", "lab-x", policy=buckets + RUNS)
    assert (code, "nothing tells what bucket `lab-more` stores" in err) == (2, True)
