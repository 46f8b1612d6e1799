"""Buckets in a region whose prices are not known: `firnline report` tells all but the dollars."""

from __future__ import annotations

import csv
import json
from contextlib import chdir
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest

from firnline.cli import main
from tests.inventory.facts.written import CURRENT, write
from tests.targets.review.html_page import HtmlPage, read_html, text_of

GIB = 2**30
AS_OF = datetime(2026, 11, 29, tzinfo=UTC)
WHY = "no prices of eu-west-1 are known: run `firnline prices update --region eu-west-1`"
POLICY = """\
firnline: policy/v1
policy: {bucket}
owner: {owner}
why: x
applies_to: [{{account: "123456789012", regions: [{region}], buckets: [{bucket}]}}]
versioning: off
retain:
  logs: {{prefix: logs/, delete_after: 30d}}
"""
BUCKETS = (("lake", "us-east-1", "platform"), ("alps", "eu-west-1", "search"))
# Key, days old, GiB, whether it is in a cold class in `alps`.
STORED = (
    ("logs/new", 25, 8, False),
    ("logs/old", 40, 800, False),
    ("x/y", 60, 300, True),
)

pytestmark = pytest.mark.usefixtures("socket_disabled")


class Told(NamedTuple):
    text: str
    rows: dict[tuple[str, str], dict[str, str]]
    model: Any
    page: HtmlPage


class Reports(NamedTuple):
    """Of both buckets, of the one without prices, and of both where all prices are known."""

    both: Told
    alps: Told
    priced: Told


@pytest.fixture(scope="module")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return [inventory(tmp_path_factory.mktemp("facts"), bucket) for bucket, *_ in BUCKETS]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, manifests: list[Path]) -> Reports:
    with pytest.MonkeyPatch.context() as patch, chdir(tmp_path_factory.mktemp("project")):
        patch.setenv("COLUMNS", "120")
        write_policies(POLICY)
        both, alps = report(manifests), report(manifests[1:])
        assert main(["prices", "show", "--out", "json:prices.json"]) == 0
        Path("prices").mkdir()
        prices = Path("prices.json").read_text().replace('"us-east-1"', '"eu-west-1"')
        Path("prices/eu-west-1.json").write_text(prices)
        return Reports(both, alps, report(manifests))


def write_policies(text: str) -> None:
    Path("policies").mkdir()
    for bucket, region, owner in BUCKETS:
        policy = text.format(bucket=bucket, region=region, owner=owner)
        Path(f"policies/{bucket}.yaml").write_text(policy)


def inventory(folder: Path, bucket: str, coldest: str = "GLACIER_IR") -> Path:
    rows = [
        {
            "Key": key,
            "Size": size * GIB,
            "LastModifiedDate": AS_OF - timedelta(days=days, hours=12),
            "StorageClass": coldest if is_cold and bucket == "alps" else "STANDARD",
        }
        for key, days, size, is_cold in STORED
    ]
    fields = (*CURRENT, "Size", "LastModifiedDate", "StorageClass")
    return write(folder, rows, fields, bucket=bucket, made=AS_OF)


def report(manifests: list[Path]) -> Told:
    forms = ("text", "csv", "json", "html")
    formats = [word for each in forms for word in ("--out", f"{each}:r.{each}")]
    assert main(["report", *inventories(manifests), "--as-of", AS_OF.isoformat(), *formats]) == 0
    model = json.loads(Path("r.json").read_text())
    rows = list(csv.DictReader(StringIO(Path("r.csv").read_text())))
    return Told(
        Path("r.text").read_text(),
        {(row["bucket"], row["prefix"]): row for row in rows},
        model,
        read_html(Path("r.html").read_text()),
    )


def inventories(manifests: list[Path]) -> list[str]:
    return [word for path in manifests for word in ("--inventory", str(path))]


