"""`firnline forecast`: rules, what is stored and prices in, months out."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline.cli import main
from tests.inventory.facts.written import CURRENT, write

Captured = pytest.CaptureFixture[str]
MIB, GIB = 2**20, 2**30
RULES = {
    "Rules": [
        {
            "ID": "tmp",
            "Status": "Enabled",
            "Filter": {"Prefix": "tmp/"},
            "Transitions": [{"Days": 10, "StorageClass": "GLACIER_IR"}],
            "Expiration": {"Days": 200},
        }
    ]
}
LISTING = {
    "Contents": [
        {"Key": "tmp/old", "Size": GIB, "LastModified": "2025-01-01T00:00:00Z"},
        {"Key": "tmp/new", "Size": 4 * GIB, "LastModified": "2026-03-30T10:00:00Z"},
        {"Key": "kept", "Size": 2 * GIB, "LastModified": "2020-01-01T00:00:00Z"},
    ]
}
WHEN = ["--as-of", "2026-03-31T12:00:00Z"]
pytestmark = pytest.mark.usefixtures("socket_disabled", "folder")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    (tmp_path / "rules.json").write_text(json.dumps(RULES))
    (tmp_path / "none.json").write_text(json.dumps({"Rules": []}))
    (tmp_path / "listing.json").write_text(json.dumps(LISTING))
    return tmp_path


def forecast(capsys: Captured, *words: str) -> Any:
    assert main(["forecast", *words, *WHEN, "--out", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(["schema", "forecast"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(told)
    return told


def test_a_listing_is_forecast_under_rules_and_without_them(capsys: Captured) -> None:
    told = forecast(capsys, "rules.json", "--inventory", "listing.json", "--months", "2")
    first, second = told["months"]
    assert first["from"] == "2026-04-01"
    assert first["before"]["bytes"] == {"STANDARD": 7 * GIB}
    assert first["before"]["usd"]["total"] == pytest.approx(7 * 0.023)
    assert first["after"]["bytes"] == {"STANDARD": 2 * GIB, "GLACIER_IR": 4 * GIB}
    # The young object moves at the age of ten days: on the eighth day of thirty.
    stored = 2 * 0.023 + 4 * (0.023 * 9 + 0.004 * 21) / 30
    assert first["after"]["usd"]["storage"] == pytest.approx(stored, abs=1e-6)
    assert first["after"]["usd"]["transitions"] == 0.00002
    assert second["after"]["usd"]["total"] == pytest.approx(2 * 0.023 + 4 * 0.004)
    run = told["first_run"]["after"]
    assert run["deleted"] == {"objects": 1, "bytes": GIB}
    assert told["first_run"]["before"]["deleted"] == {"objects": 0, "bytes": 0}
    assert told["break_even_month"] == 1


def test_two_snapshots_are_compared(capsys: Captured) -> None:
    told = forecast(capsys, "rules.json", "rules.json", "--inventory", "listing.json")
    assert all(month["before"] == month["after"] for month in told["months"])
    assert len(told["months"]) == 12


def test_what_is_written_every_month_needs_no_inventory(capsys: Captured) -> None:
    told = forecast(capsys, "rules.json", "--ingest", "tmp/=365GiB/month@1GiB", "--months", "1")
    after = told["months"][0]["after"]["bytes"]
    assert after == {"STANDARD": 10 * 12 * GIB, "GLACIER_IR": 20 * 12 * GIB}
    assert "growth" not in told["not_counted"]
    assert told["arrives"] == [
        {
            "bucket": "bucket",
            "prefix": "tmp/",
            "storage_class": "STANDARD",
            "objects_a_month": 365,
            "bytes_a_month": 365 * GIB,
            "since": None,
        }
    ]
    assert told["facts"][0] == "as stated: 365GiB a month into tmp/, in objects of 1GiB"


def test_more_may_be_written_in_a_month_than_a_filter_may_name(capsys: Captured) -> None:
    told = forecast(capsys, "rules.json", "--ingest", "tmp/=500PiB/month", "--months", "1")
    assert told["arrives"][0]["bytes_a_month"] == 500 * 2**50


def test_people_see_the_first_run_the_months_and_what_is_not_counted(capsys: Captured) -> None:
    assert main(["forecast", "rules.json", "--inventory", "listing.json", *WHEN]) == 0
    told = capsys.readouterr().out
    assert "listing.json: 3 object versions (7GiB)" in told
    assert "deleted for good       -  1 (1GiB)" in told
    assert re.search(r"^month \(from\) .*\n1 \(2026-04-01\) .*\n2 \(2026-05-01\) ", told, re.M)
    assert "in month 12 the change saves $0.12; it saves from the first month on" in told
    assert "not counted: requests that read and write objects" in told
    assert all(len(line) <= 100 for line in told.splitlines())


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["rules.json"], "say what is stored: --inventory PATH"),
        (["rules.json", "--ingest", "tmp/"], "write checkpoints/=500GiB/month"),
        (["rules.json", "--ingest", "tmp/=5x/month"], "'5x'"),
        (["rules.json", "--ingest", "x/=1.5TiB/month"], "write a whole number of B, KiB, MiB, GiB"),
        (["rules.json", "--ingest", "x/=5GB/month"], "'5GB' is not a size; write 5GiB"),
        (["rules.json", "--ingest", "x/=1001PiB/month"], "more than 1,000PiB a month"),
        (["rules.json", "--inventory", "nowhere.json"], "nowhere.json cannot be read"),
        (["a", "b", "c", "--ingest", "x/=1GiB/month"], "at most two snapshots"),
        (["rules.json", "--ingest", "x/=1GiB/month", "--months", "61"], "--months takes 1 to 60"),
        (["rules.json", "--ingest", "x/=1GiB/month", "--region", "eu-west-1"], "no prices of eu"),
    ],
)
def test_what_cannot_be_forecast_says_what_to_write(
    words: list[str], says: str, capsys: Captured
) -> None:
    assert _code(["forecast", *words]) == 2
    told = capsys.readouterr()
    assert says in told.err
    assert told.out == ""


def _code(words: list[str]) -> object:
    """As argparse ends it, too."""
    try:
        return main(words)
    except SystemExit as ended:
        return ended.code


def test_rules_with_errors_are_not_forecast(folder: Path, capsys: Captured) -> None:
    (folder / "wrong.json").write_text(json.dumps({"Rules": [{"ID": "x", "Status": "On"}]}))
    assert main(["forecast", "wrong.json", "--inventory", "listing.json"]) == 1
    assert "error[" in capsys.readouterr().err


FIELDS = (*CURRENT, "Size", "LastModifiedDate", "StorageClass")


def inventory(folder: Path, fields: Sequence[str] = FIELDS) -> Path:
    """Of what is in `LISTING`."""
    rows = [
        {
            "Key": each["Key"],
            "Size": each["Size"],
            "LastModifiedDate": datetime.fromisoformat(str(each["LastModified"])),
            "StorageClass": "STANDARD",
        }
        for each in LISTING["Contents"]
    ]
    return write(folder, rows, fields, "Parquet")


def test_an_inventory_is_forecast_as_a_listing_of_the_same(folder: Path, capsys: Captured) -> None:
    manifest = inventory(folder)
    told = forecast(capsys, "rules.json", "--inventory", str(manifest))
    listed = forecast(capsys, "rules.json", "--inventory", "listing.json")
    assert [told[name] for name in ("months", "first_run")] == [
        listed[name] for name in ("months", "first_run")
    ]
    assert "the inventory of lab of 2026-11-28 01:00Z, 2 files, current versions only" in str(
        told["facts"]
    )


def test_rules_that_filter_by_tags_act_on_what_is_listed_with_them(
    folder: Path, capsys: Captured
) -> None:
    by_tag = [{"ID": "t", "Status": "Enabled", "Expiration": {"Days": 30}}]
    by_tag[0]["Filter"] = {"Tag": {"Key": "stage", "Value": "r&d"}}
    (folder / "by_tag.json").write_text(json.dumps({"Rules": by_tag}))
    tags = {"ends": "team=ml&stage=r%26d", "stays": "stage=prod", "plain": ""}
    made = datetime.fromisoformat("2026-01-01T00:00:00Z")
    every = {"Size": GIB, "LastModifiedDate": made, "StorageClass": "STANDARD"}
    rows = [{**every, "Key": key, "ObjectTags": text} for key, text in tags.items()]
    manifest = write(folder, rows, (*FIELDS, "ObjectTags"))
    told = forecast(capsys, "by_tag.json", "--inventory", str(manifest))
    assert told["first_run"]["after"]["deleted"] == {"objects": 1, "bytes": GIB}
    assert told["exact"]


BY_TAG = {
    "Rules": [
        {
            "ID": "drafts",
            "Status": "Enabled",
            "Filter": {"And": {"Prefix": "tmp/", "Tags": [{"Key": "stage", "Value": "draft"}]}},
            "Transitions": [{"Days": 30, "StorageClass": "GLACIER_IR"}],
            "Expiration": {"Days": 400},
        }
    ]
}


def test_what_depends_on_tags_that_are_not_listed_is_told_as_two_bounds(
    folder: Path, capsys: Captured
) -> None:
    (folder / "by_tag.json").write_text(json.dumps(BY_TAG))
    told = forecast(capsys, "by_tag.json", "--inventory", str(inventory(folder)), "--months", "2")
    assert not told["exact"]
    assert told["first_run"]["after"]["deleted"] == _between(0, 1, bytes=GIB)
    after = told["months"][1]["after"]
    # No filter matches `kept`, and `tmp/new` moves at the age of thirty days if it is a draft.
    assert after["bytes"] == {
        "STANDARD": {"at_least": 2 * GIB, "at_most": 7 * GIB},
        "GLACIER_IR": {"at_least": 0, "at_most": 4 * GIB},
    }
    assert told["months"][1]["before"]["usd"]["total"] == pytest.approx(7 * 0.023)
    saved = told["months"][1]["saved_usd"]
    assert saved["at_least"] == 0
    assert saved["at_most"] == pytest.approx(0.023 + 4 * (0.023 - 0.004), abs=2e-3)
    assert told["break_even_month"] == 1
    (why,) = [fact for fact in told["facts"] if "two bounds" in fact]
    assert "rules filter by tags that nothing tells of 2 objects (5GiB)" in why
    assert "firnline inventory list --tags" in why


def _between(least: int, most: int, bytes: int) -> dict[str, dict[str, int]]:
    return {
        "objects": {"at_least": least, "at_most": most},
        "bytes": {"at_least": least * bytes, "at_most": most * bytes},
    }


def test_people_see_both_bounds(folder: Path, capsys: Captured) -> None:
    (folder / "by_tag.json").write_text(json.dumps(BY_TAG))
    assert main(["forecast", "by_tag.json", "--inventory", "listing.json", *WHEN]) == 0
    told = capsys.readouterr().out
    assert "deleted for good       -  0 to 1 (0B to 1GiB)" in told
    assert "in month 12 the change saves $0.00 to $0.10" in told
    assert all(len(line) <= 100 for line in told.splitlines())


def test_tags_that_make_no_difference_leave_a_forecast_exact(
    folder: Path, capsys: Captured
) -> None:
    young = json.loads(json.dumps(BY_TAG).replace("tmp/", "kept"))
    young["Rules"][0] |= {"Transitions": [], "Expiration": {"Days": 4_000}}
    (folder / "young.json").write_text(json.dumps(young))
    told = forecast(capsys, "young.json", "--inventory", "listing.json")
    assert told["exact"]
    assert not [fact for fact in told["facts"] if "tags" in fact]


def test_a_long_path_is_told_by_its_end(folder: Path, capsys: Captured) -> None:
    manifest = inventory(folder / ("far/" * 20))
    (fact, *_) = forecast(capsys, "rules.json", "--inventory", str(manifest))["facts"]
    path, _, rest = fact.partition(": ")
    assert path.startswith("…/")
    assert str(manifest).endswith(path[1:])
    assert len(path) <= 50
    assert rest.startswith("the inventory of lab of 2026-11-28")


def test_where_a_file_of_rules_names_no_bucket_each_line_names_that_of_the_inventory(
    folder: Path, capsys: Captured
) -> None:
    (folder / "by_tag.json").write_text(json.dumps(BY_TAG))
    words = ("--inventory", str(inventory(folder)), "--ingest", "tmp/=1GiB/month")
    told = forecast(capsys, "by_tag.json", *words)
    assert told["buckets"] == ["lab"]
    assert [each["bucket"] for each in told["arrives"]] == ["lab"]
    assert any(fact.startswith("lab: nothing says whether") for fact in told["facts"])
    assert sum(fact.startswith("lab: rules filter by tags") for fact in told["facts"]) == 2


def test_an_inventory_that_is_not_what_s3_wrote_is_not_forecast(
    folder: Path, capsys: Captured
) -> None:
    manifest = inventory(folder)
    part = next(folder.rglob("part-1.parquet"))
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(bytes(content))
    assert main(["forecast", "rules.json", "--inventory", str(manifest)]) == 2
    assert f"{part}" in capsys.readouterr().err
    part.unlink()
    assert main(["forecast", "rules.json", "--inventory", str(manifest)]) == 2
    assert "part-1.parquet" in capsys.readouterr().err


def test_an_inventory_without_sizes_says_what_it_lacks(folder: Path, capsys: Captured) -> None:
    manifest = inventory(folder, (*CURRENT, "LastModifiedDate"))
    assert main(["forecast", "rules.json", "--inventory", str(manifest)]) == 2
    assert "let S3 Inventory list Size and StorageClass" in (capsys.readouterr().err)


WRITTEN = {
    "Contents": [
        {"Key": f"{folder}{day}", "Size": size, "LastModified": f"2026-03-{day:02}T10:00:00Z"}
        for folder, size in (("tmp/", 3 * GIB), ("kept/", GIB))
        for day in range(1, 32)
    ]
}


def test_growth_goes_on_as_it_was(folder: Path, capsys: Captured) -> None:
    (folder / "written.json").write_text(json.dumps(WRITTEN))
    told = forecast(
        capsys, "rules.json", "--inventory", "written.json", "--growth-from", "19d", "--months", "1"
    )
    month = told["months"][0]
    assert month["before"]["bytes"] == {"STANDARD": (31 + 30) * 4 * GIB}
    # After ten days it moves: of those of March all have by the end of April.
    moved, stays = (31 + 20) * 3 * GIB, (31 + 30) * GIB + 10 * 3 * GIB
    assert month["after"]["bytes"] == {"STANDARD": stays, "GLACIER_IR": moved}
    assert "growth" not in told["not_counted"]
    assert {
        each["prefix"]: (each["objects_a_month"], each["bytes_a_month"], each["since"])
        for each in told["arrives"]
    } == {
        "tmp/": (30, 3 * GIB * 365 // 12, "2026-03-12"),
        "": (30, GIB * 365 // 12, "2026-03-12"),
    }
    assert any(
        "grows as in the 19 days to 2026-03-31, a month by 91.2GiB" in each
        for each in told["facts"]
    )


def test_growth_over_more_days_than_anything_is_old_says_since_when_it_may_be(
    folder: Path, capsys: Captured
) -> None:
    (folder / "written.json").write_text(json.dumps(WRITTEN))
    words = ["rules.json", "--inventory", "written.json", "--growth-from"]
    (told,) = (each for each in forecast(capsys, *words, "60d")["facts"] if "grows" in each)
    assert told.endswith("`--growth-from 2026-03-01` if it began to be written then")
    (told,) = (each for each in forecast(capsys, *words, "19d")["facts"] if "grows" in each)
    assert "nothing there is older" not in told


def test_growth_is_counted_from_an_older_inventory(folder: Path, capsys: Captured) -> None:
    newer = inventory(folder)
    older = write(folder / "older", [], FIELDS, made=datetime(2026, 3, 30, tzinfo=UTC))
    words = ["rules.json", "--inventory", str(newer), "--growth-from", str(older)]
    found = forecast(capsys, *words)["arrives"]
    # The forecast begins before the newer one was made: of one day it tells.
    assert [(each["prefix"], each["bytes_a_month"]) for each in found] == [
        ("tmp/", 4 * GIB * 365 // 12)
    ]


def test_growth_from_an_inventory_of_another_bucket_is_refused(
    folder: Path, capsys: Captured
) -> None:
    newer = inventory(folder)
    other = write(folder / "other", [], FIELDS, bucket="other")
    words = ["rules.json", "--inventory", str(newer), "--growth-from", str(other)]
    assert main(["forecast", *words]) == 2
    assert "is of bucket `other`, of which no newer --inventory is given" in " ".join(
        capsys.readouterr().err.split()
    )


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("2026-03-31", "and there is none between 2026-03-31 00:00 UTC and 2026-03-30 10:00"),
        ("0d", "growth is counted over whole days"),
        ("2006-03-13", "goes back to before 2006-03-14, when S3 began: write a later date"),
        ("99999d", "when S3 began"),
        ("2147483647d", "when S3 began"),
    ],
)
def test_growth_needs_a_whole_day(when: str, says: str, capsys: Captured) -> None:
    words = ["rules.json", "--inventory", "listing.json", "--growth-from", when]
    assert main(["forecast", *words]) == 2
    assert says in " ".join(capsys.readouterr().err.split())


def test_growth_from_something_else_says_what_to_write(capsys: Captured) -> None:
    words = ["forecast", "rules.json", "--inventory", "listing.json", "--growth-from", "lately"]
    assert _code(words) == 2
    assert "2026-10-31 or 30d" in capsys.readouterr().err


POLICY = """\
firnline: policy/v1
policy: lab
owner: lab
why: what the lab leaves behind
applies_to: [{account: lab, buckets: lab-data}]
versioning: off
retain:
  runs: {prefix: runs/, archive_after: 30d, delete_after: never}
