"""Does an output show a hostile text, and do nothing that it says?"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from firnline.cli.formats import FORMATS, Answer, FormatName
from firnline.diagnostics.kinds import Diagnostic, Waived
from firnline.diagnostics.repository import Repository
from firnline.diagnostics.visible import ODD
from tests.junit_rules import require_junit
from tests.sarif_rules import require_ingestible
from tests.targets.review.github_markdown import rendered
from tests.targets.review.html_page import read_html
from tests.workflow_commands import commands_in

HERE = Repository("/repo", "/repo", "policies/fleet.lock.yaml")
_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "header", "footer", "section"),
    *("article", "h1", "h2", "h3", "p", "ul", "li", "dl", "dt", "dd", "div", "span", "b", "i"),
    *(
        "br",
        "code",
        "pre",
        "mark",
        "del",
        "ins",
        "small",
        "details",
        "summary",
        "table",
        "thead",
        "tbody",
    ),
    *("tfoot", "tr", "th", "td"),
    *(f"svg:{each}" for each in ("svg", "rect", "line", "circle", "path", "text", "title")),
}
_ATTRIBUTES = {
    *("lang", "charset", "http-equiv", "content", "name", "class", "id", "scope", "tabindex"),
    *("role", "aria-label", "aria-labelledby", "aria-hidden"),
    *("width", "height", "viewBox", "x", "y", "x1", "x2", "y1", "y2", "r", "rx", "d"),
}
OUTPUTS = re.compile(
    r"deletes_bytes=\d*\nmonthly_delta=(-?\d+\.\d\d)?\ngates=[FL\d,]*\n"
    r"digest=(sha256:[0-9a-f]{64}|none)\n"
)
MOST = 2_000_000
"""Characters of a report that people read, however long the values are that it is about."""


def reports(found: Sequence[Diagnostic], waived: Sequence[Waived] = ()) -> dict[FormatName, str]:
    """By the name of each format of `check`."""
    return {
        each.name: each.render(found, colour=False, columns=100, repository=HERE, waived=waived)
        for each in FORMATS[Answer.DIAGNOSTICS]
    }


def require_inert(name: FormatName, output: str) -> None:
    assert not ODD.search(output), _around(output, ODD.search(output))
    match name:
        case FormatName.GITHUB:
            commands = commands_in(output)
            assert len(commands) == output.count("\n")
            assert {each.name for each in commands} <= {"error", "warning", "notice"}
            assert {key for each in commands for key in each.properties} <= {
                "title",
                "file",
                "line",
                "col",
            }
            return
        case FormatName.JUNIT:
            require_junit(output)
        case FormatName.SARIF:
            require_ingestible(json.loads(output))
            assert output.isascii()
        case FormatName.JSON:
            json.loads(output)
            assert output.isascii()
        case FormatName.MARKDOWN | FormatName.MARKDOWN_PLAIN:
            require_inert_markdown(output)
        case FormatName.HTML:
            require_inert_html(output)
        case FormatName.GITHUB_SUMMARY:
            require_inert_markdown(output, markers=0)
        case FormatName.GITHUB_OUTPUT:
            assert OUTPUTS.fullmatch(output)
        case _:
            pass
    assert commands_in(output) == []


def require_inert_markdown(output: str, *, markers: int = 1) -> None:
    """No link, no picture, no HTML, no line of ours and no mention that we did not write."""
    page = rendered(output)
    names = {re.sub(r"[ >].*", "", each, flags=re.DOTALL) for each in page.tags}
    assert not names & {"<a", "<img", "<script", "<h1", "<h2", "<hr", "<del", "<input", "<ol"}
    assert sum(each.startswith("<!--") for each in page.tags) == markers
    assert sum(each.startswith("<h3") for each in page.tags) == 1
    assert sum(each.startswith("<blockquote") for each in page.tags) <= 1
    assert sum(each == "</details>" for each in page.tags) == sum(
        each.startswith("<details") for each in page.tags
    )
    assert page.looked_up == []


def require_inert_html(output: str) -> None:
    """Nothing but text, tables and drawings: as a browser reads it, and without a fault."""
    page = read_html(output)
    assert page.comments == []
    assert page.tags <= _TAGS, page.tags - _TAGS
    attributes = {name for _, name, _ in page.attributes}
    assert attributes <= _ATTRIBUTES, attributes - _ATTRIBUTES
    assert len(page.all("style")) == len(page.all("h1")) == len(page.all("title")) == 1


def _around(output: str, match: Any) -> str:
    return "" if match is None else repr(output[max(0, match.start() - 60) : match.end() + 20])
