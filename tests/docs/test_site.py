"""The docs site is whole: it builds without a broken link, lists everything, and opens anywhere."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from docs import site
from firnline.catalog import catalog
from firnline.cli import COMMANDS
from firnline.diagnostics.kinds import documented_on
from firnline.diagnostics.position import Source
from sandbox.paths import CHECKOUT
from tests.docs.browser import Browser, browser
from tests.docs.pages import text_of

INDEX = "docs/everything.md"
PHONE, DESKTOP = 390, 1280
_TARGET = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#\s]+)")


def test_the_index_of_everything_leads_to_each_page_but_those_of_an_index_of_its_own() -> None:
    linked = {
        os.path.normpath(Path(INDEX).parent / target) for target in _TARGET.findall(text_of(INDEX))
    }
    folders = ("docs/diagnostics/", "docs/decisions/", "docs/language/")
    missing = [
        page
        for page in site.sources()
        if page not in (INDEX, "docs/index.md", *linked)
        and not (page.startswith(folders) and not page.endswith("README.md"))
    ]
    assert missing == []


def test_the_index_of_everything_has_each_command() -> None:
    listed = re.findall(r"^\| `firnline ([\w-]+)` \|", text_of(INDEX), re.MULTILINE)
    assert listed == sorted(COMMANDS)


def test_each_code_is_at_the_address_that_diagnostics_end_with() -> None:
    staged = site.pages()
    for kind in catalog():
        found = kind.at(Source("p.yaml", "x").whole(), "")
        (documented,) = documented_on("https://docs.example.com", [found])
        page = (documented.documented_at or "").removeprefix("https://docs.example.com/")
        assert f"{page.removesuffix('.html')}.md" in staged


def test_each_page_is_in_the_navigation_but_those_of_the_table_of_codes() -> None:
    _, _, nav = site.CONFIG.read_text(encoding="utf-8").partition("\nnav:\n")
    listed = re.findall(r"[\w./-]+\.md\b", nav)
    assert len(listed) == len(set(listed))
    coded = {page for page in site.sources().values() if re.search(r"/FL\d+\.md$", page)}
    assert set(listed) == {*site.sources().values()} - coded


def test_each_kind_of_reader_has_a_page_that_the_first_page_leads_to() -> None:
    readers = {f"start/{page.name}" for page in (CHECKOUT / "docs/start").glob("*.md")}
    assert readers == {
        f"start/{name}.md" for name in ("bucket", "repository", "reviewer", "ml-team")
    }
    assert readers <= set(_TARGET.findall(text_of("docs/index.md")))


def test_links_lead_to_pages_of_the_site_and_what_is_not_on_it_is_no_link() -> None:
    staged = site.pages()
    places = {*staged, *site.assets()}
    for name, text in staged.items():
        for target in _TARGET.findall(re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)):
            if "://" not in target:
                assert os.path.normpath(Path(name).parent / target) in places, f"{name}: {target}"
    assert "](sandbox.md)" in staged["everything.md"]
    assert "the [proof's]" not in staged["diff.md"]


def test_a_link_in_a_block_of_code_stays_as_it_is() -> None:
    text = "```text\n[a](../nowhere)\n```\n[b](../nowhere) [c](diff.md#x)\n"
    assert site.linked("docs/simulate.md", text, site.sources()) == (
        "```text\n[a](../nowhere)\n```\nb [c](diff.md#x)\n"
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    site.build(folder)
    return folder / site.HTML


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    with _served(_Quiet, built) as address:
        yield address


@pytest.fixture(scope="module")
def with_little_to_find(built: Path) -> Iterator[str]:
    """Each page reads the index of the search, and to sort its megabyte takes half of the time:
    here it is that of one page. `test_the_search_finds_a_code` reads the whole.
    """
    with _served(_WithLittleToFind, built) as address:
        yield address


@contextmanager
def _served(handler: type[_Quiet], built: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(built))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_page_opens_without_an_error_and_is_no_wider_than_the_screen(
    built: Path, with_little_to_find: str, opened: Browser
) -> None:
    """It is opened on the narrow screen, and then has the wide one: opening takes the time."""
    pages = sorted(str(page.relative_to(built)) for page in built.rglob("*.html"))
    assert len(pages) > len(site.sources())
    for page in pages:
        found = opened.open(f"{with_little_to_find}/{page}", PHONE)
        assert found.errors == (), page
        assert found.needs <= found.width == PHONE, page
        elsewhere = [each for each in found.requested if not _is_local(each)]
        assert elsewhere == [], page
        needs, width = opened.resize(DESKTOP)
        assert needs <= width == DESKTOP, page


@pytest.mark.slow
def test_a_page_that_is_too_wide_for_one_of_the_screens_is_seen(
    opened: Browser, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><meta name=viewport content='width=device-width'><p>wide</p>"
        f"<style>@media (min-width: {DESKTOP}px) {{ p {{ width: 2000px }} }}</style>"
    )
    found = opened.open(page.as_uri(), PHONE)
    assert found.needs <= found.width == PHONE
    needs, width = opened.resize(DESKTOP)
    assert needs > width == DESKTOP


@pytest.mark.slow
def test_pictures_are_shown(address: str, opened: Browser) -> None:
    opened.open(f"{address}/index.html", DESKTOP)
    widths = opened.evaluate("[...document.images].map(each => each.naturalWidth)")
    assert widths
    assert all(widths)


@pytest.mark.slow
def test_the_search_finds_a_code(address: str, opened: Browser) -> None:
    opened.open(f"{address}/index.html", DESKTOP)
    opened.evaluate(
        """(() => {
            const query = document.querySelector('[data-md-component=search-query]');
            query.focus();
            query.value = 'FL301';
            query.dispatchEvent(new Event('keyup', {bubbles: true}));
            query.dispatchEvent(new Event('input', {bubbles: true}));
        })()"""
    )
    first = opened.wait_for("document.querySelector('.md-search-result__link')?.href")
    assert urlsplit(first).path == "/diagnostics/FL301.html"


def _is_local(address: str) -> bool:
    return urlsplit(address).hostname in ("127.0.0.1", None)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class _WithLittleToFind(_Quiet):
    def do_GET(self) -> None:
        if self.path != "/search/search_index.json":
            return super().do_GET()
        less = _less_of(Path(self.directory, "search/search_index.json"))
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(less)))
        self.end_headers()
        self.wfile.write(less)
        return None


@cache
def _less_of(index: Path) -> bytes:
    whole = json.loads(index.read_bytes())
    return json.dumps({**whole, "docs": whole["docs"][:3]}).encode()
