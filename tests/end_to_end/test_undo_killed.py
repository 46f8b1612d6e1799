"""A rollout or its undo that is killed anywhere is undone nevertheless."""

from __future__ import annotations

import pytest

from tests.end_to_end.attacks.killing import free_the_stack, kill_up
from tests.end_to_end.attacks.test_kills import ask_for
from tests.end_to_end.stack import Aws, Project, Ran

pytestmark = pytest.mark.slow
ROLLOUT = {"FIRNLINE_ROLLOUT": "a"}
UNDO = {"FIRNLINE_ROLLOUT": "b", "FIRNLINE_RESTORE": "a"}


def until_done(project: Project, *, killed: bool) -> Ran:
    """As the messages advise: a refresh where Pulumi does not know what is live."""
    if killed:
        assert free_the_stack(project).code == 0
    undone = project.pulumi("up", "--yes", "--skip-preview", **UNDO)
    if undone.code != 0 and "error[FL706]" in undone:
        refreshed = project.pulumi("refresh", "--yes", "--run-program=false")
        assert refreshed.code == 0, refreshed.text
        print("REFRESHED")
        undone = project.pulumi("up", "--yes", "--skip-preview", **UNDO)
    return undone


@pytest.mark.parametrize("requests", range(0, 16, 3))
def test_killed(requests: int, project: Project, aws: Aws) -> None:
    before = aws.live()
    ask_for(project, 181, instead_of=180)
    killed = kill_up(project, requests, after_first_write=True, variables=ROLLOUT)
    undone = until_done(project, killed=killed)
    assert undone.code == 0, undone.text
    assert aws.live() == before
