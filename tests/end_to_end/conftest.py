"""One emulator and one first `up` for all; each test begins with a copy of what that left."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox.engine.find import find_engine
from sandbox.paths import CHECKOUT
from tests.end_to_end.stack import Aws, Live, Project, Ran, make_project, start_aws

PROGRAM = ("Pulumi.yaml", "Pulumi.sandbox.yaml", "__main__.py", "firnline.toml", "policies")


@dataclass(frozen=True, slots=True)
class Deployed:
    """What the first `up` was like, and what it left behind."""

    project: Project
    first_up: Ran
    live: Live


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    with start_aws(tmp_path_factory.mktemp("sandbox"), find_engine(CHECKOUT)) as aws:
        yield aws


@pytest.fixture(scope="session")
def deployed(aws: Aws, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    project = make_project(tmp_path_factory.mktemp("deployed") / "firnline", aws, *PROGRAM)
    started = project.pulumi("stack", "init", "sandbox")
    assert started.code == 0, started.text
    first_up = project.up()
    assert first_up.code == 0, first_up.text
    return Deployed(project, first_up, aws.live())


@pytest.fixture
def project(reviewed: Project) -> Project:
    """The project as it was right after the first `up`: files, state, and live rules; without
    gates, since most tests are about something else.
    """
    reviewed.switch_gates_off()
    return reviewed


@pytest.fixture
def reviewed(deployed: Deployed, aws: Aws, tmp_path: Path) -> Project:
    """With the gates that a project has by default, and the approvals of the sample."""
    folder = tmp_path / "firnline"
    shutil.copytree(deployed.project.folder, folder, symlinks=True)
    aws.fail_no_more()
    aws.restore(deployed.live)
    return Project(folder, aws)
