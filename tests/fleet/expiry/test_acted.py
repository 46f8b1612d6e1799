"""What S3 did between two inventories of the emulated S3, judged by the rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline import testing
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.text import to_text
from firnline.fleet.expiry.acted import Acts, Between, judge_acts
from firnline.fleet.expiry.canary_findings import canary_findings
from firnline.fleet.expiry.verdicts import WrittenRules
from firnline.fleet.inventory_bucket import InBucket
from firnline.fleet.questions import ListedBucket
from firnline.inventory.facts.changed_since import changed_since, not_comparable
from firnline.inventory.facts.expiry_days import due_days
from firnline.inventory.facts.inventory_files import InventoryFiles, OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from firnline.inventory.facts.told_days import Became, Changed, Due
from firnline.inventory.reads.lifecycle_lines import days_without, lifecycle_lines
from firnline.s3.model import Rule, RuleSet
from firnline.s3.read_shape import read_rules
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.terms import Versioning
from firnline.testing.fixture import S3WithLifecycle
from firnline.testing.inventory_configuration import InventoryConfiguration
from tests.fleet.expiry.test_expected_day import OBJECTS, RULES
from tests.fleet.small_world import PROD, account
from tests.inventory.facts.written import VERSIONS
from tests.inventory.facts.written import write as write_inventory

BUCKET = "lake"
OWNER = "999999999999"
STARTED = datetime(2026, 11, 28, 14, 27, 30, tzinfo=UTC)
MIB = 2**20
TMP: Any = {
    "ID": "tmp",
    "Status": "Enabled",
    "Filter": {"Prefix": "tmp/"},
    "Expiration": {"Days": 3},
}
COLD: Any = {
    "ID": "cold",
    "Status": "Enabled",
    "Filter": {"Prefix": "data/"},
    "Transitions": [{"Days": 30, "StorageClass": "GLACIER_IR"}],
}
SOONER: Any = {**TMP, "Expiration": {"Days": 1}}


@pytest.fixture
def s3() -> Iterator[S3WithLifecycle]:
    with testing.serve(started=STARTED) as aws:
        client = aws.caller_client("s3")
        for name in (BUCKET, "reports"):
            client.create_bucket(Bucket=name)
        store = aws.middleware.state.inventories.store
        store.put(BUCKET, InventoryConfiguration("daily", "reports"))
        found = S3WithLifecycle(client, aws)
        for key, age in (("tmp/old", 3), ("tmp/new", 1), ("data/old", 31), ("data/new", 2)):
            found.put(BUCKET, key, size=MIB, age=age)
        yield found


def write(s3: S3WithLifecycle, *rules: Any) -> None:
    s3.client.put_bucket_lifecycle_configuration(
        Bucket=BUCKET, LifecycleConfiguration={"Rules": list(rules)}
    )


def judged(
    s3: S3WithLifecycle,
    days: int = 1,
    before: list[Any] | None = None,
    deleted: frozenset[str] | None = None,
) -> tuple[Acts, tuple[Due, ...], tuple[Diagnostic, ...]]:
    """After S3's next runs, by the rules TMP and COLD."""
    (earlier,) = s3.aws.deliver_inventories()
    later = s3.advance(days=days).inventories[-1]
    with (
        open_inventory([InBucket(s3.client, OWNER, earlier)]) as one,
        open_inventory([InBucket(s3.client, OWNER, later)]) as other,
    ):
        assert not_comparable(one, other) == ""
        assert "no earlier" in not_comparable(other, one)
        bucket = ListedBucket(account("prod", PROD, "us-east-1"), BUCKET, "us-east-1")
        versioning = Versioning.of_status(
            s3.client.get_bucket_versioning(Bucket=BUCKET).get("Status")
        )
        rules = read_rules([TMP, COLD])
        written = WrittenRules(bucket, rules, versioning, read_rules(before) if before else None)
        between = Between(one.as_of, other.as_of, other.all_versions)
        acts = judge_acts(written, changed_since(one, other), between, deleted)
        due = due_days(other, rules)
    return acts, due, canary_findings(acts, due)


