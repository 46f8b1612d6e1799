"""The page of a review in Chromium: at three widths, light and dark, and on paper."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from firnline.cli import main
from tests.cli.review_repository import FACTS, a_thousand_changes, in_repository
from tests.docs.browser import Browser
from tests.hostile.texts import TEXTS
from tests.page_in_a_browser import (
    WIDTHS,
    opened,
    printed_pages,
    require_both_schemes,
    require_in_order,
    require_readable,
    require_the_same_without_script,
    text_in,
)

__all__ = ["opened"]  # a fixture

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_repository(tmp_path, monkeypatch)


def written(*words: str) -> str:
    """The address of the page."""
    assert main(["diff", *words, "--out", "html:review.html", "--out", "json:review.json"]) == 5
    return Path("review.html").absolute().as_uri()


def test_the_page_opens_without_an_error_and_fits(opened: Browser) -> None:
    require_in_order(opened, written(*FACTS, "--samples", "3"))
    require_in_order(opened, written())


def test_every_text_can_be_read_in_light_and_dark(opened: Browser) -> None:
    require_readable(opened, written(*FACTS, "--samples", "3"))
    require_readable(opened, written())


def test_both_schemes_differ(opened: Browser) -> None:
    require_both_schemes(opened, written(*FACTS))


def test_it_says_the_same_without_script(opened: Browser) -> None:
    require_the_same_without_script(opened, written(*FACTS))


def test_what_is_drawn_is_as_long_as_the_days_of_the_json(opened: Browser) -> None:
    opened.open(written(*FACTS), WIDTHS[-1])
    (item,) = json.loads(Path("review.json").read_text())["items"]
    drawn: list[list[float]] = opened.evaluate(
        "[...document.querySelectorAll('td.bar > svg')].map(bar =>"
        " [...bar.querySelectorAll('rect')].map(each => each.getBoundingClientRect().width))"
    )
    days = [
        [story["moves"][0]["days"], story["ends"][0]["days"] - story["moves"][0]["days"]]
        for story in (item["old"], item["new"])
    ]
    a_day = drawn[0][0] / days[0][0]
    assert a_day > 1
    for bar, parts in zip(drawn, days, strict=True):
        assert bar == pytest.approx([a_day * each for each in parts], rel=0.02)


def test_what_is_read_has_the_numbers_of_the_json(opened: Browser) -> None:
    text = text_in(opened, written(*FACTS))
    found = json.loads(Path("review.json").read_text())
    deleted = found["facts"]["radius"]["deletes"]
    assert f"{deleted['objects']} objects on the first run" in text
    assert f"{deleted['bytes'] // 2**30}GiB" in text
    for key in ("before_usd", "after_usd", "saved_usd", "saved_usd_in_all"):
        assert f"${found['facts']['cost'][key]:.2f}" in text


def test_a_thousand_changes_fit_and_what_is_folded_opens(opened: Browser) -> None:
    address = written(*a_thousand_changes("a/long/prefix-without-a-place-to-break" * 3))
    require_in_order(opened, address)
    opened.evaluate("document.querySelectorAll('summary').forEach(each => each.click())")
    tall, wide = opened.evaluate(
        "[document.querySelector('details table').offsetHeight,"
        " document.documentElement.scrollWidth]"
    )
    assert tall > 5000
    assert wide <= WIDTHS[-1]


@pytest.mark.parametrize("name", ["long without spaces", "HTML", "turns around", "other letters"])
def test_a_hostile_name_is_shown_and_breaks_nothing(opened: Browser, name: str) -> None:
    address = written(*a_thousand_changes(TEXTS[name][:500]))
    require_in_order(opened, address)
    require_readable(opened, address)
    assert opened.evaluate("document.querySelectorAll('img, script, a').length") == 0


def test_paper_shows_what_is_folded_too(opened: Browser) -> None:
    assert printed_pages(opened, written(*a_thousand_changes("p"))) > 20
