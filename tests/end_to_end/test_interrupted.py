"""Ctrl-C while buckets are being written: what was begun is finished, and it is said so."""

from __future__ import annotations

import os
import signal

import pytest

from firnline.s3.shape import to_s3
from sandbox.world.accounts import DEV
from tests.end_to_end.stack import Aws, Project
from tests.end_to_end.test_refused import change_a_number
from tests.end_to_end.test_stale_reads import WRITE
from tests.waiting import wait_for


@pytest.mark.slow
def test_an_interrupted_up_finishes_what_it_began_and_says_that_it_was_cancelled(
    project: Project, aws: Aws
) -> None:
    change_a_number(project)
    aws.fail(operation=WRITE, bucket=DEV.name, delay_seconds=8)
    running = project.begin("up", "--yes", "--skip-preview")
    wait_until_the_fault_was_met(aws)
    os.kill(running.process.pid, signal.SIGINT)
    ended = running.wait()
    assert ended.code != 0
    assert "error: update canceled" in ended
    assert "connection refused" not in ended
    assert "failed: rpc error" not in ended
    assert aws.live()[DEV.name] == to_s3(project.compiled()[DEV.name])

    # Nothing was read back, so the next run does that.
    again = project.up()
    assert again.code == 0, again.text
    assert aws.live() == {name: to_s3(rules) for name, rules in project.compiled().items()}
    assert project.steps() == []


def wait_until_the_fault_was_met(aws: Aws) -> None:
    """The write is on its way from then on."""
    wait_for(lambda: not aws.faults(), "nothing was written")
