"""The record of a rollout: what is whole in it counts, whenever the process died."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from firnline.rollout.events import Event, Happened
from firnline.rollout.journal import FOLDER, Begun, Journal, UnusableRecord
from firnline.rollout.outcome import Outcome, Result
from firnline.rollout.process import Process, process_of

ID = "20261130T100000Z-0001"
ENGINE = Process("elsewhere", 7, 1.0)
PAUSED = Event(3.0, Happened.PAUSED, 1, text="9.0")


def begun(id: str = ID) -> Begun:
    process = process_of(os.getpid())
    assert process is not None
    return Begun(id, "digest", 1.0, process, accounts=("a*",), waves=(1,), pause=60.0)


def written(project: Path) -> bytes:
    with Journal(project) as journal:
        journal.begin(begun())
        journal.engine("prod", ENGINE)
        journal.outcome(Outcome("prod", "prod", 1, Result.FAILED, reason="no"))
        journal.outcome(Outcome("prod", "prod", 1, Result.APPLIED, written=2))
        journal.event(PAUSED)
    return (project / FOLDER / ID / "journal.jsonl").read_bytes()


def test_a_record_says_what_was_begun_and_how_it_ended(tmp_path: Path) -> None:
    written(tmp_path)
    (record,) = Journal(tmp_path).records()
    assert record.begun == begun()
    assert record.engines == {"prod": (ENGINE,)}
    assert record.outcomes["prod"].result is Result.APPLIED
    assert record.paused == PAUSED
    assert not record.is_finished


def test_a_record_that_is_cut_off_anywhere_can_be_read_and_gone_on_with(tmp_path: Path) -> None:
    whole = written(tmp_path)
    path = tmp_path / FOLDER / ID / "journal.jsonl"
    ends = [place for place, byte in enumerate(whole) if byte == ord("\n")]
    for length in {*range(0, len(whole), 97), *ends, *(each + 1 for each in ends)}:
        path.write_bytes(whole[:length])
        with Journal(tmp_path) as journal:
            records = journal.records()
            if length <= ends[0]:
                assert records == [], length
                continue
            journal.go_on(records[0])
            journal.event(Event(5.0, Happened.ENDED, result=Result.APPLIED.value))
            (record,) = journal.records()
            assert record.begun == begun()
            assert record.is_finished


def test_one_process_at_a_time_has_the_record(tmp_path: Path) -> None:
    with Journal(tmp_path), pytest.raises(UnusableRecord, match=f"process {os.getpid()}, since"):
        Journal(tmp_path)
    Journal(tmp_path)


def test_git_does_not_see_the_record(tmp_path: Path) -> None:
    written(tmp_path)
    assert (tmp_path / ".firnline/.gitignore").read_text() == "*\n"
