"""Policies that are attached to a role decide what its sessions may do; boto3 sees AWS's words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.iam.models import iam_backends

from firnline import testing
from tests.fleet.small_world import PROD, STAGING, served

ROLE = f"arn:aws:iam::{PROD}:role/retention"
BUCKET = "acme-models-use1"
ARN = f"arn:aws:s3:::{BUCKET}"
RULE = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "a"}, "Expiration": {"Days": 9}}


@pytest.fixture(scope="module")
def served_once() -> Iterator[testing.Emulator]:
    with pytest.MonkeyPatch.context() as monkeypatch, served(monkeypatch) as emulator:
        yield emulator


@pytest.fixture
def aws(served_once: testing.Emulator) -> Iterator[testing.Emulator]:
    role = iam_backends[PROD]["aws"].get_role("retention")
    trust = role.assume_role_policy_document
    yield served_once
    role.policies.clear()
    role.assume_role_policy_document = trust


def grant(action: object, resource: object = "*", effect: str = "Allow", **more: object) -> None:
    statement = {"Effect": effect, "Action": action, "Resource": resource, **more}
    role = iam_backends[PROD]["aws"].get_role("retention")
    document = {"Version": "2012-10-17", "Statement": [statement]}
    role.policies[f"p{len(role.policies)}"] = json.dumps(document)


def trust(principal: str, **condition: object) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [{**statement, "Condition": condition}]}
    role = iam_backends[PROD]["aws"].get_role("retention")
    role.assume_role_policy_document = json.dumps(document)


def refused(caught: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_role_without_policies_may_do_everything(aws: testing.Emulator) -> None:
    assert aws.client("s3", PROD).get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"


def test_what_no_policy_allows_is_refused_in_the_words_of_s3(aws: testing.Emulator) -> None:
    grant("s3:GetBucketVersioning", ARN)
    s3 = aws.client("s3", PROD)
    s3.get_bucket_versioning(Bucket=BUCKET)
    with pytest.raises(ClientError) as caught:
        s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)
    assert refused(caught) == (
        "AccessDenied",
        f"User: arn:aws:sts::{PROD}:assumed-role/retention/firnline-testing is not authorized to"
        f' perform: s3:GetLifecycleConfiguration on resource: "{ARN}" because no identity-based'
        " policy allows the s3:GetLifecycleConfiguration action",
    )


def test_a_denial_says_that_it_is_one(aws: testing.Emulator) -> None:
    grant("*")
    grant("s3:ListAllMyBuckets", effect="Deny")
    with pytest.raises(ClientError, match="with an explicit deny in an identity-based policy"):
        aws.client("s3", PROD).list_buckets()


@pytest.mark.parametrize(
    ("method", "arguments", "action"),
    [
        ("list_buckets", {}, "s3:ListAllMyBuckets"),
        ("head_bucket", {"Bucket": BUCKET}, "s3:ListBucket"),
        ("list_objects_v2", {"Bucket": BUCKET}, "s3:ListBucket"),
        ("list_object_versions", {"Bucket": BUCKET}, "s3:ListBucketVersions"),
        ("list_multipart_uploads", {"Bucket": BUCKET}, "s3:ListBucketMultipartUploads"),
        ("get_bucket_lifecycle_configuration", {"Bucket": BUCKET}, "s3:GetLifecycleConfiguration"),
        ("get_bucket_versioning", {"Bucket": BUCKET}, "s3:GetBucketVersioning"),
        (
            "get_object_lock_configuration",
            {"Bucket": BUCKET},
            "s3:GetBucketObjectLockConfiguration",
        ),
        ("get_bucket_tagging", {"Bucket": BUCKET}, "s3:GetBucketTagging"),
        ("get_bucket_replication", {"Bucket": BUCKET}, "s3:GetReplicationConfiguration"),
        (
            "list_bucket_inventory_configurations",
            {"Bucket": BUCKET},
            "s3:GetInventoryConfiguration",
        ),
        ("delete_bucket_lifecycle", {"Bucket": BUCKET}, "s3:PutLifecycleConfiguration"),
        ("head_object", {"Bucket": BUCKET, "Key": "a"}, "s3:GetObject"),
        ("get_object", {"Bucket": BUCKET, "Key": "a", "VersionId": "v"}, "s3:GetObjectVersion"),
        ("delete_object", {"Bucket": BUCKET, "Key": "a"}, "s3:DeleteObject"),
        ("put_object", {"Bucket": BUCKET, "Key": "a"}, "s3:PutObject"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_operation_needs_the_action_of_the_service_authorization_reference(
    aws: testing.Emulator, method: str, arguments: dict[str, Any], action: str
) -> None:
    grant(["s3:*"])
    grant(action, effect="Deny")
    with pytest.raises(ClientError) as caught:
        getattr(aws.client("s3", PROD), method)(**arguments)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    if not method.startswith("head"):
        assert f"perform: {action} " in refused(caught)[1] + " "


def test_deletions_only_under_a_condition(aws: testing.Emulator) -> None:
    s3 = aws.client("s3", PROD)
    etags = [s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")["ETag"] for key in "ab"]
    grant("s3:DeleteObject", f"{ARN}/*", Condition={"Null": {"s3:if-match": "false"}})
    grant("s3:GetObject", f"{ARN}/a")
    with pytest.raises(ClientError, match="s3:DeleteObject"):
        s3.delete_object(Bucket=BUCKET, Key="a")
    objects = [{"Key": "a", "ETag": etags[0]}, {"Key": "a"}, {"Key": "b", "ETag": etags[1]}]
    answer = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": objects})  # type: ignore[typeddict-item]  # plain dicts
    assert [each["Key"] for each in answer["Deleted"]] == ["a"]
    assert [each["Code"] for each in answer["Errors"]] == ["AccessDenied", "AccessDenied"]
    assert "perform: s3:GetObject" in answer["Errors"][1]["Message"]


def test_tags_may_be_bound_to_reserved_keys(aws: testing.Emulator) -> None:
    s3 = aws.client("s3", PROD)
    s3.put_object(Bucket=BUCKET, Key="tagged", Body=b"x")
    reserved = {"ForAnyValue:StringLike": {"s3:RequestObjectTagKeys": "firnline-*"}}
    grant("s3:PutObjectTagging", f"{ARN}/*", Condition=reserved)
    ours = {"TagSet": [{"Key": "firnline-sweep", "Value": "1"}, {"Key": "team", "Value": "ml"}]}
    s3.put_object_tagging(Bucket=BUCKET, Key="tagged", Tagging=ours)  # type: ignore[arg-type]  # plain dicts
    theirs = {"TagSet": [{"Key": "team", "Value": "ml"}]}
    with pytest.raises(ClientError, match="s3:PutObjectTagging"):
        s3.put_object_tagging(Bucket=BUCKET, Key="tagged", Tagging=theirs)  # type: ignore[arg-type]  # plain dicts


@pytest.mark.parametrize(
    ("given", "session", "allowed"),
    [
        ({"ExternalId": "acme-7f3a"}, "firnline", True),
        ({"ExternalId": "acme-7f3a"}, "firnline-resolve", True),
        ({"ExternalId": "another"}, "firnline", False),
        ({}, "firnline", False),
        ({"ExternalId": "acme-7f3a"}, "somebody", False),
    ],
)
def test_a_role_is_assumed_with_its_external_id_and_a_session_of_ours(
    aws: testing.Emulator, given: dict[str, str], session: str, allowed: bool
) -> None:
    trust(
        aws.caller.account,
        StringEquals={"sts:ExternalId": "acme-7f3a"},
        StringLike={"sts:RoleSessionName": ["firnline", "firnline-*"]},
    )
    request: dict[str, Any] = {"RoleArn": ROLE, "RoleSessionName": session, **given}
    if allowed:
        assert aws.caller_client("sts").assume_role(**request)["Credentials"]
        return
    with pytest.raises(ClientError, match="not authorized to perform: sts:AssumeRole") as caught:
        aws.caller_client("sts").assume_role(**request)
    assert refused(caught)[0] == "AccessDenied"


def test_a_role_does_not_trust_another_account(aws: testing.Emulator) -> None:
    trust(f"arn:aws:iam::{STAGING}:root")
    with pytest.raises(ClientError, match="sts:AssumeRole"):
        aws.client("s3", PROD)


def test_simulation_answers_from_the_same_evaluation(aws: testing.Emulator) -> None:
    grant("s3:Get*", ARN)
    grant("s3:PutObject", effect="Deny")
    given = aws.caller_client("sts").assume_role(RoleArn=ROLE, RoleSessionName="test")
    iam = boto3.client(
        "iam",
        region_name="us-east-1",
        endpoint_url=aws.endpoint,
        aws_access_key_id=given["Credentials"]["AccessKeyId"],
        aws_secret_access_key=given["Credentials"]["SecretAccessKey"],
        aws_session_token=given["Credentials"]["SessionToken"],
    )
    grant("iam:SimulatePrincipalPolicy")
    found = iam.simulate_principal_policy(
        PolicySourceArn=ROLE,
        ActionNames=["s3:GetBucketVersioning", "s3:PutObject", "s3:ListBucket"],
        ResourceArns=[ARN],
    )["EvaluationResults"]
    assert [each["EvalDecision"] for each in found] == ["allowed", "explicitDeny", "implicitDeny"]
    assert found[0]["EvalResourceName"] == ARN


def test_a_policy_that_is_not_understood_is_no_permission(aws: testing.Emulator) -> None:
    grant("*", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})
    with pytest.raises(ClientError, match="`IpAddress` is not evaluated here"):
        aws.client("s3", PROD).list_buckets()
