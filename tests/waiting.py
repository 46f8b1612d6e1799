"""Waits for what another process does, and says what did not happen in time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")


def wait_for(
    answer: Callable[[], Answer], otherwise: str, *, seconds: float = 60, pause: float = 0.05
) -> Answer:
    """The first answer that is neither False, None nor empty."""
    deadline = time.monotonic() + seconds
    while not (found := answer()):
        assert time.monotonic() < deadline, otherwise
        time.sleep(pause)
    return found
