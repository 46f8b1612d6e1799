"""An `up` is killed at any of its steps; the next one goes on, and takes nothing from anybody."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from firnline.s3.shape import to_s3
from sandbox.world.accounts import DEV, PROD_EU, PROD_US
from tests.end_to_end.attacks.killing import (
    WRITE,
    free_the_stack,
    kill_up,
    kill_with_descendants,
)
from tests.end_to_end.attacks.witness import Witness
from tests.end_to_end.stack import Aws, Project, Ran
from tests.waiting import wait_for

CHANGED = (DEV.name, PROD_EU.name, PROD_US.name)
STEPS = 16


class Kill(NamedTuple):
    requests: int
    after_first_write: bool

    def __str__(self) -> str:
        return f"{self.requests} {'after a write' if self.after_first_write else 'from the start'}"


# An `up` of this change makes about 50 requests. Most come before its first write, where it only
# looks at every bucket, so that those steps are alike.
KILLS = [
    *(Kill(requests, after_first_write=False) for requests in range(0, 36, 12)),
    *(Kill(requests, after_first_write=True) for requests in range(STEPS)),
]
IN_EVERY_TEST_RUN = Kill(2, after_first_write=True)


def ask_for(project: Project, days: int, *, instead_of: int) -> None:
    """What is asked of three buckets in two accounts."""
    before, after = (f"    delete_after: {number}d" for number in (instead_of, days))
    project.edit("policies/ml-artifacts.yaml", (before, after))


def next_up(witness: Witness, killed: bool) -> Ran:
    """As the engine advises: what was killed has left its lock, and nobody else runs."""
    if killed:
        assert witness.saw(free_the_stack(witness.project)).code == 0
    return witness.saw(witness.project.up())


def everything_is_as_asked(project: Project, aws: Aws) -> bool:
    return aws.live() == {name: to_s3(rules) for name, rules in project.compiled().items()}


def every_write_arrived(project: Project, aws: Aws) -> bool:
    """A write has been received, and is delayed, once its fault is no longer to come."""
    not_received = {fault["bucket"] for fault in aws.faults()}
    live, asked = aws.live(), project.compiled()
    return all(live[name] == to_s3(asked[name]) for name in CHANGED if name not in not_received)


@pytest.mark.parametrize(
    "kill",
    [
        pytest.param(kill, marks=() if kill == IN_EVERY_TEST_RUN else pytest.mark.slow)
        for kill in KILLS
    ],
    ids=str,
)
def test_an_up_that_is_killed_loses_no_foreign_rule_and_the_next_one_ends_what_it_began(
    kill: Kill, project: Project, aws: Aws
) -> None:
    witness = Witness(project)
    ask_for(project, 181, instead_of=180)
    killed = kill_up(project, kill.requests, after_first_write=kill.after_first_write)
    put = witness.put(CHANGED[kill.requests % len(CHANGED)])
    stopped = next_up(witness, killed)
    # A bucket that was written and recorded before the kill is not written again.
    assert stopped.code == 0 or put in stopped
    witness.remove(witness.foreign[put])
    again = witness.saw(project.up())
    assert again.code == 0, again.text
    assert everything_is_as_asked(project, aws)


@pytest.mark.slow
def test_these_are_all_the_steps(project: Project) -> None:
    ask_for(project, 181, instead_of=180)
    assert not kill_up(project, STEPS, after_first_write=True)


@pytest.mark.slow
@pytest.mark.parametrize("requests", range(0, STEPS, 3))
def test_a_policy_that_changes_after_a_kill_is_not_applied_over_what_nobody_recorded(
    requests: int, project: Project, aws: Aws
) -> None:
    """What was written and not recorded is live, and neither the old policy's nor the new one's."""
    witness = Witness(project)
    ask_for(project, 181, instead_of=180)
    killed = kill_up(project, requests, after_first_write=True)
    ask_for(project, 182, instead_of=181)
    again = next_up(witness, killed)
    if again.code != 0:
        assert "error[FL706]" in again
        # As the message advises: a refresh that runs the program would read back what is open.
        refreshed = project.pulumi("refresh", "--yes", "--run-program=false")
        assert witness.saw(refreshed).code == 0
        again = witness.saw(project.up())
        assert again.code == 0, again.text
    assert everything_is_as_asked(project, aws)


@pytest.mark.slow
def test_a_write_that_arrives_after_its_up_was_killed_is_no_surprise(
    project: Project, aws: Aws
) -> None:
    witness = Witness(project)
    ask_for(project, 181, instead_of=180)
    for bucket in CHANGED:
        aws.fail(operation=WRITE, bucket=bucket, delay_seconds=3)
    up = project.begin("up", "--yes", "--skip-preview")
    wait_for(lambda: len(aws.faults()) < len(CHANGED), "nothing was written")
    kill_with_descendants(up.process)
    wait_for(lambda: every_write_arrived(project, aws), "a write that was on its way is lost")
    again = next_up(witness, killed=True)
    assert again.code == 0, again.text
    assert everything_is_as_asked(project, aws)
