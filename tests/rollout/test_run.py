"""Waves of accounts, with a program in the place of `pulumi` that does nothing or fails."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from firnline.cli.rollout_answer import result_of_all
from firnline.rollout.engine import Engines
from firnline.rollout.events import CANARY, Event, Happened
from firnline.rollout.journal import Begun, Journal
from firnline.rollout.outcome import Outcome, Result
from firnline.rollout.plan import AccountPlan, Plan
from firnline.rollout.process import Process, process_of
from firnline.rollout.run import Rollout, Settings
from firnline.rollout.verified import Verified
from tests.rollout.plans import LABELS, PLAN, planned

ID = "20261130T100000Z-0001"
LOCKED = (
    "error: the stack is currently locked by 1 lock(s).\n"
    "  file:///state/.pulumi/locks/x.json: created by root@{host} (pid {pid}) at 2026-11-30\n"
)


@dataclass
class World:
    """`wrong` is what S3 answers about accounts; `events` is what happened."""

    folder: Path
    wrong: dict[str, str] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    asked: list[Collection[str]] = field(default_factory=list)

    def fail(self, stack: str, verb: str, text: str = "error: no") -> None:
        (self.folder / f"{stack}.{verb}").write_text(f"{text}\n")

    def calls(self, verb: str) -> list[str]:
        lines = (self.folder / "calls").read_text().splitlines()
        return sorted(stack for stack, called in map(str.split, lines) if called == verb)

    def rollout(
        self,
        journal: Journal,
        *,
        plan: Plan = PLAN,
        began: Process | None = None,
        tell: Callable[[Event], None] = lambda _: None,
        **settings: Any,
    ) -> Rollout:
        def told(event: Event) -> None:
            self.events.append(event)
            tell(event)

        process = process_of(os.getpid())
        assert process is not None
        logs = journal.begin(Begun(ID, "digest", 0.0, process))
        return Rollout(
            plan,
            Engines(self.folder, logs, {}),
            journal,
            Settings(2, 0, **settings),
            told,
            self.verify,
            dict.fromkeys(LABELS, (began,)) if began else {},
        )

    def verify(self, accounts: Sequence[AccountPlan], written: Collection[str]) -> Verified:
        self.asked.append(written)
        here = {each.label for each in accounts}
        return Verified({label: why for label, why in self.wrong.items() if label in here}, at=5.0)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    fake = tmp_path / "bin" / "pulumi"
    fake.parent.mkdir()
    fake.write_text(
        f'#!/bin/sh\nexec {sys.executable} -SE {Path(__file__).with_name("fake_pulumi.py")} "$@"\n'
    )
    fake.chmod(0o755)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text("{name: lab, runtime: python}\n")
    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_PULUMI", str(folder))
    return World(folder)


@pytest.fixture
def journal(world: World) -> Journal:
    return Journal(world.folder)


def results(outcomes: Sequence[Outcome]) -> dict[str, Result]:
    return {each.account: each.result for each in outcomes}


def test_a_wave_is_previewed_as_a_whole_and_the_next_one_follows(
    world: World, journal: Journal
) -> None:
    outcomes = world.rollout(journal).run()
    assert results(outcomes) == dict.fromkeys(LABELS, Result.APPLIED)
    lines = (world.folder / "calls").read_text().splitlines()
    wave = [line for line in lines if line.split()[0] in ("first", "second")]
    assert [line.split()[1] for line in wave] == ["preview", "preview", "up", "up"]


def test_nothing_of_a_wave_is_written_where_one_of_its_previews_fails(
    world: World, journal: Journal
) -> None:
    world.fail("second", "preview", "error: gate[FL401]: objects are deleted sooner")
    outcomes = world.rollout(journal).run()
    assert results(outcomes) == {
        "canary": Result.APPLIED,
        "first": Result.NOT_STARTED,
        "second": Result.REFUSED,
    }
    assert world.calls("up") == ["canary"]
    (refused,) = [each for each in outcomes if each.result is Result.REFUSED]
    assert refused.reason == "error: gate[FL401]: objects are deleted sooner"


def test_the_others_of_the_wave_are_written_with_keep_going(world: World, journal: Journal) -> None:
    world.fail("first", "preview")
    outcomes = world.rollout(journal, keep_going=True).run()
    assert results(outcomes)["second"] is Result.APPLIED
    assert "last" not in results(outcomes), "the next wave is not begun"


def test_a_failed_write_ends_the_rollout_after_its_wave(world: World, journal: Journal) -> None:
    world.fail("canary", "up")
    assert results(world.rollout(journal).run()) == {"canary": Result.FAILED}


def test_what_s3_answers_otherwise_stops_the_next_wave(world: World, journal: Journal) -> None:
    world.wrong["first"] = "FL743: S3 tells another day"
    outcomes = world.rollout(journal).run()
    assert results(outcomes) == {
        "canary": Result.APPLIED,
        "first": Result.UNSURE,
        "second": Result.APPLIED,
    }
    record = journal.records()[-1]
    assert record.outcomes["first"].reason == "FL743: S3 tells another day"
    assert not record.is_finished


def test_an_account_with_nothing_to_do_is_read_and_not_deployed(
    world: World, journal: Journal
) -> None:
    plan = Plan((planned("first", 1, writes=False), planned("last", 1)), "digest")
    outcomes = world.rollout(journal, plan=plan).run()
    assert results(outcomes) == {"first": Result.UP_TO_DATE, "last": Result.APPLIED}
    assert world.calls("preview") == ["last"]
    assert world.asked == [{"last"}]


@pytest.mark.parametrize(
    ("settings", "result", "text"), [({"canary": True}, CANARY, "5.0"), ({"pause": 0.0}, "", None)]
)
def test_a_pause_is_in_the_record_and_the_next_wave_not_begun(
    world: World, journal: Journal, settings: dict[str, Any], result: str, text: str | None
) -> None:
    assert results(world.rollout(journal, **settings).run()) == {"canary": Result.APPLIED}
    paused = journal.records()[-1].paused
    assert paused is not None
    assert (paused.wave, paused.result) == (1, result)
    assert text in (None, paused.text)


def test_it_goes_on_behind_the_wave_of_a_pause(world: World, journal: Journal) -> None:
    """What is applied by then is not written again, and what is not is."""
    outcomes = world.rollout(journal, pause=60.0).run(after=1)
    assert set(results(outcomes)) == {"canary", "first", "second"}
    record = journal.records()[-1]
    assert record.paused is not None
    assert (record.paused.wave, record.pauses_over) == (2, 2)


def test_a_canary_that_was_judged_is_not_awaited_again(world: World, journal: Journal) -> None:
    world.fail("first", "up")
    world.rollout(journal, canary=True).run(after=1)
    assert journal.records()[-1].pauses_over == 1


def test_the_lock_of_an_engine_of_ours_that_is_dead_is_removed(
    world: World, journal: Journal
) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    process = Process(socket.gethostname(), dead.pid, 1.0)
    world.fail("canary", "up", LOCKED.format(host=process.host, pid=process.pid))
    outcomes = world.rollout(journal, began=process).run()
    assert results(outcomes)["canary"] is Result.APPLIED
    assert world.calls("cancel") == ["canary"]


@pytest.mark.parametrize("host", ["elsewhere", socket.gethostname()], ids=["elsewhere", "here"])
def test_the_lock_of_anybody_else_stays(world: World, journal: Journal, host: str) -> None:
    world.fail("canary", "up", LOCKED.format(host=host, pid=1))
    (outcome,) = world.rollout(journal).run()
    assert outcome.result is Result.FAILED
    assert f"process 1 on {host} has the stack `canary` locked" in outcome.reason
    assert world.calls("cancel") == []


def test_an_interrupt_begins_nothing_new(world: World, journal: Journal) -> None:
    (world.folder / "slow").write_text("0.3")
    rollout: Rollout

    def interrupt(event: Event) -> None:
        if event.what is Happened.WRITING:
            Thread(target=rollout.interrupt).start()

    rollout = world.rollout(journal, tell=interrupt)
    outcomes = rollout.run()
    assert results(outcomes) == {"canary": Result.APPLIED}
    assert world.calls("up") == ["canary"]
    assert world.asked == [], "it ends at once"
    assert result_of_all(PLAN, outcomes, interrupted=True) == (130, Result.INTERRUPTED)


def test_what_a_program_may_apply_is_bound_to_the_plan(world: World, journal: Journal) -> None:
    world.rollout(journal).run()
    told = (world.folder / "planned").read_text().split()
    assert set(told) == {each.digest for each in PLAN.accounts}
