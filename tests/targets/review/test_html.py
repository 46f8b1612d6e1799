"""The page of a review: bars are as long as stories say, and everything has its colour."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.rules.diff.category import Category
from firnline.s3.compare.story import Step, Story
from firnline.s3.law.classes import CLASSES, DIRECTORY_CLASS
from firnline.s3.terms import Clock, Days
from firnline.targets.change_bars import days_of
from firnline.targets.charts.tone import Tone
from firnline.targets.html.page import base_style
from firnline.targets.review.html.findings import SIGNS
from firnline.targets.review.html.template import rendered, style
from firnline.targets.review.html.timeline import WRITTEN, bar, round_days, tone_of
from firnline.targets.review.html.verdict import ApprovalState

SCALE = 1000.0
TARGETS = [name for name in CLASSES if name != WRITTEN]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """As S3 has them: what moves does so before it ends, each move later than the one before."""
    ages = sorted(draw(st.sets(st.integers(0, 900), max_size=4)))
    ends = draw(st.booleans())
    *before, last = [*ages, 950] if ends else [*ages, 0]
    moves = tuple(Step(Days(age), draw(st.sampled_from(TARGETS))) for age in before)
    return Story(Clock.OBJECTS, moves, (Step(Days(last)),) if ends else ())


def percent(text: str) -> float:
    assert text.endswith("%")
    return float(text[:-1])


@given(stories())
def test_a_bar_begins_at_day_0_has_no_gap_and_ends_where_the_story_does(story: Story) -> None:
    drawn = bar(story, SCALE)
    starts = [percent(part.start) for part in drawn.parts]
    stops = [percent(part.start) + percent(part.width) for part in drawn.parts]
    assert starts[0] == 0
    assert all(start < stop for start, stop in zip(starts, stops, strict=True))
    assert all(
        stop == pytest.approx(start, abs=0.02)
        for stop, start in zip(stops, starts[1:], strict=False)
    )
    until = percent(drawn.ends) if drawn.ends else 100
    assert stops[-1] == pytest.approx(until, abs=0.02)
    assert (drawn.ends is not None) == bool(story.ends)


@given(stories(), st.integers(0, 999))
def test_on_each_day_it_shows_the_class_that_an_object_is_in(story: Story, day: int) -> None:
    shown = [
        part.name
        for part in bar(story, SCALE).parts
        if percent(part.start) <= day / 10 < percent(part.start) + percent(part.width)
    ]
    expected = WRITTEN
    for step in story.moves:
        expected = step.into if days_of(step.when) <= day else expected
    is_gone = any(days_of(end.when) <= day for end in story.ends)
    assert shown == ([] if is_gone else [expected])


@given(st.floats(1, 40_000))
def test_the_scale_has_a_few_round_days_and_none_at_its_end(scale: float) -> None:
    days = list(round_days(scale))
    assert days[0] == 0
    assert 1 <= len(days) <= 6
    assert days[-1] <= 0.95 * scale
    assert len({later - earlier for earlier, later in pairwise(days)}) <= 1


def test_every_class_every_category_and_every_standing_has_its_colour() -> None:
    css = base_style() + style()
    tones = {tone_of(name) for name in (*CLASSES, DIRECTORY_CLASS, "PERMAFROST")}
    assert Tone.OTHER.value in tones
    assert len(tones) == len({*CLASSES, DIRECTORY_CLASS}) + 1
    assert [each for each in tones if f".{each} {{ fill:" not in css] == []
    for category in Category:
        assert f".badge.{category.value}" in css
        assert f"article.{category.value}" in css
    plain = {ApprovalState.UNCHANGED}
    assert all(f".verdict.{each.value}" in css for each in ApprovalState if each not in plain)
    assert all(f".code.{each}" in css for each in SIGNS.values())


def test_a_value_is_one_line_of_text_whatever_it_is() -> None:
    shown = rendered("unknown.html", title="<b>", text='a\n\u202eb & "c" \'' + "x" * 1000)
    assert "&lt;b&gt;" in shown
    assert "a\\n\\u202eb &amp; &#34;c&#34; &#39;x" in shown
    assert "x" * 300 not in shown


def test_a_value_that_is_missing_is_a_fault() -> None:
    with pytest.raises(Exception, match="'text' is undefined"):
        rendered("unknown.html", title="x")
