"""Buckets with rules of others, and a project of ours that takes them over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from firnline.fleet.live import read_live
from firnline.s3.compare.same import same
from firnline.s3.model import RuleSet
from sandbox import foreign_buckets
from sandbox.foreign_buckets import Foreign
from sandbox.world.accounts import ANALYTICS
from tests.end_to_end.stack import Aws, Project, make_project

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ROLE = f"arn:aws:iam::{ANALYTICS.id}:role/retention"
FLEET = f"""\
firnline: fleet/v1
namespace: analytics
accounts:
  analytics: {{id: "{ANALYTICS.id}", regions: [us-east-1, eu-west-1], role: "{ROLE}"}}
"""
STACK = "config: {firnline:world: sandbox, firnline:accounts: analytics}\n"


@dataclass(frozen=True, slots=True)
class Watched:
    """A bucket that others wrote, and whether anything has changed for its objects."""

    aws: Aws
    foreign: Foreign

    @property
    def name(self) -> str:
        return self.foreign.bucket.name

    @property
    def client(self) -> S3Client:
        return self.aws.client(ANALYTICS.id, self.foreign.bucket.region)

    def live(self) -> RuleSet:
        rules = read_live(self.client, self.name)
        assert rules is not None, f"{self.name} is without rules"
        return rules

    def ids(self) -> list[str]:
        return sorted(rule.id or "" for rule in self.live().rules)

    def put(self, rules: Any = None) -> None:
        """These rules or its first ones, as the tool that owns them would."""
        rules = list(self.foreign.rules) if rules is None else rules
        self.client.put_bucket_lifecycle_configuration(
            Bucket=self.name,
            LifecycleConfiguration={"Rules": rules},
            TransitionDefaultMinimumObjectSize=self.foreign.minimum_size,
        )


def watched(aws: Aws, *foreign: Foreign) -> list[Watched]:
    """All three have the rules that they had before a test before this one took them over."""
    foreign_buckets.create(aws.state)
    for each in foreign_buckets.ALL:
        Watched(aws, each).put()
    return [Watched(aws, each) for each in foreign]


@contextmanager
def nothing_changes(aws: Aws, *buckets: Watched) -> Iterator[None]:
    """What is live means what it meant, and nobody deleted a configuration on the way."""
    before = [each.live() for each in buckets]
    sent = len(aws.operations())
    yield
    deleted = [each for each in aws.operations()[sent:] if each[0].startswith("Delete")]
    assert deleted == []
    for each, earlier in zip(buckets, before, strict=True):
        assert same(earlier, each.live()), each.name


def puts(aws: Aws, since: int) -> list[str]:
    """The buckets that were written since then."""
    return [bucket for what, bucket in aws.operations()[since:] if "PutBucketLifecycle" in what]


def fleet_project(aws: Aws, folder: Path) -> Project:
    """Of ours, with a fleet and no policy yet."""
    project = make_project(folder, aws, "Pulumi.yaml", "__main__.py")
    (project.folder / "firnline.toml").unlink()  # with the gates that projects have
    (project.folder / "firnline.toml").write_text('[review]\napprovals = "self"\n')
    (project.folder / "Pulumi.sandbox.yaml").write_text(STACK)
    (project.folder / "policies").mkdir()
    (project.folder / "policies/fleet.yaml").write_text(FLEET)
    started = project.pulumi("stack", "init", "sandbox")
    assert started.code == 0, started.text
    return project


def cover(project: Project, policy: str) -> None:
    (project.folder / "policies/policy.yaml").write_text(policy)


def adopted(project: Project, *words: str) -> None:
    """What `firnline import` makes of the live rules, as policies of the project."""
    imported = project.run(
        "firnline", "import", "--owner", "analytics", "--out", "policies", *words
    )
    assert imported.code == 0, imported.text


@contextmanager
def released(project: Project, bucket: Watched, leave: str) -> Iterator[None]:
    """No policy covers the bucket, until it is taken back."""
    policies = project.folder / "policies"
    before = {name: (policies / name).read_text() for name in ("policy.yaml", "fleet.yaml")}
    (policies / "policy.yaml").unlink()
    key = f"releases: {{analytics/{bucket.name}: {{leave: {leave}, why: given back}}}}\n"
    (policies / "fleet.yaml").write_text(before["fleet.yaml"] + key)
    resolved = project.run("firnline", "resolve")
    assert resolved.code == 0, resolved.text
    yield
    for name, text in before.items():
        (policies / name).write_text(text)
    resolved = project.run("firnline", "resolve")
    assert resolved.code == 0, resolved.text
