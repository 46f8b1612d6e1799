"""`firnline diff` for a run of GitHub Actions: the outputs of a step, and its summary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main
from tests.policies import whole
from tests.targets.review.github_markdown import rendered

GIB = 2**30
POLICY = whole(
    "versioning: off\n"
    "retain:\n"
    "  checkpoints: {prefix: checkpoints/, delete_after: 180d}\n"
    "  logs: {prefix: logs/, delete_after: 30d}\n"
)
LISTING = [
    {"Key": "checkpoints/a", "Size": 200 * GIB, "LastModified": "2026-01-01T00:00:00Z"},
    {"Key": "checkpoints/b", "Size": 200 * GIB, "LastModified": "2026-05-30T00:00:00Z"},
]
FACTS = ("--inventory", "listing.json", "--as-of", "2026-06-01", "--months", "2")
NOTHING = {"deletes_bytes": "0", "monthly_delta": "0.00", "gates": "", "digest": "none"}
pytestmark = pytest.mark.usefixtures("folder", "socket_disabled")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("before.yaml").write_text(POLICY)
    Path("after.yaml").write_text(POLICY.replace("180d", "18d"))
    Path("listing.json").write_text(json.dumps({"Contents": LISTING}))
    return tmp_path


def written(name: str, *words: str, before: str = "before.yaml", after: str = "after.yaml") -> str:
    assert main(["diff", before, after, *words, "--out", f"{name}:out"]) in (0, 5)
    return Path("out").read_text()


def outputs(*words: str, before: str = "before.yaml", after: str = "after.yaml") -> dict[str, str]:
    lines = written("github-output", *words, before=before, after=after).splitlines()
    return dict(line.split("=", 1) for line in lines)


def in_json(*words: str) -> Any:
    return json.loads(written("json", *words))


def test_the_figures_are_those_of_the_json() -> None:
    found, told = outputs(*FACTS), in_json(*FACTS)
    assert int(found["deletes_bytes"]) == told["facts"]["radius"]["deletes"]["bytes"] == 200 * GIB
    cost = told["facts"]["cost"]
    assert cost["saved_usd"] > 1
    assert float(found["monthly_delta"]) == pytest.approx(-cost["saved_usd"], abs=0.005)
    opened = {gate["code"] for item in told["gates"] for gate in item["open"]}
    assert found["gates"].split(",") == sorted(opened) == ["FL401", "FL402", "FL410"]
    assert found["digest"].startswith("sha256:")


def test_what_costs_more_is_above_zero() -> None:
    back = outputs(*FACTS, before="after.yaml", after="before.yaml")
    forth = outputs(*FACTS)
    assert back["monthly_delta"] == forth["monthly_delta"].removeprefix("-")
    assert back["deletes_bytes"] == "0"
    assert back["gates"] == ""


def test_of_two_bounds_the_worse_one_is_told() -> None:
    policy = POLICY.replace("checkpoints/, ", "checkpoints/, tags: {keep: no}, ")
    Path("before.yaml").write_text(policy)
    Path("after.yaml").write_text(policy.replace("180d", "18d"))
    told = in_json(*FACTS)["facts"]
    deleted, saved = told["radius"]["deletes"]["bytes"], told["cost"]["saved_usd"]
    assert deleted == {"at_least": 0, "at_most": 200 * GIB}
    assert saved["at_least"] < saved["at_most"]
    found = outputs(*FACTS)
    assert int(found["deletes_bytes"]) == deleted["at_most"]
    assert float(found["monthly_delta"]) == pytest.approx(-saved["at_least"], abs=0.005)


def test_what_is_not_known_is_empty_and_no_zero() -> None:
    found = outputs()
    assert (found["deletes_bytes"], found["monthly_delta"]) == ("", "")
    assert found["gates"] == "FL401,FL402,FL410"


def test_nor_is_it_told_where_a_part_of_it_is_not_known() -> None:
    for name, days in (("before.yaml", "90d"), ("after.yaml", "80d")):
        versioned = f"versioning: enabled\nold_versions: {{delete_after: {days}}}"
        Path(name).write_text(POLICY.replace("versioning: off", versioned))
    assert in_json(*FACTS)["facts"]["buckets"]["untold"]
    found = outputs(*FACTS)
    assert (found["deletes_bytes"], found["monthly_delta"]) == ("", "")


def test_without_prices_the_delta_is_empty_alone() -> None:
    found = outputs(*FACTS, "--region", "mars-north-1")
    assert found["deletes_bytes"] == str(200 * GIB)
    assert found["monthly_delta"] == ""


def test_where_nothing_changes_all_of_it_is_none() -> None:
    assert outputs(after="before.yaml") == NOTHING
    assert outputs(*FACTS, after="before.yaml") == NOTHING


def test_the_digest_is_that_of_the_comment_and_not_of_what_is_stored_today() -> None:
    comment = written("markdown")
    assert f" verdict={outputs()['digest']} " in comment.splitlines()[0]
    assert outputs(*FACTS)["digest"] == outputs(*FACTS[:3], "2026-06-02")["digest"]


def test_the_summary_is_the_comment_without_mentions_and_marker() -> None:
    for name in ("before.yaml", "after.yaml"):
        text = Path(name).read_text()
        Path(name).write_text(text.replace("prefix: checkpoints/", "prefix: '@acme/ml/'"))
    comment, summary = written("markdown"), written("github-summary")
    assert summary.startswith("### Retention change")
    assert summary.replace("\u200b", "") == comment.partition("\n")[2]
    page = rendered(summary)
    assert "@\u200bacme/ml" in page.text
    assert not page.looked_up
