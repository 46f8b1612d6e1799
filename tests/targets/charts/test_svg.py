"""A chart is a part of a page with a strict policy, in the colours of the page."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from firnline.targets.charts.drawing import LETTER, WIDTH, Drawing, Says
from firnline.targets.charts.legend import Entry, draw_legend
from firnline.targets.charts.stored import StoredIn, prefixes_by_class
from firnline.targets.charts.style import style
from firnline.targets.charts.svg import to_svg
from firnline.targets.charts.timelines import RetentionBar, Stay, timelines
from firnline.targets.charts.tone import HATCHES, Tone
from firnline.targets.html.page import base_style
from tests.hostile.texts import TEXTS
from tests.targets.charts.drawn import Chart

DRAWN_AS_LINES = {Tone.BEFORE, Tone.AFTER}
A_POLICY_REFUSES = re.compile(r"<style|\sstyle=|<script|\son\w+=|href|<\?xml|<!DOCTYPE|data:")


def test_every_tone_has_its_colour() -> None:
    css = str(base_style()) + style()
    missing = [tone for tone in {*Tone} - DRAWN_AS_LINES if f".{tone.value} {{ fill:" not in css]
    assert missing == []


def test_tones_that_stand_beside_each_other_differ_without_their_colours() -> None:
    classes = [HATCHES[tone] for tone in Tone][:9]
    assert len({*classes}) == len(classes)
    fates = (Tone.DELETED_SOON, Tone.DELETED, Tone.MOVED, Tone.KEPT, Tone.UNKNOWN)
    assert len({HATCHES[tone] for tone in fates}) == len(fates)


@pytest.mark.parametrize("name", TEXTS)
def test_whatever_a_prefix_is_it_is_text_and_leaves_room_for_the_size(name: str) -> None:
    svg = prefixes_by_class("p", [StoredIn(TEXTS[name], {TEXTS[name]: 1, "STANDARD": 1})])
    assert Chart.of(svg).root.tag.endswith("svg")
    drawn = re.sub(r"<(title|desc|text)\b[^>]*>.*?</\1>", "", svg)
    assert A_POLICY_REFUSES.search(drawn.replace(' xmlns="http://www.w3.org/2000/svg"', "")) is None
    label = next(each for each in Chart.of(svg).labels if each)
    assert len(label) * LETTER <= WIDTH


def test_each_id_begins_with_the_name_of_the_chart() -> None:
    one = prefixes_by_class("one", [StoredIn("a/", {"GLACIER": 1, "STANDARD": 1})])
    assert re.findall(r' id="([^"]+)"', one) == ["one-title", "one-desc"]
    assert Chart.of(one).root.get("aria-labelledby") == "one-title one-desc"
    assert Chart.of(one).root.get("role") == "img"


def test_what_a_legend_has_no_room_for_is_in_its_next_line() -> None:
    drawing = Drawing(Says("l", "t", "d"), 100)
    draw_legend(drawing, [Entry("a" * 20, Tone.KEPT), Entry("b" * 20, Tone.MOVED)] * 2)
    chart = Chart.of(to_svg(drawing))
    places = [(each.get("x"), each.get("y")) for each in chart.texts]
    assert places == [("18", "11"), ("181.1", "11"), ("18", "27"), ("181.1", "27")]


def test_a_page_without_charts_and_all_commands_are_read_without_matplotlib() -> None:
    program = (
        "import sys, firnline.cli.diff, firnline.cli.report, firnline.cli.schedule;"
        " import firnline.targets.review.html.page; print('matplotlib' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "False"


def test_charts_are_small() -> None:
    classes = {"STANDARD": 10**12, "GLACIER": 10**11, "DEEP_ARCHIVE": 10**12}
    prefixes = [StoredIn(f"{at}/" + "long/" * 200, classes) for at in range(15)]
    assert len(prefixes_by_class("p", prefixes)) < 16_000
    assert len(prefixes_by_class("p", [StoredIn("models/", classes)] * 15)) < 10_000
    stays = (Stay("STANDARD", 0), Stay("GLACIER", 30))
    assert (
        len(timelines("t", [RetentionBar(f"models-{at}", stays, 90, 90) for at in range(20)]))
        < 12_000
    )
