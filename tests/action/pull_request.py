"""A repository with a pull request, as a run of GitHub Actions finds it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox.paths import CHECKOUT
from tests.action.runner import Action, Failed, Outputs, Ran, Runner
from tests.forge.fake_github import REPOSITORY, TOKEN, FakeGitHub
from tests.policies import whole

GIB = 2**30
POLICY = whole(
    "versioning: off\n"
    "retain:\n"
    "  checkpoints: {prefix: checkpoints/, delete_after: 180d}\n"
    "  logs: {prefix: logs/, delete_after: 30d}\n"
)
SHORTER = POLICY.replace("180d", "18d")
OF_100_DAYS, OF_2_DAYS = (
    f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}" for days in (100, 2)
)
LISTED = (
    {"Key": "checkpoints/a", "Size": 200 * GIB, "LastModified": OF_100_DAYS},
    {"Key": "checkpoints/b", "Size": 100 * GIB, "LastModified": OF_2_DAYS},
)
LISTING = json.dumps({"Contents": LISTED})
"""The first one is deleted on the first run."""
FIRNLINE = Path(sys.executable).with_name("firnline")
SETUP_PYTHON, UPLOAD = "actions/setup-python", "github/codeql-action/upload-sarif"


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    ran = subprocess.run(
        ["git", "-C", str(folder), *who, *words], check=True, capture_output=True, text=True
    )
    return ran.stdout.strip()


@dataclass
class PullRequest:
    """`branch` turns what is on main into what it brings; `checked_out` is where the run is."""

    folder: Path
    github: FakeGitHub
    branch: str = "shorter"
    title: str = "Keep less"
    event_name: str = "pull_request"
    uploads: bool = True
    uploaded: list[str] = field(default_factory=list)

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    def brings(
        self, before: Mapping[str, str], after: Mapping[str, str], *, depth: int | None = None
    ) -> None:
        """Files by their paths: on main, and those that the pull request adds or changes."""
        origin = self.folder / "origin"
        origin.mkdir()
        git(origin, "init", "-q", "-b", "main")
        _commit(origin, before)
        git(origin, "checkout", "-q", "-b", self.branch)
        _commit(origin, after)
        self.github.head = git(origin, "rev-parse", "HEAD")
        git(origin, "checkout", "-q", "main")
        git(origin, "merge", "-q", "--no-ff", "-m", "merged", self.branch)
        git(origin, "update-ref", "refs/pull/7/merge", "HEAD")
        git(origin, "reset", "-q", "--hard", "HEAD~1")
        self._check_out(origin, depth)

    def _check_out(self, origin: Path, depth: int | None) -> None:
        """As actions/checkout: without `fetch-depth: 0` the merge commit alone."""
        self.workspace.mkdir()
        git(self.workspace, "init", "-q")
        git(self.workspace, "remote", "add", "origin", origin.as_uri())
        what = ["+refs/pull/7/merge:refs/remotes/pull/7/merge"]
        if depth is None:
            what.append("+refs/heads/*:refs/remotes/origin/*")
        shallow = [] if depth is None else [f"--depth={depth}"]
        git(self.workspace, "fetch", "-q", *shallow, "origin", *what)
        git(self.workspace, "checkout", "-q", "--detach", "refs/remotes/pull/7/merge")

    def run(self, *, instead: Mapping[str, Outputs] | None = None, **inputs: str) -> Ran:
        return self.runner(instead).run(**inputs)

    def runner(
        self,
        instead: Mapping[str, Outputs] | None = None,
        *,
        stands_for: Mapping[str, Action] | None = None,
        program: Path | None = None,
    ) -> Runner:
        """One more run of a workflow. `program` is a folder of commands that come before others."""
        temp = self.folder / f"temp{len(list(self.folder.glob('temp*')))}"
        temp.mkdir()
        event = self._event()
        path = temp / "event.json"
        path.write_text(json.dumps(event), encoding="utf-8")
        environment = self._environment(path)
        if program is not None:
            environment["PATH"] = f"{program}{os.pathsep}{environment['PATH']}"
        return Runner(
            action=CHECKOUT / "action.yml",
            workspace=self.workspace,
            temp=temp,
            github={
                "event": event,
                "event_name": self.event_name,
                "repository": REPOSITORY,
                "token": TOKEN,
                "workspace": str(self.workspace),
            },
            environment=environment,
            stands_for={
                SETUP_PYTHON: lambda _: {"python-path": sys.executable},
                UPLOAD: self._upload,
                **(stands_for or {}),
            },
            instead={"install": {"firnline": str(FIRNLINE)}} if instead is None else instead,
        )

    def _upload(self, words: Mapping[str, str]) -> Outputs:
        self.uploaded.append(Path(words["sarif_file"]).read_text(encoding="utf-8"))
        return {"sarif-id": "1"} if self.uploads else Failed()

    def _event(self) -> dict[str, Any]:
        if self.event_name == "workflow_run":
            return {"workflow_run": self._earlier_run()}
        if self.event_name != "pull_request":
            return {"ref": "refs/heads/main"}
        repository = {"full_name": self.github.from_repository}
        head = {"sha": self.github.head, "ref": self.branch, "repo": repository}
        return {"pull_request": {"number": 7, "title": self.title, "head": head}}

    def _earlier_run(self) -> dict[str, Any]:
        return {
            "id": 500,
            "run_attempt": 1,
            "event": "pull_request",
            "head_sha": self.github.head,
            "head_branch": self.branch,
            "head_repository": {"full_name": self.github.from_repository},
        }

    def _environment(self, event: Path) -> dict[str, str]:
        is_pull_request = self.event_name == "pull_request"
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self.github.address,
            "GITHUB_BASE_REF": "main" if is_pull_request else "",
            "GITHUB_EVENT_NAME": self.event_name,
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_GRAPHQL_URL": f"{self.github.address}/graphql",
            "GITHUB_HEAD_REF": self.branch if is_pull_request else "",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_RUN_ID": "500",
            "GITHUB_WORKSPACE": str(self.workspace),
        }


def _commit(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")
