"""`firnline report`: what is deleted when, what it saves, and who must be asked."""

from __future__ import annotations

import csv
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from firnline.cli import main
from tests.cli.reference_files import needed, write_references
from tests.cli.test_inventory_reads import logs
from tests.inventory.reads.log_lines import log_line

GIB = 2**30
AS_OF = date(2026, 11, 29)
POLICY = """\
firnline: policy/v1
policy: lake
owner: data-platform
why: x
applies_to: [{account: "123456789012", buckets: [lake]}]
versioning: VERSIONING
retain:
  logs: {prefix: logs/, delete_after: 30dOLD}
  models: {prefix: models/, warm_after: 40d, delete_after: neverOLD}
"""
OF_ANOTHER = """\
firnline: policy/v1
policy: exports
owner: search
why: x
applies_to: [{account: "123456789012", buckets: [lake]}]
versioning: VERSIONING
retain:
  exports: {prefix: exports/, delete_after: 45dOLD}
"""
# Key, age in days, GiB.
STORED = (
    ("logs/old", 50, 1),  # deleted on the first run
    ("logs/new", 5, 2),  # 25 days later
    ("models/a", 15, 4),  # moved next month
    ("exports/x", 1, 8),  # deleted the month after
    ("other/x", 400, 16),  # no policy says
)

pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("off")
    contents = [
        {
            "Key": key,
            "Size": size * GIB,
            "LastModified": f"{AS_OF - timedelta(days=age)}T12:00:00+00:00",
            "StorageClass": "STANDARD",
            "ETag": '"x"',
        }
        for key, age, size in STORED
    ]
    Path("list.json").write_text(json.dumps({"Contents": contents}))


def write(versioning: str) -> None:
    Path("policies").mkdir(exist_ok=True)
    old = "" if versioning == "off" else ", old_versions: {delete_after: 7d}"
    for name, text in (("lake", POLICY), ("exports", OF_ANOTHER)):
        said = text.replace("VERSIONING", versioning).replace("OLD", old)
        Path(f"policies/{name}.yaml").write_text(said)


def report(*words: str) -> None:
    facts = ("--inventory", "list.json", "--as-of", f"{AS_OF}", *words)
    assert main(["report", *facts]) == 0


def as_json(*words: str) -> Any:
    report("--out", "json:report.json", *words)
    return json.loads(Path("report.json").read_text())


def volume(objects: int, gib: int) -> dict[str, int]:
    return {"objects": objects, "bytes": gib * GIB}


