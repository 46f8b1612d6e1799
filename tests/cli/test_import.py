"""`firnline import`: lifecycle rules of others in, policies that mean the same out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from firnline import testing
from firnline.cli import main
from tests.fleet.small_world import (
    FLEET,
    FOREIGN_RULE,
    OUR_RULE,
    PROD,
    STAGING,
    put_rules,
    served,
)

Captured = pytest.CaptureFixture[str]
Json = dict[str, Any]
TMP: Json = {
    "ID": "t",
    "Status": "Enabled",
    "Filter": {"Prefix": "tmp/"},
    "Expiration": {"Days": 9},
}
DATED: Json = {**TMP, "ID": "once", "Expiration": {"Date": "2031-01-01T00:00:00Z"}}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    (tmp_path / "policies").mkdir()
    return tmp_path


@pytest.fixture
def aws(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[testing.Emulator]:
    (folder / "policies/fleet.yaml").write_text(FLEET)
    with served(monkeypatch) as emulator:
        yield emulator


def refuse(aws: testing.Emulator, operation: str, account: str) -> None:
    aws.middleware.faults.add(
        testing.Fault(operation, account, status=403, code="AccessDenied", message="no", times=99)
    )


def rules(*of: Json, name: str = "rules.json") -> str:
    Path(name).write_text(json.dumps({"Rules": list(of)}))
    return name


def days(rule: Json, number: int) -> Json:
    return {**rule, "Expiration": {"Days": number}}


def plan(**buckets: Json | None) -> str:
    """A Terraform plan with one rule for each bucket, by the name of the resource."""
    kind = "aws_s3_bucket_lifecycle_configuration"
    resources = [
        {
            "address": f"{kind}.{name}",
            "type": kind,
            "values": {
                "bucket": f"acme-{name.replace('_', '-')}",
                "rule": [
                    {
                        "id": rule["ID"],
                        "status": "Enabled",
                        "filter": [{} if "unknown" in name else {"prefix": "tmp/"}],
                        "expiration": [{"days": rule["Expiration"]["Days"]}],
                    }
                ],
            },
        }
        for name, rule in buckets.items()
        if rule
    ]
    unknown = [
        {
            "address": f"{kind}.{name}",
            "change": {"after_unknown": {"rule": [{"filter": [{"prefix": True}]}]}},
        }
        for name in buckets
        if name.startswith("unknown")
    ]
    values = {"root_module": {"resources": resources}}
    said = {"format_version": "1.2", "terraform_version": "1.11.1", "planned_values": values}
    Path("plan.json").write_text(json.dumps({**said, "resource_changes": unknown}))
    return "plan.json"


def test_a_file_becomes_a_policy_on_stdout(capsys: Captured) -> None:
    assert main(["import", rules(TMP), "--bucket", "lab-data", "--versioning", "off"]) == 0
    told = capsys.readouterr()
    assert "  tmp: {prefix: tmp/, delete_after: 9d}\n" in told.out
    assert "policy: lab-data\nowner: CHANGE-ME" in told.out
    assert "adopts: [t]\n" in told.out
    assert "lab-data: 1 rule: the policy means the same" in told.err
    assert "nothing says whether" not in told.err
    assert "`firnline init` begins a project" in told.err


def test_what_is_written_passes_check_and_fmt_and_means_no_change(
    folder: Path, capsys: Captured
) -> None:
    (folder / "policies/fleet.yaml").write_text(FLEET)
    where = ["--bucket", "lab-data", "--account", "prod", "--versioning", "off"]
    assert main(["import", rules(TMP), *where, "--owner", "ml", "--out", "policies"]) == 0
    assert main(["check", "policies"]) == 0
    assert main(["fmt", "--check", "policies"]) == 0
    assert main(["diff", "rules.json", "policies"]) == 0
    assert "no change" in capsys.readouterr().out


def test_no_file_is_written_over_without_being_told(capsys: Captured) -> None:
    words = ["import", rules(TMP), "--bucket", "lab-data", "--versioning", "off"]
    mine = "firnline: policy/v1  # mine"
    Path("policies/lab-data.yaml").write_text(mine)
    assert main([*words, "--policy", "lab-data", "--out", "policies"]) == 2
    assert "policies/lab-data.yaml is there already" in capsys.readouterr().err
    assert Path("policies/lab-data.yaml").read_text() == mine
    assert main([*words, "--out", "policies/lab-data.yaml", "--overwrite"]) == 0
    assert "adopts: [t]" in Path("policies/lab-data.yaml").read_text()


def test_no_file_but_a_policy_is_ever_written_over(capsys: Captured) -> None:
    Path("policies/fleet.yaml").write_text(FLEET)
    words = ["import", rules(TMP), "--bucket", "fleet", "--account", "prod", "--overwrite"]
    assert main([*words, "--out", "policies"]) == 2
    assert "policies/fleet.yaml is no policy, so nothing was written" in capsys.readouterr().err
    assert Path("policies/fleet.yaml").read_text() == FLEET


@pytest.mark.parametrize(
    ("out", "why"),
    [
        ("nowhere/x.yaml", "there is no folder nowhere"),
        ("rules.json", "is a file that is no .yaml"),
        ("gone", "there is no folder gone"),
    ],
)
def test_a_place_that_cannot_be_written_is_refused_at_once(
    out: str, why: str, capsys: Captured
) -> None:
    assert main(["import", rules(TMP), "--bucket", "lab-data", "--out", out]) == 2
    assert why in capsys.readouterr().err


def test_buckets_that_mean_the_same_share_a_policy_with_what_differs(capsys: Captured) -> None:
    other = {**TMP, "ID": "by-terraform"}
    path = plan(logs_a=TMP, logs_b=other, logs_c=days(TMP, 30))
    assert main(["import", path, "--account", "lab", "--out", "policies"]) == 0
    assert "nothing says whether versions are kept" in (told := capsys.readouterr().err)
    text = Path("policies/acme-logs.yaml").read_text()
    assert "buckets: [acme-logs-a, acme-logs-b, acme-logs-c]" in text
    assert "      acme-logs-c: {delete_after: 30d}" in text
    assert "adopts: [by-terraform, t]" in text
    assert "acme-logs: 3 buckets share it, 1 of them with settings of its own" in told
    assert main(["diff", path, "policies"]) == 0


def test_several_policies_do_not_fit_into_one_file(capsys: Captured) -> None:
    logs = {**TMP, "Filter": {"Prefix": "logs/"}}
    words = ["import", plan(a=TMP, b=days(TMP, 30)), rules(logs, name="c.json")]
    words += ["--bucket", "c.json=lab-data", "--bucket", "acme-*", "--account", "lab"]
    assert main([*words, "--out", "all.yaml"]) == 2
    assert "2 policies do not fit into all.yaml" in capsys.readouterr().err
    assert not Path("all.yaml").exists()
    assert main(words) == 0
    text = capsys.readouterr().out
    assert "# acme-a-and-others.yaml\n" in text
    assert "---\n# lab-data.yaml\n" in text


def test_what_a_plan_leaves_open_is_an_error_and_the_rest_is_imported(capsys: Captured) -> None:
    assert main(["import", plan(a=TMP, unknown=TMP), "--account", "lab"]) == 1
    told = capsys.readouterr()
    assert "policy: acme-a" in told.out
    assert "error[FL246]" in told.err
    assert "plan.json in aws_s3_bucket_lifecycle_configuration.unknown" in told.err
    assert "acme-unknown: not imported, as its rules are not known yet" in told.err


def test_a_rule_that_no_policy_can_say_stays_and_is_explained(capsys: Captured) -> None:
    words = ["import", rules(TMP, DATED), "--bucket", "lab-data", "--versioning", "off"]
    assert main(words) == 0
    told = capsys.readouterr()
    assert "foreign_rules: keep\nadopts: [t]\n" in told.out or "adopts" not in told.out
    assert "rule `once` stays as it is" in told.err


def test_a_file_that_names_no_bucket_needs_a_name(capsys: Captured) -> None:
    assert main(["import", rules(TMP)]) == 1
    assert "rules.json does not say which bucket it is of" in capsys.readouterr().err


def test_a_policy_is_not_imported(capsys: Captured) -> None:
    Path("p.yaml").write_text("firnline: policy/v1\n")
    assert main(["import", "p.yaml"]) == 2
    assert "p.yaml is a policy already" in capsys.readouterr().err


def test_without_a_fleet_file_nothing_live_is_read(capsys: Captured) -> None:
    assert main(["import"]) == 2
    assert "no fleet file in policies" in capsys.readouterr().err


def test_live_rules_of_others_become_policies_and_nothing_changes(
    aws: testing.Emulator, capsys: Captured
) -> None:
    for account, bucket in ((PROD, "acme-models-use1"), (STAGING, "acme-dev")):
        put_rules(
            aws,
            account,
            bucket,
            {**days(FOREIGN_RULE, 30), "NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
        )
    assert main(["import", "--owner", "ml", "--out", "policies"]) == 0
    told = capsys.readouterr().err
    assert "acme-dev: 1 rule: the policy means the same" in told
    assert "without lifecycle rules, so there is nothing to import" in told
    assert main(["resolve"]) == 0
    assert main(["check"]) == 0
    assert main(["diff", "live"]) == 0
    assert "no change" in capsys.readouterr().out


def test_buckets_of_firnline_are_left_out(aws: testing.Emulator, capsys: Captured) -> None:
    put_rules(aws, STAGING, "acme-dev", OUR_RULE)
    assert main(["import", "live", "--bucket", "acme-dev"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "acme-dev: with rules of Firnline already" in told.err


def test_without_access_nothing_is_imported(aws: testing.Emulator, capsys: Captured) -> None:
    put_rules(aws, PROD, "acme-models-use1", FOREIGN_RULE)
    refuse(aws, "AssumeRole", STAGING)
    assert main(["import", "--out", "policies"]) == 3
    assert "nothing was imported" in capsys.readouterr().err
    assert sorted(each.name for each in Path("policies").iterdir()) == ["fleet.yaml"]
    assert main(["import", "--account", "prod", "--out", "policies"]) == 0


def test_what_contradicts_policies_that_are_there_is_not_written(capsys: Captured) -> None:
    Path("policies/fleet.yaml").write_text(FLEET)
    words = [
        "import",
        rules(TMP),
        "--bucket",
        "lab-data",
        "--account",
        "prod",
        "--versioning",
        "off",
    ]
    assert main([*words, "--out", "policies"]) == 0
    rules({**days(TMP, 30), "ID": "another"})
    assert main([*words, "--out", "policies"]) == 1
    told = capsys.readouterr().err
    assert "error[FL702]" in told
    assert "beside the policies in policies they would not compile, so nothing was written" in told
    assert not Path("policies/lab-data-2.yaml").exists()


def test_rules_without_an_id_are_told_apart(capsys: Captured) -> None:
    unnamed = {key: value for key, value in TMP.items() if key != "ID"}
    words = ["import", rules(unnamed), "--bucket", "lab-data", "--versioning", "off"]
    assert main(words) == 0
    told = capsys.readouterr()
    assert "adopts:" not in told.out
    assert "rule `rule-1` had no ID in what was read" in told.err


def test_a_file_by_keys_says_accounts_and_regions(capsys: Captured) -> None:
    Path("all.json").write_text(json.dumps({"prod/us-east-1/lab-data": {"Rules": [TMP]}}))
    assert main(["import", "all.json", "--versioning", "off"]) == 0
    assert "  - account: prod\n    buckets: lab-data\n" in capsys.readouterr().out


def test_disabled_and_idle_rules_are_named(capsys: Captured) -> None:
    later = {**days(TMP, 99), "ID": "later"}
    off = {**TMP, "ID": "off", "Status": "Disabled", "Filter": {"Prefix": "off/"}}
    words = ["import", rules(TMP, later, off), "--bucket", "lab-data", "--versioning", "off"]
    assert main(words) == 0
    told = capsys.readouterr().err
    assert "rule `later` never acted" in told
    assert "rule `off` was disabled" in told


def test_what_is_imported_already_is_left_out(capsys: Captured) -> None:
    words = ["import", rules(TMP), "--bucket", "lab-data", "--versioning", "off"]
    assert main([*words, "--out", "policies"]) == 0
    before = Path("policies/lab-data.yaml").read_text()
    assert main([*words, "--out", "policies"]) == 0
    assert "lab-data: policies/lab-data.yaml adopts its rules already" in capsys.readouterr().err
    assert [each.name for each in Path("policies").iterdir()] == ["lab-data.yaml"]
    assert main([*words, "--out", "policies", "--overwrite"]) == 0
    assert Path("policies/lab-data.yaml").read_text() == before


def test_a_name_that_no_policy_can_have_is_wrong_use(capsys: Captured) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["import", rules(TMP), "--policy", "My Logs"])
    assert stopped.value.code == 2
    assert "'My Logs' is no name of a policy; write my-logs" in capsys.readouterr().err


def test_a_fleet_file_with_a_mistake_is_shown(capsys: Captured) -> None:
    Path("policies/fleet.yaml").write_text(FLEET.replace("namespace", "name_space"))
    assert main(["import"]) == 1
    told = capsys.readouterr().err
    assert "error[FL" in told
    assert "the fleet file has mistakes, so nothing was read" in told


def test_a_label_that_no_account_can_have_is_told(capsys: Captured) -> None:
    where = ["--bucket", "lab-data", "--account", "the lab", "--versioning", "off"]
    assert main(["import", rules(TMP), *where]) == 1
    assert "lab-data: not imported: its policy would not compile" in capsys.readouterr().err
