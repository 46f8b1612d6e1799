"""`firnline inventory report`: what is stored below which prefix, and what it costs a month."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from jsonschema import Draft7Validator

from firnline.cli import main
from tests.inventory.facts.metadata import SCHEMA, row, write_table
from tests.inventory.facts.written import VERSIONS, write

PAGE = Path(__file__).parents[2] / "docs" / "inventory.md"
Captured = pytest.CaptureFixture[str]
GIB = 2**30
FIELDS = (*VERSIONS, "Size", "StorageClass", "LastModifiedDate")
STORED = (
    ("runs/1/a", 30 * GIB, "STANDARD"),
    ("runs/1/b", 30 * GIB, "GLACIER_IR"),
    ("runs/2/a", 30 * GIB, "STANDARD"),
    ("runs/c", 5 * GIB, "STANDARD"),
    ("runs_more/x", 3 * GIB, "STANDARD"),
    ("it's/x", 1 * GIB, "STANDARD"),
    ("small/x", 10, "STANDARD_IA"),
    ("top", 1 * GIB, "STANDARD"),
)
pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return str(write(tmp_path, rows_of(STORED), FIELDS))


def rows_of(stored: Sequence[tuple[str, int, str]]) -> list[dict[str, Any]]:
    made = datetime(2026, 1, 1, tzinfo=UTC)
    every = {"VersionId": "v", "IsLatest": True, "IsDeleteMarker": False, "LastModifiedDate": made}
    rows = [
        {**every, "Key": key, "Size": size, "StorageClass": storage_class}
        for key, size, storage_class in stored
    ]
    return [*rows, {**every, "Key": "runs/1/a", "VersionId": "m", "IsDeleteMarker": True}]


def report(capsys: Captured, manifest: str, *words: str) -> Any:
    assert main(["inventory", "report", manifest, *words, "--out", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(["schema", "stored"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(told)
    return told


def test_folders_with_a_hundredth_of_all_bytes_are_listed_the_largest_first(
    manifest: str, capsys: Captured
) -> None:
    told = report(capsys, manifest)
    assert [(each["prefix"], each["objects"], each["bytes"]) for each in told["prefixes"]] == [
        ("", 8, 100 * GIB + 10),
        ("runs/", 4, 95 * GIB),
        ("runs/1/", 2, 60 * GIB),
        ("runs/2/", 1, 30 * GIB),
        ("runs_more/", 1, 3 * GIB),
    ]
    assert [each["depth"] for each in told["prefixes"]] == [0, 1, 2, 2, 1]
    assert told["bucket"] == "lab"


def test_parts_cost_what_the_whole_does(manifest: str, capsys: Captured) -> None:
    whole, runs, first, second, _ = report(capsys, manifest)["prefixes"]
    small = 0.0125 * 131_072 / GIB
    assert whole["usd_a_month"] == pytest.approx(70 * 0.023 + 30 * 0.004 + small, abs=1e-6)
    assert first["usd_a_month"] == pytest.approx(30 * 0.023 + 30 * 0.004)
    loose = 5 * 0.023
    assert runs["usd_a_month"] == pytest.approx(
        first["usd_a_month"] + second["usd_a_month"] + loose
    )


def test_parts_share_the_price_bands_of_the_whole(tmp_path: Path, capsys: Captured) -> None:
    half = 50 * 1024 * GIB
    stored = [("a/x", half, "STANDARD"), ("b/x", half, "STANDARD")]
    manifest = str(write(tmp_path, rows_of(stored), FIELDS))
    whole, one, other = report(capsys, manifest)["prefixes"]
    assert whole["usd_a_month"] == pytest.approx(50 * 1024 * (0.023 + 0.022))
    assert one["usd_a_month"] == other["usd_a_month"] == pytest.approx(whole["usd_a_month"] / 2)


TIERED = (
    ("big", GIB, "FREQUENT"),
    ("cold", GIB, "ARCHIVE_INSTANT"),
    *((f"small/{number}", 10_000, "FREQUENT") for number in range(100)),
)
OF_BIG, SMALL_BYTES = 2 * 0.0025 / 1_000, 1_000_000 / GIB * 0.023


def test_only_large_objects_in_intelligent_tiering_are_monitored(
    tmp_path: Path, capsys: Captured
) -> None:
    stored = [(key, size, "INTELLIGENT_TIERING") for key, size, _ in TIERED]
    manifest = str(write(tmp_path, rows_of(stored), FIELDS))
    usd = report(capsys, manifest)["prefixes"][0]["usd_a_month"]
    assert usd == pytest.approx(2 * 0.023 + OF_BIG + SMALL_BYTES, abs=1e-6)


def test_an_object_costs_what_its_access_tier_does_where_that_is_listed(
    tmp_path: Path, capsys: Captured
) -> None:
    stored = [(key, size, "INTELLIGENT_TIERING") for key, size, _ in TIERED]
    rows = rows_of(stored)
    for row_of_it, (_, _, tier) in zip(rows, TIERED, strict=False):
        row_of_it["IntelligentTieringAccessTier"] = tier
    fields = (*FIELDS, "IntelligentTieringAccessTier")
    told = report(capsys, str(write(tmp_path, rows, fields)))
    usd = told["prefixes"][0]["usd_a_month"]
    assert usd == pytest.approx(0.023 + 0.004 + OF_BIG + SMALL_BYTES, abs=1e-6)


def test_one_level_is_enough_where_that_is_asked_for(manifest: str, capsys: Captured) -> None:
    told = report(capsys, manifest, "--depth", "1")
    assert [each["prefix"] for each in told["prefixes"]] == ["", "runs/", "runs_more/"]


def test_people_see_a_table_with_a_total(manifest: str, capsys: Captured) -> None:
    assert main(["inventory", "report", manifest]) == 0
    table = capsys.readouterr().out.partition("\n\n")[2]
    assert table.splitlines() == [
        "objects    size  of all  $ a month  prefix",
        "      4   95GiB     95%      $1.62  runs/",
        "      2   60GiB     60%      $0.81    runs/1/",
        "      1   30GiB     30%      $0.69    runs/2/",
        "      1    3GiB      3%      $0.07  runs_more/",
        "      8  100GiB    100%      $1.73  in all",
    ]


def test_a_spreadsheet_gets_every_prefix(manifest: str, capsys: Captured) -> None:
    assert main(["inventory", "report", manifest, "--out", "csv"]) == 0
    rows = list(csv.DictReader(StringIO(capsys.readouterr().out)))
    assert rows[1] == {
        "bucket": "lab",
        "by": "prefix",
        "prefix": "runs/",
        "depth": "1",
        "owners": "",
        "tag": "",
        "value": "",
        "objects": "4",
        "bytes": str(95 * GIB),
        "usd_a_month": "1.62",
    }


def test_an_inventory_without_sizes_is_named(tmp_path: Path, capsys: Captured) -> None:
    manifest = str(write(tmp_path, rows_of(STORED), VERSIONS))
    assert main(["inventory", "report", manifest]) == 2
    assert "let S3 Inventory list Size and StorageClass" in capsys.readouterr().err


def test_an_empty_bucket_has_no_prefix(tmp_path: Path, capsys: Captured) -> None:
    manifest = str(write(tmp_path, [], FIELDS))
    assert [each["objects"] for each in report(capsys, manifest)["prefixes"]] == [0]


OWNERS = {"runs/1/a": "owner=ml", "runs/2/a": "owner=data%2Feu&stage=prod", "top": "stage=prod"}


@pytest.fixture
def tagged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    rows = [{**each, "ObjectTags": OWNERS.get(each["Key"], "")} for each in rows_of(STORED)]
    return str(write(tmp_path, rows, (*FIELDS, "ObjectTags")))


def test_each_tag_that_is_asked_for_has_its_values_and_what_is_untagged(
    tagged: str, capsys: Captured
) -> None:
    told = report(capsys, tagged, "--by-tag", "owner", "--by-tag", "stage")
    owner, stage = told["tags"]
    assert [(each["is"], each.get("value"), each["bytes"]) for each in owner["parts"]] == [
        ("value", "data/eu", 30 * GIB),
        ("value", "ml", 30 * GIB),
        ("untagged", None, 40 * GIB + 10),
    ]
    assert [each.get("value") for each in stage["parts"]] == ["prod", None]
    for each in (owner, stage):
        whole = told["prefixes"][0]
        for name in ("objects", "bytes"):
            assert sum(part[name] for part in each["parts"]) == whole[name]
        dollars = sum(part["usd_a_month"] for part in each["parts"])
        assert dollars == pytest.approx(whole["usd_a_month"], abs=1e-5)


def test_a_spreadsheet_gets_a_row_for_each_value(tagged: str, capsys: Captured) -> None:
    assert main(["inventory", "report", tagged, "--by-tag", "owner", "--out", "csv"]) == 0
    rows = list(csv.DictReader(StringIO(capsys.readouterr().out)))
    found = [(each["by"], each["tag"], each["value"], each["usd_a_month"]) for each in rows[-3:]]
    assert found == [
        ("value", "owner", "data/eu", "0.69"),
        ("value", "owner", "ml", "0.69"),
        ("untagged", "owner", "", "0.35"),
    ]


def test_values_beyond_a_hundred_are_summed_up(tmp_path: Path, capsys: Captured) -> None:
    rows = [
        {**each, "ObjectTags": f"run={place}"}
        for place, each in enumerate(
            rows_of([(f"k{size}", 200 - size, "STANDARD") for size in range(102)])[:-1]
        )
    ]
    manifest = str(write(tmp_path, rows, (*FIELDS, "ObjectTags")))
    parts = report(capsys, manifest, "--by-tag", "run")["tags"][0]["parts"]
    assert len(parts) == 101
    assert {name: value for name, value in parts[-1].items() if name != "usd_a_month"} == {
        "is": "other_values",
        "values": 2,
        "objects": 2,
        "bytes": 199,
    }
    assert main(["inventory", "report", manifest, "--by-tag", "run"]) == 0
    assert "2 more values\n" in capsys.readouterr().out


def test_where_tags_are_not_known_it_says_how_to_get_them(manifest: str, capsys: Captured) -> None:
    assert main(["inventory", "report", manifest, "--by-tag", "owner"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "list them with `firnline inventory list lab --tags`" in told.err


def test_a_table_without_tags_is_to_be_exported_with_them(tmp_path: Path, capsys: Captured) -> None:
    schema = pa.schema([field for field in SCHEMA if field.name != "object_tags"])
    table = write_table(
        tmp_path / "table", [row("a", datetime(2026, 1, 1, tzinfo=UTC))], schema=schema
    )
    words = ["inventory", "report", f"{table}@2026-11-28", "--by-tag", "owner"]
    assert main(words) == 2
    assert "export it with the column `object_tags` too" in capsys.readouterr().err


POLICIES = {
    "runs": ("ml-platform", {"runs": {"prefix": "runs/", "delete_after": "90d"}}),
    "golden": ("research", {"golden": {"prefix": "runs/1/", "delete_after": "60d"}}),
}


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    folder.mkdir()
    for name, (owner, retain) in POLICIES.items():
        policy: dict[str, Any] = {
            "firnline": "policy/v1",
            "policy": name,
            "owner": owner,
            "why": "a test of it",
        }
        policy |= {"applies_to": [{"account": "lab", "buckets": ["lab"]}], "retain": retain}
        (folder / f"{name}.yaml").write_text(json.dumps(policy))
    return folder


@pytest.mark.usefixtures("policies")
def test_prefixes_have_the_owners_of_the_policies_that_keep_them(
    tagged: str, capsys: Captured
) -> None:
    told = report(capsys, tagged)
    assert [(each["prefix"], each["owners"]) for each in told["prefixes"]] == [
        ("", ["ml-platform", "research"]),
        ("runs/", ["ml-platform", "research"]),
        ("runs/1/", ["research"]),
        ("runs/2/", ["ml-platform"]),
        ("runs_more/", []),
    ]
    assert main(["inventory", "report", tagged, "--out", "csv"]) == 0
    rows = list(csv.DictReader(StringIO(capsys.readouterr().out)))
    assert rows[1]["owners"] == "ml-platform, research"


@pytest.mark.usefixtures("policies")
def test_the_page_shows_what_is_printed(tagged: str, capsys: Captured) -> None:
    assert main(["inventory", "report", tagged, "--by-tag", "owner", "--by-owner"]) == 0
    printed = capsys.readouterr().out.partition("\n\n")[2]
    assert printed in PAGE.read_text()


@pytest.mark.usefixtures("policies")
def test_each_owner_has_a_sum_and_so_has_what_no_policy_is_about(
    tagged: str, capsys: Captured
) -> None:
    told = report(capsys, tagged, "--by-owner")
    assert [(each["owners"], each["bytes"]) for each in told["owners"]] == [
        (["research"], 60 * GIB),
        (["ml-platform"], 35 * GIB),
        ([None], 5 * GIB + 10),
    ]
    dollars = sum(each["usd_a_month"] for each in told["owners"])
    assert dollars == pytest.approx(told["prefixes"][0]["usd_a_month"], abs=1e-5)
    assert main(["inventory", "report", tagged, "--by-owner", "--out", "csv"]) == 0
    rows = list(csv.DictReader(StringIO(capsys.readouterr().out)))
    assert [(each["by"], each["owners"]) for each in rows[-3:]] == [
        ("owner", "research"),
        ("owner", "ml-platform"),
        ("owner", ""),
    ]


def test_an_owner_whom_only_tags_tell_is_not_guessed(
    policies: Path, manifest: str, capsys: Captured
) -> None:
    golden = policies / "golden.yaml"
    policy = json.loads(golden.read_text())
    policy["retain"]["golden"]["tags"] = {"golden": "yes"}
    golden.write_text(json.dumps(policy))
    told = report(capsys, manifest, "--by-owner")
    assert told["owners"][0]["owners"] == ["research", "ml-platform"]
    assert main(["inventory", "report", manifest, "--by-owner"]) == 0
    assert "60GiB     60%      $0.81  research or ml-platform\n" in capsys.readouterr().out


@pytest.mark.usefixtures("policies", "tagged")
def test_an_empty_bucket_has_owners_of_nothing(tmp_path: Path, capsys: Captured) -> None:
    empty = str(write(tmp_path / "empty", [], FIELDS))
    assert report(capsys, empty, "--by-owner")["owners"] == []


def test_owners_need_policies_that_cover_the_bucket(manifest: str, capsys: Captured) -> None:
    assert main(["inventory", "report", manifest, "--by-owner"]) == 2
    assert "no policies here cover bucket `lab`: name some" in capsys.readouterr().err


def test_policies_of_other_buckets_own_nothing(
    policies: Path, tagged: str, capsys: Captured
) -> None:
    for each in policies.iterdir():
        each.write_text(each.read_text().replace('["lab"]', '["other"]'))
    assert "owners" not in report(capsys, tagged)["prefixes"][0]
    assert main(["inventory", "report", tagged, "--policies", "policies"]) == 2
    assert "no bucket `lab` is compiled" in capsys.readouterr().err


def test_policies_with_errors_name_no_owners(policies: Path, tagged: str, capsys: Captured) -> None:
    (policies / "wrong.yaml").write_text("firnline: policy/v1\npolicy: wrong\n")
    assert main(["inventory", "report", tagged]) == 0
    told = capsys.readouterr()
    assert "policies has errors, which `firnline check` shows: no owners are known" in told.err
    assert "owner" not in told.out


def test_another_file_is_named_and_not_one_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sizes.json").write_text("{}")
    assert main(["inventory", "report", "sizes.json"]) == 2
    assert "sizes.json is no inventory: name its manifest.json" in capsys.readouterr().err
