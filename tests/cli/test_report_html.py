"""`firnline report --out html`: one page that needs nothing else, judged by a parser of HTML."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from firnline.inventory.money import dollars
from tests.cli.reference_files import needed, write_references
from tests.cli.test_report import AUDIT, project, report, write
from tests.targets.review.html_page import HtmlPage, read_html, text_of

__all__ = ["project"]
pytestmark = pytest.mark.usefixtures("socket_disabled", "project")
MOST = 300_000


def page(*words: str) -> HtmlPage:
    report("--out", "html:report.html", "--out", "json:report.json", *words)
    return read_html(Path("report.html").read_text())


def model() -> Any:
    return json.loads(Path("report.json").read_text())


def test_the_verdict_comes_first_and_says_what_is_deleted_and_whom_to_ask() -> None:
    write("enabled")
    (verdict,) = page().of_class("verdict")
    text = text_of(verdict)
    assert text.startswith("Deletes next month")
    assert "the policies delete 1 object version (1GiB) for good" in text
    assert "By then 1 more object (2GiB) will be hidden behind delete markers" in text
    assert "Ask data-platform about 1 object (1GiB) deleted and 1 object (2GiB) hidden" in text
    assert "Within the next month the policies save $0.0" in text


def test_what_tags_decide_that_nobody_tells_is_a_range_and_may_have_several_owners() -> None:
    for name, old, new in (
        ("lake", "delete_after: 30d", "delete_after: 300d"),
        ("exports", "exports/, delete_after: 45d", "logs/, tags: {a: b}, delete_after: 20d"),
    ):
        policy = Path(f"policies/{name}.yaml")
        policy.write_text(policy.read_text().replace(old, new))
    found = page()
    (verdict,) = found.of_class("verdict")
    text = text_of(verdict)
    assert text.startswith("May delete next month")
    assert "0 to 2 object versions (0B to 3GiB)" in text
    assert "The facts leave open which" in text
    assert re.search("Ask (data-platform or search|search or data-platform) about 0 to 2", text)
    assert model()["verdict"]["deleted"]["objects"] == {"at_least": 0, "at_most": 2}


def test_the_numbers_are_those_of_the_json() -> None:
    text = page().text
    found = model()
    for month in found["months"]:
        for name in ("before_usd", "after_usd", "saved_usd"):
            assert dollars(Fraction(str(month[name]))) in text
    for part in (*found["prefixes"], *found["owners"], *found["buckets"]):
        assert f"${part['usd_a_month']:.2f}" in text
        deleted = part["next_month"]["deleted"]
        if deleted["objects"]:
            assert f"{deleted['objects']} ({deleted['bytes'] // 2**30}GiB)" in text


def test_each_row_of_a_table_has_the_numbers_of_its_prefix() -> None:
    found = page()
    lines = {each["prefix"]: each for each in model()["prefixes"]}
    rows = [row for row in found.all("tr") if [*row.iter("code")]]
    shown = {text_of(next(row.iter("code"))): row for row in rows if len([*row.iter("td")]) == 5}
    assert shown.keys() == lines.keys()
    for prefix, row in shown.items():
        _, size, usd, _, saved = row.iter("td")
        assert size.get("data-sort") == str(lines[prefix]["bytes"])
        assert text_of(usd) == f"${lines[prefix]['usd_a_month']:.2f}"
        assert float(saved.get("data-sort") or "") == pytest.approx(
            lines[prefix]["saved_usd"], abs=0.005
        )


def test_it_loads_nothing_and_allows_its_own_style_and_script_alone() -> None:
    found = page()
    assert not found.tags & {"link", "img", "iframe", "object", "form", "a", "base"}
    names = {name for _, name, _ in found.attributes}
    assert not names & {"style", "src", "href", "action", "srcset"}
    assert not [name for name in names if name.startswith("on")]
    allowed = [
        f"{kind}-src 'sha256-{b64encode(sha256((each.text or '').encode()).digest()).decode()}'"
        for kind in ("style", "script")
        for each in found.all(kind)
    ]
    (policy,) = (each for each in found.all("meta") if each.get("http-equiv"))
    assert policy.get("content") == "; ".join(
        ["default-src 'none'", *allowed, "base-uri 'none'", "form-action 'none'"]
    )


def test_the_same_facts_give_the_same_page() -> None:
    report("--out", "html:report.html", "--out", "html:again.html")
    assert Path("report.html").read_bytes() == Path("again.html").read_bytes()


def test_orphans_and_doomed_references_are_sections_of_it() -> None:
    Path("audit.json").write_text(json.dumps(AUDIT))
    found = [needed("logs/run-1/", "model churn v3", bucket="lake")]
    write_references(Path("references.jsonl"), found)
    text = page("--references", "references.jsonl", "--audit", "audit.json").text
    assert "FL620" in text
    assert "model churn v3" in text
    assert "Nothing needs 10GiB, which cost $0.25 a month" in text
    assert "the run was deleted" in text


@pytest.mark.slow
def test_a_thousand_prefixes_fit_and_a_hostile_key_is_text() -> None:
    listed = json.loads(Path("list.json").read_text())
    of_another = Path("policies/exports.yaml")
    retain = "".join(
        f"  p{n:04}: {{prefix: exports/a-long-name-of-a-team/{n:04}/, delete_after: 9d}}\n"
        for n in range(990)
    )
    of_another.write_text(of_another.read_text() + retain)
    first = listed["Contents"][0]
    listed["Contents"] = [
        *({**first, "Key": f"exports/a-long-name-of-a-team/{n:04}/x"} for n in range(990)),
        {**first, "Key": '<img src=x onerror="alert(1)">/<b>/x', "Size": 1 << 50},
    ]
    Path("list.json").write_text(json.dumps(listed))
    found = page()
    assert "img" not in found.tags
    assert len(model()["prefixes"]) == 991
    assert '<img src=x onerror="alert(1)">/' in found.text
    assert len(Path("report.html").read_bytes()) <= MOST


def test_what_policies_save_is_compared_with_the_rules_of_the_base() -> None:
    text = page("--base", "policies").text
    assert (
        "Under the rules of policies it would be 2 objects (3GiB) deleted, and nothing of" in text
    )
    assert "Saved next month $0.00 compared with the rules of policies" in text
    assert "Before is with the rules of policies, after is with the policies." in text


def test_dollars_of_the_figures_are_those_of_the_verdict() -> None:
    (figures,) = page().of_class("figures")
    values = [text_of(each) for each in figures.iter("b")]
    verdict = model()["verdict"]
    assert values[1] == f"${verdict['saved_usd_next_month']:.2f}"
    assert re.fullmatch(r"\$\d+\.\d\d", values[2])
