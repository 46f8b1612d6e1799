"""The page of a review in Chromium: at three widths, light and dark, and on paper."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main
from tests.cli.review_repository import FACTS, a_thousand_changes, in_repository
from tests.docs.browser import Browser, browser
from tests.hostile.texts import TEXTS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
WIDTHS = (390, 830, 1280)
SCHEMES = ("light", "dark")
ENOUGH = 4.5
"""WCAG 2.2, 1.4.3: the contrast of a text with what is behind it."""
# Each element with a text of its own, and its contrast with the nearest background behind it.
_CONTRASTS = """
(() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => {
    const [red, green, blue] = parts(colour).slice(0, 3).map(each => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      const alpha = parts(colour)[3];
      if (alpha === undefined || alpha === 1) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const found = [];
  const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (all.nextNode()) {
    const element = all.currentNode.parentElement;
    const text = all.currentNode.data.trim();
    if (!text || element.tagName === 'title') continue;
    const style = getComputedStyle(element);
    const [one, other] = [
      light(element.namespaceURI.endsWith('svg') ? style.fill : style.color),
      light(behind(element)),
    ];
    found.push([text, (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)]);
  }
  return found;
})()
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_repository(tmp_path, monkeypatch)


def written(*words: str) -> str:
    """The address of the page."""
    assert main(["diff", *words, "--out", "html:review.html", "--out", "json:review.json"]) == 5
    return Path("review.html").absolute().as_uri()


def in_scheme(opened: Browser, scheme: str, media: str = "") -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    opened.call("Emulation.setEmulatedMedia", media=media, features=features)


def require_in_order(opened: Browser, address: str) -> None:
    """No error, nothing loaded, and nothing that is wider than the screen, however wide that is."""
    for width in WIDTHS:
        found = opened.open(address, width)
        assert found.errors == ()
        assert found.requested == (address,)
        assert found.needs <= found.width == width
        assert opened.evaluate("document.compatMode") == "CSS1Compat"


def require_readable(opened: Browser, address: str) -> None:
    for scheme in SCHEMES:
        in_scheme(opened, scheme)
        opened.open(address, WIDTHS[-1])
        contrasts: list[tuple[str, float]] = opened.evaluate(_CONTRASTS)
        assert len(contrasts) > 20
        assert [each for each in contrasts if each[1] < ENOUGH] == [], scheme


def test_the_page_opens_without_an_error_and_fits(opened: Browser) -> None:
    require_in_order(opened, written(*FACTS, "--samples", "3"))
    require_in_order(opened, written())


def test_every_text_can_be_read_in_light_and_dark(opened: Browser) -> None:
    require_readable(opened, written(*FACTS, "--samples", "3"))
    require_readable(opened, written())


def test_both_schemes_differ(opened: Browser) -> None:
    address = written(*FACTS)
    backgrounds = []
    for scheme in SCHEMES:
        in_scheme(opened, scheme)
        opened.open(address, WIDTHS[-1])
        backgrounds.append(opened.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert backgrounds[0] == "rgb(255, 255, 255)"
    assert backgrounds[1] != backgrounds[0]


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
    opened.open(written(*FACTS), WIDTHS[0])
    text: str = opened.evaluate("document.body.innerText")
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
    address = written(*a_thousand_changes("p"))
    opened.open(address, WIDTHS[1])
    in_scheme(opened, "dark", "print")
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgb(255, 255, 255)",
        "rgba(0, 0, 0, 0)",
    )
    printed: Any = opened.call("Page.printToPDF", printBackground=True)
    in_scheme(opened, "light")
    assert b64decode(printed["data"]).count(b"/Type /Page\n") > 20
