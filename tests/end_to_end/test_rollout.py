"""A fleet of 12 accounts in three waves is rolled out, whatever stops it on the way.

Each test goes on where the one before it left the fleet.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.engine.find import find_engine
from sandbox.fleet.plan import Size
from sandbox.paths import CHECKOUT
from tests.end_to_end.fleet import FleetProject, make_fleet
from tests.end_to_end.stack import start_aws

pytestmark = pytest.mark.slow

DENIED, DRIFTING, DISAGREEING = "team-004", "team-002", "team-009"
ONCE = {"times": 1_000_000}


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FleetProject]:
    root = tmp_path_factory.mktemp("rollout")
    with start_aws(root, find_engine(CHECKOUT)) as aws:
        fleet = make_fleet(root / "fleet", root, aws, Size(12, 1, 2, 3), stacks=False)
        fleet.require("firnline", "resolve")
        yield fleet


def test_nothing_is_written_while_a_gate_is_open(fleet: FleetProject) -> None:
    settings = fleet.folder / "firnline.toml"
    text = settings.read_text()
    settings.write_text('[review]\napprovals = "self"\n')
    refused = fleet.rollout()
    settings.write_text(text)
    assert refused.code == 5, refused.text
    assert "FL415" in refused
    assert not fleet.written()


def test_nothing_is_written_while_an_account_cannot_be_read(fleet: FleetProject) -> None:
    fleet.aws.fail(
        operation="AssumeRole", account=fleet.account(DENIED).id, code="AccessDenied", **ONCE
    )
    refused = fleet.rollout()
    fleet.aws.fail_no_more()
    assert refused.code == 3, refused.text
    assert DENIED in refused
    assert "sts:AssumeRole" in refused
    assert not fleet.written()


def test_a_refused_write_stops_its_wave_also_after_a_kill(fleet: FleetProject) -> None:
    fleet.aws.fail(
        operation="PutBucketLifecycleConfiguration",
        account=fleet.account(DENIED).id,
        code="AccessDenied",
        **ONCE,
    )
    fleet.rollout_killed(1, engines=True)
    stopped = fleet.rollout("--resume")
    fleet.aws.fail_no_more()
    assert stopped.code == 10, stopped.text
    assert f"{DENIED}: failed" in stopped
    assert "AccessDenied" in stopped
    written = set(fleet.written())
    assert fleet.wave(1) <= written
    assert DENIED not in written
    assert not written & fleet.wave(3), "the wave after the one that failed"


def test_drift_in_a_wave_before_stops_the_next_one(fleet: FleetProject) -> None:
    bucket = fleet.put(DRIFTING, 1)
    before = fleet.logged()
    stopped = fleet.rollout("--resume")
    assert stopped.code != 0, stopped.text
    assert bucket in stopped
    assert not set(fleet.written(before)) - {DRIFTING}
    fleet.put(DRIFTING, 30)


def test_a_day_of_s3_that_disagrees_stops_the_rollout(fleet: FleetProject) -> None:
    (bucket,) = fleet.account(DISAGREEING).buckets
    fleet.aws.fail(operation="HeadObject", bucket=bucket.name, expiry_shift_days=-3, **ONCE)
    fleet.rollout_killed(len(fleet.wave(2) - set(fleet.written())) + 1, "--resume")
    stopped = fleet.rollout("--resume")
    fleet.aws.fail_no_more()
    assert stopped.code == 10, stopped.text
    assert bucket.name in stopped
    assert "FL743" in stopped


def test_what_was_stopped_is_finished_and_verified(fleet: FleetProject) -> None:
    finished = fleet.rollout("--resume")
    assert finished.code == 0, finished.text
    assert set(fleet.written()) == {each.label for each in fleet.accounts}
    rules = fleet.compiled()
    assert {name: bool(each) for name, each in fleet.live().items()} == dict.fromkeys(rules, True)
    assert fleet.require("firnline", "verify", "--settle", "0").code == 0


def test_an_undo_that_deletes_sooner_waits_for_an_approval(fleet: FleetProject) -> None:
    earlier = fleet.live()
    fleet.edit("policies/checkpoints.yaml", ("delete_after: 30d", "delete_after: 40d"))
    changed = fleet.rollout("--account", "team-001", "--account", "team-012")
    assert changed.code == 0, changed.text
    before = fleet.logged()
    refused = fleet.rollout("--undo")
    assert refused.code == 5, refused.text
    assert "FL401" in refused
    assert not fleet.written(before)

    off = '{level = "off", why = "agreed to"}'
    levels = "".join(f"{code} = {off}\n" for code in ("FL401", "FL410", "FL411"))
    fleet.edit("firnline.toml", ("[gates.levels]\n", f"[gates.levels]\n{levels}"))
    undone = fleet.rollout("--undo")
    assert undone.code == 0, undone.text
    assert "nothing is gone" in undone, "what S3 has done meanwhile"
    assert fleet.live() == earlier
    assert set(fleet.written(before)) == {"team-001", "team-012"}
