"""What the requirements of a page in Chromium refuse: each is broken once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.browser import Browser
from tests.page_in_a_browser import (
    opened,
    printed_pages,
    require_a_page,
    require_both_schemes,
    require_in_order,
    require_readable,
    require_the_same_without_script,
)

__all__ = ["opened"]  # a fixture

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
GOOD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Good</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body { background: #fff; color: #222 }
@media screen and (prefers-color-scheme: dark) { body { background: #111; color: #ddd } }
svg text { fill: currentColor }</style></head><body>"""
WORDS = f"<p>$12.50</p>{'<p>word</p>' * 25}"


def address(folder: Path, body: str) -> str:
    page = folder / "page.html"
    page.write_text(f"{GOOD}{WORDS}{body}</body></html>", encoding="utf-8")
    return page.as_uri()


def test_a_good_page_is_accepted(opened: Browser, tmp_path: Path) -> None:
    drawn = '<svg width="200" height="40"><text y="12">one</text><text y="30">two</text></svg>'
    require_a_page(opened, address(tmp_path, drawn), ["$12.50"])


@pytest.mark.parametrize(
    ("body", "requires"),
    [
        ("<script>console.error('x')</script>", require_in_order),
        ("<img src='missing.png' alt=''>", require_in_order),
        ("<p style='width: 1000px'>wide</p>", require_in_order),
        ("<p id='a'>one</p><p id='a'>other</p>", require_in_order),
        ("<svg><text y='12'>one</text><text y='14'>other</text></svg>", require_in_order),
        ("<svg width='20'><text y='12'>longer than that</text></svg>", require_in_order),
        ("<p style='color: #888'>pale</p>", require_readable),
        ("<p style='opacity: .4'>pale</p>", require_readable),
        ("<p style='background: #333; color: #222'>dark</p>", require_readable),
        ("<style>@media print { p { color: #aaa } }</style>", require_readable),
        ("<style>body { background: #fff !important }</style>", require_both_schemes),
        ("<script>document.body.append('more')</script>", require_the_same_without_script),
        ("<style>@media print { body { background: #eee } }</style>", printed_pages),
        ("<p style='width: 1000px'>wide</p>", printed_pages),
    ],
)
def test_a_page_that_breaks_a_requirement_is_refused(
    body: str, requires: Callable[[Browser, str], object], opened: Browser, tmp_path: Path
) -> None:
    with pytest.raises(AssertionError):
        requires(opened, address(tmp_path, body))


def test_a_number_that_is_not_on_the_page_is_missed(opened: Browser, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        require_a_page(opened, address(tmp_path, ""), ["$12.51"])
