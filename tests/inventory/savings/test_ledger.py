"""What is kept of changes of rules comes back as it was, and stays small."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from firnline.inventory.savings.entry import Change, Entry, Forecast, Side
from firnline.inventory.savings.ledger import KEPT, NotALedger, read_ledger, to_json
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.terms import Days, Versioning

NONE = RuleSet(())
DAILY = RuleSet((Rule("daily", Filter("tmp/"), expires=Days(7)),))
CHANGE = Change(
    bucket="lab",
    account="012345670123",
    region="us-east-1",
    versioning=Versioning.ENABLED,
    at=datetime(2026, 11, 28, 1, 30, tzinfo=UTC),
    before=NONE,
    after=DAILY,
)
SIDE = Side({"STANDARD": (5, 4)}, (1.25, 1.0))
FORECAST = Forecast("2026-09-28", SIDE, replace(SIDE, usd=(0.25, 0.0)))
ENTRY = Entry(CHANGE, "daily/manifest.json", CHANGE.at - timedelta(hours=1), FORECAST)
MISSING = Entry(replace(CHANGE, bucket="other"), missing="no inventory is named")


def as_kept(entries: list[Entry]) -> object:
    return json.loads(json.dumps(to_json(entries)))


def test_entries_come_back_from_json_as_they_were() -> None:
    assert read_ledger(as_kept([ENTRY, MISSING])) == [ENTRY, MISSING]


def test_buckets_with_equal_rules_share_them() -> None:
    many = [replace(ENTRY, change=replace(CHANGE, bucket=f"lab-{n}")) for n in range(200)]
    ledger = to_json(many)
    assert len(ledger["entries"]) == 200
    assert len(ledger["rules"]) == 2


def test_of_each_bucket_the_newest_entries_are_kept() -> None:
    ages = [timedelta(days=number) for number in range(KEPT + 3)]
    many = [replace(ENTRY, change=replace(CHANGE, at=CHANGE.at + age)) for age in reversed(ages)]
    kept = read_ledger(as_kept([*many, MISSING]))
    moments = [entry.change.at for entry in kept if entry.change.bucket == "lab"]
    assert moments == [CHANGE.at + age for age in ages[3:]]
    assert MISSING in kept


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ([], "no ledger"),
        ({"version": 3}, "no ledger"),
        ({"schema_version": 2}, "schema_version is 2"),
        ({"schema_version": 1, "rules": {}, "entries": [{"bucket": "lab"}]}, "not what Firnline"),
    ],
)
def test_what_is_no_ledger_says_why(document: object, says: str) -> None:
    with pytest.raises(NotALedger, match=says):
        read_ledger(document)
