"""From 180 to 18 days in the sandbox: what the review says is what happens, once it is approved."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firnline.s3.terms import Bytes
from sandbox import inventory, review
from sandbox.advance import advance
from sandbox.engine.find import find_engine
from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.review import BRANCH, BUCKETS, POLICY, commit, git, make_branch, write_review
from tests.end_to_end.stack import Aws, Project, start_aws

pytestmark = pytest.mark.slow
EUROPE = "acme-ml-artifacts-euw1"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Story:
    """A clone on the branch, and the sandbox."""

    project: Project
    aws: Aws
    manifests: list[Path]

    @property
    def stored(self) -> list[str]:
        return [word for path in self.manifests for word in ("--inventory", str(path))]

    def check(self) -> int:
        ran = self.project.run("firnline", "check", "--base", "git:main", *self.stored)
        assert ran.code in (0, 5), ran.text
        return ran.code

    def git(self, *words: str) -> None:
        git(*words, folder=self.project.folder)

    def commit(self, message: str) -> None:
        commit(self.project.folder, message)


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    for name in set(os.environ) - set(review.own_environment()):
        monkeypatch.delenv(name)
    clone = tmp_path / "clone"
    make_branch(clone)
    (clone / ".git/info/exclude").write_text("/state\n/.venv\n/inventories\n")
    (clone / "state").mkdir()
    (clone / ".venv").symlink_to(CHECKOUT / ".venv")
    root = tmp_path / "root"
    root.mkdir()
    with start_aws(root, find_engine(CHECKOUT)) as aws:
        project = Project(clone, aws)
        yield Story(project, aws, list(manifests(aws, root)))


def manifests(aws: Aws, root: Path) -> Iterator[Path]:
    for each in inventory.newest(aws.state, SandboxPaths(root)):
        if each.bucket in BUCKETS:
            yield each.path


def test_it_is_reviewed_refused_approved_kept_and_then_happens(
    story: Story, tmp_path: Path
) -> None:
    project = story.project
    deploy_main(story)
    before = story.aws.live()
    markdown = write_review(project.folder, story.manifests, tmp_path).markdown.read_text()
    ran = project.run("firnline", "diff", "git:main", *story.stored, "--out", "json")
    told = json.loads(ran.text)["facts"]["radius"]["deletes"]

    assert story.check() == 5
    refused = project.up()
    assert refused.code != 0
    assert "gate[FL401]" in refused
    assert story.aws.live() == before

    words = ("--base", "git:main", "--by", "ml-platform", *story.stored)
    approved = project.run("firnline", "approve", *words)
    assert approved.code == 0, approved.text
    story.commit("Approve it")
    assert story.check() == 0

    rebase_and_rewrite(story)
    assert story.check() == 0
    up = project.up()
    assert up.code == 0, up.text

    there = {bucket: current(story.aws, bucket) for bucket in BUCKETS}
    report = advance(story.aws.state, {"for": "2d"})
    gone = deleted_for_the_change(report, there)
    assert len(gone) > 100
    assert told == {"objects": len(gone), "bytes": sum(gone)}
    hidden = f"**{len(gone):,} ({Bytes(sum(gone)).rounded})**"
    assert f"| **hidden by a delete marker** | {hidden} |" in markdown
    assert f"Deletes {Bytes(sum(gone)).rounded} that `main` keeps: {len(gone)} objects" in markdown


def test_another_bucket_of_the_policy_opens_the_gate_again(story: Story) -> None:
    project, all_buckets = story.project, f"[acme-ml-artifacts-use1, {EUROPE}]"
    shorter = (project.folder / POLICY).read_text()
    story.git("checkout", "-q", "main")
    project.edit(POLICY, (all_buckets, "[acme-ml-artifacts-use1]"))
    resolve(story, "Leave Europe out")
    story.git("checkout", "-q", "-B", BRANCH)
    (project.folder / POLICY).write_text(shorter.replace(all_buckets, "[acme-ml-artifacts-use1]"))
    assert story.check() == 5
    words = ("--base", "git:main", "--by", "ml-platform", *story.stored)
    approved = project.run("firnline", "approve", *words)
    assert approved.code == 0, approved.text
    assert story.check() == 0
    (project.folder / POLICY).write_text(shorter)
    resolve(story, "Take Europe in")
    assert story.check() == 5


def deploy_main(story: Story) -> None:
    story.git("checkout", "-q", "main")
    assert story.project.pulumi("stack", "init", "sandbox").code == 0
    up = story.project.up()
    assert up.code == 0, up.text
    story.git("checkout", "-q", BRANCH)


def resolve(story: Story, message: str) -> None:
    resolved = story.project.run("firnline", "resolve")
    assert resolved.code == 0, resolved.text
    story.commit(message)


def rebase_and_rewrite(story: Story) -> None:
    """Another commit on the base, a comment, another layout, another name and another file."""
    project = story.project
    story.git("checkout", "-q", "main")
    project.edit("policies/research.yaml", ("firnline: policy/v1", "# more\nfirnline: policy/v1"))
    story.commit("Say more")
    story.git("checkout", "-q", BRANCH)
    story.git(*review.IDENTITY, "rebase", "-q", "main")
    project.edit(
        POLICY,
        ("policy: ml-artifacts\n", "policy: artifacts\n"),
        (
            "    delete_after: 18d\n",
            "    # a failed run is repeated within a week\n    delete_after: 18d\n",
        ),
        ("  checkpoints:\n", "  saved-states:\n"),
        ("prefix: checkpoints/\n", 'prefix: "checkpoints/"\n'),
    )
    story.git("mv", POLICY, "policies/artifacts.yaml")
    story.commit("Call it otherwise")


def current(aws: Aws, bucket: str) -> dict[str, tuple[datetime, int]]:
    """When each object was made, and its size."""
    client: Any = aws.client_of(bucket)
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="checkpoints/")
    found = (each for page in pages for each in page.get("Contents", ()))
    return {each["Key"]: (each["LastModified"], each["Size"]) for each in found}


def deleted_for_the_change(
    report: Any, there: dict[str, dict[str, tuple[datetime, int]]]
) -> list[int]:
    """Sizes of what was due at the first midnight under 18 days, and not under 180."""
    since = datetime.fromisoformat(report["since"])
    first = midnight_after(since)
    sizes = []
    for event in report["events"]:
        if event["action"] != "delete_marker" or event["key"] not in there.get(event["bucket"], {}):
            continue
        created, size = there[event["bucket"]][event["key"]]
        if midnight_after(created + 18 * DAY) <= first < midnight_after(created + 180 * DAY):
            sizes.append(size)
    return sizes


def midnight_after(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
