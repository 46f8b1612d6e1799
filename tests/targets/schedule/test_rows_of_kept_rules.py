"""Where rules of others act and no policy decides, the schedule has rows with their days."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from firnline.pipeline import Compilation
from firnline.s3.shape import to_s3
from firnline.targets.formats.schedule_text import to_text
from firnline.targets.schedule.model import Approvers, Kept, Row, Schedule, Unbounded
from firnline.targets.schedule.rows import rows_of
from firnline.targets.schedule.schedule import schedule_of
from tests.rules.oracle import story
from tests.rules.strategies import policies
from tests.rules.test_foreign_rules import COLD, TMP, compile_beside, foreign_rules
from tests.targets.schedule.test_rows import OBJECTS, _deleted, _the_row, _within

TODAY = date(2026, 11, 30)
KEEP = "versioning: off\nforeign_rules: keep\n"
A_DATE = "2030-01-31T00:00:00Z"
ON_A_DATE = TMP | {"Expiration": {"Date": A_DATE}}


def test_a_kept_rule_has_a_row_with_its_days_and_its_id() -> None:
    rows = rows_by_prefix(compile_beside(KEEP, [TMP, COLD]))
    assert rows["tmp/"].kept == ("by-hand",)
    assert rows["tmp/"].ends.bytes == Kept(3, 4)
    assert rows["old/"].kept == ("old",)
    assert rows["old/"].ends.bytes == Kept(None, None, Unbounded.NO_RULE)
    assert rows[""].kept == ()


def test_what_a_kept_rule_deletes_on_a_date_has_no_minimum_and_no_maximum() -> None:
    moves = COLD | {"Transitions": [{"Date": A_DATE, "StorageClass": "GLACIER"}]}
    compilation = compile_beside(KEEP, [ON_A_DATE, moves])
    kept = rows_by_prefix(compilation)["tmp/"].ends.readable
    assert (kept.least, kept.most, kept.unbounded) == (0, None, Unbounded.ON_DATE)
    said = " ".join(to_text(schedule(compilation), 100).split())
    assert (
        "no minimum: a rule of others deletes all of it on 2030-01-31, and from then on at once"
    ) in said
    assert "GLACIER from 2030-01-31 on" in said
    assert "owner nobody: a rule of others decides, kept rule `by-hand`" in said


def test_a_retention_that_a_kept_rule_does_not_change_is_its_owners_alone() -> None:
    said = f"{KEEP}retain: {{t: {{prefix: tmp/, delete_after: 3d}}}}\n"
    row = rows_by_prefix(compile_beside(said, [TMP]))["tmp/"]
    assert row.objects is not None
    assert row.kept == ()


def test_a_kept_rule_by_a_tag_has_a_row_of_the_objects_with_that_tag() -> None:
    tagged = TMP | {"Filter": {"And": {"Prefix": "tmp/", "Tags": [{"Key": "t", "Value": "x"}]}}}
    found = [row for row in rows(compile_beside(KEEP, [tagged])) if row.kept]
    (row,) = found
    assert row.where[0].boxes[0].tags == (("t", "x"),)


@st.composite
def kept_rules(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Some of them act on a date."""
    found: list[dict[str, Any]] = draw(foreign_rules())
    for rule in found:
        if "Expiration" in rule and draw(st.booleans()):
            rule["Expiration"] = {"Date": A_DATE}
    return found


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(policies(), kept_rules())
def test_each_object_is_deleted_on_a_day_within_its_row_whatever_rules_of_others_do(
    policy: dict[str, Any], foreign: list[dict[str, Any]]
) -> None:
    compilation = compile_beside(policy | {"foreign_rules": "keep"}, foreign)
    assume(not compilation.failed)
    found, written = rows(compilation), to_s3(compilation.buckets[0].rules)["Rules"]
    event("kept rules decide somewhere" if any(row.kept for row in found) else "they do not")
    event("on a date" if any(row.ends.readable.from_date for row in found) else "by age")
    keeps = policy["versioning"] != "off"
    for stored in OBJECTS[::5]:
        row = _the_row(found, stored)
        for until_date in (0, 5, 150) if "T00:00:00Z" in str(written) else (0,):
            acting = _as_ages(written, until_date)
            day = _deleted(story(acting, stored, keeps_versions=keeps))
            assert _within(day, row.ends.readable), stored
            old = _deleted(story(acting, stored, old=True, keeps_versions=True)) if keeps else 0
            assert _within(old, row.ends.old_versions), stored
            assert _within(day + old, row.ends.bytes), stored


def _as_ages(rules: list[dict[str, Any]], until_date: int) -> list[dict[str, Any]]:
    """The rules as they act on an object that is created so many days before the date of theirs."""
    dated = json.dumps(A_DATE)
    return [
        rule | {"Expiration": {"Days": until_date}}
        if dated[1:11] in str(rule.get("Expiration"))
        else rule
        for rule in rules
    ]


def schedule(compilation: Compilation) -> Schedule:
    nobody = Approvers({}, (), (), self_approved=False)
    return schedule_of(compilation.folder, compilation.buckets, nobody, TODAY)


def rows_by_prefix(compilation: Compilation) -> dict[str, Row]:
    return {row.prefix: row for row in rows(compilation)}


def rows(compilation: Compilation) -> tuple[Row, ...]:
    (bucket,) = compilation.buckets
    assert bucket.program is not None
    return rows_of(bucket.program, bucket.rules)
