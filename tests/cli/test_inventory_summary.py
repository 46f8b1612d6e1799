"""`firnline inventory summary`, and `firnline forecast --summary`."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline.cli import main
from tests.inventory.facts.written import VERSIONS, write
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
KIB, GIB = 2**10, 2**30
FIELDS = (*VERSIONS, "Size", "StorageClass", "LastModifiedDate")
RULES = {
    "Rules": [
        {
            "ID": "tmp",
            "Status": "Enabled",
            "Filter": {"Prefix": "tmp/"},
            "Transitions": [{"Days": 10, "StorageClass": "GLACIER_IR"}],
            "Expiration": {"Days": 200},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
        }
    ]
}
WHEN = ("--as-of", "2026-11-29", "--versioning", "enabled")
pytestmark = pytest.mark.usefixtures("socket_disabled")


def row(key: str, size: int, day: str, **more: object) -> dict[str, object]:
    made = datetime.fromisoformat(day).replace(hour=10, tzinfo=UTC)
    every = {"VersionId": day, "IsLatest": True, "IsDeleteMarker": False}
    return {
        **every,
        "Key": key,
        "Size": size,
        "StorageClass": "STANDARD",
        "LastModifiedDate": made,
        **more,
    }


ROWS = [
    row("tmp/a", 5 * GIB, "2026-11-20"),
    row("tmp/b", 3 * GIB, "2026-11-20"),
    row("tmp/b", 2 * GIB, "2026-10-01", IsLatest=False),
    row("tmp/b", GIB, "2026-09-01", IsLatest=False, StorageClass="GLACIER_IR"),
    row("tmp/new/x", 10 * KIB, "2026-11-27"),
    row("models/x", 20 * GIB, "2024-01-01"),
    row("models/y", 9 * GIB, "2026-01-01", IsLatest=False),
    row("models/y", 0, "2026-06-01", IsDeleteMarker=True, StorageClass=None),
    row("top", 5, "2026-11-27"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "rules.json").write_text(json.dumps(RULES))
    return tmp_path


@pytest.fixture
def manifest(folder: Path) -> str:
    return str(write(folder, ROWS, FIELDS).relative_to(folder))


def saved(manifest: str, *words: str, into: str = "stored.parquet") -> str:
    assert main(["inventory", "summary", manifest, *words, "--into", into]) == 0
    return into


def forecast(capsys: Captured, *words: str) -> Any:
    capsys.readouterr()
    assert main(["forecast", *words, *WHEN, "--out", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: Captured, *words: str) -> str:
    capsys.readouterr()
    assert main([*words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    return told.err


def test_people_see_a_table_for_each_question(manifest: str, capsys: Captured) -> None:
    assert main(["inventory", "summary", manifest, "--for", "rules.json"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "a summary of lab of 2026-11-28 01:00Z, 8 groups, ages by day, all versions",
        "",
        "objects  bytes  of all  all items",
        "      5  28GiB     70%  current versions",
        "      3  12GiB     30%  noncurrent versions",
        "      1     0B      0%  current delete markers",
        "",
        "objects  bytes  of all  prefix",
        "      2  29GiB     72%  models/",
        "      5  11GiB     28%  tmp/",
        "      8  40GiB    100%  in all",
        "",
        "objects  bytes  of all  age",
        "      4   8GiB     20%  under 30 days",
        "      2   3GiB      7%  30 to 89 days",
        "      1   9GiB     22%  180 to 359 days",
        "      1  20GiB     50%  720 days and more",
        "",
        "objects  bytes  of all  size",
        "      2  10KiB      0%  under 128KiB",
        "      6  40GiB    100%  1GiB and more",
        "",
        "objects  bytes  of all  storage class",
        "      1   1GiB      2%  GLACIER_IR",
        "      7  39GiB     98%  STANDARD",
        "",
        "objects  bytes  of all  noncurrent for",
        "      1   2GiB     17%  under 30 days",
        "      1   1GiB      8%  30 to 89 days",
        "      1   9GiB     75%  180 to 359 days",
        "",
        "objects  bytes  of all  newer noncurrent versions",
        "      2  11GiB     92%  0",
        "      1   1GiB      8%  1",
    ]


def test_a_forecast_of_a_summary_is_that_of_its_inventory(manifest: str, capsys: Captured) -> None:
    path = saved(manifest, "--for", "rules.json")
    told = forecast(capsys, "rules.json", "--summary", path)
    listed = forecast(capsys, "rules.json", "--inventory", manifest)
    assert told["months"] == listed["months"]
    assert told["first_run"] == listed["first_run"]
    assert told["first_run"]["after"]["deleted"] == {"objects": 1, "bytes": GIB}
    assert told["not_counted"] == listed["not_counted"]
    assert "stored.parquet: a summary of lab of 2026-11-28 01:00Z" in str(told["facts"])


def test_it_is_cut_for_the_policies_of_the_project(
    manifest: str, folder: Path, capsys: Captured
) -> None:
    fragment = "\n".join(
        (
            "applies_to: [{account: lab, buckets: lab}]",
            "retain: {new: {prefix: tmp/new/, delete_after: 7d}}",
        )
    )
    (folder / "policies").mkdir()
    (folder / "policies" / "lake.yaml").write_text(whole(fragment))
    forecast(capsys, "policies", "--summary", saved(manifest))


def test_the_same_inventory_is_the_same_file(manifest: str, folder: Path) -> None:
    one = folder / saved(manifest, "--for", "rules.json", into="one.parquet")
    other = folder / saved(manifest, "--for", "rules.json", into="other.parquet")
    assert one.read_bytes() == other.read_bytes()


def test_programs_get_every_part(manifest: str, capsys: Captured) -> None:
    assert main(["inventory", "summary", manifest, "--for", "rules.json", "--out", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(["schema", "summary"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(told)
    (bucket,) = told["buckets"]
    assert bucket["as_of"] == "2026-11-28T01:00:00Z"
    parts = bucket["parts"]
    assert parts["prefix"][0] == {
        "name": "",
        "objects": 8,
        "bytes": 40 * GIB + 10 * KIB + 5,
        "depth": 0,
    }
    for by in ("age", "size", "storage_class"):
        assert sum(part["bytes"] for part in parts[by]) == 40 * GIB + 10 * KIB + 5
    assert [(part["name"], part["objects"]) for part in parts["versions"]] == [
        ("current versions", 5),
        ("noncurrent versions", 3),
        ("current delete markers", 1),
    ]


def test_a_spreadsheet_gets_every_part(manifest: str, capsys: Captured) -> None:
    path = saved(manifest)
    capsys.readouterr()
    assert main(["inventory", "summary", path, "--out", "csv"]) == 0
    rows = list(csv.DictReader(StringIO(capsys.readouterr().out)))
    assert {
        "bucket": "lab",
        "by": "prefix",
        "name": "tmp/",
        "objects": "5",
        "bytes": str(11 * GIB + 10 * KIB),
    } in rows


def test_a_saved_summary_is_printed_as_its_inventory_is(manifest: str, capsys: Captured) -> None:
    path = saved(manifest)
    capsys.readouterr()
    assert main(["inventory", "summary", path]) == 0
    again = capsys.readouterr().out
    assert main(["inventory", "summary", manifest]) == 0
    assert capsys.readouterr().out == again


@pytest.fixture
def new(folder: Path) -> str:
    """Rules for a prefix that nobody knew of when the summary was made."""
    rule = RULES["Rules"][0] | {"Filter": {"Prefix": "tmp/new/"}}
    (folder / "new.json").write_text(json.dumps({"Rules": [rule]}))
    return "new.json"


def test_where_rules_cut_through_a_group_the_answer_is_two_bounds(
    manifest: str, new: str, capsys: Captured
) -> None:
    path = saved(manifest, "--for", "rules.json")
    told = forecast(capsys, new, "--summary", path)
    assert not told["exact"]
    true = forecast(capsys, new, "--inventory", manifest)
    assert true["months"][0]["after"]["bytes"] == {
        "STANDARD": 39 * GIB + 10 * KIB + 5,
        "GLACIER_IR": GIB,
    }
    stored = told["months"][0]["after"]["bytes"]
    assert stored["GLACIER_IR"] == {"at_least": 0, "at_most": 9 * GIB}
    assert (
        "stored.parquet does not tell all that these rules do in lab: it does not know how much is"
        " below `tmp/new/`. What makes it exact: `firnline inventory summary MANIFEST --for"
    ) in str(told["facts"])
    assert "tags" not in str(told["facts"])


def test_a_summary_that_is_made_for_both_sets_of_rules_is_exact(
    manifest: str, new: str, capsys: Captured
) -> None:
    path = saved(manifest, "--for", "rules.json", "--for", new)
    told = forecast(capsys, "rules.json", new, "--summary", path)
    assert told["exact"]
    assert told["months"] == forecast(capsys, "rules.json", new, "--inventory", manifest)["months"]


def test_where_it_makes_no_difference_the_answer_is_exact(
    manifest: str, folder: Path, capsys: Captured
) -> None:
    """Nothing is as young as what the rule would move in the months of the forecast."""
    path = saved(manifest, "--for", "rules.json")
    rule = RULES["Rules"][0] | {"Filter": {"Prefix": "models/x/"}, "Expiration": {"Days": 20_000}}
    rule["Transitions"] = [{"Days": 10_000, "StorageClass": "GLACIER_IR"}]
    rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": 10_000}
    (folder / "late.json").write_text(json.dumps({"Rules": [rule]}))
    told = forecast(capsys, "late.json", "--summary", path)
    assert told["exact"]
    assert len(told["facts"]) == 1


def test_ages_by_week_give_two_bounds(folder: Path, capsys: Captured) -> None:
    """Ten days old on the day of the first run is what was made by the 18th."""
    rows = [row(f"tmp/{day}", GIB, f"2026-11-{day}") for day in range(11, 25)]
    manifest = str(write(folder, rows, FIELDS))
    path = saved(manifest, "--for", "rules.json", "--groups", "13")
    told = forecast(capsys, "rules.json", "--summary", path)
    assert "ages by week" in str(told["facts"])
    assert "it does not know on which day of a week something was made" in str(told["facts"])
    moved = told["first_run"]["after"]["transitions"]["GLACIER_IR"]["objects"]
    true = forecast(capsys, "rules.json", "--inventory", manifest)
    assert true["first_run"]["after"]["transitions"]["GLACIER_IR"]["objects"] == 8
    assert moved == {"at_least": 4, "at_most": 11}


def test_growth_is_counted_of_a_summary_that_knows_each_day(
    manifest: str, new: str, capsys: Captured
) -> None:
    path = saved(manifest, "--for", "rules.json")
    since = ("--growth-from", "10d")
    told = forecast(capsys, "rules.json", "--summary", path, *since)
    listed = forecast(capsys, "rules.json", "--inventory", manifest, *since)
    assert (told["months"], told["arrives"]) == (listed["months"], listed["arrives"])
    cut = forecast(capsys, new, "--summary", path, *since)
    true = forecast(capsys, new, "--inventory", manifest, *since)
    whole = [sum(each["bytes_a_month"] for each in one["arrives"]) for one in (cut, true)]
    assert whole[0] == pytest.approx(whole[1], abs=3)


def test_growth_is_not_counted_of_a_summary_that_knows_weeks(
    folder: Path, capsys: Captured
) -> None:
    rows = [row(f"tmp/{day}", GIB, f"2026-11-{day}") for day in range(11, 25)]
    path = saved(str(write(folder, rows, FIELDS)), "--for", "rules.json", "--groups", "13")
    words = ("forecast", "rules.json", "--summary", path, *WHEN, "--growth-from", "10d")
    assert "it cannot tell what is written every day: stored.parquet" in refused(capsys, *words)


def test_versions_are_kept_together_where_rules_count_them(
    manifest: str, folder: Path, capsys: Captured
) -> None:
    rule = RULES["Rules"][0] | {
        "NoncurrentVersionExpiration": {"NoncurrentDays": 5, "NewerNoncurrentVersions": 1}
    }
    (folder / "count.json").write_text(json.dumps({"Rules": [rule]}))
    path = saved(manifest, "--for", "count.json")
    told = forecast(capsys, "count.json", "--summary", path)
    assert told["months"] == forecast(capsys, "count.json", "--inventory", manifest)["months"]
    assert told["exact"]
    assert "those of a key together" in str(told["facts"])
    saved(manifest, "--for", "count.json", "--groups", "5")
    assert "which takes more than 5 groups (--groups)" in capsys.readouterr().err


def test_several_buckets_have_one_summary(manifest: str, folder: Path, capsys: Captured) -> None:
    other = str(write(folder, ROWS[:1], FIELDS, bucket="lab-2"))
    path = saved(manifest, other, "--for", "rules.json")
    assert main(["inventory", "summary", path, "--out", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["bucket"] for each in told["buckets"]] == ["lab", "lab-2"]
    one = forecast(capsys, "rules.json", "--summary", path, "--bucket", "lab-2")
    assert one["months"][0]["before"]["bytes"] == {"STANDARD": 5 * GIB}
    assert "has no bucket `lab-3`: it is of lab, lab-2" in refused(
        capsys, "forecast", "rules.json", "--summary", path, *WHEN, "--bucket", "lab-3"
    )


def test_tags_that_are_listed_are_told_apart(folder: Path, capsys: Captured) -> None:
    """Those that rules filter by, and those that `--tag` names."""
    tags = ("owner=ml&keep=no&run=1", "owner=ml&keep=yes&run=2", "owner=web&keep=no", "")
    rows = [
        row(f"tmp/{number}", GIB, "2026-01-01", ObjectTags=each) for number, each in enumerate(tags)
    ]
    manifest = str(write(folder, rows, (*FIELDS, "ObjectTags")))
    rule = RULES["Rules"][0] | {
        "Filter": {"Tag": {"Key": "keep", "Value": "no"}},
    }
    (folder / "tags.json").write_text(json.dumps({"Rules": [rule]}))
    path = saved(manifest, "--for", "tags.json", "--tag", "owner")
    told = forecast(capsys, "tags.json", "--summary", path)
    assert told["exact"]
    assert told["first_run"]["after"]["transitions"]["GLACIER_IR"]["objects"] == 2
    assert main(["inventory", "summary", path, "--out", "json"]) == 0
    parts = json.loads(capsys.readouterr().out)["buckets"][0]["parts"]["tag"]
    assert {part["name"]: part["objects"] for part in parts} == {
        "keep=no": 2,
        "keep=yes": 1,
        "keep: none": 1,
        "owner=ml": 2,
        "owner=web": 1,
        "owner: none": 1,
    }


def test_a_bucket_without_rules_is_cut_where_much_is_stored(
    manifest: str, capsys: Captured
) -> None:
    assert main(["inventory", "summary", manifest]) == 0
    told = capsys.readouterr()
    assert "lab: no rules of it are known here" in told.err
    assert "tmp/" in told.out


def test_a_moment_before_the_facts_is_refused(manifest: str, capsys: Captured) -> None:
    path = saved(manifest, "--for", "rules.json")
    told = refused(capsys, "forecast", "rules.json", "--summary", path, "--as-of", "2026-11-27")
    assert "sums up what lab stored on 2026-11-28 01:00:00Z" in told
    assert "let --as-of be later" in told


def test_a_summary_that_is_too_old_is_refused(manifest: str, capsys: Captured) -> None:
    path = saved(manifest, "--for", "rules.json")
    words = ("forecast", "rules.json", "--summary", path, "--as-of", "2027-01-29")
    assert "before the limit of 2027-01-22" in refused(capsys, *words, "--max-age", "7d")


def test_a_bucket_does_not_count_twice(manifest: str, capsys: Captured) -> None:
    one, other = saved(manifest), saved(manifest, into="other.parquet")
    words = ("forecast", "rules.json", *WHEN, "--summary", one)
    assert f"other.parquet is of bucket `lab`, as is {one}" in refused(
        capsys, *words, "--summary", other
    )
    assert f"{one} is of bucket `lab`, as is {manifest}" in refused(
        capsys, *words, "--inventory", manifest
    )
    assert "its objects would count twice" in refused(
        capsys, "inventory", "summary", manifest, other
    )


@pytest.mark.parametrize(
    "command", [("forecast", "rules.json", "--summary"), ("inventory", "summary")]
)
def test_a_file_that_is_no_summary_is_named(
    command: tuple[str, ...], folder: Path, capsys: Captured
) -> None:
    (folder / "x.parquet").write_text("x")
    assert "x.parquet is no summary" in refused(capsys, *command, "x.parquet")
    assert "gone.parquet cannot be read" in refused(capsys, *command, "gone.parquet")


def test_an_inventory_without_ages_is_named(folder: Path, capsys: Captured) -> None:
    manifest = str(write(folder, ROWS, (*VERSIONS, "Size", "StorageClass")))
    told = refused(capsys, "inventory", "summary", manifest)
    assert "let S3 Inventory list LastModifiedDate" in told


def test_a_summary_never_replaces_its_inventory(manifest: str, capsys: Captured) -> None:
    before = Path(manifest).read_bytes()
    told = refused(capsys, "inventory", "summary", manifest, "--into", f"./{manifest}")
    assert "would write over the inventory" in told
    assert Path(manifest).read_bytes() == before


def test_a_saved_summary_is_not_cut_anew(manifest: str, capsys: Captured) -> None:
    told = refused(capsys, "inventory", "summary", saved(manifest), "--for", "rules.json")
    assert "--for says how an inventory is summed up" in told
    for option in ("--depth", "--groups"):
        told = refused(capsys, "inventory", "summary", saved(manifest), option, "0")
        assert f"{option} says how an inventory is summed up" in told


def test_a_saved_summary_that_is_too_old_is_not_summed_up(capsys: Captured) -> None:
    path = str(write(Path("old"), ROWS, FIELDS, made=datetime(2020, 1, 1, tzinfo=UTC)))
    told = refused(capsys, "inventory", "summary", saved(path), "--max-age", "7d")
    assert "is of 2020-01-01 00:00 UTC, before the limit" in told


def test_a_saved_summary_is_no_inventory_and_says_where_it_is_read(
    manifest: str, capsys: Captured
) -> None:
    told = refused(capsys, "inventory", "report", saved(manifest))
    assert "is read by `firnline forecast --summary`" in told


def test_a_forecast_of_an_old_summary_says_how_old_it_is(manifest: str, capsys: Captured) -> None:
    path = saved(manifest)
    assert main(["forecast", "rules.json", "--summary", path, "--as-of", "2026-12-28T02:00Z"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "it is 30 days old, and what was written since is not in it" in told
