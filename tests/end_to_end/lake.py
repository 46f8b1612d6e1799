"""The Pulumi program of another team, which owns the configuration of a bucket."""

from __future__ import annotations

from pathlib import Path

from sandbox.foreign_buckets import HAND_MADE
from tests.end_to_end.adopting import ROLE
from tests.end_to_end.stack import Aws, Project, make_project

RULE = "expire-exports"
RETAINED = ("provider=provider", "provider=provider, retain_on_delete=True")
_PROJECT = """\
name: lake
runtime: {name: python, options: {virtualenv: .venv}}
"""
_PROVIDER = f"""\
import pulumi
import pulumi_aws as aws

provider = aws.Provider(
    "analytics",
    region="us-east-1",
    assume_roles=[aws.ProviderAssumeRoleArgs(role_arn="{ROLE}")],
)
"""
_RULES = f"""\
aws.s3.BucketLifecycleConfiguration(
    "label-exports",
    bucket="{HAND_MADE.bucket.name}",
    rules=[
        aws.s3.BucketLifecycleConfigurationRuleArgs(
            id="{RULE}",
            status="Enabled",
            filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix="exports/"),
            expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=90),
        ),
    ],
    opts=pulumi.ResourceOptions(provider=provider),
)
"""


def lake_project(aws: Aws, folder: Path) -> Project:
    project = make_project(folder, aws)
    (project.folder / "Pulumi.yaml").write_text(_PROJECT)
    (project.folder / "__main__.py").write_text(_PROVIDER + _RULES)
    started = project.pulumi("stack", "init", "sandbox")
    assert started.code == 0, started.text
    return project


def take_out(project: Project) -> str:
    """The resource, of the program; what the program was."""
    path = project.folder / "__main__.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(_PROVIDER, encoding="utf-8")
    return text


def put_back(project: Project, text: str) -> None:
    (project.folder / "__main__.py").write_text(text, encoding="utf-8")
