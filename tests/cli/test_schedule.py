"""`firnline schedule` as an auditor gets it: all formats agree, and the digest can be trusted."""

from __future__ import annotations

import csv
import json
from hashlib import sha256
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from firnline.cli import main
from firnline.cli.schema import printed
from tests.cli.schedules import FLEET, LAKE, OVERDUE, begin, resolved, scheduled


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(tmp_path, monkeypatch)


def test_the_json_fits_its_schema_and_has_a_row_for_each_scope() -> None:
    found = scheduled()
    jsonschema.validate(found, printed("schedule"))
    (group,) = found["groups"]
    assert group["buckets"] == ["lab/eu-west-1/lake-*", "lab/eu-west-1/lake-raw"]
    days = {row["scope"]["text"]: row["days"]["bytes"]["min"] for row in group["rows"]}
    assert days == {
        "the whole bucket, but not events/ or invoices/ or mail/ or models/": None,
        "events/, not tagged pii=yes; or empty": 97,
        "events/, tagged pii=yes, not empty": 31,
        "invoices/": 5114,
        "mail/, but not mail/sales/": None,
        "mail/sales/": None,
        "models/": 365,
    }


def test_what_an_auditor_asks_stands_in_the_row() -> None:
    row = _row("invoices/")
    assert row["owners"] == ["data-platform"]
    assert row["objects"]["why"] == "SOX 802, seven years"
    assert row["objects"]["source"] == "policies/lake.yaml:12"
    assert row["code_owners"] == ["@shop/data-governance"]
    assert [each["keep_at_least"] for each in row["promises"]] == [2555]
    assert [(each["storage_class"], each["access"]) for each in row["tiers"]] == [
        ("DEEP_ARCHIVE", "hours")
    ]
    (hold,) = _row("mail/sales/")["holds"]
    assert (hold["approved_by"], hold["ask_again"]) == ("general-counsel", "2026-11-01")
    assert _row("mail/sales/")["days_without_holds"]["readable"]["max"] == 366
    assert _row("models/")["registries"] == ["prod-mlflow"]


def test_a_hold_that_is_due_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    main(["schedule", "--today", "2026-10-31"])
    assert "review due on 2026-11-01" in " ".join(capsys.readouterr().out.split())
    main(["schedule", "--today", OVERDUE])
    assert "review was due on 2026-11-01" in " ".join(capsys.readouterr().out.split())


def test_the_csv_has_a_row_for_each_bucket_and_scope_with_the_same_days() -> None:
    main(["schedule", "--today", OVERDUE, "--out", "csv:s.csv"])
    rows = list(csv.DictReader(StringIO(Path("s.csv").read_text())))
    found = scheduled()
    (group,) = found["groups"]
    wanted = [
        (bucket, row["scope"]["text"], *_bounds(row))
        for bucket in group["buckets"]
        for row in group["rows"]
    ]
    ends = ("readable", "bytes", "old_versions")
    columns = [f"{end}_{bound}_days" for end in ends for bound in ("min", "max")]
    assert [(r["bucket"], r["scope"], *(r[each] for each in columns)) for r in rows] == wanted
    assert {row["digest"] for row in rows} == {found["digest"]}
    assert {row["as_of"] for row in rows} == {OVERDUE}


def test_the_page_says_what_the_json_says() -> None:
    main(["schedule", "--today", OVERDUE, "--out", "html:s.html"])
    page = _Cells()
    page.feed(Path("s.html").read_text())
    found = scheduled()
    (group,) = found["groups"]
    assert len(page.rows) == len(group["rows"])
    for cells, row in zip(page.rows, group["rows"], strict=True):
        assert cells[0].startswith(row["scope"]["text"])
        for said, end in zip(cells[2:5], row["days"].values(), strict=True):
            for bound in (end["min"], end["max"]):
                assert bound is None or f"{bound:,}" in said
        assert all(hold["approved_by"] in cells[5] for hold in row["holds"])
    assert found["digest"] in page.text
    assert "review was due on 2026-11-01" in page.text


def test_the_digest_is_that_of_what_is_said_and_not_of_the_day_or_the_file() -> None:
    before = scheduled()
    content = {key: before[key] for key in before if key not in ("today", "digest")}
    text = json.dumps(_without(content, "source"), sort_keys=True, separators=(",", ":"))
    assert before["digest"] == f"sha256:{sha256(text.encode()).hexdigest()}"
    assert scheduled("2027-01-01")["digest"] == before["digest"]
    Path("policies/lake.yaml").write_text(f"# a comment\n{LAKE}")
    assert scheduled()["digest"] == before["digest"]
    Path("policies/lake.yaml").rename("policies/shop.yaml")
    Path("CODEOWNERS").write_text("* @shop/data-governance\n")
    assert scheduled()["digest"] == before["digest"]
    Path("policies/shop.yaml").write_text(LAKE.replace("2557d", "2558d"))
    assert scheduled()["digest"] != before["digest"]