def test_where_nothing_is_stored_there_is_no_report(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--inventory", "empty.json", "--bucket", "lake", "--as-of", f"{AS_OF}"]
    Path("empty.json").write_text(json.dumps({"Contents": []}))
    assert main(["report", *words, "--out", "html:report.html"]) == 2
    assert capsys.readouterr().err == f"firnline report: nothing is stored as of {AS_OF}\n"
    assert not Path("report.html").exists()


def test_the_verdict_says_what_is_deleted_next_month_and_whom_to_ask() -> None:
    found = as_json()["verdict"]
    assert (found["from"], found["until"]) == ("2026-11-29", "2026-12-29")
    assert found["deleted"] == volume(2, 3)
    assert found["hidden"] == volume(0, 0)
    assert found["moved"] == volume(1, 4)
    (ask,) = found["contacts"]
    assert ask["owners"] == ["data-platform"]
    assert ask["prefixes"] == [{"bucket": "lake", "prefix": "logs/"}]


def test_what_is_hidden_and_then_deleted_in_one_month_counts_once() -> None:
    write("enabled")
    found = as_json()["verdict"]
    # The old one is hidden at once and deleted a week later, the new one hidden after 25 days.
    assert found["deleted"] == volume(1, 1)
    assert found["hidden"] == volume(1, 2)
    whole = as_json()["whole"]["all_months"]
    assert whole["deleted"] == volume(3, 11)
    assert whole["hidden"] == volume(0, 0)


@pytest.mark.parametrize(("key", "said"), [("logs/a/old", True), ("logs2/old", False)])
def test_where_prefixes_lie_in_each_other_it_is_said_which_one_counts(key: str, said: bool) -> None:
    old = "2026-10-01T00:00:00Z"
    rows = [{"Key": each, "Size": GIB, "LastModified": old} for each in ("logs/x", key)]
    Path("list.json").write_text(json.dumps({"Contents": rows}))
    report("--bucket", "lake", "--out", "text:report.txt")
    text = Path("report.txt").read_text()
    assert ("in the longest of these prefixes" in text) is said
    assert "deleted or hidden next month" in text


def test_each_prefix_has_its_owner_and_its_fate() -> None:
    lines = {each["prefix"]: each for each in as_json()["prefixes"]}
    assert {name: each["owners"] for name, each in lines.items()} == {
        "logs/": ["data-platform"],
        "models/": ["data-platform"],
        "exports/": ["search"],
        "other/": [None],
    }
    fates = {
        name: [fate for fate, found in each["fates"].items() if found["objects"]]
        for name, each in lines.items()
    }
    assert fates == {
        "logs/": ["deleted_next_month"],
        "models/": ["moved"],
        "exports/": ["deleted_later"],
        "other/": ["kept"],
    }


def test_parts_sum_up_to_the_whole_and_agree_with_the_forecast() -> None:
    found = as_json()
    for name in ("objects", "bytes", "usd_a_month", "before_usd", "after_usd", "saved_usd"):
        for parts in ("prefixes", "owners", "buckets"):
            total = sum(each[name] for each in found[parts])
            assert total == pytest.approx(found["whole"][name], abs=1e-4), (name, parts)
    facts = ("--inventory", "list.json", "--as-of", f"{AS_OF}", "--bucket", "lake")
    assert main(["forecast", *facts, "--out", "json:forecast.json"]) == 0
    forecast = json.loads(Path("forecast.json").read_text())
    assert found["verdict"]["saved_usd"] == forecast["saved_usd"]
    assert found["whole"]["saved_usd"] == pytest.approx(forecast["saved_usd"])
    for ours, theirs in zip(found["months"], forecast["months"], strict=True):
        assert ours["before_usd"] == theirs["before"]["usd"]["total"]
        assert ours["after_usd"] == theirs["after"]["usd"]["total"]


def test_old_versions_end_as_whoever_sets_them_there_says() -> None:
    Path("policies/lake.yaml").write_text(
        POLICY.replace("VERSIONING", "enabled").replace("OLD", "")
        + "old_versions: {delete_after: 9d, keep_newest: {count: 2, delete_after: 60d}}\n"
    )
    Path("policies/exports.yaml").unlink()
    lines = {each["prefix"]: each for each in as_json()["retentions"]}
    assert lines["logs/"]["objects"]["deleted_after_days"] == 30
    assert lines["logs/"]["noncurrent_versions"]["deleted_after_days"] == 60


def test_a_bucket_that_a_pattern_covers_is_reported_under_its_policies() -> None:
    for file in Path("policies").iterdir():
        file.write_text(file.read_text().replace("buckets: [lake]", 'buckets: ["la*", "!lab"]'))
    found = as_json("--bucket", "lake")
    assert found["verdict"]["deleted"] == volume(2, 3)
    assert found["coverage"]["not_covered"] == []
    assert as_json("--bucket", "lab")["coverage"]["not_covered"] == ["lab"]


def test_the_approvers_are_those_of_the_approvals_beside_a_named_file() -> None:
    Path("CODEOWNERS").write_text("/policies/approvals.yaml @acme/storage\n")
    Path("firnline.toml").write_text("")
    for policies in ("policies", "policies/lake.yaml"):
        assert as_json(policies)["approvers"] == ["@acme/storage"]


def test_each_storage_class_has_its_cost_of_today(capsys: pytest.CaptureFixture[str]) -> None:
    day = "2026-11-01T00:00:00Z"
    stored = (("models/a", 4, "STANDARD"), ("models/b", 40, "GLACIER_IR"), ("x", 8, "STANDARD"))
    rows = [
        {"Key": key, "Size": size * GIB, "LastModified": day, "StorageClass": name}
        for key, size, name in stored
    ]
    Path("list.json").write_text(json.dumps({"Contents": rows}))
    whole = as_json("--bucket", "lake", "--out", "text")["whole"]
    # https://aws.amazon.com/s3/pricing of us-east-1: $0.023 and $0.004 for a GB in a month
    assert whole["classes"] == {
        "STANDARD": {**volume(2, 12), "usd_a_month": pytest.approx(12 * 0.023), "usd_without": []},
        "GLACIER_IR": {
            **volume(1, 40),
            "usd_a_month": pytest.approx(40 * 0.004),
            "usd_without": [],
        },
    }
    assert whole["usd_a_month"] == pytest.approx(12 * 0.023 + 40 * 0.004)
    text = " ".join(capsys.readouterr().out.split())
    assert "storage class 2 12GiB $0.28 STANDARD 1 40GiB $0.16 GLACIER_IR" in text
    assert "Of 3 object versions, none are noncurrent." in text


def test_what_is_written_later_is_deleted_too() -> None:
    report("--ingest", "logs/=30GiB/month@1GiB", "--out", "json:report.json")
    months = json.loads(Path("report.json").read_text())["months"]
    assert months[0]["deleted"]["objects"] == 2
    assert months[2]["deleted"]["objects"] == pytest.approx(31, abs=1)


def test_json_is_as_its_schema_says(capsys: pytest.CaptureFixture[str]) -> None:
    Path("audit.json").write_text(json.dumps(AUDIT))
    write_references(Path("references.jsonl"), [needed("logs/run-1/", bucket="lake")])
    found = as_json(
        "--base", "policies", "--references", "references.jsonl", "--audit", "audit.json"
    )
    assert main(["schema", "retention-report"]) == 0
    jsonschema.validate(found, json.loads(capsys.readouterr().out))


def test_text_begins_with_the_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    report()
    text = " ".join(capsys.readouterr().out.split())
    assert text.startswith(
        "Next month, from 2026-11-29 to 2026-12-28, the policies delete 2 object versions (3GiB)"
        " for good. Within the next month the policies save $"
    )
    assert "Ask data-platform: 2 objects (3GiB) deleted: logs/." in text
    assert "no policy" in text
    assert "month (from) " in text
    assert re.search(r"deleted for good 1 \(2026-11-29\) \S+ \S+ \S+ .* 2 \(2026-12-29\) ", text)


def test_a_spreadsheet_has_a_row_for_each_prefix() -> None:
    report("--out", "csv:report.csv")
    with open("report.csv", newline="") as file:
        rows = {row["prefix"]: row for row in csv.DictReader(file)}
    assert rows["logs/"]["owner"] == "data-platform"
    assert rows["logs/"]["next_month_deleted_bytes_at_least"] == str(3 * GIB)
    assert rows["other/"]["retention"] == "no policy"


def test_a_bucket_that_nothing_tells_of_is_named() -> None:
    policy = Path("policies/exports.yaml")
    policy.write_text(policy.read_text().replace("[lake]", "[lake, archive]"))
    assert as_json("--bucket", "lake")["coverage"]["not_told"] == ["archive"]


def test_a_bucket_that_no_policy_covers_is_reported_with_what_it_costs() -> None:
    found = as_json("--bucket", "attic")
    assert found["coverage"] == {"not_told": ["lake"], "not_covered": ["attic"]}
    assert {tuple(each["owners"]) for each in found["prefixes"]} == {(None,)}
    assert found["whole"]["usd_a_month"] == pytest.approx(31 * 0.023)
    assert found["verdict"]["contacts"] == []


def test_ages_are_told_by_class_and_sum_up_to_what_is_current() -> None:
    ages = as_json()["ages"]
    assert [each["least_days"] for each in ages["bands"]] == [0, 28, 84, 168, 364, 728]
    # 1, 5 and 15 days; 50; 400.
    sizes = [each["bytes"] // GIB for each in ages["classes"]["STANDARD"]]
    assert sizes == [8 + 2 + 4, 1, 0, 0, 16, 0]
    assert ages["not_told"] == []


def test_what_policies_do_to_what_registries_need_is_said() -> None:
    found = [needed("logs/run-1/", "model churn v3", bucket="lake")]
    write_references(Path("references.jsonl"), found)
    told = as_json("--references", "references.jsonl")["needed"]
    assert told["references"] == 1
    assert told["read_on"] == "2026-11-20"
    assert [each["code"] for each in told["findings"]][-1] == "FL620"
    assert "model churn v3" in json.dumps(told["findings"])


def test_the_day_is_said_on_which_the_first_needed_object_is_lost(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = [needed("logs/new", "churn", bucket="lake"), needed("logs/old", "fraud", bucket="lake")]
    write_references(Path("references.jsonl"), found)
    finding = as_json("--references", "references.jsonl")["needed"]["findings"][-1]
    # Written at noon, so that the age of 30 days is rounded up to the next midnight.
    assert "fraud (due since 2026-11-10), churn (from 2026-12-25 on)" in finding["message"]
    stated = ["report", "--ingest", "logs/=1GiB/month", "--references", "references.jsonl"]
    assert main(stated) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "still needed: churn, fraud The days are not known of lake: --inventory" in text


AUDIT = {
    "schema_version": 1,
    "references": "2026-11-28T06:00:00Z",
    "registries": [],
    "prices": "us-east-1",
    "assumptions": [],
    "buckets": [
        {
            "bucket": "lake",
            "facts": "inventory of 2026-11-28",
            "as_of": "2026-11-28T00:00:00Z",
            "classes": {
                kind: {"objects": 10, "bytes": 5 * GIB, "usd_a_month": 0.125}
                for kind in ("active", "orphan", "recent", "kept", "unclassified")
            },
            "noncurrent": None,
            "delete_markers": 0,
            "orphans": [],
            "shares": [
                {
                    "class": kind,
                    **({"reason": "the run was deleted", "owner": "ann"} if orphan else {}),
                    "experiment": experiment,
                    "objects": 10,
                    "bytes": 5 * GIB,
                    "usd_a_month": 0.125,
                }
                for kind, orphan, experiment in (
                    ("orphan", True, "churn"),
                    ("orphan", True, "fraud"),
                    ("active", False, "churn"),
                )
            ],
        }
    ],
    "missing": [],
    "more_missing": 0,
}


def test_what_nobody_needs_is_summed_up_by_reason_and_owner() -> None:
    Path("audit.json").write_text(json.dumps(AUDIT))
    assert as_json("--audit", "audit.json")["unneeded"]["orphans"] == [
        {
            "bucket": "lake",
            "reason": "the run was deleted",
            "owner": "ann",
            "objects": 20,
            "bytes": 10 * GIB,
            "usd_a_month": 0.25,
        }
    ]


def _audit_with(share: object) -> str:
    document = json.loads(json.dumps(AUDIT))
    document["buckets"][0]["shares"] = [share]
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("{}", "it is JSON, but of something else"),
        ("[]", "it is JSON, but of something else"),
        ("{\n\n,", "it is not JSON (line 3: "),
        ('{"schema_version": 2}', "its `schema_version` is not 1, so another Firnline wrote it"),
        ('{"schema_version": 1}', '"references" is a required property'),
        (_audit_with(7), 'at `buckets[0].shares[0]` this is not of type "object"'),
        ('{"schema_version": 1, "prices": 1e999}', "the number `1e999` is in it"),
    ],
)
def test_a_file_that_is_no_audit_is_refused(
    text: str, cause: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("audit.json").write_text(text)
    assert main(["report", "--inventory", "list.json", "--audit", "audit.json"]) == 2
    said = capsys.readouterr().err
    assert f"audit.json is no audit: {cause}" in said
    assert "name what `firnline gc audit --out json:FILE` wrote" in said


def test_an_audit_with_fields_of_a_later_version_is_read() -> None:
    Path("audit.json").write_text(json.dumps({**AUDIT, "since": "2026-10-01"}))
    assert as_json("--audit", "audit.json")["unneeded"]["read_on"] == "2026-11-28T06:00:00Z"


def test_each_prefix_says_when_it_was_read_last(tmp_path: Path) -> None:
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    read = [begin + timedelta(days=day) for day in range(28)]
    lines = [log_line("logs/old", day, bucket="lake", sent=GIB) for day in read]
    lines.append(log_line("models/a", begin + timedelta(days=4, hours=1), bucket="lake", sent=GIB))
    where = logs(tmp_path / "access", *lines)
    listed = json.loads(Path("list.json").read_text())
    listed["Contents"].append({**listed["Contents"][0], "Key": "top"})
    Path("list.json").write_text(json.dumps(listed))
    found = as_json("--reads", where, "--out", "html:report.html", "--out", "text:report.txt")
    told = {each["prefix"]: each["reads"] for each in found["prefixes"]}
    assert told["models/"]["last_read"].startswith("2026-11-05")
    assert told["logs/"]["reads_a_month"] == pytest.approx(30, rel=0.05)
    assert told["exports/"]["last_read"] is None
    assert told[""]["last_read"] is None  # what was read counts to `logs/` and `models/`
    text = Path("report.txt").read_text()
    assert "models/: last read 2026-11-05" in text
    assert "`firnline forecast --reads` counts that" in " ".join(text.split())
    page = Path("report.html").read_text()
    assert "last read 2026-11-05" in page
    assert "not read from 2026-11-01 to 2026-11-28" in page
    assert "lake: reads by the logs of 27 days to 2026-11-28" in found["facts"]


def test_it_says_of_which_buckets_reads_are_not_known(tmp_path: Path) -> None:
    line = log_line("logs/old", datetime(2026, 11, 1, tzinfo=UTC), bucket="pond", sent=GIB)
    found = as_json("--reads", logs(tmp_path / "access", line))
    assert {each["reads"] for each in found["prefixes"]} == {None}
    assert "lake: its reads are not known: --reads has no request of it" in found["facts"]


def test_without_facts_it_says_how_to_give_some(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report"]) == 2
    assert "say what is stored: --inventory PATH" in capsys.readouterr().err


def test_policies_with_errors_are_not_reported_on(capsys: pytest.CaptureFixture[str]) -> None:
    Path("policies/lake.yaml").write_text("firnline: policy/v1\npolicy: x\n")
    assert main(["report", "--inventory", "list.json"]) == 1
    assert "error[FL" in capsys.readouterr().err