def lines_of(text: str, *, head: str) -> list[str]:
    """Of the table whose first line ends so, without its widths."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    first = next(place for place, line in enumerate(lines) if line.endswith(head))
    return lines[first + 1 : lines.index("", first)]


def test_text_tells_all_but_the_dollars_and_why_once(told: Reports) -> None:
    text = " ".join(told.both.text.split())
    assert "the policies delete 4 object versions (1.6TiB) for good. Cost of alps not known" in text
    assert f"Cost of alps not known, so no total has it: {WHY}" in text
    assert text.count("no prices of") == 1
    assert "Without alps: Within the next month the policies save $18.55." in text
    assert "Ask search: 2 objects (808GiB) deleted: alps/logs/." in text
    assert lines_of(told.both.text, head="storage class")[:3] == [
        "5 1.9TiB $25.48* STANDARD",
        "1 300GiB not known GLACIER_IR",
        "* Without alps: cost not known.",
    ]
    assert lines_of(told.both.text, head="saved owner") == [
        "2 808GiB not known 2 (808GiB) not known search",
        "2 808GiB $18.58 2 (808GiB) $222.98 platform",
        "2 600GiB $6.90* - $0.00* no policy",
        "* Without alps: cost not known.",
    ]
    assert lines_of(told.both.text, head="saved bucket") == [
        "3 1.1TiB not known 2 (808GiB) not known alps",
        "3 1.1TiB $25.48 2 (808GiB) $222.98 lake",
    ]
    first, *_, last, _ = lines_of(told.both.text, head="deleted for good")
    assert first == "1 (2026-11-29) $25.48* $6.93* $18.55* 4 (1.6TiB)"
    assert last == "* Without alps: cost not known."


def test_where_no_price_is_known_no_dollars_are_told(told: Reports) -> None:
    text = " ".join(told.alps.text.split())
    assert f"(808GiB) for good. Cost not known: {WHY}" in text
    assert "$0" not in told.alps.text + told.alps.page.text
    assert lines_of(told.alps.text, head="deleted for good")[0] == "1 (2026-11-29) 2 (808GiB)"
    assert "Cost by month: not known." in told.alps.page.text
    assert "Saved" not in text_of(told.alps.page.of_class("figures")[0])
    assert "prices: " not in text


def test_a_spreadsheet_has_no_dollars_where_they_are_not_known(told: Reports) -> None:
    dollars = {
        place: [value for name, value in row.items() if "usd" in name]
        for place, row in told.both.rows.items()
    }
    assert set(dollars["alps", "logs/"]) == set(dollars["alps", "x/"]) == {""}
    assert "" not in dollars["lake", "logs/"] + dollars["lake", "x/"]


def test_json_has_null_and_the_reason_and_says_what_each_total_leaves_out(
    told: Reports, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", "retention-report"]) == 0
    schema = json.loads(capsys.readouterr().out)
    for each in told:
        jsonschema.validate(each.model, schema)
    found = told.both.model
    (unpriced,) = found["unpriced"]
    assert (unpriced["bucket"], unpriced["region"]) == ("alps", "eu-west-1")
    assert unpriced["why"].startswith(WHY)
    for part in (found["verdict"], found["whole"], *found["months"]):
        assert part["usd_without"] == ["alps"]
        assert part["before_usd"] > 0
    for alone in (*found["buckets"], *found["prefixes"]):
        unknown = alone["bucket"] == "alps"
        assert alone["usd_without"] == (["alps"] if unknown else [])
        for name in ("usd_a_month", "before_usd", "after_usd", "saved_usd"):
            assert (alone[name] is None) is unknown
    assert found["whole"]["classes"]["GLACIER_IR"]["usd_a_month"] is None
    assert found["whole"]["classes"]["STANDARD"]["usd_without"] == ["alps"]
    assert told.alps.model["verdict"]["saved_usd"] is None


def test_the_page_says_it_in_the_verdict_and_beside_what_leaves_it_out(told: Reports) -> None:
    page = told.both.page
    (verdict,) = page.of_class("verdict")
    assert f"Cost of alps not known, so no total has it: {WHY}" in text_of(verdict)
    assert "Without alps: Within the next month the policies save $18.55" in text_of(verdict)
    assert page.text.count(WHY) == 1
    for name in ("months", "classes", "owners"):
        (section,) = (each for each in page.all("section") if each.get("aria-labelledby") == name)
        assert "* Without alps: cost not known." in text_of(section)
    rows = [[text_of(cell) for cell in row.iter("td")] for row in page.all("tr")]
    assert {row[2] for row in rows if row and row[0].startswith("alps")} == {"not known"}
    cells = [cell for cell in page.all("td") if text_of(cell) == "not known"]
    assert {float(cell.get("data-sort") or 0) for cell in cells} == {-1e15}, "sorted as numbers"


def test_without_prices_all_numbers_are_the_same_but_dollars(told: Reports) -> None:
    assert told.priced.model["unpriced"] == []
    assert told.priced.model["whole"]["usd_without"] == []
    assert "*" not in told.priced.text
    assert without_dollars(told.both.model) == without_dollars(told.priced.model)


def without_dollars(model: Any) -> Any:
    match model:
        case dict():
            return {
                name: without_dollars(value)
                for name, value in model.items()
                if "usd" not in name and name not in ("prices", "unpriced")
            }
        case list():
            return [without_dollars(each) for each in model]
        case _:
            return model


def test_a_price_that_is_missing_leaves_out_the_buckets_that_need_it_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_policies(POLICY.replace("{region}", "us-east-1"))
    rare = inventory(tmp_path / "rare", "alps", "REDUCED_REDUNDANCY")
    found = report([inventory(tmp_path / "lake", "lake"), rare]).model
    (unpriced,) = found["unpriced"]
    assert unpriced["bucket"] == "alps"
    assert unpriced["why"].startswith("no price of storage in REDUCED_REDUNDANCY in us-east-1")
    assert found["whole"]["usd_without"] == ["alps"]
    (lake,) = (each for each in found["buckets"] if each["bucket"] == "lake")
    assert lake["usd_a_month"] == found["verdict"]["usd_a_month"] > 0
    assert lake["saved_usd"] == found["verdict"]["saved_usd"]


def test_check_judges_other_buckets_and_says_once_which_are_left_out(
    manifests: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write_policies(POLICY + "  x: {{prefix: x/, archive_after: 100d, delete_after: 130d}}\n")
    words = ("--today", "2026-11-29", "--select", "FL502", "--out", "json")
    assert main(["check", *inventories(manifests), *words]) == 0
    out, err = capsys.readouterr()
    assert f"does not pay in `alps` is not known, and in no number here: {WHY}" in err
    assert err.count(WHY) == 1
    alps, lake = json.loads(out)["diagnostics"]
    assert alps["at"]["path"] == "policies/alps.yaml"
    assert alps["notes"] == []
    assert "$1.48 is billed within 12 months" in str(lake["notes"])
    assert "leave out" not in str(lake["notes"])
    file = Path("policies/lake.yaml")
    more = '{account: "123456789012", regions: [eu-west-1], buckets: [alps]}'
    file.write_text(file.read_text().replace("buckets: [lake]}", f"buckets: [lake]}}, {more}"))
    Path("policies/alps.yaml").unlink()
    assert main(["check", *inventories(manifests), *words]) == 0
    (of_both,) = json.loads(capsys.readouterr().out)["diagnostics"]
    assert "the numbers leave out `alps`, whose prices are not known" in of_both["notes"]


def test_show_coverage_sums_up_the_others_and_names_those_without_prices(
    manifests: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write_policies(POLICY)
    assert main(["show", "--coverage", *inventories(manifests)]) == 0
    told = capsys.readouterr().out
    assert "for what no retention covers, without alps: cost not known\n" in told
    assert "in all $6.90 a month" in told


def test_advise_needs_prices_and_says_for_which_file(
    manifests: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["advise", *inventories(manifests[1:]), "--region", "eu-west-1"]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"firnline advise: {manifests[1]}: tiers are chosen by what they cost")
    assert f"and {WHY}" in told