@pytest.mark.slow
@pytest.mark.parametrize("versioning", [None, "Enabled", "Suspended"])
def test_what_the_rules_say_is_no_finding(s3: S3WithLifecycle, versioning: Any) -> None:
    if versioning:
        s3.client.put_bucket_versioning(
            Bucket=BUCKET, VersioningConfiguration={"Status": versioning}
        )
        s3.put(BUCKET, "tmp/again", size=1, age=3)
    write(s3, TMP, COLD)
    acts, due, found = judged(s3)
    assert (acts.as_said, acts.too_early, due, found) == (2 + bool(versioning), 0, (), ())


def test_what_went_or_moved_too_early_is_an_error(s3: S3WithLifecycle) -> None:
    write(s3, SOONER, {**COLD, "Transitions": [{"Days": 1, "StorageClass": "GLACIER_IR"}]})
    acts, _, (error,) = judged(s3)
    assert (acts.as_said, acts.too_early) == (2, 2)
    assert (error.kind.code, error.severity) == ("FL745", Severity.ERROR)
    text = to_text([error])
    assert "s3://lake/tmp/new" in text
    assert "it was deleted, and the rules say 2026-12-01" in text
    assert "`data/new`: it was moved from STANDARD to GLACIER_IR" in text
    assert "1 deleted, 1 moved before any rule says so, and 2 as the rules say" in error.notes[0]


def test_the_rules_before_may_have_acted_as_well(s3: S3WithLifecycle) -> None:
    write(s3, SOONER, COLD)
    acts, _, found = judged(s3, before=[SOONER])
    assert (acts.too_early, found) == (0, ())


def test_what_is_overwritten_says_nothing_and_what_is_due_and_there_is_told(
    s3: S3WithLifecycle,
) -> None:
    s3.aws.deliver_inventories()
    s3.client.put_object(Bucket=BUCKET, Key="data/new", Body=b"2")
    acts, due, (warning,) = judged(s3)
    assert (acts.as_said, acts.too_early) == (0, 0)
    assert [(each.rule, each.objects, each.key) for each in due] == [("tmp", 1, "tmp/old")]
    assert (warning.kind.code, warning.severity) == ("FL746", Severity.WARNING)
    assert "1 object should have expired by 2026-11-29, and is still there" in to_text([warning])


LINE = (
    "79a5 lake [29/Nov/2026:00:12:00 +0000] - AmazonS3 3E57 {operation} {key} "
    '"-" - - - 1048576 - - "-" "-" -'
)


def test_with_logs_only_what_s3_itself_deleted_counts(s3: S3WithLifecycle) -> None:
    write(s3, SOONER, COLD)
    lines = [
        LINE.format(operation="S3.EXPIRE.OBJECT", key="tmp/a%2520b"),
        LINE.format(operation="REST.DELETE.OBJECT", key="tmp/new"),
        LINE.format(operation="S3.CREATE.DELETEMARKER", key="tmp/new"),
    ]
    expired, by_hand, marked = lifecycle_lines(lines)
    assert expired.keys == {"tmp/a%2520b", "tmp/a%20b", "tmp/a b"}
    assert (by_hand.bucket, by_hand.keys) == ("lake", frozenset())
    acts, _, (error,) = judged(s3, deleted=marked.keys)
    assert (acts.too_early, acts.by_others) == (1, 0)
    assert "somebody else" not in " ".join(error.notes)
    again = judge_acts(acts.written, acts.examples, acts.between, frozenset())
    assert (again.too_early, again.by_others) == (0, 1)


def test_logs_tell_only_of_a_time_of_which_each_day_has_lines() -> None:
    days = {"28/Nov/2026", "30/Nov/2026", "99/Foo/2026"}
    lacking = days_without(days, date(2026, 11, 28), date(2026, 12, 1))
    assert lacking == [date(2026, 11, 29), date(2026, 12, 1)]
    assert days_without(days, date(2026, 11, 30), date(2026, 11, 30)) == []


VERSIONED: Any = [
    {**TMP, "NoncurrentVersionExpiration": {"NoncurrentDays": 90}},
]
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def acted(
    became: Became,
    versioning: Versioning,
    until: timedelta,
    *,
    all_versions: bool = True,
    null_version: bool = False,
    rules: Any = VERSIONED,
) -> Acts:
    """On an object of two days, by `rules`."""
    bucket = ListedBucket(account("prod", PROD, "us-east-1"), BUCKET, "us-east-1")
    item = StoredItem("tmp/a", NOON - timedelta(days=2), 5, null_version=null_version)
    between = Between(NOON, NOON + until, all_versions)
    written = WrittenRules(bucket, read_rules(rules), versioning)
    return judge_acts(written, [Changed(item, became)], between)


