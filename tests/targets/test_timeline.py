"""A story in one row."""

from __future__ import annotations

from firnline.targets.legend import HIDDEN
from firnline.targets.timeline import Change, bar, horizon, legend_of

STORY = (Change(0, "STANDARD"), Change(30, "GLACIER_IR"), Change(60, HIDDEN), Change(67, None))


def test_a_column_shows_the_class_at_its_age() -> None:
    assert bar(STORY, days=100, columns=20) == "██████░░░░░░┄✖······"


def test_the_end_is_seen_however_few_the_columns() -> None:
    assert bar(STORY, days=1000, columns=10) == "✖·········"
    assert bar(STORY, days=67, columns=10).endswith("✖")


def test_a_story_without_an_end_fills_the_row() -> None:
    assert bar((Change(0, "DEEP_ARCHIVE"),), days=9, columns=5) == "-----"


def test_two_changes_on_one_day_leave_the_later() -> None:
    assert bar((Change(0, "STANDARD"), Change(0, "GLACIER")), days=9, columns=5) == "====="


def test_the_legend_has_the_signs_that_stand_there() -> None:
    assert legend_of([STORY]) == "█ STANDARD   ░ GLACIER_IR   ┄ hidden by a delete marker   ✖ gone"


def test_the_drawing_goes_a_little_beyond_the_last_change() -> None:
    assert horizon([STORY]) == 75
    assert horizon([]) == 7
