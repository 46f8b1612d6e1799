"""AWS fails in the middle of a rollout: what is written is whole, what failed is named, and the
next run goes on.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
from pathlib import Path

import pytest

from tests.rollout.fleet import (
    AFTER,
    BEFORE,
    BY_HAND,
    CANARY,
    READ,
    SECOND_WAVE,
    WRITE,
    Fleet,
    bucket_of,
)

pytestmark = pytest.mark.slow

SECOND, THIRD = SECOND_WAVE
OFTEN = 100


def test_a_wave_that_fails_in_two_ways_names_each_and_is_resumed(fleet: Fleet) -> None:
    aws = fleet.aws
    aws.fail(operation=WRITE, bucket=bucket_of(CANARY), code="SlowDown")
    aws.fail(operation=WRITE, bucket=bucket_of(CANARY), connection="reset", carried_out=True)
    aws.fail(bucket=bucket_of(CANARY), stale=7, after_write=True)
    aws.fail(operation=WRITE, account=SECOND.id, expire_sessions=True)
    aws.fail(operation=WRITE, account=THIRD.id, close_account=True)
    failed = fleet.rollout("--keep-going")
    aws.fail_no_more()
    assert failed.code == 10, failed.text
    assert "1 applied, 2 failed" in failed
    assert "ExpiredToken" in failed
    assert "AccountProblem" in failed
    assert f"{SECOND.label}, {bucket_of(SECOND)}: failed" in failed
    assert f"{THIRD.label}, {bucket_of(THIRD)}: failed" in failed
    assert "`firnline rollout --resume` goes on" in " ".join(failed.text.split())
    assert fleet.days() == [AFTER, BEFORE, BEFORE]
    before = len(aws.operations())
    resumed = fleet.rollout("--resume")
    assert resumed.code == 0, resumed.text
    assert fleet.days() == [AFTER] * 3
    assert (WRITE, bucket_of(CANARY)) not in aws.operations()[before:]


def test_nothing_is_written_anywhere_while_one_account_cannot_be_read(fleet: Fleet) -> None:
    before = fleet.writes()
    fleet.aws.fail(operation="AssumeRole", account=THIRD.id, code="AccessDenied", times=OFTEN)
    refused = fleet.rollout()
    assert refused.code == 3, refused.text
    assert f"{THIRD.label} ({THIRD.id}) cannot be read" in refused
    assert f"{THIRD.role} must exist and trust the caller" in " ".join(refused.text.split())
    assert "nothing was deployed" in refused
    assert fleet.writes() == before


def test_nothing_is_written_anywhere_where_a_bucket_is_gone_and_another_has_a_new_rule(
    fleet: Fleet,
) -> None:
    """Both since `firnline resolve`."""
    before = fleet.writes()
    fleet.aws.fail(operation=READ, bucket=bucket_of(SECOND), code="NoSuchBucket", times=OFTEN)
    fleet.put(THIRD, [*fleet.live(THIRD), BY_HAND])
    refused = fleet.rollout()
    assert refused.code == 1, refused.text
    assert "error[FL703]: the account has no such bucket" in refused
    assert f"`{bucket_of(SECOND)}` does not exist any more" in refused
    assert "error[FL409]: a bucket has live rules that Firnline did not write" in refused
    assert "this write would remove: `by-hand`" in refused
    assert "nothing was deployed" in refused
    assert fleet.writes() == before + 1, "that of the rule"


def test_another_writer_who_comes_in_mid_rollout_and_never_stops_keeps_a_wave_from_being_written(
    fleet: Fleet,
) -> None:
    aws, writes = fleet.aws, fleet.writes()
    running = fleet.begin("rollout")
    fleet.wait_for_writes(writes)
    aws.fail(bucket=bucket_of(THIRD), writer="adds", every_seconds=5)
    refused = running.ended()
    assert refused.code == 10, refused.text
    aws.fail_no_more()
    assert fleet.days() == [AFTER, BEFORE, BEFORE]
    assert "another-writer-" in refused
    assert any(each["ID"].startswith("another-writer-") for each in fleet.live(THIRD))
    assert fleet.writes() == writes + 1


def test_of_two_rollouts_at_once_one_writes_and_where_it_is_killed_its_engine_ends_its_work(
    fleet: Fleet, tmp_path: Path
) -> None:
    writes = fleet.writes()
    fleet.aws.fail(operation=WRITE, bucket=bucket_of(CANARY), delay_seconds=2)
    running = fleet.begin("rollout")
    fleet.wait_for_a_delayed_write()
    engine = fleet.engine_of(CANARY)
    os.kill(engine, signal.SIGSTOP)  # so that it has the stack for as long as this takes
    again = fleet.rollout()
    assert again.code == 2
    assert f"another rollout of this project is running (process {running.process.pid}," in again
    elsewhere = fleet.checked_out_again(tmp_path / "elsewhere").rollout()
    assert elsewhere.code == 11, elsewhere.text
    assert f"process {engine} on {socket.gethostname()} has the stack" in elsewhere
    assert "no rollout of this folder started that" in elsewhere
    running.kill()
    resuming = fleet.begin("rollout", "--resume")
    os.kill(engine, signal.SIGCONT)
    resumed = resuming.ended()
    assert resumed.code == 0, resumed.text
    assert fleet.days() == [AFTER] * 3
    assert fleet.writes() == writes + 3


def test_an_engine_and_then_the_whole_rollout_are_killed_in_the_middle_of_a_write(
    fleet: Fleet,
) -> None:
    aws = fleet.aws
    aws.fail(bucket=bucket_of(THIRD), stale_seconds=30, after_write=True)
    aws.fail(operation=WRITE, bucket=bucket_of(SECOND), delay_seconds=2)
    running = fleet.begin("rollout", "--keep-going")
    fleet.wait_for_a_delayed_write()
    os.kill(fleet.engine_of(SECOND), signal.SIGKILL)
    failed = running.ended()
    assert failed.code == 10, failed.text
    assert f"{SECOND.label}: failed its engine was killed (signal 9)" in " ".join(
        failed.text.split()
    )
    assert f"{THIRD.label}: 1 bucket written" in failed
    aws.fail(operation=READ, bucket=bucket_of(SECOND), delay_seconds=2, after=2)
    running = fleet.begin("rollout", "--resume")
    fleet.wait_for_a_delayed_write()
    running.kill_all()
    resumed = fleet.rollout("--resume")
    assert resumed.code == 0, resumed.text
    assert "was killed and left the stack locked: lock removed" in resumed
    assert fleet.days() == [AFTER] * 3
    deleted = [each for each in aws.operations() if each[0] == "DeleteBucketLifecycle"]
    assert deleted == []


def test_where_a_full_disk_cut_a_state_off_the_backup_that_helps_is_told(fleet: Fleet) -> None:
    (state,) = fleet.states.glob(f".pulumi/stacks/*/{CANARY.label}.json")
    state.write_bytes(state.read_bytes()[:1000])
    refused = fleet.rollout()
    assert refused.code == 3, refused.text
    said = " ".join(refused.text.split())
    assert "the state of a stack was cut off, as by a full disk: make room" in said
    assert "copy its `<stack>.json.bak`, the state before, over `<stack>.json`" in said
    shutil.copy(f"{state}.bak", state)
    assert fleet.rollout("--plan").code == 0