def test_a_version_that_is_destroyed_before_its_noncurrent_days_is_too_early() -> None:
    week, enabled = timedelta(days=7), Versioning.ENABLED
    assert acted(Became.HIDDEN, enabled, week).as_said == 1
    assert acted(Became.GONE, enabled, week).early == {Became.GONE: 1}
    assert acted(Became.GONE, enabled, timedelta(days=93)).as_said == 1
    assert acted(Became.GONE, enabled, week, all_versions=False).as_said == 1
    suspended = Versioning.SUSPENDED
    assert acted(Became.GONE, suspended, week, null_version=True).as_said == 1
    assert acted(Became.GONE, suspended, week).too_early == 1


def test_what_was_due_before_the_earlier_inventory_may_be_done_on_the_same_day() -> None:
    today = acted(Became.GONE, Versioning.OFF, timedelta(hours=6), rules=[SOONER])
    assert today.as_said == 1
    tonight = acted(Became.GONE, Versioning.OFF, timedelta(hours=11), rules=[TMP])
    assert tonight.too_early == 1
    listed_late = acted(Became.GONE, Versioning.OFF, timedelta(days=1, hours=8), rules=[TMP])
    assert listed_late.as_said == 1


def test_however_many_changes_there_are_only_some_examples_are_kept() -> None:
    one = acted(Became.GONE, Versioning.OFF, timedelta(hours=1), rules=[TMP])
    (example,) = one.examples
    every = (
        replace(example, item=replace(example.item, key=f"tmp/{9999 - number:04}"))
        for number in range(10_000)
    )
    acts = judge_acts(one.written, every, one.between)
    assert acts.early == {Became.GONE: 10_000}
    assert [each.item.key for each in acts.examples] == [f"tmp/{n:04}" for n in range(5)]


def test_a_version_that_is_lost_is_gone_though_a_marker_is_over_it(tmp_path: Path) -> None:
    def listed(made: datetime, *rows: Any) -> InventoryFiles:
        fields = (*VERSIONS, "Size", "LastModifiedDate", "StorageClass")
        each = {"Size": 5, "StorageClass": "STANDARD", "IsLatest": True, "IsDeleteMarker": False}
        found = [{**each, **row} for row in rows]
        return OnDisk(write_inventory(tmp_path / f"{made:%d}", found, fields, made=made))

    def version(key: str, id: str, day: int, **told: Any) -> Any:
        created = datetime(2026, 11, day, tzinfo=UTC)
        return {"Key": key, "VersionId": id, "LastModifiedDate": created, **told}

    def marker(key: str) -> Any:
        return version(key, "m", 25, IsDeleteMarker=True, Size=None, StorageClass=None)

    keys = ("anew", "hidden", "lost")
    earlier = listed(NOON - timedelta(days=5), *(version(key, "1", 20) for key in keys))
    later = listed(
        NOON,
        *map(marker, keys),
        version("anew", "2", 24, IsLatest=False),
        version("hidden", "1", 20, IsLatest=False),
    )
    with open_inventory([earlier]) as one, open_inventory([later]) as other:
        found = {each.item.key: each.became for each in changed_since(one, other)}
    assert found == {"hidden": Became.HIDDEN, "lost": Became.GONE}


@given(
    st.lists(RULES, max_size=3),
    st.lists(st.tuples(OBJECTS, st.sampled_from(Became)), max_size=12),
    st.sampled_from(Versioning),
    st.integers(0, 12 * 24),
)
@settings(max_examples=60)
def test_many_changes_are_judged_as_each_of_them_alone(
    rules: list[Rule], found: list[tuple[StoredItem, Became]], versioning: Versioning, hours: int
) -> None:
    bucket = ListedBucket(account("prod", PROD, "us-east-1"), BUCKET, "us-east-1")
    written = WrittenRules(bucket, RuleSet(tuple(rules)), versioning)
    start = datetime(2026, 3, 1, 5, tzinfo=UTC)
    between = Between(start, start + timedelta(hours=hours))
    changes = [
        Changed(item, became, "GLACIER" if became is Became.MOVED else None)
        for item, became in found
    ]
    alone = [judge_acts(written, [each], between) for each in changes]
    every = judge_acts(written, changes, between)
    assert every.as_said == sum(each.as_said for each in alone)
    assert every.early == sum((Counter(each.early) for each in alone), Counter())
