"""The chart of monthly cost shows the amounts and the bounds that it is given."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

from firnline.inventory.forecast.between import Between
from firnline.targets.charts.cost import MonthlyCost, cost_by_month
from tests.targets.charts.drawn import Chart


def month(at: int, before: int, after: int, more: int = 0) -> MonthlyCost:
    exactly = Between.exactly(Fraction(before))
    return MonthlyCost(
        f"2026-{at:02}", exactly, Between(Fraction(after), Fraction(after) + Fraction(more))
    )


def heights(path: str) -> list[float]:
    """How far down each point of a line is."""
    found: list[float] = []
    for command, numbers in re.findall(r"([MLHV])([-\d. ]+)", path):
        parts = [float(each) for each in numbers.split()]
        found.append(found[-1] if command == "H" else parts[-1])
    return found


def test_a_line_is_as_high_as_its_amounts() -> None:
    months = [month(1, 100, 100), month(2, 100, 50), month(3, 100, 0)]
    chart = Chart.of(cost_by_month(months))
    _, before = chart.paths("line before")
    _, after = chart.paths("line after")
    assert len(set(heights(before))) == 1
    top, middle, bottom = heights(after)
    assert top == heights(before)[0]
    assert middle == (top + bottom) / 2
    assert f"{bottom:g}" in chart.paths("axis")[0]  # where it costs nothing
    assert chart.paths("band after") == []


def test_where_bounds_are_known_both_are_drawn_and_the_area_between_them() -> None:
    chart = Chart.of(cost_by_month([month(1, 100, 50, more=20), month(2, 100, 40, more=20)]))
    assert len(chart.paths("band after")) == 1
    assert len(chart.paths("band before")) == 1  # in the legend
    _, lower, upper = chart.paths("line after")
    assert all(low > high for low, high in zip(heights(lower), heights(upper), strict=True))
    assert "area: between the bounds" in chart.words


def test_it_says_in_words_what_it_shows() -> None:
    chart = Chart.of(cost_by_month([month(1, 100, 50, more=20), month(12, 100, 40)]))
    assert chart.title == "Cost by month, before and after"
    assert chart.description == (
        "2026-01: $100.00 before, $50.00 to $70.00 after. 2026-12: $100.00 before, $40.00 after."
    )
    assert {"$0", "$100", "2026-01", "2026-12"} <= {*chart.words}


def test_the_legend_has_the_amounts_of_the_last_month() -> None:
    chart = Chart.of(cost_by_month([month(1, 100, 100), month(2, 90, 20, more=5)]))
    assert chart.words[:2] == ["before: $90.00 in 2026-02", "after: $20.00 to $25.00 in 2026-02"]


def test_no_tick_is_less_than_a_cent() -> None:
    little, nothing = Between.exactly(Fraction(1, 9999)), Between.exactly(Fraction())
    months = [MonthlyCost("2026-01", little, nothing)]
    ticks = [words for words in Chart.of(cost_by_month(months)).words if words[0] == "$"]
    assert ticks == ["$0", "$0.01", "$0.02", "$0.03", "$0.04", "$0.05"]


def test_one_month_and_no_cost_at_all_are_drawn_too() -> None:
    assert "2026-01" in Chart.of(cost_by_month([month(1, 0, 0)])).words
    assert "2026-01" in Chart.of(cost_by_month([month(1, 7, 3, more=1)])).words


def test_another_process_draws_the_same_bytes_whatever_the_settings_of_matplotlib_are(
    tmp_path: Path,
) -> None:
    settings = tmp_path / "matplotlibrc"
    settings.write_text("font.size: 40\nsvg.fonttype: path\ntext.usetex: True\nfigure.dpi: 50\n")
    code = (
        "from tests.targets.charts.test_cost import *;"
        "print(cost_by_month([month(1, 100, 50, 9), month(2, 90, 40)]), end='')"
    )
    there = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "1", "MATPLOTLIBRC": str(settings)},
        capture_output=True,
        check=True,
    )
    here = cost_by_month([month(1, 100, 50, 9), month(2, 90, 40)])
    assert there.stdout == here.encode()
