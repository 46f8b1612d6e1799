"""`pulumi up` refuses what needs an approval, compared with what is live, before it writes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from sandbox.world.accounts import DEV, PROD_EU, PROD_US
from tests.end_to_end import documented_program
from tests.end_to_end.conftest import Deployed
from tests.end_to_end.stack import Aws, Project, make_project

POLICY = "policies/ml-artifacts.yaml"
APPROVALS = "policies/approvals.yaml"
SETTINGS = "firnline.toml"
SOONER = ("    delete_after: 14d", "    delete_after: 8d")
EMPTY = "acme-ml-artifacts-empty-use1"
EMERGENCY = """
emergencies:
  - buckets:
      - ml-prod/eu-west-1/acme-ml-artifacts-euw1
      - ml-prod/us-east-1/acme-ml-artifacts-use1
      - ml-staging/us-east-1/acme-ml-artifacts-dev-use1
    codes: [FL401, FL402]
    why: the account runs into its budget alarm, INC-7
    by: on-call
    until: {until}
"""


def approve(project: Project, *words: str) -> None:
    said = ("--base", "live", "--by", "ml-platform", "--deletes-up-to", "1TiB")
    approved = project.run("firnline", "approve", *words, *said)
    assert approved.code == 0, approved.text


def puts(aws: Aws) -> list[str]:
    """The buckets that got rules, one by one."""
    return [bucket for operation, bucket in aws.operations() if "PutBucketLifecycle" in operation]


def refused(project: Project, *command: str) -> str:
    """What was told, in one line; nothing was sent to be written."""
    before = puts(project.aws)
    ran = project.pulumi(*command)
    assert ran.code != 0, ran.text
    assert puts(project.aws) == before
    return " ".join(ran.text.split())


def test_the_first_up_of_the_sandbox_is_approved_and_says_by_whom(deployed: Deployed) -> None:
    assert "note FL418 nobody else reviews these approvals" in deployed.first_up


def test_an_open_gate_stops_the_preview(reviewed: Project) -> None:
    reviewed.edit(POLICY, SOONER)
    told = refused(reviewed, "preview")
    assert "gate[FL401]: objects are deleted sooner than before" in told
    assert "8d | ^^ objects in experiments/failed/, experiments/killed/" in told
    assert "`firnline approve FL401 FL402 --base live --by WHO --deletes-up-to SIZE`" in told
    assert told.count("gate[FL401]") == 1, "one change is told once"


@pytest.mark.slow
def test_an_open_gate_stops_the_writes_and_an_approval_opens_it(
    reviewed: Project, aws: Aws
) -> None:
    before = aws.live()
    reviewed.edit(POLICY, SOONER)
    assert "gate[FL401]" in refused(reviewed, "up", "--yes")
    told = refused(reviewed, "up", "--yes", "--skip-preview")
    assert "gate[FL401]" in told
    assert "nothing was written" in told

    approve(reviewed, "FL401", "FL402")
    up = reviewed.pulumi("up", "--yes")
    assert up.code == 0, up.text
    assert "FL401" not in up
    assert aws.live() != before


@pytest.mark.slow
def test_a_repair_beside_what_is_deployed_passes(reviewed: Project) -> None:
    reviewed.edit(POLICY, ("delete_after: 180d", "delete_after: 200d"))
    up = reviewed.pulumi("up", "--yes")
    assert up.code == 0, up.text
    assert "gate[" not in up


@pytest.mark.slow
def test_a_second_stack_brings_what_was_approved_before_the_first(reviewed: Project) -> None:
    """Each stack deploys accounts of its own, with one file of approvals."""
    one, two = "[ml-prod]", "[ml-staging, research]"
    sandbox = reviewed.folder / "Pulumi.sandbox.yaml"
    of_all = sandbox.read_text(encoding="utf-8")
    sandbox.unlink()
    for name, accounts in (("prod", one), ("rest", two)):
        text = of_all.replace("[ml-staging, ml-prod, research]", accounts)
        (reviewed.folder / f"Pulumi.{name}.yaml").write_text(text, encoding="utf-8")
    for name in ("prod", "rest"):
        started = reviewed.pulumi("stack", "init", name)
        assert started.code == 0, started.text
        taken_up = reviewed.pulumi("up", "--yes", "--skip-preview", "--stack", name)
        assert taken_up.code == 0, taken_up.text
    reviewed.edit(POLICY, SOONER)
    told = refused(reviewed, "preview", "--stack", "rest")
    assert "gate[FL401]" in told
    approve(reviewed)
    first = reviewed.pulumi("up", "--yes", "--skip-preview", "--stack", "prod")
    assert first.code == 0, first.text
    assert set(puts(reviewed.aws)[-2:]) == {PROD_EU.name, PROD_US.name}
    second = reviewed.pulumi("up", "--yes", "--skip-preview", "--stack", "rest")
    assert second.code == 0, second.text
    assert puts(reviewed.aws)[-1] == DEV.name


@pytest.mark.slow
def test_an_emergency_passes_until_its_day_and_says_so(reviewed: Project) -> None:
    reviewed.edit(POLICY, SOONER)
    approvals = reviewed.folder / APPROVALS
    before = approvals.read_text(encoding="utf-8")
    approvals.write_text(before + EMERGENCY.format(until=date.today()), encoding="utf-8")
    assert "gate[FL401]" in refused(reviewed, "preview")
    tomorrow = date.today() + timedelta(days=1)
    approvals.write_text(before + EMERGENCY.format(until=tomorrow), encoding="utf-8")
    up = reviewed.pulumi("up", "--yes")
    assert up.code == 0, up.text
    assert "warning[FL419]: an emergency stands in for the approval" in up
    assert "INC-7" in up


@pytest.mark.slow
def test_approvals_with_a_mistake_or_without_an_owner_open_nothing(reviewed: Project) -> None:
    reviewed.edit(POLICY, SOONER)
    approve(reviewed)
    reviewed.edit(SETTINGS, ('approvals = "self"', ""))
    told = refused(reviewed, "preview")
    assert "gate[FL401]" in told
    assert "error[FL417]: nobody has to review the approvals" in told
    reviewed.edit(APPROVALS, ("until: 2099-12-31", "until: some day"))
    assert "error[FL110]" in refused(reviewed, "preview")


@pytest.mark.slow
def test_a_level_that_only_warns_stops_nothing(reviewed: Project) -> None:
    reviewed.edit(POLICY, SOONER)
    levels = '\n[gates.levels]\nFL401 = "warning"\nFL402 = {level = "off", why = "a test"}\n'
    settings = reviewed.folder / SETTINGS
    settings.write_text(settings.read_text(encoding="utf-8") + levels, encoding="utf-8")
    up = reviewed.pulumi("up", "--yes")
    assert up.code == 0, up.text
    assert "warning[FL401]: objects are deleted sooner than before" in up


@pytest.fixture
def with_an_empty_bucket(reviewed: Project, aws: Aws) -> Iterator[Project]:
    """A bucket with nothing in it, which the policy takes up."""
    client = aws.client(DEV.account.id)
    client.create_bucket(Bucket=EMPTY)
    client.put_bucket_versioning(Bucket=EMPTY, VersioningConfiguration={"Status": "Enabled"})
    reviewed.edit(
        POLICY, ("[acme-ml-artifacts-dev-use1]", f"[acme-ml-artifacts-dev-use1, {EMPTY}]")
    )
    resolved = reviewed.run("firnline", "resolve")
    assert resolved.code == 0, resolved.text
    yield reviewed
    for version in client.list_object_versions(Bucket=EMPTY).get("Versions", []):
        client.delete_object(Bucket=EMPTY, Key=version["Key"], VersionId=version["VersionId"])
    client.delete_bucket(Bucket=EMPTY)


@pytest.mark.slow
def test_first_rules_need_an_approval_only_where_something_is_stored(
    with_an_empty_bucket: Project, aws: Aws
) -> None:
    project, client = with_an_empty_bucket, aws.client(DEV.account.id)
    client.put_object(Bucket=EMPTY, Key="checkpoints/x", Body=b"x")
    told = refused(project, "preview")
    assert "gate[FL415]: a bucket that had no rules gets rules that delete" in told
    version = client.list_object_versions(Bucket=EMPTY)["Versions"][0]["VersionId"]
    client.delete_object(Bucket=EMPTY, Key="checkpoints/x", VersionId=version)

    aws.fail(operation="ListObjectVersions", bucket=EMPTY, status=403, code="AccessDenied")
    told = refused(project, "preview")
    assert "whether anything is stored there is not known: s3:ListBucketVersions" in told
    aws.fail_no_more()

    up = project.pulumi("up", "--yes", "--skip-preview")
    assert up.code == 0, up.text
    assert puts(aws)[-1] == EMPTY
    asked = aws.operations()
    assert ("ListObjectVersions", EMPTY) in asked
    assert not any(name == "ListObjectVersions" for name, bucket in asked if bucket == PROD_US.name)


OWN = "acme-own-use1"


@pytest.fixture
def own_program(aws: Aws, tmp_path: Path) -> Iterator[Project]:
    """A program without a fleet, for a bucket in which something is stored."""
    client = aws.client(DEV.account.id)
    client.create_bucket(Bucket=OWN)
    client.put_object(Bucket=OWN, Key="daily/x", Body=b"x")
    project = make_project(tmp_path / "infra", aws)
    documented_program.write_into(project.folder)
    made = 'bucket = aws.s3.Bucket("features", opts=pulumi.ResourceOptions(provider=provider))\n'
    project.edit("__main__.py", (made, ""), ("bucket=bucket.id", f'bucket="{OWN}"'))
    (project.folder / SETTINGS).write_text('[review]\napprovals = "self"\n', encoding="utf-8")
    (project.folder / "Pulumi.sandbox.yaml").write_text("config:\n  firnline:world: sandbox\n")
    assert project.pulumi("stack", "init", "sandbox").code == 0
    yield project
    client.delete_object(Bucket=OWN, Key="daily/x")
    client.delete_bucket(Bucket=OWN)


@pytest.mark.slow
def test_without_a_fleet_the_refusal_prints_the_approval_that_opens_the_gate(
    own_program: Project, aws: Aws
) -> None:
    refused_first = own_program.pulumi("preview")
    assert refused_first.code != 0
    assert "gate[FL415]: a bucket that had no rules gets rules that delete" in refused_first
    assert "firnline approve" not in refused_first
    (printed,) = re.findall(r"^ *approvals:\n(?: .*\n)+", refused_first.text, re.MULTILINE)
    entry = textwrap.dedent(printed).replace("WHO", "ranking")
    by = "    by: ranking\n"
    assert by in entry
    approvals = f"firnline: approvals/v1\n{entry}".replace(by, f"    deletes_up_to: 1GiB\n{by}")
    (own_program.folder / "approvals.yaml").write_text(approvals, encoding="utf-8")
    up = own_program.pulumi("up", "--yes")
    assert up.code == 0, up.text
    assert "note FL418 nobody else reviews" in up
    assert puts(aws)[-1] == OWN
