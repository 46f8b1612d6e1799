"""What `firnline diff` says of the policies after a change, in each of its outputs."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from firnline.cli import main
from firnline.cli.formats import FORMATS, Answer, FormatName
from tests.policies import TODAY, whole

Captured = pytest.CaptureFixture[str]
POLICY = whole(
    "versioning: off\n"
    "retain:\n"
    "  logs: {prefix: logs/, warm_after: 30d, delete_after: 45d}\n"
    "  models: {prefix: models/, delete_after: 90d}\n"
)
SHORTER = POLICY.replace("90d", "9d")
EARLY = POLICY.replace("models/, delete", "models/, cold_after: 7d, delete")
SELF = '[review]\napprovals = "self"\n'
EMERGENCY = {
    "buckets": ["lab/*/lab-data"],
    "codes": ["FL401", "FL402", "FL410"],
    "why": "INC-7",
    "by": "on-call",
    "until": f"{date.today() + timedelta(days=7)}",
}
READ = [each.name for each in FORMATS[Answer.CHANGES] if each.name != "github-output"]
"""All but the four numbers for the next step of a workflow."""
pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    for name, text in (("before", POLICY), ("after", SHORTER)):
        Path(name).mkdir()
        Path(name, "p.yaml").write_text(text)
    return tmp_path


def said(name: str, capsys: Captured) -> str:
    capsys.readouterr()
    main(["diff", "before", "after", "--out", name])
    return capsys.readouterr().out


def found(capsys: Captured) -> Any:
    return json.loads(said("json", capsys))["findings"]


def codes(found: list[dict[str, Any]]) -> list[str]:
    return [each["code"] for each in found]


def test_what_was_there_before_is_told_apart(capsys: Captured) -> None:
    Path("after/p.yaml").write_text(EARLY)
    now = found(capsys)
    assert (codes(now["new"]), codes(now["known"])) == (["FL502"], ["FL502"])
    assert now["new"][0]["at"]["line"] == now["known"][0]["at"]["line"] + 1
    assert "1 finding was there before" in said("text", capsys)


def test_what_a_policy_that_is_the_same_in_both_has_is_nothing_new(capsys: Captured) -> None:
    """It is checked once for both."""
    other = POLICY.replace("policy: example", "policy: other")
    other = other.replace("lab-data", "lab-more")
    for name in ("before", "after"):
        Path(name, "other.yaml").write_text(other)
    now = found(capsys)
    assert (codes(now["new"]), codes(now["known"])) == ([], ["FL502", "FL502"])
    waiver = "waivers: [{code: FL502, why: cheap, expires: 2027-01-31}]\n"
    for name in ("before", "after"):
        Path(name, "other.yaml").write_text(other + waiver)
    assert found(capsys)["waived"] == []


def test_what_another_policy_makes_of_one_that_is_the_same_is_new(capsys: Captured) -> None:
    entry = "  deep: {prefix: models/deep/, delete_after: 5d}\n"
    other = POLICY.partition("retain:")[0].replace("policy: example", "policy: other")
    Path("after/p.yaml").write_text(POLICY)
    Path("after/other.yaml").write_text(f"{other}retain:\n{entry}")
    now = found(capsys)
    everything = {*codes(now["new"]), *codes(now["known"])}
    main(["check", "after", "--out", "json", "--today", f"{TODAY}"])
    assert everything == set(codes(json.loads(capsys.readouterr().out)["diagnostics"]))
    assert codes(now["known"]) == ["FL502"]


def test_moving_a_policy_makes_nothing_new(capsys: Captured) -> None:
    Path("after/p.yaml").rename("after/q.yaml")
    Path("after/q.yaml").write_text(f"# moved\n\n{POLICY}")
    assert codes(found(capsys)["new"]) == []


@pytest.mark.parametrize("name", READ)
def test_every_output_says_that_nobody_else_reviews_approvals(name: str, capsys: Captured) -> None:
    Path("firnline.toml").write_text(SELF)
    Path("after/approvals.yaml").write_text("firnline: approvals/v1\n")
    assert "FL418" in said(name, capsys)


@pytest.mark.parametrize("name", READ)
def test_every_output_says_that_approvals_have_no_owner(name: str, capsys: Captured) -> None:
    Path("after/approvals.yaml").write_text("firnline: approvals/v1\n")
    assert "FL417" in said(name, capsys)


@pytest.mark.parametrize("name", READ)
def test_every_output_says_that_a_gate_is_open_in_an_emergency(name: str, capsys: Captured) -> None:
    Path("CODEOWNERS").write_text("/after/approvals.yaml @acme/lab\n")
    text = json.dumps({"firnline": "approvals/v1", "emergencies": [EMERGENCY]})
    Path("after/approvals.yaml").write_text(text)
    assert "FL419" in said(name, capsys)


def test_an_approval_that_nothing_needs_is_told(capsys: Captured) -> None:
    Path("CODEOWNERS").write_text("/after/approvals.yaml @acme/lab\n")
    entry = {
        "item": f"sha256:{'0' * 64}",
        "from": "delete 90d",
        "to": "delete 8d",
        "buckets": ["lab/*/lab-data"],
        "codes": ["FL401"],
        "by": "data",
        "until": "2099-12-31",
    }
    text = json.dumps({"firnline": "approvals/v1", "approvals": [entry]})
    Path("after/approvals.yaml").write_text(text)
    assert codes(found(capsys)["new"]) == ["FL416"]


def test_a_gate_that_stands_alone_is_open_until_it_is_approved(capsys: Captured) -> None:
    Path("firnline.toml").write_text(SELF)
    Path("before/p.yaml").write_text(POLICY.replace("90d", "2d"))
    Path("after/p.yaml").write_text(POLICY.replace("90d", "2d").replace("models", "weights"))
    now = found(capsys)
    assert codes(now["new"]) == ["FL403"]
    digest = now["new"][0]["notes"][-1].partition("item ")[2]
    entry = {
        "item": digest,
        "from": "nothing happens",
        "to": "delete 2d",
        "buckets": ["lab/*/lab-data"],
        "codes": ["FL403"],
        "by": "me",
        "until": "2099-12-31",
    }
    text = json.dumps({"firnline": "approvals/v1", "approvals": [entry]})
    Path("after/approvals.yaml").write_text(text)
    assert codes(found(capsys)["new"]) == ["FL418"]
    assert main(["compile", "after"]) == 0
    assert "FL403" not in capsys.readouterr().err
    Path("firnline.toml").unlink()
    assert main(["compile", "after"]) == 0
    assert "FL403" in capsys.readouterr().err


def test_a_gate_of_the_policies_as_they_are_is_in_every_verdict(capsys: Captured) -> None:
    """All that the change opens is approved; that it breaks the floor is not."""
    Path("firnline.toml").write_text(SELF)
    Path("after/p.yaml").write_text(POLICY.replace("90d", "2d"))
    whole = said("github-output", capsys)
    assert "gates=FL401,FL402,FL403,FL410\n" in whole
    items = json.loads(said("json", capsys))["gates"]
    entries = [
        {
            "item": each["digest"],
            "from": each["old"],
            "to": each["new"],
            "buckets": each["buckets"],
            "codes": each["codes"],
            "deletes_up_to": "1TiB",
            "by": "me",
            "until": "2099-12-31",
        }
        for each in items
    ]
    text = json.dumps({"firnline": "approvals/v1", "approvals": entries})
    Path("after/approvals.yaml").write_text(text)
    rest = said("github-output", capsys)
    assert "gates=FL403\n" in rest
    assert rest.splitlines()[-1] != whole.splitlines()[-1]
    assert "Needs approval from the owner of the data" in said("markdown", capsys)
    assert ">Needs approval<" in said("html", capsys)


def test_such_a_gate_is_told_where_no_object_meets_another_end(capsys: Captured) -> None:
    """It is no review without a change, which would not be posted."""
    Path("firnline.toml").write_text('[gates.levels]\nFL403 = "gate"\n')
    Path("before/p.yaml").write_text(POLICY.replace("90d", "2d"))
    Path("after/p.yaml").write_text(POLICY.replace("90d", "2d").replace("models:", "weights:"))
    assert "digest=none" not in said("github-output", capsys)
    told = said("markdown", capsys)
    assert "No change: what happens to objects stays the same on 1 bucket. Needs approval" in told


def test_what_a_policy_begins_to_waive_is_listed(capsys: Captured) -> None:
    waiver = "waivers: [{code: FL502, why: cheap, expires: 2027-01-31}]\n"
    Path("before/p.yaml").write_text(SHORTER)
    Path("after/p.yaml").write_text(EARLY.replace("7d", "80d") + waiver)
    now = found(capsys)
    assert codes(now["waived"]) == ["FL502", "FL502"]
    assert {each["why"] for each in now["waived"]} == {"cheap"}
    assert "waived until 2027\\-01\\-31\\: cheap" in said("markdown", capsys)


def test_the_digest_is_of_what_changes_and_of_nothing_else(capsys: Captured) -> None:
    one = json.loads(said("json", capsys))
    Path("after/p.yaml").write_text(f"# why\n{SHORTER.replace('  models', '  weights')}")
    other = json.loads(said("json", capsys))
    assert one["digest"] == other["digest"]
    assert one["items"][0]["at"]["line"] + 1 == other["items"][0]["at"]["line"]
    Path("after/p.yaml").write_text(POLICY.replace("90d", "8d"))
    assert json.loads(said("json", capsys))["digest"] != one["digest"]


def test_json_is_as_its_schema_says(capsys: Captured) -> None:
    Path("after/p.yaml").write_text(EARLY)
    document = json.loads(said("json", capsys))
    assert main(["schema", "diff"]) == 0
    jsonschema.validate(document, json.loads(capsys.readouterr().out))


def test_markdown_names_the_file_and_the_line(capsys: Captured) -> None:
    line = SHORTER.split("\n").index("  models: {prefix: models/, delete_after: 9d}") + 1
    assert f"`after/p.yaml:{line}`" in said(FormatName.MARKDOWN, capsys)


@pytest.mark.parametrize(
    ("level", "code", "severity"),
    [("warning", 0, "warning"), ("error", 1, "error"), ("gate", 0, "gate")],
)
def test_compile_takes_a_gate_as_the_project_has_it(
    level: str, code: int, severity: str, capsys: Captured
) -> None:
    Path("firnline.toml").write_text(f'[gates.levels]\nFL403 = "{level}"\n')
    Path("after/p.yaml").write_text(POLICY.replace("90d", "2d"))
    assert main(["compile", "after"]) == code
    assert f"{severity}[FL403]" in capsys.readouterr().err
    main(["check", "after"])
    assert f"{severity}[FL403]" in capsys.readouterr().out
