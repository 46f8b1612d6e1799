"""`firnline report --base`: what policies do is compared with other rules than none."""

from __future__ import annotations

import json
import subprocess
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.cli import main
from tests.cli.test_report import AS_OF, as_json, project, report, volume, write

__all__ = ["project"]
pytestmark = pytest.mark.usefixtures("socket_disabled", "project")
FACTS = ("--inventory", "list.json", "--as-of", f"{AS_OF}", "--bucket", "lake")
PREFIXES = ("logs/", "models/", "exports/", "other/", "")


def write_rules(*rules: tuple[str, int]) -> None:
    """Prefixes, and after how many days what is below them is deleted."""
    written = [
        {
            "ID": f"rule {number}",
            "Status": "Enabled",
            "Filter": {"Prefix": prefix},
            "Expiration": {"Days": days},
        }
        for number, (prefix, days) in enumerate(rules)
    ]
    Path("base.json").write_text(json.dumps({"Rules": written}))


def costs(rules: str) -> list[Fraction]:
    """By month, by a forecast of them alone."""
    assert main(["forecast", rules, *FACTS, "--out", "json:forecast.json"]) == 0
    months = json.loads(Path("forecast.json").read_text(), parse_float=Fraction)["months"]
    return [month["after"]["usd"]["total"] for month in months]


@cache
def costs_of_policies() -> list[Fraction]:
    return costs("policies")


@given(st.lists(st.tuples(st.sampled_from(PREFIXES), st.integers(1, 120)), min_size=1, max_size=3))
@settings(max_examples=3, deadline=None)
def test_it_saves_what_a_forecast_of_the_base_costs_more_than_one_of_the_policies(
    rules: list[tuple[str, int]],
) -> None:
    write_rules(*rules)
    report(*FACTS[4:], "--base", "base.json", "--out", "json:report.json")
    found: Any = json.loads(Path("report.json").read_text(), parse_float=Fraction)
    before, after = costs("base.json"), costs_of_policies()
    for number, month in enumerate(found["months"]):
        assert month["before_usd"] == before[number]
        assert month["after_usd"] == after[number]
        assert float(month["saved_usd"]) == pytest.approx(before[number] - after[number], abs=2e-6)
    saved = float(sum(before) - sum(after))
    assert float(found["verdict"]["saved_usd"]) == pytest.approx(saved, abs=1e-4)
    assert float(sum(each["saved_usd"] for each in found["prefixes"])) == pytest.approx(
        saved, abs=1e-4
    )


def test_base_and_what_it_deletes_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    write_rules(("logs/", 45))
    report("--base", "base.json", "--out", "text", "--out", "json:report.json")
    found = json.loads(Path("report.json").read_text())
    assert found["base"] == {"name": "base.json", "commit": None, "read_at": None}
    assert found["verdict"]["deleted"] == volume(2, 3)
    assert found["verdict"]["by_base"]["deleted"] == volume(1, 1)
    assert found["verdict"]["by_base"]["newly_lost"] == volume(1, 2)
    text = " ".join(capsys.readouterr().out.split())
    assert (
        "Under the rules of base.json it would be 1 object (1GiB) deleted, and 1 object (2GiB) of"
        " what the policies delete would stay."
    ) in text
    assert "Before is with the rules of base.json, after is with the policies." in text


def test_what_is_deleted_for_good_would_stay_where_the_base_only_hides_it() -> None:
    write("enabled")
    write_rules(("logs/", 30))
    found = as_json("--base", "base.json")["verdict"]
    assert (found["deleted"], found["hidden"]) == (volume(1, 1), volume(1, 2))
    assert found["by_base"]["hidden"] == volume(2, 3)
    assert found["by_base"]["newly_lost"] == volume(1, 1)


def test_without_a_base_it_says_so_and_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    report()
    said = "Before is without any rules, after is with the policies; --base live compares"
    assert said in " ".join(capsys.readouterr().out.split())
    found = as_json("--base", "none")
    assert (found["base"], found["verdict"]["by_base"]) == (None, None)


def test_policies_of_a_revision_save_nothing_against_themselves() -> None:
    commit("policies")
    found = as_json("--base", "git:HEAD")
    assert len(found["base"]["commit"]) == 40
    assert found["verdict"]["by_base"]["deleted"] == found["verdict"]["deleted"]
    assert found["verdict"]["by_base"]["newly_lost"] == volume(0, 0)
    assert found["verdict"]["saved_usd"] == 0


def test_of_two_buckets_the_named_one_is_compared(capsys: pytest.CaptureFixture[str]) -> None:
    lake = Path("policies/lake.yaml").read_text()
    Path("policies/pond.yaml").write_text(lake.replace("lake", "pond"))
    write_rules(("logs/", 45))
    assert as_json("--bucket", "pond", "--base", "base.json")["buckets"][0]["bucket"] == "pond"
    assert main(["report", *FACTS[:4], "--base", "base.json"]) == 2
    assert "say which one it is for with `--bucket`" in capsys.readouterr().err
    ingest = ("--ingest", "logs/=1GiB/month", "--bucket", "pond", "--out", "json:report.json")
    assert main(["report", *ingest]) == 0


def commit(path: str) -> None:
    for words in (["init", "-q"], ["add", path], ["commit", "-qm", "x"]):
        subprocess.run(["git", "-c", "user.email=a@b", "-c", "user.name=a", *words], check=True)


@pytest.mark.parametrize("at", ["", "git:HEAD:"])
def test_a_base_that_does_not_tell_the_rules_of_a_bucket_is_refused(
    at: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = {"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "pond"}}}}
    Path("stack.json").write_text(json.dumps(plan))
    commit("stack.json")
    assert main(["report", *FACTS, "--base", f"{at}stack.json"]) == 2
    assert "stack.json does not tell the rules of `lake`" in capsys.readouterr().err
