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
        undone = project.pulumi("up", "--yes", "--skip-preview", **UNDO)
    return undone


@pytest.mark.parametrize("requests", [0, 4])
def test_a_rollout_that_was_killed_is_undone_also_after_its_undo_was(
    requests: int, project: Project, aws: Aws
) -> None:
    before = aws.live()
    ask_for(project, 181, instead_of=180)
    kill_up(project, requests, after_first_write=True, variables=ROLLOUT)
    free_the_stack(project)
    killed = kill_up(project, requests, after_first_write=True, variables=UNDO)
    undone = until_done(project, killed=killed)
    assert undone.code == 0, undone.text
    assert aws.live() == before
