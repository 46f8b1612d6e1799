"""`firnline diff --out html`: one page that needs nothing else, judged by a parser of HTML."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from firnline import __version__
from firnline.cli import main
from sandbox.paths import CHECKOUT
from tests.cli.review_repository import (
    FACTS,
    GIB,
    LISTING,
    POLICY,
    a_thousand_changes,
    git,
    in_repository,
    write,
)
from tests.golden_files import Golden
from tests.hostile.judges import require_inert_html
from tests.targets.review.html_page import HtmlPage, read_html, text_of

pytestmark = pytest.mark.usefixtures("socket_disabled", "repository")
MOST = 300_000


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_repository(tmp_path, monkeypatch)


def html(*words: str) -> str:
    assert main(["diff", *words, "--out", "html:review.html"]) in (0, 5)
    return Path("review.html").read_text()


def page(*words: str) -> HtmlPage:
    return read_html(html(*words))


def standing(found: HtmlPage) -> str:
    (said,) = found.of_class("standing")
    return text_of(said)


def test_the_sample_of_180_days_that_become_18(golden: Golden) -> None:
    told = html(*FACTS, "--samples", "2")
    for found, name in (
        (git("rev-parse", "main")[:12], "BASE"),
        (git("rev-parse", "change"), "0" * 40),
        (f"firnline {__version__}", "firnline VERSION"),
    ):
        assert found in told
        told = told.replace(found, name)
    golden.text(CHECKOUT / "tests/cli/reviews/sample.html", told)
    require_inert_html(told)


def test_the_numbers_are_those_of_the_json() -> None:
    text = page(*FACTS).text
    assert main(["diff", *FACTS, "--out", "json:review.json"]) == 5
    found = json.loads(Path("review.json").read_text())
    deleted = found["facts"]["radius"]["first_run"]["new"]["deleted"]
    objects, size = (deleted[each] for each in ("objects", "bytes"))
    assert f"Deletes {size // GIB}GiB that main keeps: {objects} objects on the first run." in text
    assert f"deleted for good {objects} ({size // GIB}GiB)" in text
    cost = found["facts"]["cost"]
    for key in ("before_usd", "after_usd", "saved_usd", "saved_usd_in_all"):
        assert f"${cost[key]:.2f}" in text
    assert all(gate["code"] in text for item in found["gates"] for gate in item["open"])
    assert all(item["digest"] in text for item in found["items"] + found["gates"])
    first = found["items"][0]["deleted_first"]
    assert first["keys"][0] in text
    assert first["oldest"] in text


def test_it_runs_nothing_loads_nothing_and_allows_its_own_style_alone() -> None:
    found = page(*FACTS)
    assert not found.tags & {"script", "link", "img", "iframe", "object", "form", "a", "base"}
    names = {name for _, name, _ in found.attributes}
    assert not names & {"style", "src", "href", "action", "srcset"}
    assert not [name for name in names if name.startswith("on")]
    (style,) = found.all("style")
    assert style.text is not None
    assert "url(" not in style.text
    assert "@import" not in style.text
    digest = b64encode(sha256(style.text.encode()).digest()).decode()
    (policy,) = (each for each in found.all("meta") if each.get("http-equiv"))
    assert policy.get("content") == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_the_verdict_comes_first_and_says_how_the_change_stands() -> None:
    found = page(*FACTS)
    assert standing(found) == "Needs approval"
    assert found.text.index("Needs approval") < found.text.index("What changes")
    assert "Who approves: @acme/training-infra" in found.text
    assert "mallory" not in found.text
    write(POLICY.replace("180d", "200d"))
    assert standing(page(*FACTS)) == "Needs no approval"


def test_what_a_project_does_not_allow_is_said_so() -> None:
    git("checkout", "-q", "main")
    Path("firnline.toml").write_text('[gates.levels]\nFL401 = "error"\n')
    git("add", "firnline.toml")
    git("commit", "-qm", "x")
    write(POLICY.replace("180d", "18d"))
    assert main(["diff", *FACTS, "--out", "html:review.html"]) == 1
    assert standing(read_html(Path("review.html").read_text())) == "Not allowed by this project"


def test_the_command_that_approves_does_what_it_says() -> None:
    command, *_ = page(*FACTS).all("pre")
    words = text_of(command).replace("WHO", "me").split()
    assert words[0] == "firnline"
    assert words[-2:] == ["--deletes-up-to", "440GiB"]
    assert main(words[1:]) == 0


def test_what_differs_is_marked_and_drawn_over_one_scale() -> None:
    found = page(*FACTS)
    marks = [text_of(each) for each in found.all("mark")]
    assert marks == ["marked", "delete 180d", "delete 18d"]
    bars = [each for each in found.all("svg:svg") if each.get("role") == "img"]
    assert [each.get("aria-label") for each in bars] == [
        "before: STANDARD from day 0 to 14, GLACIER_IR from day 14 to 180, gone from day 180",
        "after: STANDARD from day 0 to 14, GLACIER_IR from day 14 to 18, gone from day 18",
    ]
    ends = [float(each.get("x", "").rstrip("%")) for each in found.of_class("over")]
    assert ends[0] == pytest.approx(10 * ends[1], rel=0.01)
    widths = [
        [float(part.get("width", "").rstrip("%")) for part in bar.iter("svg:rect")] for bar in bars
    ]
    assert [sum(each) for each in widths] == pytest.approx(ends, abs=0.02)


def test_every_table_has_heads_and_every_picture_has_words_or_is_hidden() -> None:
    found = page(*FACTS, "--samples", "2")
    for table in found.all("table"):
        rows = [len(list(row)) for row in table.iter("tr")]
        assert len(set(rows)) == 1
        assert all(head.get("scope") in ("col", "row") for head in table.iter("th"))
    outer = [each for each in found.all("svg:svg") if "over" not in each.get("class", "")]
    assert all(each.get("aria-label") or each.get("aria-hidden") == "true" for each in outer)
    levels = [int(each.tag[1]) for each in found.root.iter() if re.fullmatch(r"h\d", str(each.tag))]
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    ids = [each.get("id") for each in found.root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))


def test_without_an_inventory_one_line_says_what_stays_open() -> None:
    found = page()
    assert found.text.count("No inventory: ") == 1
    assert "Cost" not in found.text
    assert "1 change on 1 bucket: 1 deletes sooner." in found.text


def test_where_nothing_changes_it_says_so() -> None:
    write(POLICY + "# a remark\n")
    found = page(*FACTS)
    assert standing(found) == "No change"
    assert "What happens to objects stays the same on 1 bucket." in found.text
    assert "on 1 bucket: nothing changes." in found.text
    assert not found.tags & {"table", "article"}


def test_what_else_was_found_is_said_with_its_place() -> None:
    found = page(*FACTS)
    (section,) = (
        each for each in found.all("section") if each.get("aria-labelledby") == "findings"
    )
    assert text_of(section).startswith("Also found FL502 4 days in GLACIER_IR, and 90 are billed (")
    assert "policies/lab.yaml:" in text_of(section)


def test_the_rules_that_change_are_folded_with_what_differs() -> None:
    found = page(*FACTS)
    assert [text_of(each) for each in found.all("del")] == ['- Expiration: {"Days": 180}']
    assert [text_of(each) for each in found.all("ins")] == ['+ Expiration: {"Days": 18}']


def test_the_command_that_says_the_same_is_never_cut() -> None:
    Path("deep" * 50).mkdir()
    long = f"{'deep' * 50}/{'l' * 200}.json"
    Path("listing.json").rename(long)
    assert f"--inventory {long} --months 3" in page("--inventory", long, *FACTS[2:]).text


def test_that_nobody_has_to_approve_is_said_in_the_verdict() -> None:
    git("checkout", "-q", "main")
    Path("firnline.toml").write_text('[review]\napprovals = "self"\n')
    git("add", "firnline.toml")
    git("rm", "-q", "CODEOWNERS")
    git("commit", "-qm", "x")
    write(POLICY.replace("180d", "18d"))
    assert main(["approve", "--by", "me", "--deletes-up-to", "1TiB"]) == 0
    found = page(*FACTS)
    assert standing(found) == "Approved"
    assert "counts once those who own" not in found.text
    (verdict,) = found.of_class("verdict")
    assert "(FL418)" in text_of(verdict)
    assert "To approve" not in found.text


def test_all_but_the_first_five_gated_items_are_folded() -> None:
    found = page(*a_thousand_changes("p"))
    gates = [each for each in found.all("article") if each.get("class") == "gate"]
    folded = [each for each in gates if any(each in set(d.iter()) for d in found.all("details"))]
    assert len(gates) - len(folded) == 5
    assert "995 more items" in found.text


def test_keys_are_redacted_where_they_should_be() -> None:
    assert "checkpoints/a" in page(*FACTS).text
    assert "checkpoints/a" not in html(*FACTS, "--redact-keys")


def test_what_goes_by_a_tag_is_told_whatever_its_values_are() -> None:
    values = ["vision", "<script>alert(1)</script>", "", ""]
    tags = [[{"Key": "team", "Value": each}] if each else [] for each in values]
    listed = [
        {**each, "TagSet": found} for each, found in zip(LISTING["Contents"], tags, strict=True)
    ]
    Path("listing.json").write_text(json.dumps({"Contents": listed}))
    told = html(*FACTS, "--by-tag", "team")
    text = read_html(told).text
    assert "vision 1 (200GiB)" in text
    assert "<script>alert(1)</script> 1 (200GiB)" in text
    require_inert_html(told)


@pytest.mark.parametrize(
    "name",
    [
        "p",
        '"' * 150,
        pytest.param("\\" * 150, marks=pytest.mark.slow),
        pytest.param("größe/" * 20, marks=pytest.mark.slow),
    ],
)
def test_a_thousand_changes_fit_and_are_counted(name: str) -> None:
    told = html(*a_thousand_changes(name))
    assert len(told.encode()) <= MOST
    found = read_html(told)
    cards = [each for each in found.all("article") if "change" in each.get("class", "").split()]
    (rows,) = found.of_class("rows")
    shown = len(cards) + len(list(rows.iter("tr"))) - 1
    assert "1,000 changes on 1 bucket: 1,000 deletes sooner." in found.text
    assert f"{1000 - len(cards):,} more: {1000 - len(cards):,} deletes sooner" in found.text
    if shown < 1000:
        assert f"{1000 - shown:,} of them are not shown" in found.text
    require_inert_html(told)


def test_it_is_the_same_to_the_byte() -> None:
    assert html(*FACTS) == html(*FACTS)
