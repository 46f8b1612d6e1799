"""With exactly the policies that `firnline iam` prints, commands work; without one of its actions
they refuse, and say which action, account and role, and what to do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from moto.iam.models import iam_backends

from firnline import testing
from firnline.cli import main
from firnline.fleet.accounts import Access, Clients, NoAccess
from firnline.fleet.failed_requests import PRINTED
from firnline.targets.iam.needs import READING, WRITING
from firnline.targets.pulumi_aws.look import Look
from tests.fleet.small_world import FLEET, PROD, STAGING, served, write_folder

CALLER = "arn:aws:iam::999999999999:user/engineer"
ROLE = f"arn:aws:iam::{PROD}:role/retention"
BUCKET = "acme-models-use1"
ACCOUNTS = {"prod": PROD, "staging": STAGING}
REQUIRED = [each.action for each in READING if not each.without and each.action in PRINTED]
Captured = pytest.CaptureFixture[str]
Policy = dict[str, Any]


@pytest.fixture(scope="module")
def aws() -> Iterator[testing.Emulator]:
    with pytest.MonkeyPatch.context() as monkeypatch, served(monkeypatch) as emulator:
        yield emulator


@pytest.fixture
def granted(
    aws: testing.Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> Mapping[str, Mapping[str, Policy]]:
    """What is printed before there is a lock, attached to the roles; by account and name."""
    assert aws.endpoint
    monkeypatch.chdir(tmp_path)
    folder = write_folder(tmp_path)
    fleet = FLEET.replace("role: arn", "external_id: acme-7f3a, role: arn")
    (folder / "fleet.yaml").write_text(fleet)
    for account in ACCOUNTS.values():
        role = iam_backends[account]["aws"].get_role("retention")
        role.policies.clear()
    assert main(["iam", "--caller", CALLER, "--out", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["accounts"]
    policies = {
        each["label"]: {one["name"]: one["policy"] for one in each["documents"]} for each in found
    }
    for label in ACCOUNTS:
        attach(label, policies[label]["read"], policies[label]["trust"])
    return policies


def attach(label: str, read: Policy, trust: Policy | None = None) -> None:
    role = iam_backends[ACCOUNTS[label]]["aws"].get_role("retention")
    role.policies["read"] = json.dumps(read)
    if trust is not None:
        role.assume_role_policy_document = json.dumps(trust)


def without(policy: Policy, action: str) -> Policy:
    less = deepcopy(policy)
    for statement in less["Statement"]:
        actions = statement["Action"]
        listed = [actions] if isinstance(actions, str) else actions
        statement["Action"] = [each for each in listed if each != action] or ["none:None"]
    assert less != policy
    return less


@pytest.mark.slow
@pytest.mark.usefixtures("granted")
def test_what_reads_works_with_exactly_the_printed_policies(aws: testing.Emulator) -> None:
    before = len(aws.requests)
    assert main(["resolve"]) == 0
    assert main(["show"]) == 0
    assert main(["diff", "live"]) == 5
    assert main(["verify", "--settle", "0", "--reads", "1"]) == 7
    refused = {each.operation for each in aws.requests[before:] if each.status == 403}
    assert refused == {"GetBucketReplication"}, "which is optional"


@pytest.mark.slow
@pytest.mark.parametrize("action", [each for each in REQUIRED if each != "s3:GetBucketTagging"])
def test_each_action_that_is_missing_is_named_with_its_account_role_and_remedy(
    action: str, granted: Mapping[str, Mapping[str, Policy]], capsys: Captured
) -> None:
    attach("prod", without(granted["prod"]["read"], action))
    assert main(["resolve"]) == 3
    told = " ".join(capsys.readouterr().err.split())
    assert f"prod ({PROD}) cannot be read" in told
    assert f"missing permission: {action}" in told
    assert "is not authorized to perform: " + action in told
    assert f"allow it to {ROLE} (`firnline iam` prints the policy)" in told
    assert "was not written" in told
    assert not Path("policies/fleet.lock.yaml").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("granted")
def test_another_external_id_is_refused_and_the_remedy_names_the_key(capsys: Captured) -> None:
    fleet = Path("policies/fleet.yaml")
    fleet.write_text(FLEET)
    assert main(["resolve"]) == 3
    told = " ".join(capsys.readouterr().err.split())
    assert "missing permission: sts:AssumeRole" in told
    assert f"{ROLE} must exist and trust the caller" in told
    assert "is the account's `external_id` in the fleet file" in told
    assert not Path("policies/fleet.lock.yaml").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "action",
    [each.action for each in WRITING if each.action.startswith(("s3:Get", "s3:List"))],
)
def test_the_guard_reads_with_the_policy_that_writes_and_names_what_is_missing(
    action: str,
    granted: Mapping[str, Mapping[str, Policy]],
    capsys: Captured,
) -> None:
    assert main(["resolve"]) == 0
    capsys.readouterr()
    options = ["--account", "prod", "--only", "write", "--with-optional", "--out", "json"]
    assert main(["iam", *options]) == 0
    (account,) = json.loads(capsys.readouterr().out)["accounts"]
    (write,) = (each["policy"] for each in account["documents"])
    assert granted
    attach("prod", write)
    _look()
    attach("prod", without(write, action))
    with pytest.raises(NoAccess) as caught:
        _look()
    assert caught.value.permission == action
    assert f"allow it to {ROLE}" in caught.value.reason
    assert "assumed-role/retention/firnline" in caught.value.reason


def test_each_row_of_the_table_has_its_remedy() -> None:
    assert {each.action for each in (*READING, *WRITING)} == PRINTED


def _look() -> None:
    access = Access(PROD, ROLE, "us-east-1", "acme-7f3a", PROD)
    look = Look(access, Clients())
    assert look.state(BUCKET) is not None
    assert look.read(BUCKET).shape is None
    assert look.is_empty(BUCKET)
