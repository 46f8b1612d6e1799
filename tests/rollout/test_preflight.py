"""What would fail in the middle of a rollout is found before it writes, with what helps."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from moto.iam.models import iam_backends

from firnline.cli import main
from firnline.rollout.compiled import compiled
from firnline.rollout.finding import Weight
from firnline.rollout.plan import Plan, plan_of
from firnline.rollout.preflight import seconds_needed
from firnline.rollout.preflight_credentials import check_credentials
from firnline.rollout.preflight_machine import check_git, check_secrets
from firnline.rollout.preflight_program import Program, check_program, probed
from firnline.rollout.preflight_roles import check_roles
from firnline.rollout.stacks import AccountStack, make_files, stacks_of
from firnline.rollout.states import NO_STACK
from firnline.rollout.wanted import wanted_of
from tests.fleet.small_world import PROD, account, served, write_folder
from tests.rollout.large_plans import plan

PASSPHRASE = "PULUMI_CONFIG_PASSPHRASE"
STACK = AccountStack(account("prod", PROD), "prod", is_new=False)


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (PASSPHRASE, f"{PASSPHRASE}_FILE", "PULUMI_BACKEND_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("backend", "stack", "stops"),
    [
        ("file:///states", "config: {}", True),
        ("s3://states", "config: {}", True),
        ("s3://states", "secretsprovider: awskms://alias/a", False),
        ("https://api.pulumi.com", "config: {}", False),
        ("", "config: {}", False),  # where one has logged in: only the engine knows
        ("", "encryptionsalt: v1:abc", True),
    ],
)
def test_a_passphrase_is_missed_where_the_engine_would_miss_it(
    backend: str, stack: str, stops: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").write_text(f"backend: {{url: '{backend}'}}\n" if backend else "")
    (tmp_path / "Pulumi.prod.yaml").write_text(stack)
    assert [each.stops for each in check_secrets(tmp_path, [STACK])] == [True] * stops
    monkeypatch.setenv(PASSPHRASE, "")
    assert not list(check_secrets(tmp_path, [STACK]))


def test_a_new_stack_gets_the_key_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.prod.yaml").write_text("secretsprovider: awskms://alias/a\n")
    new = AccountStack(account("staging", PROD), "staging", is_new=True)
    assert make_files(tmp_path, [STACK, new], "aws") == ["Pulumi.staging.yaml"]
    made = (tmp_path / "Pulumi.staging.yaml").read_text()
    assert made.startswith('secretsprovider: "awskms://alias/a"\n')


def test_credentials_must_last_until_the_estimated_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    (unknown,) = check_credentials(600)
    assert unknown.weight is Weight.NOTE
    assert "nothing says until when" in unknown.cause
    until = datetime.now(UTC) + timedelta(minutes=5)
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", until.isoformat())
    (found,) = check_credentials(600)
    assert found.weight is Weight.NO_ACCESS
    assert f"expire at {until:%H:%M}Z, in 5 min, and the rollout takes about 10 min" in found.cause
    assert not list(check_credentials(60))


def test_the_estimate_is_by_turns_of_each_wave() -> None:
    one = seconds_needed(plan({1: 4}), (), 4)
    assert seconds_needed(plan({1: 4, 2: 4}), (), 4) == 2 * one
    assert seconds_needed(plan({1: 8}), (), 8) == one < seconds_needed(plan({1: 8}), (), 4)


def test_the_environment_of_the_program_must_be_there(tmp_path: Path) -> None:
    settings = tmp_path / "Pulumi.yaml"
    settings.write_text("runtime: {name: python, options: {virtualenv: venv}}\n")
    (found,) = check_program(tmp_path, probed(tmp_path))
    assert str(tmp_path / "venv/bin/python") in found.cause
    assert "-m venv" in found.help
    settings.write_text(f"runtime: {{name: python, options: {{virtualenv: {sys.prefix}}}}}\n")
    program = probed(tmp_path)
    assert program is not None
    assert (program.missing, program.problem) == ((), "")
    assert program.provider is not None


def test_the_provider_is_missed_where_the_engine_would_download_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    program = Program("python3", provider="7.51.1")
    assert program.lacks_plugin
    monkeypatch.setenv("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
    (found,) = check_program(tmp_path, program)
    assert found.help == "run `pulumi plugin install resource aws 7.51.1`"
    (tmp_path / "plugins/resource-aws-v7.51.1").mkdir(parents=True)
    assert not program.lacks_plugin
    (tmp_path / "plugins/resource-aws-v7.51.1.partial").touch()
    assert program.lacks_plugin


def test_a_role_that_may_not_write_is_named_with_its_buckets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with served(monkeypatch):
        found = list(check_roles(_planned(tmp_path)))
        assert found == []
        allowed = {"Effect": "Allow", "Action": ["s3:Get*", "iam:*"], "Resource": "*"}
        role = iam_backends[PROD]["aws"].get_role("retention")
        role.policies["p"] = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        (denied,) = check_roles(_planned(tmp_path))
        assert denied.weight is Weight.NO_ACCESS
        assert denied.cause == (
            f"prod: arn:aws:iam::{PROD}:role/retention may not s3:PutLifecycleConfiguration on"
            " acme-models-euw1, acme-models-use1"
        )
        allowed["Action"] = ["s3:*"]
        role.policies["p"] = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
        (unknown,) = check_roles(_planned(tmp_path))
        assert unknown.weight is Weight.NOTE
        assert "iam:SimulatePrincipalPolicy" in unknown.cause


def _planned(folder: Path) -> Plan:
    if not (folder / "policies").exists():
        write_folder(folder)
        (folder / "Pulumi.yaml").write_text("config: {firnline:world: sandbox}\n")
        assert main(["resolve"]) == 0
    project = compiled(folder, "policies")
    assert project.fleet is not None
    stacks = stacks_of(project.fleet.accounts, (), ())
    return plan_of(stacks, wanted_of(project), {each.stack: NO_STACK for each in stacks})


def test_what_is_in_no_commit_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not list(check_git(tmp_path))
    subprocess.run(["git", "init", "-q"], check=True)
    (tmp_path / "Pulumi.yaml").write_text("")
    (found,) = check_git(tmp_path)
    assert found.weight is Weight.NOTE
    assert found.cause.startswith("1 file of the project not as in the commit")
