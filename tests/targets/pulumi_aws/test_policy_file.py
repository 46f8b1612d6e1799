"""A wrong argument of `rules_from` ends a program with words, not with a traceback."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pulumi
import pytest

from firnline.cli import main
from firnline.language.gate_settings import Level
from firnline.s3.read_shape import read_configuration
from firnline.s3.terms import Versioning
from firnline.targets.pulumi_aws import rules_from
from firnline.targets.pulumi_aws.guard import judge
from firnline.targets.pulumi_aws.policy_file import VersioningName
from tests.end_to_end import documented_program
from tests.targets.pulumi_aws.rules import write


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    file = tmp_path / "retention.yaml"
    file.write_text(documented_program.files()["retention.yaml"], encoding="utf-8")
    return file


def said_of(versioning: Any, policy: Path) -> str:
    with pytest.raises(pulumi.RunError) as stopped:
        rules_from(policy, namespace="features", versioning=versioning)
    return str(stopped.value)


def test_the_literal_type_has_the_values_that_a_policy_has() -> None:
    assert set(get_args(VersioningName)) == {each.value for each in Versioning}


def test_a_misspelt_versioning_is_answered_with_the_one_that_was_meant(policy: Path) -> None:
    for written, meant in (
        ("Enabled", "write `enabled`"),
        ("suspend", "did you mean `suspended`?"),
    ):
        assert said_of(written, policy) == (
            f"`versioning` of `rules_from` is `{written}`, which is not how a bucket is versioned:"
            f" {meant}"
        )


@pytest.mark.parametrize("written", [None, True, "yes please", "", ["enabled"]])
def test_any_other_versioning_is_answered_with_all_there_are(written: Any, policy: Path) -> None:
    assert said_of(written, policy).endswith("write `enabled`, `suspended` or `off`")


def test_an_output_is_said_to_come_too_late(policy: Path) -> None:
    async def program() -> str:  # an Output needs an event loop
        return said_of(pulumi.Output.from_input("enabled"), policy)

    said = asyncio.run(program())
    assert said.startswith("`versioning` of `rules_from` is an Output, but")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(pulumi.RunError, match=r"nowhere\.yaml"):
        rules_from(tmp_path / "nowhere.yaml", namespace="features", versioning="off")


EMERGENCY = """\
firnline: approvals/v1
emergencies:
  - buckets: [lab/*/a]
    codes: [FL401]
    why: the budget alarm
    by: on-call
    until: 2026-11-28
"""


@pytest.mark.parametrize("named", ["retention.yaml", ""])
def test_approvals_stand_beside_the_file_or_in_the_folder(named: str, policy: Path) -> None:
    beside = policy.with_name("approvals.yaml")
    beside.write_text(EMERGENCY, encoding="utf-8")
    path = policy.parent / named
    unowned = rules_from(path, namespace="features", versioning="off").agreed
    assert [each.kind.code for each in unowned.about_approvals] == ["FL417"]
    assert unowned.approvals == ()
    settings = '[review]\napprovals = "self"\n[gates.levels]\nFL401 = "error"\n'
    policy.with_name("firnline.toml").write_text(settings, encoding="utf-8")
    agreed = rules_from(path, namespace="features", versioning="off").agreed
    assert [each.kind.code for each in agreed.about_approvals] == ["FL418"]
    assert [each.path for each in agreed.approvals] == [str(beside)]
    assert agreed.settings.level("FL401") is Level.ERROR


def test_approvals_with_a_mistake_end_the_program(policy: Path) -> None:
    beside = policy.with_name("approvals.yaml")
    beside.write_text(EMERGENCY.replace("until:", "untill:"), encoding="utf-8")
    with pytest.raises(pulumi.RunError) as stopped:
        rules_from(policy, namespace="features", versioning="off")
    assert "error[FL103]" in str(stopped.value)


KEYS = [("adopts: [by-hand]", "adopts"), ("foreign_rules: keep", "foreign_rules: keep")]
KEYS += [("foreign_rules: replace", "foreign_rules: replace")]


@pytest.mark.parametrize(("line", "named"), KEYS)
def test_what_needs_a_lock_ends_a_program_that_has_none(
    line: str, named: str, policy: Path
) -> None:
    policy.write_text(f"{policy.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    with pytest.raises(pulumi.RunError) as stopped:
        rules_from(policy, namespace="features", versioning="off")
    said = str(stopped.value)
    assert "error[FL730]" in said
    assert f"`{named}` has no effect" in said


def test_saying_that_rules_of_others_are_refused_needs_no_lock(policy: Path) -> None:
    refusing = policy.read_text(encoding="utf-8") + "foreign_rules: refuse\n"
    policy.write_text(refusing, encoding="utf-8")
    assert rules_from(policy, namespace="features", versioning="off").rules.rules


def test_rules_that_were_put_as_compile_prints_them_may_be_taken_over(
    policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As docs/own-aws.md has it, for a bucket with rules of others."""
    tagged = "{prefix: t/, tags: {keep: short}, delete_after: 9d}"
    text = policy.read_text(encoding="utf-8").replace("retain:\n", f"retain:\n  t: {tagged}\n")
    policy.write_text(text, encoding="utf-8")
    assert main(["compile", str(policy), "--bucket", "acme-features", "--out", "s3-json"]) == 0
    printed = capsys.readouterr().out.replace("firnline/default/", "firnline/features/")
    live = read_configuration(json.loads(printed))
    proved = rules_from(policy, namespace="features", versioning="off")
    creating = replace(write(proved.rules), namespace="features")
    assert judge(live, creating) is None
    by_hand = replace(live, rules=(*live.rules, replace(live.rules[0], id="by-hand")))
    refused = judge(by_hand, creating)
    assert refused is not None
    assert refused.kind.code == "FL409"
    assert "`firnline compile --bucket lab-data --out s3-json`" in refused.help
    assert "begin with `firnline/features/`" in refused.help
