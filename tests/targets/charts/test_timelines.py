"""A retention is a bar from the day of writing to the day when its bytes are gone."""

from __future__ import annotations

import pytest

from firnline.targets.charts.drawing import WIDTH
from firnline.targets.charts.timelines import RetentionBar, Stay, timelines
from tests.targets.charts.drawn import Chart
from tests.targets.charts.test_stored import spans

WARM = (Stay("STANDARD", 0),)


def test_all_bars_have_one_scale() -> None:
    stays = (*WARM, Stay("STANDARD_IA", 30), Stay("GLACIER", 90))
    chart = Chart.of(
        timelines("t", [RetentionBar("a", stays, 300, 330), RetentionBar("b", WARM, 150, 150)])
    )
    found = spans(chart)
    a_day = WIDTH / (330 * 1.12)
    assert found == {
        "STANDARD from day 0 to 30": pytest.approx((0, 30 * a_day), abs=0.1),
        "STANDARD_IA from day 30 to 90": pytest.approx((30 * a_day, 60 * a_day), abs=0.1),
        "GLACIER from day 90 to 300": pytest.approx((90 * a_day, 210 * a_day), abs=0.1),
        "unreadable, bytes stay from day 300 to 330": pytest.approx(
            (300 * a_day, 30 * a_day), abs=0.1
        ),
        "STANDARD from day 0 to 150": pytest.approx((0, 150 * a_day), abs=0.1),
    }
    _, ends = chart.paths("bytes-gone")  # the first is in the legend
    assert ends.startswith(f"M{330 * a_day:.1f} ")
    assert ends.count("M") == 2
    assert {"deleted 300d · gone 330d", "gone 150d"} <= {*chart.words}


def test_what_is_never_deleted_goes_on_to_the_edge() -> None:
    chart = Chart.of(timelines("t", [RetentionBar("a", WARM), RetentionBar("b", WARM, 10, 10)]))
    assert spans(chart)["STANDARD from day 0 on"] == (0, WIDTH)
    assert "never deleted" in chart.words


def test_bytes_that_stay_after_their_objects_are_said_to() -> None:
    chart = Chart.of(timelines("t", [RetentionBar("a", WARM, 10)]))
    assert "unreadable, bytes stay from day 10 on" in spans(chart)
    assert "deleted 10d · bytes stay" in chart.words
    assert chart.description == "a: STANDARD from day 0; deleted 10d · bytes stay."
    assert chart.paths("bytes-gone") == []


def test_a_stay_that_would_begin_when_the_object_is_gone_is_not_drawn() -> None:
    stays = (*WARM, Stay("GLACIER", 30))
    assert {*spans(Chart.of(timelines("t", [RetentionBar("a", stays, 20, 20)])))} == {
        "STANDARD from day 0 to 20"
    }


@pytest.mark.parametrize("last", [1, 7, 100, 3650])
def test_the_days_under_the_scale_do_not_touch_each_other(last: int) -> None:
    chart = Chart.of(timelines("t", [RetentionBar("a", WARM, last, last)]))
    days = [words for words in chart.words if words.endswith("d") and words[0].isdigit()]
    assert days[0] == "0d"
    assert 2 <= len(days) <= 8
