"""The clock: what happens to objects when it is advanced, as a client sees it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError

from firnline import testing
from firnline.s3.terms import Versioning
from firnline.testing import LifecycleAction, seed

ACCOUNT = "210987654321"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def aws() -> Iterator[testing.Emulator]:
    with testing.serve(started=NOON) as emulator:
        yield emulator


@pytest.fixture
def s3(aws: testing.Emulator) -> Any:
    client = aws.client("s3", account=ACCOUNT)
    client.create_bucket(Bucket="acme")
    return client


def put_rules(s3: Any, *rules: dict[str, Any], **options: Any) -> None:
    whole = [
        {"ID": f"rule-{place}", "Status": "Enabled", "Filter": {}, **rule}
        for place, rule in enumerate(rules)
    ]
    s3.put_bucket_lifecycle_configuration(
        Bucket="acme", LifecycleConfiguration={"Rules": whole}, **options
    )


def fill(aws: testing.Emulator, versioning: Versioning = Versioning.OFF) -> Any:
    """The bucket itself, for objects of any age."""
    bucket = seed.create_bucket(ACCOUNT, "acme", "us-east-1", NOON - 500 * DAY, versioning)
    return aws.client("s3", account=ACCOUNT), bucket


def versions(s3: Any) -> list[tuple[str, str, bool]]:
    """Key, version ID or `marker`, and whether it is the current one; newest first."""
    listed = s3.list_object_versions(Bucket="acme")
    data = [
        (each["LastModified"], each["Key"], each["VersionId"], each["IsLatest"])
        for each in listed.get("Versions", [])
    ]
    markers = [
        (each["LastModified"], each["Key"], "marker", each["IsLatest"])
        for each in listed.get("DeleteMarkers", [])
    ]
    newest_first = sorted(data + markers, key=lambda each: each[0], reverse=True)
    return [each[1:] for each in newest_first]


def done(report: testing.AdvanceReport) -> list[tuple[str, str, date]]:
    return [(each.key, each.action.value, each.at.date()) for each in report.events]


def test_writes_after_an_advance_are_dated_by_the_clock(aws: testing.Emulator, s3: Any) -> None:
    s3.put_object(Bucket="acme", Key="before", Body=b"x")
    aws.advance(days=180)
    s3.put_object(Bucket="acme", Key="after", Body=b"x")
    s3.copy_object(Bucket="acme", Key="copy", CopySource="acme/before")
    s3.create_bucket(Bucket="acme-two")
    s3.create_multipart_upload(Bucket="acme", Key="upload")
    earlier = s3.head_object(Bucket="acme", Key="before")["LastModified"]
    later = NOON + 180 * DAY
    dates = [
        s3.head_object(Bucket="acme", Key="after")["LastModified"],
        s3.get_object(Bucket="acme", Key="copy")["LastModified"],
        s3.list_objects_v2(Bucket="acme", Prefix="after")["Contents"][0]["LastModified"],
        s3.list_multipart_uploads(Bucket="acme")["Uploads"][0]["Initiated"],
        s3.list_buckets(MaxBuckets=9)["Buckets"][1]["CreationDate"],
        aws.now,
    ]
    assert abs(earlier - NOON) < timedelta(minutes=5)
    assert all(abs(moment - later) < timedelta(minutes=5) for moment in dates)


def test_an_object_moves_and_ends_at_the_midnight_after_its_days(
    aws: testing.Emulator, s3: Any
) -> None:
    s3.put_object(Bucket="acme", Key="a", Body=bytes(131_072))
    put_rules(
        s3, {"Transitions": [{"Days": 1, "StorageClass": "GLACIER"}], "Expiration": {"Days": 5}}
    )
    assert done(aws.advance(days=1)) == []
    assert done(aws.advance(days=1)) == [("a", "transition", date(2026, 11, 23))]
    head = s3.head_object(Bucket="acme", Key="a")
    assert head["StorageClass"] == "GLACIER"
    assert head["LastModified"] - NOON < timedelta(minutes=5)
    with pytest.raises(ClientError, match="InvalidObjectState"):
        s3.get_object(Bucket="acme", Key="a")
    assert done(aws.advance(until=date(2026, 11, 26))) == []
    assert done(aws.advance(until=date(2026, 11, 27))) == [("a", "expire", date(2026, 11, 27))]
    assert "Contents" not in s3.list_objects_v2(Bucket="acme")


def test_the_days_of_an_object_begin_when_it_is_written(aws: testing.Emulator, s3: Any) -> None:
    put_rules(s3, {"Expiration": {"Days": 10}})
    aws.advance(days=180)
    s3.put_object(Bucket="acme", Key="a", Body=b"x")
    assert done(aws.advance(days=10)) == []
    assert done(aws.advance(days=1)) == [("a", "expire", (NOON + 191 * DAY).date())]


def test_an_event_says_what_was_done_to_what_and_by_which_rule(aws: testing.Emulator) -> None:
    s3, bucket = fill(aws)
    seed.add_version(bucket, "a/big", 3 << 40, NOON - 40 * DAY)
    seed.add_upload(bucket, "a/upload", NOON - 40 * DAY, (5 << 20, 1))
    put_rules(
        s3,
        {"Filter": {"Prefix": "a/"}, "Expiration": {"Days": 30}},
        {"Filter": {"Prefix": ""}, "Expiration": {"Days": 20}},
        {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
    )
    planned = aws.plan_advance(days=1)
    report = aws.advance(days=1)
    assert report.events == planned
    ended = next(each for each in planned if each.action is LifecycleAction.EXPIRE)
    assert (ended.at, ended.due) == (MIDNIGHT, NOON.replace(hour=0) - 19 * DAY)
    assert (ended.bucket, ended.key, ended.id) == ("acme", "a/big", "null")
    assert (ended.bytes, ended.freed) == (3 << 40, 3 << 40)
    assert ended.rules == ("rule-1", "rule-0")
    assert report.by_action() == {
        LifecycleAction.EXPIRE: testing.Tally(1, 3 << 40),
        LifecycleAction.ABORT_UPLOAD: testing.Tally(1, (5 << 20) + 1),
    }
    assert report.by_rule()["acme", "rule-2"] == testing.Tally(1, (5 << 20) + 1)
    (bucket_now,) = report.buckets
    assert (bucket_now.classes, bucket_now.uploads, bucket_now.rules) == ({}, testing.Tally(), 3)


def test_a_plan_does_nothing(aws: testing.Emulator, s3: Any) -> None:
    s3.put_object(Bucket="acme", Key="a", Body=b"x")
    put_rules(s3, {"Expiration": {"Days": 1}})
    assert len(aws.plan_advance(days=9)) == 1
    assert len(aws.plan_advance(days=9)) == 1
    assert s3.head_object(Bucket="acme", Key="a")
    assert aws.now - NOON < DAY


def test_on_a_versioned_bucket_data_is_hidden_then_ended_then_the_marker_goes(
    aws: testing.Emulator,
) -> None:
    s3, bucket = fill(aws, Versioning.ENABLED)
    seed.add_version(bucket, "a", 10, NOON - 3 * DAY, "v1")
    put_rules(
        s3,
        {
            "Expiration": {"Days": 10},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 5},
        },
        {"Expiration": {"ExpiredObjectDeleteMarker": True}},
    )
    first = aws.advance(days=8)
    assert done(first) == [("a", "delete_marker", date(2026, 11, 29))]
    assert versions(s3) == [("a", "marker", True), ("a", "v1", False)]
    (marker,) = s3.list_object_versions(Bucket="acme")["DeleteMarkers"]
    assert marker["LastModified"] == datetime(2026, 11, 29, tzinfo=UTC)
    assert marker["VersionId"] == first.events[0].marker
    with pytest.raises(ClientError, match="404"):
        s3.head_object(Bucket="acme", Key="a")
    assert done(aws.advance(days=30)) == [
        ("a", "delete_version", date(2026, 12, 4)),
        ("a", "remove_delete_marker", date(2026, 12, 5)),
    ]
    assert versions(s3) == []


def test_a_null_marker_takes_the_place_of_the_null_version(aws: testing.Emulator) -> None:
    s3, bucket = fill(aws, Versioning.SUSPENDED)
    seed.add_version(bucket, "current", 10, NOON - 9 * DAY, "v1")
    seed.add_version(bucket, "current", 20, NOON - 8 * DAY, "null")
    seed.add_version(bucket, "old", 30, NOON - 9 * DAY, "null")
    seed.add_version(bucket, "old", 40, NOON - 8 * DAY, "v1")
    put_rules(
        s3,
        {"Expiration": {"Days": 5}, "NoncurrentVersionExpiration": {"NoncurrentDays": 500}},
    )
    for key in ("current", "old"):
        life = [each for each in aws.plan_advance(days=600) if each.key == key]
        assert [(each.action, each.id) for each in life] == [
            (LifecycleAction.DELETE_MARKER, "null" if key == "current" else "v1"),
            (LifecycleAction.DELETE_VERSION, "v1"),
            (LifecycleAction.REMOVE_DELETE_MARKER, "null"),
        ]
    events = aws.advance(days=1).events
    assert [(each.key, each.marker, each.freed) for each in events] == [
        ("current", "null", 20),
        ("old", "null", 30),
    ]
    assert sorted(versions(s3)) == [
        ("current", "marker", True),
        ("current", "v1", False),
        ("old", "marker", True),
        ("old", "v1", False),
    ]


def test_a_version_is_noncurrent_since_the_version_above_it_now_was_made(
    aws: testing.Emulator,
) -> None:
    s3, bucket = fill(aws, Versioning.ENABLED)
    for place, age in enumerate((30, 20, 2)):
        seed.add_version(bucket, "a", 10, NOON - age * DAY, f"v{place}")
    s3.delete_object(Bucket="acme", Key="a", VersionId="v1")
    put_rules(s3, {"NoncurrentVersionExpiration": {"NoncurrentDays": 15}})
    assert done(aws.advance(days=13)) == []
    assert done(aws.advance(days=1)) == [("a", "delete_version", date(2026, 12, 5))]
    assert versions(s3) == [("a", "v2", True)]


def test_a_version_that_is_current_again_forgets_that_it_was_not(aws: testing.Emulator) -> None:
    s3, bucket = fill(aws, Versioning.ENABLED)
    seed.add_version(bucket, "a", 10, NOON - 30 * DAY, "v0")
    seed.add_version(bucket, "a", 10, NOON - 20 * DAY, "v1")
    put_rules(s3, {"NoncurrentVersionExpiration": {"NoncurrentDays": 15}})
    s3.delete_object(Bucket="acme", Key="a", VersionId="v1")
    assert done(aws.advance(days=1)) == []
    s3.put_object(Bucket="acme", Key="a", Body=b"x")
    assert done(aws.advance(days=15)) == []
    assert done(aws.advance(days=1)) == [("a", "delete_version", date(2026, 12, 8))]


def test_the_newest_noncurrent_versions_are_kept(aws: testing.Emulator) -> None:
    s3, bucket = fill(aws, Versioning.ENABLED)
    for place in range(5):
        seed.add_version(bucket, "a", 10, NOON - (30 - place) * DAY, f"v{place}")
    put_rules(
        s3,
        {"NoncurrentVersionExpiration": {"NoncurrentDays": 1, "NewerNoncurrentVersions": 2}},
    )
    aws.advance(days=100)
    assert [id for _, id, _ in versions(s3)] == ["v4", "v3", "v2"]


def test_object_lock_holds_what_it_locks(aws: testing.Emulator) -> None:
    s3: Any = aws.client("s3", account=ACCOUNT)
    s3.create_bucket(Bucket="acme", ObjectLockEnabledForBucket=True)
    for key in ("retained", "held", "free", "for ever"):
        s3.put_object(Bucket="acme", Key=key, Body=b"x")
    s3.put_object_retention(
        Bucket="acme",
        Key="retained",
        Retention={"Mode": "GOVERNANCE", "RetainUntilDate": NOON + 50 * DAY},
    )
    s3.put_object_retention(
        Bucket="acme",
        Key="for ever",
        Retention={
            "Mode": "COMPLIANCE",
            "RetainUntilDate": datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
        },
    )
    s3.put_object_legal_hold(Bucket="acme", Key="held", LegalHold={"Status": "ON"})
    put_rules(s3, {"Expiration": {"Days": 1}, "NoncurrentVersionExpiration": {"NoncurrentDays": 1}})
    actions = done(aws.advance(days=100))
    ended = {key: at for key, action, at in actions if action == "delete_version"}
    assert ended == {"free": date(2026, 11, 24), "retained": date(2027, 1, 11)}
    assert {key for key, action, _ in actions if action == "delete_marker"} == {
        *("retained", "held", "free", "for ever")
    }


def test_rules_go_by_the_tags_an_object_has_at_that_midnight(
    aws: testing.Emulator, s3: Any
) -> None:
    for key in ("a", "b"):
        s3.put_object(Bucket="acme", Key=key, Body=b"x", Tagging="keep=no")
    put_rules(s3, {"Filter": {"Tag": {"Key": "keep", "Value": "no"}}, "Expiration": {"Days": 1}})
    s3.put_object_tagging(
        Bucket="acme", Key="b", Tagging={"TagSet": [{"Key": "keep", "Value": "yes"}]}
    )
    assert [key for key, _, _ in done(aws.advance(days=9))] == ["a"]
    s3.put_object(Bucket="acme", Key="a", Body=b"again, without tags")
    assert done(aws.advance(days=9)) == []


@pytest.mark.parametrize(("header", "moved"), [(None, []), ("varies_by_storage_class", ["small"])])
def test_small_objects_move_where_the_configuration_says_so(
    aws: testing.Emulator, s3: Any, header: str | None, moved: list[str]
) -> None:
    s3.put_object(Bucket="acme", Key="small", Body=bytes(131_071))
    options = {"TransitionDefaultMinimumObjectSize": header} if header else {}
    put_rules(s3, {"Transitions": [{"Days": 1, "StorageClass": "GLACIER"}]}, **options)
    assert [key for key, _, _ in done(aws.advance(days=9))] == moved


def test_a_date_rule_acts_on_what_comes_after_it_too(aws: testing.Emulator, s3: Any) -> None:
    day = datetime(2026, 12, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    put_rules(s3, {"Expiration": {"Date": day}})
    s3.put_object(Bucket="acme", Key="early", Body=b"x")
    assert done(aws.advance(days=30)) == [("early", "expire", date(2026, 12, 1))]
    s3.put_object(Bucket="acme", Key="late", Body=b"x")
    assert done(aws.advance(days=1)) == [("late", "expire", date(2026, 12, 22))]


def test_an_object_of_an_upload_is_as_old_as_the_upload(aws: testing.Emulator, s3: Any) -> None:
    upload = s3.create_multipart_upload(Bucket="acme", Key="a")["UploadId"]
    aws.advance(days=20)
    part = s3.upload_part(Bucket="acme", Key="a", UploadId=upload, PartNumber=1, Body=b"x")
    s3.complete_multipart_upload(
        Bucket="acme",
        Key="a",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )
    modified = s3.head_object(Bucket="acme", Key="a")["LastModified"]
    assert abs(modified - NOON) < timedelta(minutes=5)
    put_rules(s3, {"Expiration": {"Days": 15}})
    assert done(aws.advance(days=1)) == [("a", "expire", date(2026, 12, 12))]


def test_a_rule_that_is_switched_off_or_taken_away_does_nothing(
    aws: testing.Emulator, s3: Any
) -> None:
    s3.put_object(Bucket="acme", Key="a", Body=b"x")
    put_rules(s3, {"Status": "Disabled", "Expiration": {"Days": 1}})
    assert done(aws.advance(days=9)) == []
    put_rules(s3, {"Expiration": {"Days": 1}})
    s3.delete_bucket_lifecycle(Bucket="acme")
    assert done(aws.advance(days=9)) == []
    put_rules(s3, {"Expiration": {"Days": 1}})
    assert len(done(aws.advance(days=1))) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"days": 0}, "0 days later is now"),
        ({"days": -1}, "cannot go back"),
        ({"days": 10**12}, "cannot go beyond 9998-12-31"),
        ({"until": date(2026, 11, 21)}, "it is already 2026-11-21 12:00 UTC there"),
        ({"until": NOON}, "cannot go back"),
        ({"until": datetime(2027, 1, 1)}, "has no time zone"),
        ({"until": date(9999, 12, 31)}, "cannot go beyond"),
        ({}, "either `days` or `until`"),
        ({"days": 1, "until": date(2027, 1, 1)}, "either `days` or `until`"),
    ],
)
def test_the_clock_only_goes_forwards(
    aws: testing.Emulator, arguments: dict[str, Any], said: str
) -> None:
    before = aws.now
    with pytest.raises(testing.BadAdvance, match=said):
        aws.advance(**arguments)
    assert aws.now - before < timedelta(minutes=1)


def test_another_process_advances_the_clock_over_http(s3: Any, speak: Any) -> None:
    s3.put_object(Bucket="acme", Key="a", Body=b"x")
    put_rules(s3, {"Expiration": {"Days": 1}})
    clock = json.loads(speak("GET", "/_firnline/clock").body)
    assert clock["started"] == NOON.isoformat()
    answer = speak("POST", "/_firnline/advance", '{"days": 2}')
    report = json.loads(answer.body)
    assert answer.status == 200
    assert [(each["key"], each["action"], each["at"]) for each in report["events"]] == [
        ("a", "expire", "2026-11-23T00:00:00+00:00")
    ]
    assert {each["kind"] for each in report["events"]} == {"object"}
    assert report["by_action"] == {"expire": {"count": 1, "bytes": 1}}
    assert report["by_rule"] == [{"bucket": "acme", "rule": "rule-0", "count": 1, "bytes": 1}]
    later = json.loads(speak("GET", "/_firnline/clock").body)
    assert later["now"] >= report["until"]
    until = speak("POST", "/_firnline/advance", '{"until": "2027-05-20"}')
    assert json.loads(until.body)["until"] == "2027-05-20T00:00:00+00:00"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "not JSON"),
        ("[]", "send one of"),
        ("{}", "send one of"),
        ('{"days": 1, "until": "2027-01-01"}', "send one of"),
        ('{"days": true}', "`days` takes a whole number, not true"),
        ('{"days": 1.5}', "`days` takes a whole number, not 1.5"),
        ('{"for": "soon"}', "`soon` is not a duration"),
        ('{"until": "soon"}', "`soon` is not a date"),
        ('{"until": "2020-01-01"}', "cannot go back"),
        ('{"days": -3}', "cannot go back"),
        ('{"weeks": 3}', "`weeks` is not known"),
        (b"\xff", "not JSON"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused_over_http(
    speak: Any, body: str | bytes, said: str
) -> None:
    answer = speak("POST", "/_firnline/advance", body)
    assert answer.status == 400
    assert said in json.loads(answer.body)["error"]


def test_rules_that_only_a_lenient_judge_accepts_are_named_and_nothing_is_done() -> None:
    with testing.serve(judge=testing.accept_all) as aws:
        s3: Any = aws.client("s3", account=ACCOUNT)
        s3.create_bucket(Bucket="acme")
        put_rules(s3, {"Transitions": [{"StorageClass": "GLACIER"}]})
        before = aws.now
        with pytest.raises(testing.UnreadableRules, match="the lifecycle of `acme`"):
            aws.advance(days=3)
        assert aws.now - before < DAY
