"""A record that no line fits into any more stays readable."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from firnline.rollout.events import Event, Happened
from firnline.rollout.journal import Begun, Journal, UnusableRecord
from firnline.rollout.process import process_of


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file grows beyond it: a write fails in its middle, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_line_that_does_not_fit_leaves_nothing_of_it_behind(tmp_path: Path) -> None:
    this = process_of(os.getpid())
    assert this is not None
    with Journal(tmp_path) as journal:
        lines = journal.begin(Begun("a", "digest", 0.0, this)).parent / "journal.jsonl"
        before = lines.read_bytes()
        with (
            room_for(len(before) + 20),
            pytest.raises(UnusableRecord, match=r"journal\.jsonl: File too large: nothing new"),
        ):
            journal.event(Event(1.0, Happened.WAVE_BEGAN, 1))
        assert lines.read_bytes() == before
        journal.event(Event(2.0, Happened.WAVE_BEGAN, 2))
        (record,) = journal.records()
    assert record.begun.id == "a"
    assert len(lines.read_bytes().splitlines()) == 2
