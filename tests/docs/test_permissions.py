"""The IAM policies in the docs allow what is asked of AWS, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

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


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    with cloned(tmp_path_factory.mktemp("clone")) as clone:
        clone.run("python -m sandbox up", must_succeed=True)
        yield clone


@pytest.mark.slow
def test_the_two_policies_are_what_the_whole_path_asks_for(clone: Clone) -> None:
    clone.run("firnline resolve", must_succeed=True)
    clone.run("firnline show", must_succeed=True)
    assert needed(clone) == allowed("### To read")
    clone.run("pulumi stack init sandbox", must_succeed=True)
    clone.run("pulumi up --yes --skip-preview --stack sandbox", must_succeed=True)
    clone.run("pulumi refresh --yes --skip-preview --stack sandbox", must_succeed=True)
    clone.run("pulumi destroy --yes --skip-preview --stack sandbox", must_succeed=True)
    assert needed(clone) == allowed("### To read") | allowed("### To apply")


def needed(clone: Clone) -> set[str]:
    log: Path = clone.folder / ".sandbox/requests.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines()
    asked = {json.loads(line)["operation"] for line in lines} - NOT_OF_THE_ROLE
    return {PERMISSION[operation] for operation in asked}


def allowed(heading: str) -> set[str]:
    (block,) = re.findall(r"```json\n(.*?)```", section("docs/own-aws.md", heading), re.DOTALL)
    actions = [statement["Action"] for statement in json.loads(block)["Statement"]]
    return {
        each for action in actions for each in ([action] if isinstance(action, str) else action)
    }
