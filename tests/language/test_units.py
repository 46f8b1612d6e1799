"""Durations: what they come to, and that no promise comes out short."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.language.units import NEVER, NotADuration, parse_after, parse_duration
from firnline.s3.terms import Days


def test_days_weeks_and_years() -> None:
    assert [parse_duration(text) for text in ("0d", "30d", "2w", "1y", "7y")] == [
        0,
        30,
        14,
        366,
        2557,
    ]
    assert parse_after("never") is NEVER
    assert str(Days(7)) == "7d"


@given(st.integers(1, 200), st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_years_are_never_shorter_than_on_the_calendar(years: int, start: date) -> None:
    if (start.month, start.day) == (2, 29):
        start = start.replace(day=28)
    elapsed = start.replace(year=start.year + years) - start
    assert parse_duration(f"{years}y") >= elapsed.days


@given(st.text(max_size=8))
def test_only_whole_days_weeks_and_years_are_durations(text: str) -> None:
    try:
        days = parse_duration(text)
    except NotADuration:
        return
    assert text[-1] in "dwy"
    assert text[:-1].isdecimal()
    assert days >= int(text[:-1])


def test_leading_zeros_are_refused() -> None:
    with pytest.raises(NotADuration):
        parse_duration("07d")
