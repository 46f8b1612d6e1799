"""CloudTrail's event history in the emulator: what it keeps, and how LookupEvents tells it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from botocore import session
from botocore.exceptions import ClientError
from botocore.model import OperationModel
from botocore.serialize import RestXMLSerializer
from hypothesis import given, settings

from firnline import testing
from firnline.fleet.writers.events import read_event
from firnline.s3.model import MinimumSize, RuleSet
from firnline.s3.shape import to_s3
from firnline.s3.xml_tree import read_xml
from firnline.testing.aws_request import AwsRequest
from firnline.testing.event_history import as_json
from firnline.testing.lookup_events import Lookups
from tests.fleet.writers.records import record
from tests.s3.simulate.worlds import rule_sets
from tests.testing.conftest import STAGING

RULE = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 7}}


@cache
def put_operation() -> OperationModel:
    model = session.get_session().get_service_model("s3")
    return model.operation_model("PutBucketLifecycleConfiguration")


def looked_up(aws: testing.Emulator, **request: Any) -> list[dict[str, Any]]:
    aws.middleware.state.trail._recent.clear()  # the pace is a test of its own
    client = aws.client("cloudtrail", account=STAGING)
    found: list[dict[str, Any]] = client.lookup_events(**request)["Events"]
    return found


def test_writes_of_lifecycles_are_kept_with_who_sent_them_and_what(
    aws: testing.Emulator, bucket: str
) -> None:
    s3 = aws.client("s3", account=STAGING, session="ada")
    others: Any = [RULE, {**RULE, "ID": "b", "Filter": {"Prefix": "b/"}}]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": others})
    s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    with pytest.raises(ClientError, match="MalformedXML"):
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": []})
    s3.delete_bucket_lifecycle(Bucket=bucket)
    found = looked_up(aws)
    assert [each["EventName"] for each in found] == [
        *("DeleteBucketLifecycle", "PutBucketLifecycle", "PutBucketLifecycle")
    ]
    assert found[0]["Resources"] == [{"ResourceType": "AWS::S3::Bucket", "ResourceName": bucket}]
    refused, put = (json.loads(each["CloudTrailEvent"]) for each in found[1:])
    assert refused["errorCode"] == "MalformedXML"
    assert put["requestParameters"]["LifecycleConfiguration"]["Rule"][0] == RULE
    assert put["userIdentity"]["arn"] == f"arn:aws:sts::{STAGING}:assumed-role/retention/ada"
    assert put["userAgent"].startswith("[Boto3/")
    assert "errorCode" not in put


@given(rule_sets())
@settings(max_examples=40)
def test_what_is_told_of_a_write_are_the_rules_that_were_written(rules: RuleSet) -> None:
    operation = put_operation()
    sent = {"Bucket": "b", "LifecycleConfiguration": {"Rules": to_s3(rules)["Rules"]}}
    body = RestXMLSerializer().serialize_to_request(sent, operation)["body"]
    told = json.loads(json.dumps(as_json(read_xml(body))))
    found = read_event(record(told.get("Rule", [])))
    assert found is not None
    assert found.rules == replace(rules, minimum_size=MinimumSize.ALL_128K)


def test_events_are_found_by_name_account_region_and_time(
    aws: testing.Emulator, bucket: str
) -> None:
    s3 = aws.client("s3", account=STAGING)
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": [RULE]},  # type: ignore[list-item]
    )
    aws.advance(days=30)
    s3.delete_bucket_lifecycle(Bucket=bucket)
    named = {"AttributeKey": "EventName", "AttributeValue": "PutBucketLifecycle"}
    (put,) = looked_up(aws, LookupAttributes=[named])
    assert put["EventName"] == "PutBucketLifecycle"
    assert len(looked_up(aws, StartTime=aws.now - timedelta(days=1))) == 1
    of_bucket = {"AttributeKey": "ResourceName", "AttributeValue": bucket}
    assert len(looked_up(aws, LookupAttributes=[of_bucket])) == 2
    aws.advance(days=70)
    assert [each["EventName"] for each in looked_up(aws)] == ["DeleteBucketLifecycle"]
    elsewhere = aws.client("cloudtrail", account=STAGING, region="eu-west-1")
    assert elsewhere.lookup_events()["Events"] == []


def test_pages_are_as_long_as_requested(aws: testing.Emulator, bucket: str) -> None:
    s3 = aws.client("s3", account=STAGING)
    for _ in range(3):
        s3.delete_bucket_lifecycle(Bucket=bucket)
    client = aws.client("cloudtrail", account=STAGING)
    first = client.lookup_events(MaxResults=2)
    last = client.lookup_events(MaxResults=2, NextToken=first["NextToken"])
    assert [len(each["Events"]) for each in (first, last)] == [2, 1]
    assert "NextToken" not in last


def test_two_requests_a_second_are_answered() -> None:
    lookups, now = Lookups(), datetime(2026, 11, 30, tzinfo=UTC)
    request = AwsRequest(
        *("POST", "cloudtrail", STAGING, "", "", "LookupEvents"), {}, {}, b"", region="us-east-1"
    )
    answers = [lookups.respond(request, now) for _ in range(3)]
    assert [each.status for each in answers] == [200, 200, 400]
    assert b"ThrottlingException" in answers[2].body


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        ({"LookupAttributes": [{}, {}]}, "InvalidLookupAttributesException"),
    ],
)
def test_a_request_that_cloudtrail_refuses_is_refused(body: dict[str, Any], code: str) -> None:
    request = AwsRequest(
        *("POST", "cloudtrail", STAGING, "", "", "LookupEvents"), {}, {}, json.dumps(body).encode()
    )
    answer = Lookups().respond(request, datetime(2026, 11, 30, tzinfo=UTC))
    assert json.loads(answer.body)["__type"] == code
