"""A rule of others that is to go on a bucket that Firnline manages goes with an approval alone."""

from __future__ import annotations

import pytest

from firnline.s3.shape import Json
from sandbox.world.accounts import DEV
from tests.end_to_end.stack import Aws, Project
from tests.end_to_end.test_giving_up import resolve
from tests.end_to_end.test_refused import BY_HAND, add_manually

pytestmark = pytest.mark.slow


def say(project: Project, mode: str) -> None:
    change = ("\nretain:", f"\nper_bucket: {{{DEV.name}: {{foreign_rules: {mode}}}}}\nretain:")
    project.edit("policies/ml-artifacts.yaml", change)
    resolve(project)


def live_on(aws: Aws) -> list[Json]:
    found = aws.live()[DEV.name]
    assert found is not None
    rules: list[Json] = found["Rules"]
    return rules


def test_a_rule_goes_only_once_that_is_approved(reviewed: Project, aws: Aws) -> None:
    add_manually(aws, DEV.name)
    say(reviewed, "replace")
    before = aws.live()
    unchanged = reviewed.pulumi("preview")
    assert unchanged.code != 0
    assert "`by-hand` on `acme-ml-artifacts-dev-use1` is to go" in unchanged
    refreshed = reviewed.pulumi("refresh", "--yes", "--run-program=false")
    assert refreshed.code == 0, refreshed.text

    refused = reviewed.pulumi("up", "--yes")
    assert refused.code != 0
    assert "gate[FL422]: a rule that Firnline did not write is taken off a bucket" in refused
    assert "`firnline approve FL422 --base live --by WHO`" in " ".join(refused.text.split())
    assert aws.live() == before

    approved = reviewed.run("firnline", "approve", "FL422", "--base", "live", "--by", "me")
    assert approved.code == 0, approved.text
    deployed = reviewed.up()
    assert deployed.code == 0, deployed.text
    assert "acme-ml-artifacts-dev-use1 loses one rule that Firnline did not write" in deployed
    assert BY_HAND not in live_on(aws)
