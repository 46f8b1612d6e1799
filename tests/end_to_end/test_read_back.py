"""What S3 does not answer after a write fails the deployment, and goes on failing until it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from firnline.s3.shape import Json, to_s3
from sandbox.world.accounts import CI, DEV, PROD_EU, PROD_US
from tests.end_to_end.stack import Aws, Project, make_project
from tests.end_to_end.test_refused import change_a_number, edit_manually

READ = "GetBucketLifecycleConfiguration"
IMPATIENT = """\
from firnline.targets.pulumi_aws import component
from firnline.targets.pulumi_aws.agreement import Patience
from firnline.targets.pulumi_aws.look import Look
component.Look = lambda access, clients: Look(access, clients, Patience(settled_within=1))
"""


def be_impatient(project: Project) -> None:
    """Half a minute less to wait for a read-back that is to fail."""
    path = project.folder / "__main__.py"
    path.write_text(IMPATIENT + path.read_text(encoding="utf-8"), encoding="utf-8")


def fail_to_read_back(project: Project, aws: Aws) -> None:
    be_impatient(project)
    change_a_number(project)
    aws.fail(operation=READ, bucket=DEV.name, stale=1000, after_write=True)
    failed = project.up()
    assert failed.code != 0
    assert "error[FL706]" in failed
    assert "S3 answers other rules than those that were written" in failed
    assert "Traceback" not in failed
    aws.fail_no_more()


@pytest.mark.slow
def test_a_failed_read_back_is_looked_at_again_and_then_forgotten(
    project: Project, aws: Aws
) -> None:
    fail_to_read_back(project, aws)
    (step,) = project.steps()
    assert step["urn"].endswith("::read-back")
    again = project.up()
    assert again.code == 0, again.text
    assert project.steps() == []


@pytest.mark.slow
def test_what_was_written_before_another_write_failed_is_read_back_and_recorded_by_the_next_run(
    project: Project, aws: Aws
) -> None:
    def outputs(of: str) -> Json:
        (found,) = (each for each in project.resources() if each["urn"].endswith(of))
        told: Json = found.get("outputs", {})
        return told

    earlier = outputs("::savings")["ledger"]["entries"]
    applied = outputs("Retention::" + PROD_US.name)["applied"]
    change_a_number(project)
    write = "PutBucketLifecycleConfiguration"
    aws.fail(operation=write, bucket=DEV.name, status=403, code="AccessDenied", times=1000)
    assert project.up().code != 0
    assert aws.live()[PROD_US.name] == to_s3(project.compiled()[PROD_US.name])
    aws.fail_no_more()
    asked = len(aws.operations())
    again = project.up()
    assert again.code == 0, again.text
    assert (READ, PROD_US.name) in aws.operations()[asked:]
    assert outputs("Retention::" + PROD_US.name)["applied"] != applied
    added = outputs("::savings")["ledger"]["entries"][len(earlier) :]
    assert {each["bucket"] for each in added} == {DEV.name, PROD_US.name, PROD_EU.name}
    assert project.steps() == []


@pytest.mark.slow
def test_a_failed_read_back_goes_on_failing_until_the_rules_are_those_that_were_written(
    project: Project, aws: Aws
) -> None:
    fail_to_read_back(project, aws)
    written = aws.live()
    edit_manually(aws, DEV.name)
    for command in (("preview",), ("up", "--yes"), ("up", "--yes", "--skip-preview")):
        refused = project.pulumi(*command)
        assert refused.code != 0, command
        assert "error[FL706]" in refused
        assert DEV.name in refused
        assert f"s3://{CI.name}" not in refused, "which was not written"
        assert "Traceback" not in refused

    # What the help says.
    assert "`pulumi refresh --run-program=false`" in " ".join(refused.text.split())
    assert project.pulumi("refresh", "--yes", "--skip-preview", "--run-program=false").code == 0
    mended = project.up()
    assert mended.code == 0, mended.text
    assert aws.live() == written
    assert project.steps() == []


@pytest.mark.slow
def test_what_a_drift_advises_cures_it_where_a_read_back_is_open_too(
    project: Project, aws: Aws
) -> None:
    fail_to_read_back(project, aws)
    edit_manually(aws, DEV.name)
    project.edit("policies/ml-artifacts.yaml", ("delete_after: 18d", "delete_after: 40d"))
    refused = project.up()
    assert refused.code != 0
    assert "Firnline's rules were changed outside of Pulumi" in refused
    assert "S3 answers other rules" not in refused
    with_program = project.pulumi("refresh", "--yes", "--run-program=true")
    assert with_program.code != 0
    assert "S3 answers other rules than those that were written" in with_program

    assert "`pulumi refresh --run-program=false`" in " ".join(refused.text.split())
    assert project.pulumi("refresh", "--yes", "--skip-preview", "--run-program=false").code == 0
    mended = project.up()
    assert mended.code == 0, mended.text
    assert aws.live() == {name: to_s3(rules) for name, rules in project.compiled().items()}
    assert project.steps() == []


@pytest.mark.slow
def test_a_stack_from_before_read_backs_were_recorded_reads_all_buckets_once(
    project: Project, aws: Aws
) -> None:
    read_back = next(each["urn"] for each in project.resources() if "ReadBack" in each["urn"])
    assert project.pulumi("state", "delete", read_back, "--yes").code == 0
    asked = len(aws.operations())
    first = project.up()
    assert first.code == 0, first.text
    reads = {bucket for operation, bucket in aws.operations()[asked:] if operation == READ}
    assert reads == set(aws.live())
    assert project.steps() == []


TWO_WRITERS = """\
import pulumi
import pulumi_aws as aws
from firnline.targets.pulumi_aws import Retention, rules_from

