"""The days of an inventory, judged by the engine as each object is judged alone."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.diagnostics.kinds import Severity
from firnline.diagnostics.text import to_text
from firnline.fleet.expiry.expected_day import StoredFacts
from firnline.fleet.expiry.inventory_findings import inventory_findings
from firnline.fleet.expiry.verdicts import WrittenRules, compare
from firnline.fleet.questions import ListedBucket
from firnline.inventory.facts.expiry_days import told_days
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.facts.told_days import ToldDays
from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.simulate.expiry_date import DayVerdict
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Days, Versioning
from tests.fleet.expiry.test_expected_day import OBJECTS, RULES
from tests.fleet.small_world import PROD, account
from tests.inventory.facts.written import CURRENT, MADE, VERSIONS, write

LAKE = ListedBucket(account("prod", PROD, "us-east-1"), "lab", "us-east-1")
FIELDS = ("Size", "LastModifiedDate", "LifecycleExpirationDate", "ReplicationStatus")
DAYS = st.none() | st.integers(-2, 14).map(lambda day: date(2026, 2, 27) + timedelta(days=day))


def row(item: StoredItem, told: date | None, number: int) -> dict[str, Any]:
    day = datetime(told.year, told.month, told.day, tzinfo=UTC) if told else None
    return {
        "Key": item.key,
        "Size": item.size,
        "LastModifiedDate": item.created,
        "LifecycleExpirationDate": day,
        "ReplicationStatus": item.replication,
        "VersionId": f"v{number}",
        "IsLatest": True,
        "IsDeleteMarker": False,
    }


def judged(
    rows: list[dict[str, Any]],
    written: WrittenRules,
    fields: tuple[str, ...] = (*CURRENT, *FIELDS),
    written_at: datetime | None = None,
) -> ToldDays:
    with TemporaryDirectory() as name:
        manifest = write(Path(name), rows, fields)
        with open_inventory([OnDisk(manifest)]) as facts:
            return told_days(facts, written.rules, written.before, written_at)


@pytest.mark.slow
@given(
    st.lists(RULES, max_size=4),
    st.none() | st.lists(RULES, max_size=2),
    st.lists(st.tuples(OBJECTS, DAYS), max_size=6),
)
@settings(max_examples=25)
def test_the_engine_counts_what_is_judged_one_by_one(
    rules: list[Rule], before: list[Rule] | None, stored: list[tuple[StoredItem, date | None]]
) -> None:
    earlier = None if before is None else RuleSet(tuple(before))
    written = WrittenRules(LAKE, RuleSet(tuple(rules)), Versioning.OFF, earlier)
    rows = [row(item, told, number) for number, (item, told) in enumerate(stored)]
    alone = [compare(written, StoredFacts(item, knows_tags=False), told) for item, told in stored]
    found = judged(rows, written)
    assert found.why == ""
    wanted = Counter(each.verdict for each in alone)
    assert {verdict: found.count(verdict) for verdict in DayVerdict} == {
        verdict: wanted[verdict] for verdict in DayVerdict
    }


RULE = Rule("firnline/acme/tmp", Filter("tmp/"), expires=Days(30))
WRITTEN = WrittenRules(LAKE, RuleSet((RULE,)), Versioning.OFF)
ITEM = StoredItem("tmp/a", datetime(2026, 11, 1, 10, tzinfo=UTC), 5)


def test_objects_of_another_day_are_an_error_with_the_first_of_them() -> None:
    others = [row(StoredItem(f"tmp/{n}", ITEM.created, 5), date(2026, 12, 1), n) for n in range(3)]
    (error,) = inventory_findings(LAKE, judged([row(ITEM, date(2026, 12, 2), 9), *others], WRITTEN))
    assert (error.kind.code, error.severity) == ("FL744", Severity.ERROR)
    text = to_text([error])
    assert "3 of 4 objects have another day than the rules say" in text
    assert "`tmp/0` and 2 more: 2026-12-01 by the inventory, 2026-12-02 by the rules" in text
    assert "`firnline/acme/tmp`" in text


def test_noncurrent_versions_are_left_out_and_what_is_lacking_is_told() -> None:
    old = row(ITEM, None, 1) | {"IsLatest": False}
    found = judged([old, row(ITEM, date(2026, 12, 2), 2)], WRITTEN, (*VERSIONS, *FIELDS))
    assert (found.count(DayVerdict.AGREES), found.count(*DayVerdict)) == (1, 1)
    assert inventory_findings(LAKE, found) == ()
    without = judged([], WRITTEN, (*CURRENT, "Size", "LastModifiedDate"))
    assert "no LifecycleExpirationDate" in without.why
    early = judged([], WRITTEN, written_at=MADE + timedelta(minutes=5))
    assert early.why.startswith("is of 2026-11-28 01:00 UTC, before the rules were written")