uploads: {abort_after: 7d}
"""
SMALL = ["--ingest", "runs/=1TiB/month@150KiB"]


def test_what_never_pays_is_told_with_its_place_and_the_size_that_would(
    folder: Path, capsys: Captured
) -> None:
    (folder / "lab.yaml").write_text(POLICY)
    assert main(["forecast", "lab.yaml", *SMALL, *WHEN]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("lab-data: 12 months from 2026-04-01")
    assert "warning[FL501]: objects cost more to move than their new class saves" in told.err
    assert "--> lab.yaml:8:40" in told.err
    assert "`smallest_move: 209KiB`, or drop `archive_after`" in told.err
    assert main(["forecast", "lab.yaml", *SMALL, *WHEN, "--fail-on", "warning"]) == 1
    assert capsys.readouterr() == told
    (folder / "lab.yaml").write_text(POLICY.replace("never}", "never, smallest_move: 209KiB}"))
    assert main(["forecast", "lab.yaml", *SMALL, *WHEN, "--fail-on", "warning"]) == 0
    assert capsys.readouterr().err == ""


def test_findings_are_in_the_json_as_in_a_report(folder: Path, capsys: Captured) -> None:
    (folder / "lab.yaml").write_text(POLICY)
    (found,) = forecast(capsys, "lab.yaml", *SMALL)["diagnostics"]
    assert (found["code"], found["severity"], found["at"]["line"]) == ("FL501", "warning", 8)
    assert main(["schema", "report"]) == 0
    report = json.loads(capsys.readouterr().out)
    Draft7Validator({**report, "$ref": "#/definitions/diagnostic"}).validate(found)
    assert forecast(capsys, "rules.json", "--inventory", "listing.json")["diagnostics"] == []


def test_the_json_says_whose_prices_they_are(folder: Path, capsys: Captured) -> None:
    (folder / "firnline.toml").write_text("[prices]\nprice_factor = 0.93\n")
    assert forecast(capsys, "rules.json", "--inventory", "listing.json")["prices_of"] == [
        {
            "region": "us-east-1",
            "published": "2026-09-28",
            "price_factor": 0.93,
            "sources": [
                {"name": "AWS price list AmazonS3", "published": "2026-09-28"},
                {"name": "AWS price list AmazonS3GlacierDeepArchive", "published": "2026-09-11"},
            ],
        }
    ]


def test_a_class_without_a_price_is_an_error_that_says_how_to_get_it(
    folder: Path, capsys: Captured
) -> None:
    old = {**LISTING["Contents"][0], "StorageClass": "REDUCED_REDUNDANCY"}
    (folder / "rrs.json").write_text(json.dumps({"Contents": [old]}))
    assert main(["forecast", "none.json", "--inventory", "rrs.json"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "no price of storage in REDUCED_REDUNDANCY in us-east-1 is known" in told
    assert "run `firnline prices update --region us-east-1`" in told


def test_a_waiver_is_for_them_too(folder: Path, capsys: Captured) -> None:
    waiver = "waivers: [{code: FL501, why: it is the law, expires: 2026-06-30}]\n"
    (folder / "lab.yaml").write_text(POLICY + waiver)
    assert main(["forecast", "lab.yaml", *SMALL, *WHEN]) == 0
    assert capsys.readouterr().err == ""


def test_a_spreadsheet_has_each_number_of_the_json(capsys: Captured) -> None:
    words = ["rules.json", "--inventory", "listing.json", "--months", "2"]
    told = forecast(capsys, *words)
    assert main(["forecast", *words, *WHEN, "--out", "csv"]) == 0
    rows = list(csv.DictReader(StringIO(capsys.readouterr().out)))
    assert all(row["at_least"] == row["at_most"] for row in rows)
    numbers = {
        (int(row["month"]), row["side"], row["measure"], row["of"]): float(row["at_least"])
        for row in rows
    }
    assert len(numbers) == len(rows)
    expected = {
        (month["month"], side, measure, of): number
        for month in told["months"]
        for side in ("before", "after")
        for measure in ("objects", "bytes", "usd")
        for of, number in month[side][measure].items()
    }
    expected |= {
        (month["month"], "saved", "usd", "total"): month["saved_usd"] for month in told["months"]
    }
    assert numbers == expected
    assert [row["from"] for row in rows][:: len(rows) - 1] == ["2026-04-01", "2026-05-01"]


def test_a_rule_of_thumb_is_told_beside_the_forecast_where_it_is_asked_for(
    capsys: Captured,
) -> None:
    words = ["rules.json", "--inventory", "listing.json", "--months", "2"]
    assert "rule_of_thumb" not in forecast(capsys, *words)
    told = forecast(capsys, *words, "--rule-of-thumb")
    rule = told["rule_of_thumb"]
    by_its_shares = 1 - (0.2 * 0.023 + 0.3 * 0.0125 + 0.4 * 0.004) / 0.023
    assert rule["saves"] == pytest.approx(by_its_shares, abs=1e-6)
    # 7 GiB in STANDARD: the rule knows of no other bucket.
    assert rule["saved_usd"] == pytest.approx([7 * 0.023 * by_its_shares] * 2, abs=1e-6)
    assert rule["forecast_shares"] == {
        "STANDARD": pytest.approx(2 / 7, abs=1e-6),
        "GLACIER_IR": pytest.approx(4 / 7, abs=1e-6),
        "deleted": pytest.approx(1 / 7, abs=1e-6),
    }
    assert rule["left_out_usd"]["transitions"] == 0.00002
    assert main(["forecast", *words, *WHEN, "--rule-of-thumb"]) == 0
    text = capsys.readouterr().out
    assert "stored in STANDARD_IA            30 %       0 %" in text
    assert "deleted                          10 %      14 %" in text
    assert "its shares come to 57 % at these prices" in text


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--growth-from", "30d"], "--growth-from is about what is stored"),
        (["--max-age", "0d", "--growth-from", "30d"], "--growth-from and --max-age is about"),
        (["--lag", "3"], "--lag goes with --realised"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused(
    words: list[str], says: str, capsys: Captured
) -> None:
    assert main(["forecast", "rules.json", "--ingest", "tmp/=1GiB/month", *words]) == 2
    assert says in capsys.readouterr().err


def test_an_inventory_of_another_bucket_than_is_asked_for_is_refused(
    folder: Path, capsys: Captured
) -> None:
    manifest = write(folder, [], (*CURRENT, "Size", "LastModifiedDate", "StorageClass"))
    words = ["rules.json", "--inventory", str(manifest), "--bucket", "other"]
    assert main(["forecast", *words]) == 2
    assert "is of bucket `lab`, not of `other`" in " ".join(capsys.readouterr().err.split())
