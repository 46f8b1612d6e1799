"""The workflows around the action, job by job: the one that others call, and the two that review
pull requests from forks.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.paths import CHECKOUT
from tests.action.pull_request import FIRNLINE, LISTING, POLICY, SHORTER, PullRequest
from tests.action.runner import Action, Failed, Outputs
from tests.docs.pages import blocks
from tests.forge.fake_github import FORK, FakeGitHub, serving

CHECK_OUT = "actions/checkout"
LEAVE, TAKE = "actions/upload-artifact", "actions/download-artifact"


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with serving(FakeGitHub()) as github:
        yield github


@pytest.fixture
def pull_request(tmp_path: Path, github: FakeGitHub) -> PullRequest:
    found = PullRequest(tmp_path, github)
    found.brings(
        {"policies/lab.yaml": POLICY, "listing.json": LISTING}, {"policies/lab.yaml": SHORTER}
    )
    return found


def job_of(text: str) -> Any:
    (job,) = yaml.load(text, yaml.BaseLoader)["jobs"].values()
    return job


def documented(page: str, name: str) -> Any:
    return job_of(next(each.content for each in blocks(page) if each.file == name))


def action(pull_request: PullRequest) -> Action:
    """The action as a step of a job."""

    def run(words: Mapping[str, str]) -> Outputs:
        given = {name.replace("-", "_"): each for name, each in words.items()}
        ran = pull_request.runner().run(**given)
        return ran.outputs if ran.succeeded else Failed(ran.outputs)

    return run


def test_the_reusable_workflow_reviews_what_its_caller_has(
    pull_request: PullRequest, github: FakeGitHub
) -> None:
    checked_out: list[tuple[str, str, str]] = []
    # Laid where the first step would lay it.
    inside = pull_request.workspace / "repository"

    def check_out(words: Mapping[str, str]) -> Outputs:
        checked_out.append((words["path"], words.get("repository", ""), words.get("ref", "")))
        if words["path"] == "repository":
            outside = pull_request.folder / "moved"
            pull_request.workspace.rename(outside)
            pull_request.workspace.mkdir()
            outside.rename(inside)
        return {}

    left: list[str] = []

    def leave(words: Mapping[str, str]) -> Outputs:
        left.append(words["path"])
        return {}

    stands_for: dict[str, Action] = {
        CHECK_OUT: check_out,
        "./firnline": action(pull_request),
        LEAVE: leave,
    }
    runner = pull_request.runner(stands_for=stands_for)
    file = yaml.load((CHECKOUT / ".github/workflows/review.yml").read_text(), yaml.BaseLoader)
    taken = file["on"]["workflow_call"]["inputs"]
    inputs = {name: each["default"] for name, each in taken.items()}
    given = {"policies": "policies", "facts": "--inventory=listing.json"}
    ran = runner.run_job(file["jobs"]["review"], inputs | given)
    assert [name for name, each in ran.outcomes.items() if each == "failure"] == ["firnline"]
    assert checked_out == [("repository", "", ""), ("firnline", "acme/firnline", "0" * 40)]
    assert ran.outputs["gates"] == "FL401,FL402,FL410"
    assert int(ran.outputs["deletes_bytes"]) > 0
    assert len(github.shown()) == len(pull_request.uploaded) == len(left) == 1


@pytest.mark.parametrize("from_repository", [FORK, "acme/data"])
def test_what_one_workflow_leaves_of_a_fork_the_other_one_posts(
    pull_request: PullRequest, github: FakeGitHub, from_repository: str
) -> None:
    github.from_repository = from_repository
    left = pull_request.folder / "artifact"
    left.mkdir()
    first = pull_request.runner(
        stands_for={
            CHECK_OUT: lambda _: {},
            "OWNER/firnline": action(pull_request),
            LEAVE: lambda words: {"copied": shutil.copy(words["path"], str(left))},
        }
    )
    job = documented("docs/github-action.md", ".github/workflows/retention-of-forks.yml")
    reviewed = first.run_job(job, {})
    assert not reviewed.succeeded  # gates are open
    assert github.calls == []

    pull_request.event_name = "workflow_run"
    programs = pull_request.folder / "programs"
    programs.mkdir()
    (programs / "firnline").symlink_to(FIRNLINE)
    (programs / "pip").write_text("#!/bin/sh\n")
    (programs / "pip").chmod(0o755)

    def take(words: Mapping[str, str]) -> Outputs:
        assert words["run-id"] == "500"
        if not any(left.iterdir()):
            return Failed()
        shutil.copytree(left, words["path"])
        return {}

    second = pull_request.runner(stands_for={TAKE: take}, program=programs)
    job = documented("docs/review.md", ".github/workflows/retention-comment.yml")
    posted = second.run_job(job, {})
    assert posted.succeeded, posted.log
    (comment,) = github.shown()
    assert "deletes sooner" in comment

    shutil.rmtree(left)
    left.mkdir()
    again = pull_request.runner(stands_for={TAKE: take}, program=programs)
    assert again.run_job(job, {}).succeeded
    assert len(github.comments) == 1
