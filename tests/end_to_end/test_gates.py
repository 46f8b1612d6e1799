"""`pulumi up` refuses what needs an approval, compared with what is live, before it writes."""

from __future__ import annotations

from tests.end_to_end.conftest import Deployed
from tests.end_to_end.stack import Aws, Project

POLICY = "policies/ml-artifacts.yaml"
APPROVALS = "policies/approvals.yaml"


def delete_sooner(project: Project) -> None:
    project.edit(POLICY, ("    delete_after: 14d", "    delete_after: 8d"))


def approve(project: Project, *codes: str) -> None:
    said = ("--base", "live", "--by", "ml", "--deletes-up-to", "1TiB")
    approved = project.run("firnline", "approve", *codes, *said)
    assert approved.code == 0, approved.text


def puts(aws: Aws) -> int:
    return sum("PutBucketLifecycle" in operation for operation, _ in aws.operations())


def test_the_first_up_of_the_sandbox_is_approved(deployed: Deployed) -> None:
    assert "note[FL418]: approvals count without a review" in deployed.first_up


def test_an_open_gate_stops_the_preview_and_the_writes_and_an_approval_opens_it(
    reviewed: Project, aws: Aws
) -> None:
    before, puts_before = aws.live(), puts(aws)
    delete_sooner(reviewed)
    for command in (("preview",), ("up", "--yes"), ("up", "--yes", "--skip-preview")):
        refused = reviewed.pulumi(*command)
        assert refused.code != 0
        assert "gate[FL401]: objects are deleted sooner than before" in refused
        told = " ".join(refused.text.split())
        assert "`firnline approve FL401 FL402 --base live --by WHO --deletes-up-to SIZE`" in told
    assert "nothing was written" in refused
    assert puts(aws) == puts_before
    assert aws.live() == before

    approved = reviewed.run(
        *[
            "firnline",
            "approve",
            "FL401",
            "FL402",
            "--base",
            "live",
            "--by",
            "ml",
            "--deletes-up-to",
            "1TiB",
        ]
    )
    assert approved.code == 0, approved.text
    up = reviewed.pulumi("up", "--yes")
    assert up.code == 0, up.text
    assert "FL401" not in up
    assert aws.live() != before
