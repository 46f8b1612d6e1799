"""`firnline diff` of what is stored: what goes because of the change, and what that costs."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from firnline.cli import main
from sandbox.paths import CHECKOUT
from tests.inventory.facts.written import VERSIONS, write
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
GIB = 2**30
BEFORE = whole(
    "versioning: enabled\n"
    "old_versions: {delete_after: 7d}\n"
    "retain:\n"
    "  logs: {prefix: logs/, warm_after: 30d, delete_after: 120d}\n"
    "  models: {prefix: models/, archive_after: 365d, delete_after: never}\n"
)
AFTER = BEFORE.replace("120d", "90d").replace("365d", "180d")
LISTING = {
    "Contents": [
        {"Key": "logs/a", "Size": GIB, "LastModified": "2026-01-01T00:00:00Z"},
        {"Key": "logs/b", "Size": GIB, "LastModified": "2026-02-20T08:00:00Z"},
        {"Key": "logs/c", "Size": 2 * GIB, "LastModified": "2026-05-30T00:00:00Z"},
        {"Key": "other", "Size": 2 * GIB, "LastModified": "2026-02-20T00:00:00Z"},
    ]
}
WHEN = ["--as-of", "2026-06-01"]
FACTS = ["--inventory", "listing.json", *WHEN]
SAMPLE = str(CHECKOUT / "docs/examples/acme-ml-artifacts-use1.parquet")
pytestmark = pytest.mark.usefixtures("socket_disabled", "folder")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name, text in (("policies", BEFORE), ("after", AFTER)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lab.yaml").write_text(text)
    (tmp_path / "listing.json").write_text(json.dumps(LISTING))
    return tmp_path


def diff(capsys: Captured, *words: str) -> Any:
    assert main(["diff", *words, "--out", "json"]) in (0, 5)
    told = json.loads(capsys.readouterr().out)
    assert main(["schema", "diff"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(told)
    return told


def forecast(capsys: Captured, *words: str) -> Any:
    assert main(["forecast", *words, "--out", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_what_goes_because_of_the_change_is_told_first_and_by_item(capsys: Captured) -> None:
    assert main(["diff", "policies", "after", *FACTS]) in (0, 5)
    told = capsys.readouterr().out
    assert told.startswith("deletes 1GiB that `policies` keeps: 1 object on the first run, hidden")
    assert "\n    radius   first run: hidden by a delete marker 1 (1GiB), 25 % of what is" in told
    assert re.search(r"\nhidden by a delete marker +1 \(1GiB\)", told)
    assert "\nwhat it costs " in told
    assert re.search(r"^month 1 \(from \d{4}-\d\d-\d\d\) ", told, re.M)
    assert "\nlisting.json: 4 object versions (6GiB)\n" in told
    assert "no inventory" not in told


def test_without_what_is_stored_it_says_what_stays_open(capsys: Captured) -> None:
    assert main(["diff", "policies", "after"]) in (0, 5)
    assert "\nno inventory: what goes on the first run is not known and" in capsys.readouterr().out
    assert main(["diff", "policies", "policies"]) in (0, 5)
    assert "no inventory" not in capsys.readouterr().out
    assert diff(capsys, "policies", "after")["facts"] is None


def test_what_both_snapshots_delete_is_not_because_of_the_change(capsys: Captured) -> None:
    told = diff(capsys, "policies", "after", *FACTS)
    radius, (logs, models) = told["facts"]["radius"], (each["radius"] for each in told["items"])
    assert radius["deletes"] == {"objects": 1, "bytes": GIB}
    assert radius["stored"] == {"objects": 4, "bytes": 6 * GIB}
    assert logs["stored"] == {"objects": 3, "bytes": 4 * GIB}
    assert logs["first_run"]["new"]["delete_markers"] == {"objects": 1, "bytes": GIB}
    assert logs["months"]["new"]["delete_markers"] == {"objects": 2, "bytes": 3 * GIB}
    assert models["stored"] == {"objects": 0, "bytes": 0}


def test_the_other_way_round_it_tells_what_is_kept_longer(capsys: Captured) -> None:
    assert main(["diff", "after", "policies", *FACTS]) in (0, 5)
    told = capsys.readouterr().out
    assert told.startswith("deletes nothing on the first run that `after` keeps\n")
    assert "later or no longer hidden by a delete marker 1 (1GiB)" in told
    told = diff(capsys, "after", "policies", *FACTS)
    radius = told["facts"]["radius"]
    assert radius["deletes"] == {"objects": 0, "bytes": 0}
    assert radius["first_run"]["no_longer"]["delete_markers"] == {"objects": 1, "bytes": GIB}


@pytest.mark.parametrize(
    "facts", ["listing", "inventory", "summary", "growth", "cloudwatch"], ids=str
)
def test_the_cost_is_what_a_forecast_says_of_the_same_facts(
    facts: str, folder: Path, capsys: Captured
) -> None:
    words = _facts(facts, folder)
    cost = diff(capsys, "policies", "after", *words, "--months", "3")["facts"]["cost"]
    told = forecast(capsys, "policies", "after", *words, "--months", "3")
    last = told["months"][-1]
    assert cost == {
        "month": 3,
        "before_usd": last["before"]["usd"]["total"],
        "after_usd": last["after"]["usd"]["total"],
        "saved_usd": last["saved_usd"],
        "saved_usd_in_all": told["saved_usd"],
        "break_even_month": told["break_even_month"],
    }


def _facts(name: str, folder: Path) -> list[str]:
    match name:
        case "inventory":
            return ["--inventory", _inventory(folder), *WHEN]
        case "summary":
            into = str(folder / "stored.parquet")
            assert main(["inventory", "summary", _inventory(folder), "--into", into]) == 0
            return ["--summary", into, *WHEN]
        case "growth":
            return ["--ingest", "logs/=10GiB/month", *FACTS]
        case "cloudwatch":
            sizes = json.loads((CHECKOUT / "docs/examples/sizes.json").read_text())
            (folder / "sizes.json").write_text(
                json.dumps(sizes).replace("acme-ml-artifacts-use1", "lab-data")
            )
            return ["--cloudwatch", "sizes.json", "--as-of", "2026-03-31"]
        case _:
            return FACTS


def _inventory(folder: Path, listing: Any = LISTING, bucket: str = "lab-data") -> str:
    rows: list[dict[str, Any]] = [
        {
            "Bucket": bucket,
            "Key": each["Key"],
            "Size": each["Size"],
            "LastModifiedDate": each["LastModified"],
            "StorageClass": "STANDARD",
            "IsLatest": True,
            "IsDeleteMarker": False,
            "VersionId": str(number),
        }
        for number, each in enumerate(listing["Contents"])
    ]
    for row, each in zip(rows, listing["Contents"], strict=True):
        row |= {"ObjectTags": each["Tags"]} if "Tags" in each else {}
    tags = ["ObjectTags"] if any("Tags" in each for each in listing["Contents"]) else []
    fields = (*VERSIONS, "Size", "LastModifiedDate", "StorageClass", *tags)
    made = datetime(2026, 6, 1, tzinfo=UTC)
    root = Path(tempfile.mkdtemp(dir=folder))
    return str(write(root, rows, fields, bucket=bucket, made=made))


def test_an_inventory_and_its_summary_tell_the_same(folder: Path, capsys: Captured) -> None:
    of_inventory, of_summary, of_listing = (
        diff(capsys, "policies", "after", *_facts(name, folder))
        for name in ("inventory", "summary", "listing")
    )
    assert of_inventory["facts"]["radius"]["deletes"] == {"objects": 1, "bytes": GIB}
    assert of_inventory["items"][0]["deleted_first"] == {"oldest": "2026-02-20", "keys": ["logs/b"]}
    of_summary["items"][0]["deleted_first"]["keys"] += ["logs/b"]  # a summary has no keys
    for other in (of_summary, of_listing):
        assert other["facts"]["radius"] == of_inventory["facts"]["radius"]
        assert other["items"] == of_inventory["items"]


def test_so_many_keys_are_shown_or_their_prefixes_alone(folder: Path, capsys: Captured) -> None:
    more = [
        {"Key": f"logs/{n}", "Size": GIB, "LastModified": f"2026-02-{9 + n:02}T00:00:00Z"}
        for n in range(5)
    ]
    listed = {"Contents": [*LISTING["Contents"], *more]}
    (folder / "listing.json").write_text(json.dumps(listed))
    for facts in (FACTS, ["--inventory", _inventory(folder, listed), *WHEN]):
        words = ["policies", "after", *facts]
        (seen, nothing) = (each["deleted_first"] for each in diff(capsys, *words)["items"])
        assert seen == {"oldest": "2026-02-09", "keys": ["logs/0"]}
        assert nothing is None
        seen = diff(capsys, *words, "--samples", "3")["items"][0]["deleted_first"]
        assert seen["keys"] == ["logs/0", "logs/1", "logs/2"]
        redacted = diff(capsys, *words, "--redact-keys", "--samples", "3")["items"][0]
        assert redacted["deleted_first"] == {"oldest": "2026-02-09", "keys": ["logs/…"]}
    assert main(["diff", "policies", "after", *FACTS, "--samples", "2"]) in (0, 5)
    assert "\n    deleted  logs/0, logs/1 (the oldest of 2026-02-09)\n" in capsys.readouterr().out


def test_the_oldest_is_told_where_all_that_is_so_old_counts_as_one(
    folder: Path, capsys: Captured
) -> None:
    """New rules delete what is older than 90 days, and old ones nothing: years are all the same."""
    never = BEFORE.replace("warm_after: 30d, delete_after: 120d", "delete_after: never")
    (folder / "policies" / "lab.yaml").write_text(never)
    ancient = {"Key": "logs/z", "Size": GIB, "LastModified": "2019-02-03T04:05:06Z"}
    listed = {"Contents": [*LISTING["Contents"], ancient]}
    words = ["--inventory", _inventory(folder, listed), *WHEN, "--samples", "9"]
    items = diff(capsys, "policies", "after", *words)["items"]
    seen = next(each["deleted_first"] for each in items if each["deleted_first"])
    assert seen == {"oldest": "2019-02-03", "keys": ["logs/a", "logs/b", "logs/z"]}


def test_of_sizes_alone_it_tells_bounds(folder: Path, capsys: Captured) -> None:
    told = diff(capsys, "policies", "after", *_facts("cloudwatch", folder))
    deletes = told["facts"]["radius"]["deletes"]
    assert deletes["bytes"]["at_least"] == 0
    assert deletes["bytes"]["at_most"] > 10**12


def test_of_the_sample_a_bucket_without_facts_stays_open(capsys: Captured) -> None:
    project = str(CHECKOUT / "policies")
    before = Path("policies/before")
    after = Path("policies/sooner")
    for folder in (before, after):
        shutil.copytree(project, folder)
    policy = after / "ml-artifacts.yaml"
    text = policy.read_text().replace(
        "    cold_after: 60d\n    delete_after: 180d", "    delete_after: 18d", 1
    )
    policy.write_text(text)
    words = [str(before), str(after), "--summary", SAMPLE, "--as-of", "2026-11-30"]
    told = diff(capsys, *words)
    (item,) = told["items"]
    assert item["radius"]["deletes"] == told["facts"]["radius"]["deletes"]
    assert item["radius"]["deletes"]["objects"] == 206
    assert told["facts"]["buckets"] == {
        "known": ["ml-prod/us-east-1/acme-ml-artifacts-use1"],
        "unknown": [
            "ml-prod/eu-west-1/acme-ml-artifacts-euw1",
            "ml-staging/us-east-1/acme-ml-artifacts-dev-use1",
        ],
        "untold": [],
    }
    assert main(["diff", *words]) in (0, 5)
    said = capsys.readouterr().out
    assert "keeps as far as is known: 206 objects on the first run" in said
    assert "no inventory of ml-prod/eu-west-1/acme-ml-artifacts-euw1," in said


def test_without_prices_it_tells_what_goes_all_the_same(capsys: Captured) -> None:
    told = diff(capsys, "policies", "after", *FACTS, "--region", "eu-west-3")
    assert told["facts"]["cost"]["not_known"].startswith("no prices of eu-west-3 are known: run")
    assert told["facts"]["radius"]["deletes"]["objects"] == 1
    assert main(["diff", "policies", "after", *FACTS, "--region", "eu-west-3"]) in (0, 5)
    assert "\nwhat it costs is not known: no prices of eu-west-3" in capsys.readouterr().out


OWNED = {
    "Contents": [
        {**each, "Tags": tags}
        for each, tags in zip(
            (LISTING["Contents"][1], *LISTING["Contents"]),
            ("team=vision", "team=speech", "team=speech&x=y", "x=y", ""),
            strict=True,
        )
    ]
}
OWNED["Contents"][0]["Key"] = "logs/vision"


def test_what_goes_is_told_by_the_value_of_a_tag(folder: Path, capsys: Captured) -> None:
    (folder / "listing.json").write_text(json.dumps(OWNED))
    into = str(folder / "stored.parquet")
    manifest = _inventory(folder, OWNED)
    assert main(["inventory", "summary", manifest, "--tag", "team", "--into", into]) == 0
    for facts in (["--inventory", "listing.json"], ["--inventory", manifest], ["--summary", into]):
        told = diff(capsys, "policies", "after", *facts, *WHEN, "--by-tag", "team")["facts"]
        assert told["by_tag"] == "team"
        assert told["radius"]["deletes_by_tag"] == [
            {"value": "speech", "objects": 1, "bytes": GIB},
            {"value": "vision", "objects": 1, "bytes": GIB},
        ]
    assert main(["diff", "policies", "after", *FACTS, "--by-tag", "team"]) in (0, 5)
    said = capsys.readouterr().out
    assert re.search(r"\ndeleted on the first run, by `team`\nspeech +1 \(1GiB\)\nvision", said)
    told = diff(capsys, "policies", "after", *FACTS, "--by-tag", "x")["facts"]
    assert told["radius"]["deletes_by_tag"] == [
        {"value": "y", "objects": 1, "bytes": GIB},
        {"value": None, "objects": 1, "bytes": GIB},
    ]


@pytest.mark.parametrize("facts", ["listing", "inventory", "summary", "cloudwatch"])
def test_by_a_tag_that_nothing_tells_it_says_what_would(
    facts: str, folder: Path, capsys: Captured
) -> None:
    words = _facts(facts, folder)
    capsys.readouterr()
    assert main(["diff", "policies", "after", *words, "--by-tag", "team"]) == 2
    assert "tells no tags" in (said := capsys.readouterr().err) or "does not tell `team`" in said


@pytest.mark.parametrize(
    ("size", "says"),
    [
        (GIB, "the first run deletes 1GiB of 4GiB, 25 %; the limit is 10 %"),
        (GIB // 16, None),
    ],
)
def test_an_inventory_says_whether_the_first_run_is_over_the_limit(
    size: int, says: str | None, capsys: Captured
) -> None:
    listing = json.loads(json.dumps(LISTING))
    listing["Contents"][1]["Size"] = size
    Path("listing.json").write_text(json.dumps(listing))
    (gate,) = diff(capsys, "policies", "after", *FACTS)["gates"]
    messages = {each["code"]: each["message"] for each in gate["open"]}
    assert messages.get("FL402") == says
    assert "FL401" in messages
    (unknown,) = diff(capsys, "policies", "after")["gates"]
    assert unknown["codes"] == ["FL401", "FL402"]


def test_an_approval_of_fewer_bytes_than_the_first_run_deletes_opens_nothing(
    capsys: Captured,
) -> None:
    (gate,) = diff(capsys, "policies", "after", *FACTS)["gates"]
    Path("firnline.toml").write_text('[review]\napprovals = "self"\n')

    def opened(up_to: str) -> list[str]:
        entry = {
            "item": gate["digest"],
            "from": gate["old"],
            "to": gate["new"],
            "buckets": gate["buckets"],
            "codes": gate["codes"],
            "deletes_up_to": up_to,
            "by": "lab",
            "until": "9999-12-31",
        }
        text = json.dumps({"firnline": "approvals/v1", "approvals": [entry]})
        Path("after/approvals.yaml").write_text(text)
        (now,) = diff(capsys, "policies", "after", *FACTS)["gates"]
        return list(now["approved"])

    assert opened("1GiB") == ["FL401", "FL402"]
    assert opened("1023MiB") == []


def test_of_noncurrent_versions_that_are_not_listed_it_stays_open(
    folder: Path, capsys: Captured
) -> None:
    sooner = BEFORE.replace("old_versions: {delete_after: 7d}", "old_versions: {delete_after: 3d}")
    (folder / "after" / "lab.yaml").write_text(sooner)
    told = diff(capsys, "policies", "after", *FACTS)
    assert [each["radius"] for each in told["items"]] == [None] * len(told["items"])
    assert told["facts"]["buckets"]["untold"] == [
        {"bucket": "lab/*/lab-data", "clock": "noncurrent versions"}
    ]
    assert main(["diff", "policies", "after", *FACTS]) == 5
    said = capsys.readouterr().out
    assert said.startswith("deletes nothing as far as is known on the first run")
    assert "\nof lab/*/lab-data no noncurrent versions are listed: what goes there on the" in said
    whole_list = diff(capsys, "policies", "after", *_facts("inventory", folder))
    assert whole_list["facts"]["buckets"]["untold"] == []
    assert all(each["radius"] for each in whole_list["items"])


def test_what_is_written_later_tells_nothing_of_the_first_run(capsys: Captured) -> None:
    words = ["policies", "after", "--ingest", "logs/=10GiB/month", *WHEN]
    told = diff(capsys, *words)
    assert told["facts"]["buckets"]["unknown"] == ["lab/*/lab-data"]
    assert told["facts"]["cost"]["saved_usd"] > 0
    assert main(["diff", *words]) == 5
    said = capsys.readouterr().out
    assert not said.startswith("deletes nothing")
    assert "\nno inventory of lab/*/lab-data: what goes there on the first run" in said


@pytest.mark.parametrize("option", [["--by-tag", "team"], ["--growth-from", "30d"], WHEN])
def test_an_option_that_would_change_nothing_is_refused(
    option: list[str], capsys: Captured
) -> None:
    assert main(["diff", "policies", "after", *option]) == 2
    said = f"firnline diff: {option[0]} is about what is stored, and nothing says it"
    assert capsys.readouterr().err.startswith(said)


def test_a_bucket_whose_region_one_snapshot_does_not_know_is_the_same_bucket(
    folder: Path, capsys: Captured
) -> None:
    """As where the first pull request brings the lock."""
    rules = {
        "lab/us-east-1/lab-data": {
            "Rules": [
                {
                    "ID": "logs",
                    "Status": "Enabled",
                    "Filter": {"Prefix": "logs/"},
                    "Expiration": {"Days": 90},
                }
            ]
        }
    }
    (folder / "rules.json").write_text(json.dumps(rules))
    told = diff(capsys, "policies", "rules.json", *FACTS)["facts"]
    assert told["buckets"]["known"] == ["lab/us-east-1/lab-data"]
    assert told["radius"]["deletes"] == {"objects": 1, "bytes": GIB}


def test_first_rules_need_an_approval_where_anything_is_stored_in_the_bucket(
    folder: Path, capsys: Captured
) -> None:
    rules = BEFORE.replace("versioning: enabled", "versioning: off")
    rules = rules.replace("old_versions: {delete_after: 7d}\n", "")
    for name in ("none", "first"):
        (folder / name).mkdir()
    (folder / "first/lab.yaml").write_text(rules)
    without = "".join(line for line in rules.splitlines(True) if line[:1] not in " ru")
    (folder / "none/lab.yaml").write_text(without)
    elsewhere = {"Contents": [LISTING["Contents"][-1]]}
    for listing, expected in ((elsewhere, ["FL415"]), ({"Contents": []}, [])):
        (folder / "listing.json").write_text(json.dumps(listing))
        told = diff(capsys, "none", "first", *FACTS)
        assert [code for each in told["gates"] for code in each["codes"]] == expected


def _on_three_buckets(folder: Path) -> list[str]:
    """An inventory of each, which the options name."""
    names = ["lab-data", "lab-more", "lab-rest"]
    for name, text in (("policies", BEFORE), ("after", AFTER)):
        applies = f"applies_to: [{{account: lab, buckets: [{', '.join(names)}]}}]"
        written, count = re.subn("^applies_to: .*$", applies, text, flags=re.MULTILINE)
        assert count == 1
        (folder / name / "lab.yaml").write_text(written)
    found = [_inventory(folder, bucket=name) for name in names]
    return [word for each in found for word in ("--inventory", each)]


def test_several_buckets_are_told_of_by_the_inventories_that_name_them(
    folder: Path, capsys: Captured
) -> None:
    inventories = _on_three_buckets(folder)
    only = ["--bucket", "lab-data", "--bucket", "lab-more"]
    told = diff(capsys, "policies", "after", *inventories, *WHEN, *only)
    assert told["facts"]["buckets"]["known"] == ["lab/*/lab-data", "lab/*/lab-more"]
    assert told["facts"]["buckets"]["unknown"] == []
    whole = diff(capsys, "policies", "after", *inventories, *WHEN)
    deleted, of_all = (each["facts"]["radius"]["deletes"]["bytes"] for each in (told, whole))
    assert (deleted, of_all) == (2 * GIB, 3 * GIB)


def test_one_bucket_is_compared_whatever_inventories_of_others_are_named(
    folder: Path, capsys: Captured
) -> None:
    inventories = _on_three_buckets(folder)
    told = diff(capsys, "policies", "after", *inventories, *WHEN, "--bucket", "lab-rest")
    assert told["facts"]["buckets"]["known"] == ["lab/*/lab-rest"]
    told = diff(capsys, "policies", "after", *inventories[2:], *WHEN, "--bucket", "lab-rest")
    assert told["facts"]["buckets"]["known"] == ["lab/*/lab-rest"]
    words = ["diff", "policies", "after", *inventories[:2], *WHEN, "--bucket", "lab-rest"]
    assert main(words) == 2
    assert "is told of `lab-data`, and --bucket names none of these" in capsys.readouterr().err


def test_a_listing_that_names_no_bucket_is_of_one(folder: Path, capsys: Captured) -> None:
    _on_three_buckets(folder)
    only = ["--bucket", "lab-data", "--bucket", "lab-more"]
    assert main(["diff", "policies", "after", *FACTS, *only]) == 2
    assert capsys.readouterr().err == (
        "firnline diff: listing.json does not say which bucket it is of: name that one alone with"
        " `--bucket`: lab-data, lab-more\n"
    )
