"""How long is waited before a forge is asked again."""

from __future__ import annotations

import pytest

from firnline.forge.request import LONGEST_PAUSE, pause


@pytest.mark.parametrize(
    ("attempt", "wait", "seconds"),
    [
        (1, None, 1),
        (2, None, 2),
        (3, None, 4),
        (1, 30.0, 30),
        (3, 0.0, 0),
        (1, 3600.0, LONGEST_PAUSE),
    ],
)
def test_it_is_as_long_as_the_forge_says_or_twice_as_long_each_time(
    attempt: int, wait: float | None, seconds: float
) -> None:
    assert pause("https://api.github.com/repos", attempt, wait) == seconds


def test_a_server_on_this_machine_is_asked_again_at_once() -> None:
    for host in ("127.0.0.1:80", "localhost", "[::1]:80"):
        assert pause(f"http://{host}/", 3, 60.0) < 0.1
    assert pause("https://127.0.0.1.example.com", 1, None) == 1
