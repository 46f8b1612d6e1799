"""`firnline diff --out markdown`: a comment on a pull request, judged by GitHub's own parser."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from firnline import __version__
from firnline.cli import main
from firnline.forge.comment_file import BUDGET, disarmed, read_comment
from firnline.forge.marker import NO_CHANGE, NO_COMMIT
from sandbox.paths import CHECKOUT
from tests.cli.review_repository import (
    FACTS,
    GIB,
    LISTING,
    POLICY,
    a_thousand_changes,
    commit,
    git,
    in_repository,
    write,
)
from tests.golden_files import Golden
from tests.hostile.judges import require_inert_markdown
from tests.policies import whole
from tests.targets.review.github_markdown import Page, rendered

Captured = pytest.CaptureFixture[str]
pytestmark = pytest.mark.usefixtures("socket_disabled", "repository")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_repository(tmp_path, monkeypatch)


def markdown(*words: str, out: str = "markdown") -> str:
    assert main(["diff", *words, "--out", f"{out}:review.md"]) in (0, 5)
    return Path("review.md").read_text()


def marker(*words: str) -> Any:
    return read_comment(markdown(*words)).marker


def require_sound(page: Page) -> None:
    """Folded sections are closed, and each row of a table has as many cells as its head."""
    tags = [re.sub(r"[</> ].*", "", each.lstrip("</")) for each in page.tags]
    assert tags.count("details") == 2 * tags.count("summary") / 2
    rows: list[int] = []
    for each in page.tags:
        if each.startswith("<table "):
            rows = []
        elif each.startswith("<tr "):
            rows.append(0)
        elif each.startswith(("<td ", "<th ")):
            rows[-1] += 1
        elif each == "</table>":
            assert len(rows) > 1
            assert len(set(rows)) == 1


def test_the_sample_of_180_days_that_become_18(golden: Golden) -> None:
    told = markdown(*FACTS, "--samples", "2")
    for found, name in (
        (git("rev-parse", "main")[:12], "BASE"),
        (git("rev-parse", "change"), "0" * 40),
        (f"firnline {__version__}", "firnline VERSION"),
    ):
        assert found in told
        told = told.replace(found, name)
    golden.text(CHECKOUT / "tests/cli/reviews/sample.md", told)
    require_sound(rendered(told))


def test_the_numbers_are_those_of_the_json() -> None:
    text = rendered(markdown(*FACTS)).text
    assert main(["diff", *FACTS, "--out", "json:review.json"]) == 5
    found = json.loads(Path("review.json").read_text())
    deleted = found["facts"]["radius"]["first_run"]["new"]["deleted"]
    objects, size = (deleted[each] for each in ("objects", "bytes"))
    assert f"Deletes {size // GIB}GiB that main keeps: {objects} objects on the first run." in text
    assert f"\ndeleted for good\n{objects} ({size // GIB}GiB)\n" in text
    cost = found["facts"]["cost"]
    for key in ("before_usd", "after_usd", "saved_usd"):
        assert f"${cost[key]:.2f}" in text
    assert all(gate["code"] in text for item in found["gates"] for gate in item["open"])
    assert all(item["digest"] in text for item in found["gates"])
    assert found["items"][0]["deleted_first"]["keys"][0] in text


def test_there_is_one_alert_and_it_comes_first() -> None:
    lines = markdown(*FACTS).splitlines()
    alerts = [place for place, line in enumerate(lines) if line.startswith("> [!")]
    assert alerts == [3]
    assert lines[3] == "> [!CAUTION]"
    assert [line for line in lines if line.startswith(">")] == lines[3:5]


def test_other_forges_get_neither_alerts_nor_html() -> None:
    told = markdown(*FACTS, out="markdown-plain")
    assert "[!" not in told
    page = rendered(told)
    tags = {re.sub(r"[</> ].*", "", each.lstrip("</")) for each in page.tags}
    assert not tags & {"details", "summary", "sub", "br"}
    assert "Caution: Deletes 400GiB" in page.text


def test_without_an_inventory_one_line_says_what_stays_open() -> None:
    told = markdown()
    assert told.count("No inventory: ") == 1
    assert "Cost" not in told
    assert "1 change on 1 bucket: 1 deletes sooner." in rendered(told).text


def test_code_owners_at_the_base_are_mentioned_and_nobody_else() -> None:
    comment = read_comment(markdown(*FACTS))
    assert comment.marker.mentions == ("@acme/training-infra",)
    assert rendered(comment.text).looked_up == ["@a"]
    assert disarmed(comment.text, comment.marker.mentions, also_in_code=True) == comment.text
    assert "mallory" not in comment.text


def test_nobody_is_mentioned_where_no_gate_is_open() -> None:
    write(POLICY.replace("180d", "200d"))
    told = markdown()
    assert read_comment(told).marker.mentions == ()
    assert rendered(told).looked_up == []


def test_the_verdict_stays_where_only_what_is_stored_differs() -> None:
    before = marker(*FACTS).verdict
    Path("listing.json").write_text(json.dumps({"Contents": LISTING["Contents"][:1]}))
    assert marker(*FACTS).verdict == before
    write(POLICY.replace("180d", "19d"))
    assert marker(*FACTS).verdict != before


def test_the_head_is_the_commit_where_all_is_committed() -> None:
    assert marker().head == git("rev-parse", "HEAD")
    assert marker("git:main", "git:change").head == git("rev-parse", "change")
    write(POLICY)
    assert marker().head == NO_COMMIT


def test_where_nothing_changes_a_line_says_so() -> None:
    write(POLICY + "# a remark\n")
    told = markdown()
    assert read_comment(told).marker.verdict == NO_CHANGE
    assert told.count("\n") == 4
    assert "No change: what happens to objects stays the same on 1 bucket." in told


def test_keys_are_redacted_where_they_should_be() -> None:
    assert "`checkpoints/a`" in markdown(*FACTS)
    told = markdown(*FACTS, "--redact-keys")
    assert "checkpoints/a" not in told
    assert "| `checkpoints/" in told


def test_what_goes_by_a_tag_is_told_whatever_its_values_are() -> None:
    values = ["vision", "@mallory | </details>", "", ""]
    tags = [[{"Key": "team", "Value": each}] if each else [] for each in values]
    listed = [
        {**each, "TagSet": found} for each, found in zip(LISTING["Contents"], tags, strict=True)
    ]
    Path("listing.json").write_text(json.dumps({"Contents": listed}))
    told = markdown(*FACTS, "--by-tag", "team")
    assert "\n| `vision` | 1 (200GiB) |\n" in told
    assert "\n@mallory | </details>\n1 (200GiB)\n" in rendered(told).text
    require_sound(rendered(told))
    assert rendered(told).looked_up == ["@a"]


@pytest.mark.parametrize(
    "name",
    [
        "p",
        "|" * 150,
        pytest.param("@" * 150, marks=pytest.mark.slow),
        pytest.param("\\" * 150, marks=pytest.mark.slow),
    ],
)
def test_a_thousand_changes_fit_and_are_counted(name: str) -> None:
    told = markdown(*a_thousand_changes(name))
    assert len(told) <= BUDGET
    page = rendered(told)
    require_sound(page)
    assert "1,000 changes on 1 bucket: 1,000 deletes sooner." in page.text
    assert re.search(r"9[89]\d more not shown \(9[89]\d deletes sooner\)", page.text)
    require_inert_markdown(told)


def patch(text: str) -> list[str]:
    return text.partition("```diff\n")[2].partition("\n```")[0].split("\n")


def test_the_rules_that_change_are_a_patch_with_what_they_select() -> None:
    head, *parts = patch(markdown())
    assert head.startswith(" lab/*/lab-data · rule firnline/")
    assert head.endswith("/example/checkpoints")
    assert parts == [
        '   Filter: {"Prefix": "checkpoints/"}',
        '-  Expiration: {"Days": 180}',
        '+  Expiration: {"Days": 18}',
    ]


def test_a_rule_that_is_new_or_gone_is_there_with_all_its_parts() -> None:
    write(POLICY.replace("logs: {prefix: logs/, delete", "traces: {prefix: traces/, delete"))
    lines = patch(markdown())
    assert [each for each in lines if "Filter" in each] == [
        '-  Filter: {"Prefix": "logs/"}',
        '+  Filter: {"Prefix": "traces/"}',
    ]
    assert [each[0] for each in lines if "Status" in each] == ["-", "+"]


def test_rules_that_are_only_called_otherwise_are_shown_as_that() -> None:
    write(POLICY.replace("180d", "18d").replace("logs: {", "traces: {"))
    assert not any("Days: 30" in each for each in patch(markdown()) if each[0] != " ")


def test_the_chart_of_each_month_has_the_numbers_of_the_table() -> None:
    told = markdown(*FACTS)
    chart = told.partition("```mermaid\n")[2].partition("\n```")[0]
    series = [
        [float(each) for each in re.findall(r"[0-9.]+", line)]
        for line in chart.split("\n")
        if line.startswith(("  bar", "  line"))
    ]
    rows = re.findall(r"^\| \d+ \(.*\) \| &#36;([0-9.]+) \| &#36;([0-9.]+) \|", told, re.M)
    assert series == [[float(row[place]) for row in rows] for place in (0, 1)]
    assert len(rows) == 3
    assert "mermaid" not in markdown(*FACTS, out="markdown-plain")


def test_what_is_said_to_do_the_same_does_the_same(capsys: Captured) -> None:
    told = markdown(*FACTS)
    command = told.rpartition("Reproduce: `firnline diff ")[2].partition("`")[0]
    capsys.readouterr()
    main(["diff", *command.split()])
    again = capsys.readouterr().out
    main(["diff", *FACTS])
    name = command.split()[0]
    assert again.splitlines()[0] == capsys.readouterr().out.splitlines()[0].replace("main", name)


def test_the_command_is_whole_where_its_paths_are_long() -> None:
    folder = Path("inventories", *("a-folder-with-a-long-name",) * 15)
    folder.mkdir(parents=True)
    listing = folder / "listing.json"
    listing.write_bytes(Path("listing.json").read_bytes())
    told = markdown(*(str(listing) if each == "listing.json" else each for each in FACTS))
    command = told.rpartition("Reproduce: `firnline diff ")[2].partition("`")[0]
    assert str(listing) in command
    assert "characters)" not in command


def test_where_there_is_too_little_room_the_rules_are_left_out_first_and_as_a_whole() -> None:
    names = [f"{number:02}{'|x' * 330}" for number in range(40)]
    entries = [
        f'  r{number}: {{prefix: "{name}/", cold_after: 14d, delete_after: 60d}}'
        for number, name in enumerate(names)
    ]
    policy = whole("versioning: off\nretain:\n" + "\n".join(entries) + "\n")
    write(policy.replace("60d", "180d").replace("14d", "90d"))
    commit()
    write(policy)
    objects = [
        {"Key": f"{name}/{key}", "Size": GIB, "LastModified": "2026-01-01T00:00:00Z"}
        for name in names
        for key in ("a", "b", "c", "d", "e")
    ]
    Path("listing.json").write_text(json.dumps({"Contents": objects}))
    told = markdown("git:HEAD", "policies", *FACTS, "--samples", "5")
    assert len(told) <= BUDGET
    assert "The S3 rules: not shown, as this comment would be too long" in told
    assert "```diff" not in told
    require_sound(rendered(told))
    for title in ("sample keys", "Cost, month by month", "gates are open"):
        assert title in told
