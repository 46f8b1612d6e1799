"""Each row of the table explains a difference of its own, and the docs have the same rows."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from firnline.s3.law.judge import judge
from tests.engines import departures
from tests.engines.compare import Difference, differences
from tests.engines.departures import TABLE, Departure, explain
from tests.engines.listing import Listing
from tests.engines.state import DAY, NEW_MARKER, START, Bucket, Remaining, Version
from tests.engines.worlds import make_world

PROOF = Path(__file__).resolve().parents[2] / "docs" / "proof.md"
NOON = START + timedelta(hours=12)
KEY = "a/1"


def rule(filter: dict[str, Any] | None = None, **actions: Any) -> dict[str, Any]:
    return {"ID": "one", "Status": "Enabled", "Filter": filter or {"Prefix": ""}, **actions}


def ends_noncurrent(days: int, newer: int | None = None) -> dict[str, Any]:
    counted = {} if newer is None else {"NewerNoncurrentVersions": newer}
    return {"NoncurrentVersionExpiration": {"NoncurrentDays": days, **counted}}


def a_sole_marker() -> Bucket:
    bucket = Bucket(True, (rule(Expiration={"Days": 1}),))
    bucket.add(KEY, Version("marker", NOON, is_marker=True))
    return bucket


def a_version_under_a_marker_of_lifecycle() -> Bucket:
    bucket = Bucket(True, (rule(**ends_noncurrent(1)),))
    bucket.add(KEY, Version("old", NOON))
    bucket.settle(KEY, ("old", NEW_MARKER), START + 2 * DAY, ["marker"])
    return bucket


def two_versions_that_expire() -> Bucket:
    bucket = Bucket(True, (rule(Expiration={"Days": 1}, **ends_noncurrent(1, newer=1)),))
    bucket.add(KEY, Version("old", NOON))
    bucket.add(KEY, Version("new", NOON + timedelta(seconds=1)))
    return bucket


def the_last_version_under_a_marker() -> Bucket:
    cleans = rule(Expiration={"ExpiredObjectDeleteMarker": True}, **ends_noncurrent(1))
    bucket = Bucket(True, (cleans,))
    bucket.add(KEY, Version("old", NOON))
    bucket.add(KEY, Version("marker", NOON + timedelta(seconds=1), is_marker=True))
    return bucket


def a_version_whose_successor_was_deleted() -> Bucket:
    bucket = Bucket(True, (rule(**ends_noncurrent(2)),))
    bucket.add(KEY, Version("old", NOON))
    bucket.add(KEY, Version("deleted", NOON + timedelta(seconds=1)))
    bucket.add(KEY, Version("new", NOON + 2 * DAY))
    bucket.remove(KEY, "deleted", NOON + 2 * DAY)
    return bucket


def an_old_version_that_no_rule_matches() -> Bucket:
    tagged = {"And": {"Prefix": "", "Tags": [{"Key": "t", "Value": "1"}]}}
    bucket = Bucket(True, (rule(tagged, **ends_noncurrent(1, newer=1)),))
    bucket.add(KEY, Version("oldest", NOON))
    bucket.add(KEY, Version("kept", NOON + timedelta(seconds=1), tags=(("t", "1"),)))
    bucket.add(KEY, Version("current", NOON + timedelta(seconds=2)))
    return bucket


def an_empty_object() -> Bucket:
    over_zero = {"And": {"Prefix": "", "ObjectSizeGreaterThan": 0}}
    bucket = Bucket(False, (rule(over_zero, Expiration={"Days": 1}),))
    bucket.add(KEY, Version("null", NOON, size=0))
    return bucket


# The bucket, the day whose midnight is looked at, what Firnline says of it, and what the row says.
CASES: dict[Departure, tuple[Bucket, int, Remaining, Remaining]] = {
    departures.SOLE_MARKER: (a_sole_marker(), 2, (), ("marker",)),
    departures.AFTER_MIDNIGHT: (
        *(a_version_under_a_marker_of_lifecycle(), 3),
        *(("marker",), ("old", "marker")),
    ),
    departures.COUNTS_AT_ONCE: (
        *(two_versions_that_expire(), 2),
        *(("old", "new", NEW_MARKER), ("new", NEW_MARKER)),
    ),
    departures.GOES_AT_ONCE: (the_last_version_under_a_marker(), 2, ("marker",), ()),
    departures.FIRST_SUCCESSOR: (
        *(a_version_whose_successor_was_deleted(), 3),
        *(("old", "new"), ("new",)),
    ),
    departures.COUNTS_AROUND: (
        *(an_old_version_that_no_rule_matches(), 2),
        *(("oldest", "kept", "current"), ("oldest", "current")),
    ),
    departures.OVER_ZERO: (an_empty_object(), 2, ("null",), ()),
}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_row_explains_what_it_is_there_for(row: Departure) -> None:
    bucket, day, ours, theirs = CASES[row]
    markers: dict[str, Remaining] = {KEY: ("new",)} if NEW_MARKER in theirs else {}
    listing = Listing({KEY: theirs} if theirs else {}, markers, frozenset())
    found = list(differences(bucket, START + day * DAY, listing))
    assert found == [Difference(KEY, ours, theirs, (row,))]


@pytest.mark.parametrize(("day", "rows"), [(7, (departures.COUNTS_AROUND,)), (8, None)])
def test_events_are_replayed_that_are_as_old_as_the_longest_rule(
    day: int, rows: tuple[Departure, ...] | None
) -> None:
    bucket = Bucket(True, an_old_version_that_no_rule_matches().rules)
    bucket.add(KEY, Version("oldest", NOON))
    bucket.settle(KEY, ("oldest", NEW_MARKER), START + 2 * DAY, ["marker"])
    bucket.add(KEY, Version("kept", NOON + 4 * DAY, tags=(("t", "1"),)))
    bucket.add(KEY, Version("current", NOON + 5 * DAY))
    ours, theirs = ("oldest", "marker", "kept", "current"), ("oldest", "marker", "current")
    assert explain(bucket, KEY, START + day * DAY, ours, theirs) == rows


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_no_row_explains_a_mistake_of_ours(row: Departure) -> None:
    bucket, day, ours, theirs = CASES[row]
    at = START + day * DAY
    assert explain(bucket, KEY, at, ours=theirs, theirs=ours) is None
    assert explain(bucket, KEY, at, ours=("mistaken",), theirs=theirs) is None
    assert explain(bucket, KEY, at, ours=ours, theirs=theirs) == (row,)


def test_the_docs_have_the_same_rows_with_the_same_sources() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|.*\| `([^`]+)`[^|]*\|$", PROOF.read_text(), re.M)
    assert rows == [(row.name, row.source) for row in TABLE]


def test_s3_accepts_the_rules_of_every_world() -> None:
    for number in range(300):
        verdict = judge({"Rules": list(make_world(1, number).rules)})
        assert verdict.accepted, verdict.findings
