"""Bars are as long as the bytes that they stand for, and say which they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.s3.terms import Bytes
from firnline.targets.charts.drawing import WIDTH
from firnline.targets.charts.stored import (
    FateOf,
    FateOfBytes,
    ForReason,
    StoredIn,
    ages_by_class,
    orphans_by_reason,
    prefixes_by_class,
    prefixes_by_fate,
)
from tests.targets.charts.drawn import Chart

GIB = 2**30


def lengths(chart: Chart) -> dict[str, float]:
    """By tooltip, without the legend, whose parts have none."""
    return {tooltip: length for tooltip, (_, length) in spans(chart).items()}


def spans(chart: Chart) -> dict[str, tuple[float, float]]:
    found = {}
    for tooltip, path in chart.tooltips.items():
        start, end = re.match(r"M([\d.]+) [\d.]+H([\d.]+)V", path).groups()  # type: ignore[union-attr]
        found[tooltip] = (float(start), float(end) - float(start))
    return found


def test_the_largest_prefix_is_as_long_as_the_chart_and_the_others_in_proportion() -> None:
    chart = Chart.of(
        prefixes_by_class(
            "prefixes",
            [
                StoredIn("a/", {"GLACIER": 30 * GIB, "STANDARD": 10 * GIB}),
                StoredIn("b/", {"STANDARD_IA": 20 * GIB, "PERMAFROST": 0}),
            ],
        )
    )
    assert lengths(chart) == {
        "STANDARD 10GiB": WIDTH / 4,
        "GLACIER 30GiB": WIDTH * 3 / 4,
        "STANDARD_IA 20GiB": WIDTH / 2,
    }
    assert chart.words == ["STANDARD", "STANDARD_IA", "GLACIER", "a/", "40GiB", "b/", "20GiB"]
    assert chart.description == "a/: STANDARD 10GiB, GLACIER 30GiB. b/: STANDARD_IA 20GiB."


def test_a_bar_of_fates_is_all_of_its_prefix_however_much_that_is() -> None:
    chart = Chart.of(
        prefixes_by_fate(
            "fates",
            [
                FateOf("a/", {FateOfBytes.KEPT: 3 * GIB, FateOfBytes.DELETED_SOON: 1 * GIB}),
                FateOf("b/", {FateOfBytes.MOVED: 2}),
            ],
        )
    )
    assert lengths(chart) == {
        "deleted next month 1GiB": WIDTH / 4,
        "kept as it is 3GiB": WIDTH * 3 / 4,
        "moved to another class 2B": WIDTH,
    }


def test_orphans_have_their_reason_and_what_they_are_worth() -> None:
    chart = Chart.of(
        orphans_by_reason(
            "orphans", [ForReason("run deleted", 4, "4B · 2 objects"), ForReason("no run", 1)]
        )
    )
    assert chart.words == ["run deleted", "4B · 2 objects", "no run", "1B"]  # and no legend


def test_a_long_reason_takes_a_second_line_and_moves_what_is_below_it() -> None:
    reason = "no run or model version of a registry refers to it any more"
    short = ForReason("no run", 9, "830GiB · 1,204 objects")
    one = Chart.of(orphans_by_reason("orphans", [short, short]))
    two = Chart.of(orphans_by_reason("orphans", [ForReason(reason, 9, short.value), short]))
    assert [each for each in two.words if each in reason] == [
        "no run or model version of a",
        "registry refers to it any more",
        "no run",
    ]
    assert two.height == one.height + 13
    assert two.texts[-1].get("y") == f"{float(one.texts[-1].get('y') or 0) + 13:g}"


def test_classes_that_nobody_knows_share_their_look_and_both_are_named() -> None:
    stored = [StoredIn("1 year", {"PERMAFROST": 1, "GLACIER": 1, "TUNDRA": 1})]
    assert "PERMAFROST, TUNDRA" in Chart.of(ages_by_class("ages", stored)).words


def test_a_class_that_nobody_knows_is_drawn_last_by_its_own_name() -> None:
    chart = Chart.of(ages_by_class("ages", [StoredIn("1 year", {"PERMAFROST": 1, "GLACIER": 1})]))
    assert [*lengths(chart)] == ["GLACIER 1B", "PERMAFROST 1B"]
    assert "PERMAFROST" in chart.words


@pytest.mark.parametrize("draw", [prefixes_by_class, ages_by_class])
def test_nothing_at_all_is_drawn_too(draw: object) -> None:
    assert callable(draw)
    assert Chart.of(draw("none", [])).description == "Nothing is stored."
    assert Chart.of(draw("none", [StoredIn("a/", {})])).description == "a/: nothing."


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=9))
def test_no_part_is_lost_or_leaves_the_chart(sizes: list[int]) -> None:
    names = [f"CLASS_{at}" for at in range(len(sizes))]
    chart = Chart.of(prefixes_by_class("p", [StoredIn("a/", dict(zip(names, sizes, strict=True)))]))
    drawn = {f"{n} {Bytes(size).rounded}" for n, size in zip(names, sizes, strict=True) if size}
    assert {*spans(chart)} == drawn
    for start, length in spans(chart).values():
        assert length >= 1.4
        assert start >= 0
        assert start + length <= WIDTH + 0.1
