"""The IAM policies in the docs allow what is asked of AWS, and nothing else, and with exactly those
that `firnline iam` prints everything works.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import boto3
import pytest

from firnline.s3.shape import Json
from sandbox import emulator_process
from sandbox.paths import SandboxPaths
from sandbox.state import State
from sandbox.world.accounts import ACCOUNTS, ML_PROD
from tests.docs.pages import section
from tests.docs.running import Clone, cloned

# AWS Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".
PERMISSION = {
    "ListBuckets": "s3:ListAllMyBuckets",
    "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "GetBucketVersioning": "s3:GetBucketVersioning",
    "GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "PutBucketLifecycleConfiguration": "s3:PutLifecycleConfiguration",
}
# Of the caller, on the role; GetCallerIdentity needs no permission (STS API Reference).
NOT_OF_THE_ROLE = {"AssumeRole", "GetCallerIdentity"}
# What this test sends to attach policies.
OF_THE_TEST = {"CreateRole", "PutRolePolicy", "UpdateAssumeRolePolicy"}
CALLER = "arn:aws:iam::999999999999:user/engineer"
ROLE = f"arn:aws:iam::{ML_PROD.id}:role/retention"
UP = "pulumi up --yes --skip-preview --stack sandbox"


class Administrator:
    """Attaches policies to the roles that Firnline assumes, by a role of its own."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._clients = {each.id: self._opened(each.id) for each in ACCOUNTS}

    def attach(self, account: str, **policies: Json) -> None:
        for name, policy in policies.items():
            text = json.dumps(policy)
            if name == "trust":
                self._clients[account].update_assume_role_policy(
                    RoleName="retention", PolicyDocument=text
                )
            else:
                self._clients[account].put_role_policy(
                    RoleName="retention", PolicyName=name, PolicyDocument=text
                )

    def _opened(self, account: str) -> Any:
        trust = {"Effect": "Allow", "Principal": {"AWS": CALLER}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        first = self._client("iam", account, "retention")
        first.create_role(RoleName="administrator", AssumeRolePolicyDocument=document)
        return self._client("iam", account, "administrator")

    def _client(self, service: str, account: str, role: str) -> Any:
        caller = boto3.client(
            "sts",
            region_name="us-east-1",
            endpoint_url=self._state.endpoint,
            aws_access_key_id=self._state.access_key_id,
            aws_secret_access_key=self._state.secret_access_key,
        )
        arn = f"arn:aws:iam::{account}:role/{role}"
        given = caller.assume_role(RoleArn=arn, RoleSessionName="administrator")["Credentials"]
        make: Any = boto3.client
        return make(
            service,
            region_name="us-east-1",
            endpoint_url=self._state.endpoint,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    with cloned(tmp_path_factory.mktemp("clone")) as clone:
        clone.run("python -m sandbox up", must_succeed=True)
        yield clone


@pytest.fixture(scope="module")
def administrator(clone: Clone) -> Administrator:
    """The roles have what is printed for the lock of this repository."""
    state = emulator_process.find_running(SandboxPaths(clone.folder))
    assert state is not None
    administrator = Administrator(state)
    clone.run(f"firnline iam --caller {CALLER} --into iam", must_succeed=True)
    for account in ACCOUNTS:
        names = ("read", "write", "trust")
        policies = {name: printed(clone, account.label, name) for name in names}
        administrator.attach(account.id, **policies)
    return administrator


@pytest.mark.slow
@pytest.mark.usefixtures("administrator")
def test_the_two_policies_are_what_the_whole_path_asks_for(clone: Clone) -> None:
    clone.run("firnline resolve", must_succeed=True)
    clone.run("firnline show", must_succeed=True)
    assert needed(clone) == allowed("### To read")
    clone.run("pulumi stack init sandbox", must_succeed=True)
    clone.run(UP, must_succeed=True)
    clone.run("pulumi refresh --yes --skip-preview --stack sandbox", must_succeed=True)
    clone.run("pulumi destroy --yes --skip-preview --stack sandbox", must_succeed=True)
    assert needed(clone) == allowed("### To read") | allowed("### To apply")


@pytest.mark.slow
@pytest.mark.parametrize("action", ["s3:PutLifecycleConfiguration", "s3:GetBucketVersioning"])
def test_without_one_of_them_nothing_is_written_and_it_is_named(
    action: str, clone: Clone, administrator: Administrator
) -> None:
    read, write = (printed(clone, ML_PROD.label, name) for name in ("read", "write"))
    administrator.attach(ML_PROD.id, read=without(read, action), write=without(write, action))
    before = len(requests(clone))
    told = " ".join(clone.run(UP).split())
    written = [each for each in requests(clone)[before:] if each["method"] == "PUT"]
    administrator.attach(ML_PROD.id, read=read, write=write)
    assert f"assumed-role/retention/firnline is not authorized to perform: {action}" in told
    ours = [each["status"] for each in written if each["account"] == ML_PROD.id]
    if action == "s3:PutLifecycleConfiguration":  # which the AWS provider sends, and tells
        assert set(ours) == {403}
    else:
        assert ours == []
        assert f"allow it to {ROLE} (`firnline iam` prints the policy)" in told


def printed(clone: Clone, label: str, name: str) -> Json:
    found: Json = json.loads((clone.folder / f"iam/{label}/{name}.json").read_text())
    return found


def without(policy: Json, action: str) -> Json:
    less = deepcopy(policy)
    for statement in less["Statement"]:
        actions = statement["Action"]
        listed = [actions] if isinstance(actions, str) else actions
        statement["Action"] = [each for each in listed if each != action] or ["none:None"]
    return less


def needed(clone: Clone) -> set[str]:
    asked = {each["operation"] for each in requests(clone)} - NOT_OF_THE_ROLE - OF_THE_TEST
    return {PERMISSION[operation] for operation in asked}


def requests(clone: Clone) -> list[Json]:
    log: Path = clone.folder / ".sandbox/requests.jsonl"
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def allowed(heading: str) -> set[str]:
    (block,) = re.findall(r"```json\n(.*?)```", section("docs/own-aws.md", heading), re.DOTALL)
    actions = [statement["Action"] for statement in json.loads(block)["Statement"]]
    return {
        each for action in actions for each in ([action] if isinstance(action, str) else action)
    }
