"""The report in Chromium: at three widths, light and dark, on paper; what it draws and says is what
its JSON says.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from firnline.inventory.money import dollars
from firnline.s3.law.classes import CLASSES
from firnline.s3.terms import Bytes
from tests.cli.reference_files import needed, write_references
from tests.cli.test_report import AUDIT, GIB, STORED, report, write
from tests.cli.test_report import project as _project
from tests.docs.browser import Browser
from tests.page_in_a_browser import (
    DESKTOP,
    PHONE,
    opened,
    printed_pages,
    require_a_page,
    require_in_order,
    text_in,
)
from tests.targets.charts.test_cost import heights

project = _project
__all__ = ["opened", "project"]  # fixtures

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.usefixtures("project")]
_BARS = """
name => [...document.querySelectorAll(`svg[aria-labelledby^="${name}-title"] .part > title`)].map(
  each => [each.textContent, each.parentElement.getBBox().width])
"""


def written(*words: str) -> str:
    """The address of the page."""
    report("--out", "html:report.html", "--out", "json:report.json", *words)
    return Path("report.html").absolute().as_uri()


def model() -> Any:
    return json.loads(Path("report.json").read_text())


def bars(opened: Browser, name: str) -> dict[str, float]:
    """The widths of the parts of a chart, by their tooltips."""
    found: list[tuple[str, float]] = opened.evaluate(f"({_BARS})('{name}')")
    return dict(found)


def test_the_page_is_in_order_and_has_the_numbers_of_the_json(opened: Browser) -> None:
    Path("audit.json").write_text(json.dumps(AUDIT))
    write_references(Path("references.jsonl"), [needed("logs/run-1/", "churn v3", bucket="lake")])
    registries = ("--references", "references.jsonl", "--audit", "audit.json")
    for versioning, more in (("off", ()), ("enabled", registries)):
        write(versioning)
        address = written(*more)
        found = model()
        amounts = [
            dollars(Fraction(str(month[name])))
            for month in found["months"]
            for name in ("before_usd", "after_usd", "saved_usd")
        ]
        sizes = [Bytes(each["bytes"]).rounded for each in found["prefixes"]]
        owners = [owner for ask in found["verdict"]["contacts"] for owner in ask["owners"]]
        assert len({*amounts, *sizes, *owners}) > 10
        require_a_page(opened, address, [*amounts, *sizes, *owners])
    assert "the run was deleted" in text_in(opened, address)
    assert bars(opened, "orphans") == {"10GiB": pytest.approx(360, abs=0.2)}


def test_bars_are_as_long_as_the_bytes_of_the_json(opened: Browser) -> None:
    opened.open(written(), DESKTOP)
    stored = {key.split("/")[0]: 0 for key, _, _ in STORED}
    for key, _, size in STORED:
        stored[key.split("/")[0]] += size * GIB
    assert {each["prefix"].rstrip("/"): each["bytes"] for each in model()["prefixes"]} == stored
    largest = max(stored.values())
    assert bars(opened, "prefix-bytes") == {
        f"STANDARD {Bytes(size).rounded}": pytest.approx(360 * size / largest, abs=0.2)
        for size in stored.values()
    }
    fates = bars(opened, "fates")
    assert fates == {
        "deleted next month 3GiB": pytest.approx(360, abs=0.2),
        "moved to another class 4GiB": pytest.approx(360, abs=0.2),
        "deleted later 8GiB": pytest.approx(360, abs=0.2),
        "kept as it is 16GiB": pytest.approx(360, abs=0.2),
    }


def test_the_line_of_cost_is_as_high_as_the_months_of_the_json(opened: Browser) -> None:
    opened.open(written("--months", "6"), DESKTOP)
    drawn: str = opened.evaluate(
        "[...document.querySelectorAll('svg.chart .line.after')].at(-1).getAttribute('d')"
    )
    down = heights(drawn)
    costs = [month["after_usd"] for month in model()["months"]]
    a_dollar = (down[-1] - down[0]) / (costs[-1] - costs[0])
    assert a_dollar < 0
    assert down == pytest.approx([down[0] + a_dollar * (each - costs[0]) for each in costs], abs=1)


def test_on_a_telephone_no_date_of_a_month_is_broken_in_two_lines(opened: Browser) -> None:
    opened.open(written("--months", "12"), PHONE)
    lines: list[int] = opened.evaluate("""
        [...document.querySelectorAll("#months ~ table tbody td:first-child")].map(cell => {
            const text = document.createRange();
            text.selectNodeContents(cell.firstChild);
            return text.getClientRects().length;
        })""")
    assert lines == [1] * 12


def test_a_click_sorts_a_table_by_its_numbers_and_loses_no_row(opened: Browser) -> None:
    opened.open(written(), DESKTOP)
    table = "document.querySelector('#prefixes').closest('section').querySelector('table')"
    rows = f"[...{table}.tBodies[0].rows].map(row => row.cells[1].dataset.sort)"
    before: list[str] = opened.evaluate(rows)
    button = f"{table}.tHead.rows[0].cells[1].querySelector('button')"
    opened.evaluate(f"{button}.click()")
    first: list[str] = opened.evaluate(rows)
    opened.evaluate(f"{button}.click()")
    second: list[str] = opened.evaluate(rows)
    assert first == sorted(before, key=int, reverse=True)
    assert second == first[::-1]
    assert {*before} == {str(each["bytes"]) for each in model()["prefixes"]}


def test_many_prefixes_with_long_and_hostile_names_fit(opened: Browser) -> None:
    names = [f"{'deep' * 50}-{number:03}/" for number in range(200)]
    retain = (f"  p{at}: {{prefix: {each}, delete_after: 9d}}\n" for at, each in enumerate(names))
    policy = Path("policies/lake.yaml")
    policy.write_text(policy.read_text() + "".join(retain))
    listed = json.loads(Path("list.json").read_text())
    first = listed["Contents"][0]
    hostile = '<img src=x onerror="alert(1)">/\u202eb/x'
    classes = [each for each in CLASSES if each != "REDUCED_REDUNDANCY"]  # its price is not known
    listed["Contents"] = [
        {**first, "Key": f"{each}x", "StorageClass": classes[at % len(classes)]}
        for at, each in enumerate(names)
    ]
    listed["Contents"].append({**first, "Key": hostile, "Size": 1 << 50})
    Path("list.json").write_text(json.dumps(listed))
    address = written()
    require_in_order(opened, address)
    assert opened.evaluate("document.querySelectorAll('img').length") == 0
    assert printed_pages(opened, address) >= 3
    assert "alert(1)" in text_in(opened, address)
