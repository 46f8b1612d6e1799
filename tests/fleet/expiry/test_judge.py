"""S3's own verdict on written rules, from the emulated S3: right, wrong, late and refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from firnline import testing
from firnline.diagnostics.kinds import Severity
from firnline.diagnostics.text import to_text
from firnline.fleet.accounts import Clients
from firnline.fleet.expiry.findings import findings
from firnline.fleet.expiry.judge import Patience, judge_buckets
from firnline.fleet.expiry.kinds import EXPIRES_ON_ANOTHER_DAY
from firnline.fleet.expiry.sampled import Limits
from firnline.fleet.expiry.verdicts import BucketVerdict, WrittenRules
from firnline.fleet.questions import ListedBucket
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_rules
from firnline.s3.simulate.expiry_date import DayVerdict
from firnline.s3.terms import Versioning
from firnline.testing import seed
from firnline.testing.faults import read_fault
from firnline.testing.moto_process import find_bucket
from tests.fleet.small_world import PROD, account

BUCKET = "lake"
STARTED = datetime(2026, 11, 28, 14, 27, 30, tzinfo=UTC)
NOW = STARTED - timedelta(hours=3)


def rule(prefix: str, days: int, **scope: Any) -> Any:
    filter = {"And": {"Prefix": prefix, **scope}} if scope else {"Prefix": prefix}
    expires = {"Expiration": {"Days": days}}
    return {"ID": f"{prefix}{days}", "Status": "Enabled", "Filter": filter, **expires}


TAGGED = {"Tags": [{"Key": "team", "Value": "a"}], "ObjectSizeGreaterThan": 4}
RULES = [rule("tmp/", 30), rule("tmp/fast/", 7), rule("data/", 60, **TAGGED)]


@pytest.fixture(scope="module")
def served() -> Iterator[testing.Emulator]:
    with testing.serve(started=STARTED) as aws:
        client = aws.client("s3", account=PROD)
        client.create_bucket(Bucket=BUCKET)
        bucket = find_bucket(BUCKET)
        assert bucket is not None
        for number in range(40):
            for prefix in ("tmp/", "tmp/fast/", "other/"):
                seed.put_version(bucket, f"{prefix}{number:02}", 5, NOW, {})
        for team in ("a", "b"):
            seed.put_version(bucket, f"data/{team}", 5, NOW, {"team": team})
        yield aws


@pytest.fixture
def aws(served: testing.Emulator, monkeypatch: pytest.MonkeyPatch) -> testing.Emulator:
    for name, value in served.environment.items():
        monkeypatch.setenv(name, value)
    served.middleware.faults.clear()
    write(served, *RULES)
    return served


def write(aws: testing.Emulator, *rules: Any) -> None:
    aws.client("s3", account=PROD).put_bucket_lifecycle_configuration(
        Bucket=BUCKET, LifecycleConfiguration={"Rules": list(rules)}
    )


class Clock:
    """Sleeps at once, and remembers it."""

    def __init__(self) -> None:
        self.time = 0.0

    def sleep(self, seconds: float) -> None:
        self.time += seconds

    def now(self) -> float:
        return self.time


CLIENTS: Final = Clients()


def rules_of(rules: list[Any], before: list[Any] | None = None) -> WrittenRules:
    return WrittenRules(
        ListedBucket(account("prod", PROD, "us-east-1"), BUCKET, "us-east-1"),
        read_rules(rules),
        Versioning.OFF,
        None if before is None else read_rules(before) if before else RuleSet(()),
    )


def judge(
    rules: list[Any] = RULES, before: list[Any] | None = None, heads: int = 20, settle: float = 60
) -> BucketVerdict:
    clock = Clock()
    written = rules_of(rules, before)
    patience = Patience(settle, 2, clock.sleep, clock.now)
    (found,) = judge_buckets([written], CLIENTS, Limits(heads=heads), patience)
    assert clock.time <= settle
    return found


def disturb(aws: testing.Emulator, **fault: Any) -> None:
    aws.middleware.faults.add(read_fault({"operation": "HeadObject", **fault}))


@pytest.mark.usefixtures("aws")
def test_objects_of_every_rule_and_of_none_agree_in_few_requests() -> None:
    found = judge()
    assert found.failure is None
    assert {each.verdict for each in found.compared} == {DayVerdict.AGREES}
    assert (len(found.compared), found.heads) == (20, 20)
    assert found.lists == 5
    assert found.untested == ()
    assert findings(found) == ()
    days = {(each.item.key.rpartition("/")[0], each.told) for each in found.compared}
    assert days == {
        ("tmp", date(2026, 12, 29)),
        ("tmp/fast", date(2026, 12, 6)),
        ("data", date(2027, 1, 28)),
        ("data", None),
        ("other", None),
    }
    assert {each.item.key for each in found.compared} >= {"data/a", "data/b", "other/00"}


def test_a_day_that_is_another_and_stays_so_is_an_error_about_the_object(
    aws: testing.Emulator,
) -> None:
    disturb(aws, expiry_shift_days=-3, times=1000)
    (error,) = findings(judge(heads=6))
    assert (error.kind, error.severity) == (EXPIRES_ON_ANOTHER_DAY, Severity.ERROR)
    text = to_text([error])
    assert "s3://lake/data/a" in text
    assert "S3 says 2027-01-25, the rules say 2027-01-28" in text
    assert "`data/60` sets the day that the rules say" in text
    assert "it has 5 bytes and was last modified 2026-11-28 11:27:30 UTC" in text


def test_a_stale_answer_is_read_again_and_counts_only_if_it_stays(aws: testing.Emulator) -> None:
    later = [rule("tmp/", 40), *RULES[1:]]
    write(aws, *later)
    disturb(aws, stale=7)
    found = judge(later, before=RULES, heads=6)
    assert not found.of(DayVerdict.DISAGREES)
    assert found.heads > 6
    assert findings(found) == ()
    disturb(aws, stale=1000)
    (warning,) = findings(judge(later, before=RULES, heads=6, settle=9))
    assert warning.severity is Severity.WARNING
    assert "S3 says 2026-12-29, the rules say 2027-01-08" in to_text([warning])
    assert {each.severity for each in findings(judge(later, heads=6, settle=0))} == {Severity.ERROR}


def test_a_rule_that_nobody_wrote_is_seen_by_what_it_would_delete(aws: testing.Emulator) -> None:
    write(aws, *RULES, rule("", 1))
    (error,) = findings(judge(heads=6, settle=9))
    assert "S3 says 2026-11-30, the rules say no day" in to_text([error])


def test_tags_that_may_not_be_read_leave_open_what_they_decide(aws: testing.Emulator) -> None:
    refused = {"status": 403, "code": "AccessDenied", "times": 1000}
    aws.middleware.faults.add(read_fault({"operation": "GetObjectTagging", **refused}))
    found = judge()
    assert {each.item.key: each.why for each in found.of(DayVerdict.UNKNOWN)} == dict.fromkeys(
        ["data/a", "data/b"], "its tags are not known"
    )
    assert found.untested == ("data/60",)
    assert findings(found) == ()


@pytest.mark.parametrize(
    ("operation", "permission"),
    [("ListObjectsV2", "s3:ListBucket"), ("HeadObject", "s3:GetObject")],
)
def test_a_refusal_names_the_missing_permission(
    aws: testing.Emulator, operation: str, permission: str
) -> None:
    refused = {"operation": operation, "status": 403, "code": "AccessDenied", "times": 1000}
    aws.middleware.faults.add(read_fault(refused))
    found = judge()
    assert found.failure is not None
    assert (found.failure.why.permission, found.failure.why.denied) == (permission, True)


def test_objects_that_no_rule_is_about_are_read_however_many_rules_there_are(
    aws: testing.Emulator,
) -> None:
    many = [rule(f"tmp/{number:02}", 30) for number in range(30)]
    write(aws, *many)
    found = judge(many, heads=40)
    assert any(each.item.key.startswith("other/") for each in found.compared)
    assert found.lists <= Limits().lists


def refuse(aws: testing.Emulator, operation: str, **fault: Any) -> None:
    aws.middleware.faults.add(read_fault({"operation": operation, "times": 1000, **fault}))


def test_a_token_that_expires_while_objects_are_read_is_no_unknown_day(
    aws: testing.Emulator,
) -> None:
    refuse(aws, "HeadObject", code="ExpiredToken")
    refuse(aws, "ListObjectsV2", code="ExpiredToken", after=5)
    found = judge()
    assert found.failure is not None
    assert (found.failure.why.code, found.failure.why.has_credentials) == ("ExpiredToken", False)


def test_an_object_that_cannot_be_read_is_unknown_and_the_others_are_compared(
    aws: testing.Emulator,
) -> None:
    refuse(aws, "HeadObject", code="AccessDenied", times=2)
    found = judge(heads=6)
    assert found.failure is None
    assert len(found.of(DayVerdict.AGREES)) == 4
    assert [each.why.partition(":")[0] for each in found.of(DayVerdict.UNKNOWN)] == [
        "S3 refuses to tell of it",
        "S3 refuses to tell of it",
    ]
    refuse(aws, "HeadObject", status=400, code="InvalidRequest")
    of_customer_keys = judge(heads=6)
    assert of_customer_keys.failure is None
    assert len(of_customer_keys.of(DayVerdict.UNKNOWN)) == 6


def test_a_day_that_disagreed_does_so_though_it_cannot_be_read_again(
    aws: testing.Emulator,
) -> None:
    disturb(aws, expiry_shift_days=-3, times=2)
    refuse(aws, "HeadObject", code="AccessDenied", after=2)
    found = judge(heads=2)
    assert found.failure is None
    assert [each.item.key for each in found.of(DayVerdict.DISAGREES)] == ["data/a"]


def test_however_many_buckets_disagree_the_wait_is_that_for_one(aws: testing.Emulator) -> None:
    disturb(aws, expiry_shift_days=-3, times=10_000)
    clock = Clock()
    patience = Patience(60, 20, clock.sleep, clock.now)
    found = judge_buckets([rules_of(RULES)] * 20, CLIENTS, Limits(heads=2, lists=3), patience)
    assert all(each.of(DayVerdict.DISAGREES) for each in found)
    assert clock.time <= 60