account, role = "210987654321", "arn:aws:iam::210987654321:role/retention"
provider = aws.Provider(
    account,
    region="us-east-1",
    allowed_account_ids=[account],
    assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=role)],
)
opts = pulumi.ResourceOptions(provider=provider)
bucket = aws.s3.Bucket("features", opts=opts)
for name in ("features", "archive"):
    Retention(
        name,
        bucket=bucket.id,
        rules=rules_from(f"{name}.yaml", namespace="features", versioning="off"),
        account_id=account,
        role_arn=role,
        region="us-east-1",
        opts=opts,
    )
"""
POLICY = """\
firnline: policy/v1
policy: {name}
owner: features
why: features of the ranking models
applies_to: [{{account: any, buckets: any}}]
retain:
  daily: {{prefix: {name}/, delete_after: 90d}}
"""
LET_BOTH = """\
from firnline.targets.pulumi_aws.claims import Claims
Claims.claim = lambda *_: None
"""


@pytest.fixture
def two_writers(aws: Aws, tmp_path: Path) -> Iterator[Project]:
    project = make_project(tmp_path / "infra", aws)
    (project.folder / "Pulumi.yaml").write_text(
        "name: infra\nruntime: {name: python, options: {virtualenv: .venv}}\n"
    )
    (project.folder / "Pulumi.sandbox.yaml").write_text("config:\n  firnline:world: sandbox\n")
    (project.folder / "__main__.py").write_text(TWO_WRITERS)
    for name in ("features", "archive"):
        (project.folder / f"{name}.yaml").write_text(POLICY.format(name=name))
    assert project.pulumi("stack", "init", "sandbox").code == 0
    aws.fail_no_more()
    yield project
    project.pulumi("destroy", "--yes", "--skip-preview")


def test_two_writers_of_one_bucket_are_refused_every_time(two_writers: Project) -> None:
    for _ in range(2):
        refused = two_writers.up()
        assert refused.code != 0
        assert "error[FL724]" in refused
        assert "Traceback" not in refused
    # Its name is known by now, so a preview sees it too.
    assert "error[FL724]" in two_writers.pulumi("preview")


@pytest.mark.slow
def test_two_writers_that_are_in_the_state_already_are_refused_though_nothing_changed(
    two_writers: Project,
) -> None:
    main = two_writers.folder / "__main__.py"
    main.write_text(LET_BOTH + TWO_WRITERS)
    two_writers.up("--parallel", "1")
    two_writers.pulumi("refresh", "--yes", "--skip-preview")
    two_writers.up("--parallel", "1")
    main.write_text(TWO_WRITERS)
    refused = two_writers.pulumi("preview")
    assert refused.code != 0
    assert "error[FL724]" in refused


def test_a_bucket_named_by_a_string_twice_is_refused_before_its_rules_are_read(
    two_writers: Project, aws: Aws
) -> None:
    two_writers.edit("__main__.py", ("bucket=bucket.id", 'bucket="acme-lab"'))
    asked = len(aws.operations())
    refused = two_writers.pulumi("preview")
    assert refused.code != 0
    assert "error[FL724]" in refused
    assert "Traceback" not in refused
    assert READ not in {operation for operation, _ in aws.operations()[asked:]}
