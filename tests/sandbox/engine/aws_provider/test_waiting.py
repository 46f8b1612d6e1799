"""The official provider's wait, a thousand times faster."""

import threading
import time
from collections.abc import Iterator

import pytest

from sandbox.engine.aws_provider import waiting
from sandbox.engine.aws_provider.waiting import Stopped, TimedOut, Wait

FAST = Wait(0.001)


def test_without_the_variable_there_is_no_wait() -> None:
    assert not waiting.parse("").official


def test_the_variable_sets_the_scale() -> None:
    assert (waiting.parse("official").scale, waiting.parse("official:0.01").scale) == (1.0, 0.01)


def test_any_other_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="FIRNLINE_PROVIDER_WAIT is `official`"):
        waiting.parse("yes")


@pytest.mark.parametrize(
    ("text", "length"), [(None, 180.0), ("10m", 600.0), ("1h30m", 5400.0), ("1.5s", 1.5)]
)
def test_timeouts_are_go_durations(text: str | None, length: float) -> None:
    assert waiting.seconds(text) == length


def test_ten_equal_reads_in_a_row_are_required() -> None:
    answers: Iterator[bool | None] = iter([True] * 9 + [False] + [True] * 10)
    waiting.until_settled(FAST, 60_000, lambda: next(answers), threading.Event())  # a busy minute
    assert list(answers) == []


def test_it_takes_ten_seconds_and_nine_times_five() -> None:
    started = time.monotonic()
    waiting.until_settled(Wait(0.01), 6_000, lambda: True, threading.Event())
    assert time.monotonic() - started >= 0.55


def test_what_never_settles_times_out() -> None:
    with pytest.raises(TimedOut, match=r"last state: 'false', timeout: 180s"):
        waiting.until_settled(FAST, 180, lambda: False, threading.Event())


def test_what_is_never_found_is_said_to_be_missing() -> None:
    with pytest.raises(TimedOut, match="couldn't find resource"):
        waiting.until_settled(FAST, 60_000, lambda: None, threading.Event())


def test_a_cancelled_wait_ends_at_once() -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        waiting.until_settled(Wait(1), 180, lambda: True, stop)
