"""What a page of ours has to be in Chromium: at three widths, light and dark, on paper, and without
script. `opened` is a fixture: import it.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Iterator
from typing import Any, Final

import pytest

from tests.docs.browser import Browser, browser

WIDTHS: Final = (390, 830, 1280)
PHONE, DESKTOP = WIDTHS[0], WIDTHS[-1]
PAPER: Final = 718
"""A4 at 96 dots for an inch, without margins of 1 cm."""
SCHEMES: Final = ("light", "dark")
ENOUGH: Final = 4.5
"""WCAG 2.2, 1.4.3: the contrast of a text with what is behind it."""
WHITE: Final = ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
# Each element with a text of its own that is shown, and its contrast with what is behind it, both
# as they are mixed where one can see through them.
_CONTRASTS: Final = """
(() => {
  const parts = colour => [...colour.match(/[\\d.]+/g).map(Number), 1].slice(0, 4);
  const over = (upper, lower) =>
    lower.map((each, at) => upper[3] * upper[at] + (1 - upper[3]) * each);
  const light = colour => {
    const [red, green, blue] = colour.map(each => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = element => {
    if (!element) return [255, 255, 255];
    const colour = parts(getComputedStyle(element).backgroundColor);
    return colour[3] === 1 ? colour.slice(0, 3) : over(colour, behind(element.parentElement));
  };
  const opacity = element =>
    element ? getComputedStyle(element).opacity * opacity(element.parentElement) : 1;
  const found = [];
  const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (all.nextNode()) {
    const element = all.currentNode.parentElement;
    const text = all.currentNode.data.trim();
    if (!text || ['title', 'desc', 'SCRIPT', 'STYLE'].includes(element.tagName)) continue;
    const style = getComputedStyle(element), isDrawn = element.namespaceURI.endsWith('svg');
    const colour = parts(isDrawn ? style.fill : style.color), ground = behind(element);
    colour[3] *= opacity(element);
    const [one, other] = [light(over(colour, ground)), light(ground)];
    found.push([text, (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)]);
  }
  return found;
})()
"""
# Words of a drawing that cover others, or leave it.
_BADLY_PLACED: Final = """
[...document.querySelectorAll('svg')].flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  const shown = [...svg.querySelectorAll('text')]
    .map(each => [each.firstChild.data, each.getBoundingClientRect()])
    .filter(([, box]) => box.width);
  const outside = shown
    .filter(([, box]) => box.left < frame.left - 1 || box.right > frame.right + 1);
  const covers = (one, other) =>
    one.left < other.right && other.left < one.right &&
    one.top + 2 < other.bottom && other.top + 2 < one.bottom;
  const covered = shown.flatMap(([words, box], at) => shown.slice(at + 1)
    .filter(([, other]) => covers(box, other)).map(([other]) => `${words} | ${other}`));
  return [...outside.map(([words]) => words), ...covered];
})
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("browser")) as found:
        yield found


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
        assert opened.evaluate(_BADLY_PLACED) == [], width
        ids: list[str] = opened.evaluate(
            "[...document.querySelectorAll('[id]')].map(each => each.id)"
        )
        assert len(ids) == len({*ids})


def require_readable(opened: Browser, address: str) -> None:
    """Each text, in light, in dark, and on paper whatever the scheme is."""
    for scheme, media in (*((scheme, "") for scheme in SCHEMES), ("dark", "print")):
        in_scheme(opened, scheme, media)
        opened.open(address, WIDTHS[-1])
        contrasts: list[tuple[str, float]] = opened.evaluate(_CONTRASTS)
        assert len(contrasts) > 20
        assert [each for each in contrasts if each[1] < ENOUGH] == [], f"{scheme} {media}"
    in_scheme(opened, "light")


def require_both_schemes(opened: Browser, address: str) -> None:
    backgrounds = []
    for scheme in SCHEMES:
        in_scheme(opened, scheme)
        opened.open(address, WIDTHS[-1])
        backgrounds.append(opened.evaluate("getComputedStyle(document.body).backgroundColor"))
    in_scheme(opened, "light")
    assert backgrounds[0] == "rgb(255, 255, 255)"
    assert backgrounds[1] != backgrounds[0]


def printed_pages(opened: Browser, address: str) -> int:
    """How many sheets it takes: black on white, with nothing that leaves the paper."""
    opened.open(address, PAPER)
    in_scheme(opened, "dark", "print")
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") in WHITE
    assert opened.evaluate("document.documentElement.scrollWidth") <= PAPER
    assert opened.evaluate(_BADLY_PLACED) == []
    printed: Any = opened.call("Page.printToPDF", printBackground=True)
    in_scheme(opened, "light")
    return b64decode(printed["data"]).count(b"/Type /Page\n")


def require_the_same_without_script(opened: Browser, address: str) -> None:
    with_script = text_in(opened, address)
    opened.call("Emulation.setScriptExecutionDisabled", value=True)
    without = text_in(opened, address)
    opened.call("Emulation.setScriptExecutionDisabled", value=False)
    assert without == with_script


def text_in(opened: Browser, address: str, width: int = PHONE) -> str:
    """What is read there."""
    opened.open(address, width)
    text: str = opened.evaluate("document.body.innerText")
    return text


def require_a_page(opened: Browser, address: str, says: Iterable[str] = ()) -> None:
    """All of it. `says` are numbers of the JSON as people read them."""
    require_in_order(opened, address)
    require_readable(opened, address)
    require_both_schemes(opened, address)
    require_the_same_without_script(opened, address)
    assert printed_pages(opened, address)
    text = text_in(opened, address)
    assert [each for each in says if each not in text] == []
