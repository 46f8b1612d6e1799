"""An S3 Metadata live inventory table, exported as Parquet, in place of an inventory."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main
from tests.inventory.facts.metadata import SCHEMA, row, write_file, write_table
from tests.inventory.facts.written import write

Captured = pytest.CaptureFixture[str]
GIB = 2**30
OLD = datetime(2026, 1, 1, tzinfo=UTC)
TABLE = "table/@2026-11-28T10:00Z"
RULES = {
    "Rules": [
        {
            "ID": "scratch",
            "Status": "Enabled",
            "Filter": {"Tag": {"Key": "stage", "Value": "scratch"}},
            "Expiration": {"Days": 30},
        }
    ]
}
STORED = [
    row("runs/a", OLD, size=GIB, object_tags={"stage": "scratch"}),
    row("runs/b", OLD, size=2 * GIB, object_tags={"stage": "kept"}),
    row("runs/c", OLD, size=4 * GIB),
]
pytestmark = pytest.mark.usefixtures("socket_disabled", "folder")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "rules.json").write_text(json.dumps(RULES))
    write_table(tmp_path / "table", STORED)
    return tmp_path


def forecast(*words: str) -> int:
    return main(["forecast", "rules.json", "--as-of", "2026-11-28T12:00Z", *words])


def told(capsys: Captured, *words: str) -> Any:
    assert forecast(*words, "--out", "json") == 0
    return json.loads(capsys.readouterr().out)


def test_a_forecast_counts_what_its_tags_decide(capsys: Captured) -> None:
    found = told(capsys, "--inventory", TABLE)
    assert found["first_run"]["after"]["deleted"] == {"objects": 1, "bytes": GIB}
    assert found["exact"]
    assert found["facts"][0] == (
        "table: S3 Metadata's table of lab, said to be of 2026-11-28 10:00Z, 2 files, all versions;"
        " nothing proves that no file is missing"
    )


def test_a_forecast_says_of_how_many_objects_the_tags_are_not_told(
    folder: Path, capsys: Captured
) -> None:
    write_file(folder / "table" / "more", [row("runs/d", OLD, object_tags=None)])
    found = told(capsys, "--inventory", TABLE)
    assert "of 1 object it does not tell the tags" in found["facts"][0]
    assert found["first_run"]["after"]["deleted"]["objects"] == {"at_least": 1, "at_most": 2}
    assert not found["exact"]


def test_a_report_takes_it_too(capsys: Captured) -> None:
    assert main(["inventory", "report", TABLE, "--out", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["bucket"] == "lab"
    assert found["prefixes"][0]["bytes"] == 7 * GIB
    assert found["facts"].startswith("table: S3 Metadata's table of lab, said to be of 2026-11-28")


def test_a_file_without_an_extension_is_a_table_where_a_date_follows(capsys: Captured) -> None:
    assert main(["inventory", "report", "table/20261128_100000_0@2026-11-28"]) == 0
    assert "2  5GiB" in capsys.readouterr().out


def test_what_an_older_table_lacks_is_growth(folder: Path, capsys: Captured) -> None:
    late = row("late", OLD + timedelta(days=330), size=GIB)
    write_file(folder / "table" / "more", [late])
    write_table(folder / "older", STORED)
    found = told(capsys, "--inventory", TABLE, "--growth-from", "older/@2026-11-18")
    assert "growth" not in found["not_counted"]
    assert any("grows as in the 10 days to 2026-11-28" in each for each in found["facts"])


def test_a_summary_is_made_of_it_with_its_tags(capsys: Captured) -> None:
    words = ["inventory", "summary", TABLE, "--for", "rules.json", "--into", "stored.parquet"]
    assert main(words) == 0
    found = told(capsys, "--summary", "stored.parquet")
    assert found["first_run"]["after"]["deleted"] == {"objects": 1, "bytes": GIB}


def test_what_is_a_week_old_says_so(capsys: Captured) -> None:
    assert forecast("--inventory", "table@2026-11-01") == 0
    assert "it is 27 days old" in capsys.readouterr().out


def test_an_at_sign_in_a_path_is_no_date(folder: Path, capsys: Captured) -> None:
    write_table(folder / "of@lab", STORED)
    assert forecast("--inventory", "of@lab@2026-11-28") == 0
    assert forecast("--inventory", "of@lab") == 2
    assert "such as of@lab@2026-11-28T10:00Z" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["forecast", "rules.json", "--inventory"], ["report"]])
@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("table", "does not say of when it is: add the time at which you exported it, such as"),
        ("table/@noon", "what follows the @ is no date: 'noon'; write table/@2026-11-28T10:00Z"),
        ("nothing.parquet@2026-11-28", "nothing.parquet does not exist"),
        ("empty@2026-11-28", "empty has no files"),
        ("s3://lab/t/@2026-11-28", "aws s3 cp --recursive s3://lab/t/ table/, then name table/@"),
        ("table@2025-12-31", "has an object of 2026-01-01 00:00:00 UTC, and is said to be of"),
    ],
)
def test_what_is_missing_is_said(
    folder: Path, command: list[str], named: str, says: str, capsys: Captured
) -> None:
    (folder / "empty").mkdir()
    words = ["inventory", *command] if command == ["report"] else command
    assert main([*words, named]) == 2
    found = capsys.readouterr()
    assert says in found.err
    assert found.out == ""


def test_the_folder_of_an_inventory_is_no_table(folder: Path, capsys: Captured) -> None:
    fields = ("Bucket", "Key", "Size", "LastModifiedDate", "StorageClass")
    manifest = write(folder, [], fields)
    for place in (manifest.parents[0], manifest.parents[1], manifest.parents[2]):
        assert forecast("--inventory", f"{place}") == 2
        assert f"name one, such as {manifest}" in capsys.readouterr().err


def test_a_table_that_is_too_old_is_refused(capsys: Captured) -> None:
    assert forecast("--inventory", "table@2026-11-20", "--max-age", "2d") == 2
    assert "table is of 2026-11-20 00:00 UTC, before the limit" in capsys.readouterr().err


def test_a_table_and_an_inventory_of_one_bucket_would_count_twice(
    folder: Path, capsys: Captured
) -> None:
    write_table(folder / "again", STORED)
    assert forecast("--inventory", TABLE, "--inventory", "again@2026-11-28") == 2
    assert "again is of bucket `lab`, as is table" in capsys.readouterr().err


def test_a_saved_file_of_another_kind_is_named(folder: Path, capsys: Captured) -> None:
    write_file(folder / "old.parquet", [], SCHEMA.remove(1))
    assert forecast("--inventory", "old.parquet@2026-11-28") == 2
    assert "old.parquet is not of S3 Metadata's live inventory table" in capsys.readouterr().err


def test_times_are_those_of_the_table(capsys: Captured, folder: Path) -> None:
    late = row("late", OLD + timedelta(days=331, hours=9), size=GIB)
    write_file(folder / "table" / "more", [late])
    assert forecast("--inventory", "table@2026-11-28") == 2
    assert "has an object of 2026-11-28 09:00:00 UTC" in capsys.readouterr().err
    assert told(capsys, "--inventory", TABLE)["months"][0]["before"]["bytes"] == {
        "STANDARD": 8 * GIB
    }