def test_an_approval_of_a_retention_on_a_bucket_stands_in_its_rows() -> None:
    Path("policies/approvals.yaml").write_text(
        f"""\
firnline: approvals/v1
approvals:
  - item: sha256:{"0" * 64}
    retention: lake/invoices
    from: delete 3000d
    to: delete 2557d
    buckets: [lab/eu-west-1/lake-raw]
    codes: [FL401]
    by: finance
    ticket: FIN-7
    until: 2027-01-31
"""
    )
    assert [(each["by"], each["ticket"]) for each in _row("invoices/")["approvals"]] == [
        ("finance", "FIN-7")
    ]
    assert _row("models/")["approvals"] == []


def test_an_override_of_one_bucket_has_its_own_rows() -> None:
    longer = "archive_after: 180d\n    per_bucket: {lake-raw: {delete_after: 3000d}}\n"
    Path("policies/lake.yaml").write_text(LAKE.replace("archive_after: 180d\n", longer))
    days = {
        bucket: row["days"]["readable"]["min"]
        for group in scheduled()["groups"]
        for bucket in group["buckets"]
        for row in group["rows"]
        if row["prefix"] == "invoices/"
    }
    assert days == {"lab/eu-west-1/lake-*": 2557, "lab/eu-west-1/lake-raw": 3000}


def test_policies_with_errors_have_no_schedule(capsys: pytest.CaptureFixture[str]) -> None:
    Path("policies/lake.yaml").write_text(LAKE.replace("delete_after: 2557d\n", "delete_aft: 1d\n"))
    assert main(["schedule"]) == 1
    printed_ = capsys.readouterr()
    assert printed_.out == ""
    assert "no schedule: the policies have errors" in printed_.err


def test_without_a_lock_it_says_that_buckets_are_not_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["schedule"]) == 0
    assert "no fleet lock: which buckets there are is not known" in capsys.readouterr().out
    assert scheduled()["buckets_without_policy"] is None
    assert "lock" not in FLEET


def test_with_a_lock_each_bucket_of_it_is_there_or_said_to_have_no_policy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    resolved(
        {
            "lake-raw": "versioning: suspended, object_lock: off",
            "lake-eu": "versioning: enabled, object_lock: enabled",
            "attic": "versioning: off, object_lock: off",
        }
    )
    found = scheduled()
    by_bucket = {bucket: group for group in found["groups"] for bucket in group["buckets"]}
    assert by_bucket.keys() == {"lab/eu-west-1/lake-raw", "lab/eu-west-1/lake-eu"}
    assert {group["known_by"] for group in found["groups"]} == {"lock"}
    reasons = {
        bucket: [row["days"]["bytes"] for row in group["rows"] if row["prefix"] == "invoices/"]
        for bucket, group in by_bucket.items()
    }
    (suspended,), (locked,) = reasons["lab/eu-west-1/lake-raw"], reasons["lab/eu-west-1/lake-eu"]
    assert (suspended["min"], suspended["no_max_because"]) == (2557, "successor-deleted")
    assert (locked["min"], locked["no_max_because"]) == (5114, "object-lock")
    assert locked["max_by_rules"] == 5116
    assert found["buckets_without_policy"] == ["lab/eu-west-1/attic"]
    main(["schedule"])
    assert "1 bucket of the fleet lock without a policy:\n  lab/eu-west-1/attic" in (
        capsys.readouterr().out
    )


def test_too_many_tags_are_refused_with_the_prefix(capsys: pytest.CaptureFixture[str]) -> None:
    promises = "".join(
        f"  p{n}: {{prefix: mail/, keep_at_least: 1d, tags: {{k{n}: v}}}}\n" for n in range(16)
    )
    Path("policies/lake.yaml").write_text(LAKE.replace("promises:\n", f"promises:\n{promises}"))
    assert main(["schedule"]) == 1
    printed_ = capsys.readouterr()
    assert printed_.out == ""
    assert "below `mail/` makes more than 20,000 sets of objects" in printed_.err


def _row(prefix: str) -> dict[str, Any]:
    (row,) = (r for group in scheduled()["groups"] for r in group["rows"] if r["prefix"] == prefix)
    found: dict[str, Any] = row
    return found


def _bounds(row: dict[str, Any]) -> list[str]:
    both = [end[bound] for end in row["days"].values() for bound in ("min", "max")]
    return ["" if each is None else str(each) for each in both]


def _without(value: Any, left_out: str) -> Any:
    if isinstance(value, dict):
        return {k: _without(each, left_out) for k, each in value.items() if k != left_out}
    return [_without(each, left_out) for each in value] if isinstance(value, list) else value


class _Cells(HTMLParser):
    """The text of the page, and of each cell of the rows of its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.text = ""
        self._in_body = False

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self._in_body = self._in_body or tag == "tbody"
        if tag == "tr" and self._in_body:
            self.rows.append([])
        if tag in ("th", "td") and self._in_body:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_body = self._in_body and tag != "tbody"

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_body and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data
