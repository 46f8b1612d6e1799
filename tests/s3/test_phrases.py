"""Each thing that lifecycle does is said in one way."""

from __future__ import annotations

from datetime import date

import pytest

from firnline.s3.phrases import (
    after_in_words,
    from_size,
    newest_excepted,
    singular,
    to_size,
    when_in_words,
)
from firnline.s3.terms import Clock, Days, When


@pytest.mark.parametrize("clock", Clock)
def test_many_are_called_as_one_is(clock: Clock) -> None:
    assert f"{singular(clock)}s" == clock.value


@pytest.mark.parametrize(
    ("when", "alone", "after"),
    [
        (Days(30), "30d", "after 30d"),
        (Days(0), "0d", "after 0d"),
        (date(2030, 1, 31), "from 2030-01-31 on", "from 2030-01-31 on"),
    ],
)
def test_an_age_and_a_date_are_told_apart(when: When, alone: str, after: str) -> None:
    assert (when_in_words(when), after_in_words(when)) == (alone, after)


@pytest.mark.parametrize(
    ("least", "words"),
    [(131_072, "128KiB or larger"), (131_073, "over 128KiB"), (6, "over 5 bytes")],
)
def test_a_least_size_is_said_in_the_roundest_way(least: int, words: str) -> None:
    assert from_size(least) == words


@pytest.mark.parametrize(
    ("most", "words"),
    [(2**20, "up to 1MiB"), (2**20 - 1, "under 1MiB"), (5, "under 6 bytes")],
)
def test_a_largest_size_is_said_in_the_roundest_way(most: int, words: str) -> None:
    assert to_size(most) == words


@pytest.mark.parametrize(("count", "words"), [(3, " except the newest 3"), (0, ""), (None, "")])
def test_only_versions_that_stay_are_excepted(count: int | None, words: str) -> None:
    assert newest_excepted(count) == words
