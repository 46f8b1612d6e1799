"""All charts on one page, in Chromium: none leaves its place, none of their words cover others, and
each can be read, whatever the prefixes are.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from markupsafe import Markup

from firnline.inventory.forecast.between import Between
from firnline.targets.charts.cost import MonthlyCost, cost_by_month
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
from firnline.targets.charts.style import style
from firnline.targets.charts.timelines import RetentionBar, Stay, timelines
from firnline.targets.charts.tone import CLASSES
from firnline.targets.html.page import Heading, whole_page
from tests.docs.browser import Browser
from tests.hostile.texts import TEXTS
from tests.page_in_a_browser import PHONE, opened, require_a_page

__all__ = ["opened"]  # a fixture

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
LABELS = ("models/", "W" * 90, "データ/学習/" * 9, *(text[:500] for text in TEXTS.values()))


def charts() -> list[str]:
    months = [
        MonthlyCost(
            f"2026-{at:02}",
            Between(Fraction(1_000_000 * at), Fraction(1_500_000 * at)),
            Between.exactly(Fraction(900_000)),
        )
        for at in range(1, 13)
    ]
    by_class = {name: 2**40 * (at + 1) for at, name in enumerate(CLASSES)}
    fates = dict.fromkeys(FateOfBytes, 2**30)
    stays = (Stay("STANDARD", 0), Stay("STANDARD_IA", 30), Stay("GLACIER", 1000))
    return [
        cost_by_month(months),
        cost_by_month(months[:1], "one-month"),
        prefixes_by_class("prefixes", [StoredIn(label, by_class) for label in LABELS]),
        ages_by_class("ages", [StoredIn(label, by_class) for label in LABELS]),
        prefixes_by_fate("fates", [FateOf(label, fates) for label in LABELS]),
        orphans_by_reason(
            "orphans", [ForReason(label, 9, "830GiB · 1,204 objects") for label in LABELS]
        ),
        timelines("timelines", [RetentionBar(label, stays, 3650, 3680) for label in LABELS]),
        timelines("unbounded", [RetentionBar("models/", stays)]),
    ]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    sections = [Markup(f"<section>{chart}</section>") for chart in charts()]
    page = tmp_path_factory.mktemp("charts") / "charts.html"
    page.write_text(
        whole_page(Heading("Charts", "all"), sections, Markup("<p>end</p>"), Markup(style())),
        encoding="utf-8",
    )
    return page.as_uri()


def test_all_charts_fit_can_be_read_and_loaded_nothing(opened: Browser, address: str) -> None:
    require_a_page(opened, address)


def test_letters_on_a_phone_are_no_smaller_than_ten_pixels(opened: Browser, address: str) -> None:
    opened.open(address, PHONE)
    sizes: list[float] = opened.evaluate(
        "[...document.querySelectorAll('svg.chart')].map(each =>"
        " 11 * each.getBoundingClientRect().width / each.viewBox.baseVal.width)"
    )
    assert len(sizes) == 8
    assert min(sizes) >= 10


def test_what_has_a_colour_has_one_of_the_page(opened: Browser, address: str) -> None:
    opened.open(address, PHONE)
    black = opened.evaluate(
        "[...document.querySelectorAll('svg.chart path, svg.chart rect')].filter(each =>"
        " getComputedStyle(each).fill === 'rgb(0, 0, 0)').map(each => each.outerHTML)"
    )
    assert black == []
