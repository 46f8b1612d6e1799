"""PUT ?lifecycle refuses what S3 refuses, with S3's code, words and status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from firnline import testing

STAGING = "210987654321"
CASES = Path(__file__).parent.parent / "conformance" / "validation.json"


def test_the_emulator_agrees_with_every_case_that_can_be_sent_to_it(
    aws: testing.Emulator, bucket: str
) -> None:
    s3 = aws.client("s3", account=STAGING)
    for case in json.loads(CASES.read_text(encoding="utf-8")):
        if {"partition", "as_of", "bucket"} & case.keys():
            continue
        wanted = case.get("expected_code") if case["aws_verdict"] == "reject" else None
        if case.get("client_side_rejected"):
            wanted = "boto3"
        assert _answer(s3, bucket, case) in (wanted, _words(case)), case["id"]


def test_all_that_s3_says_comes_with_the_refusal(aws: testing.Emulator, bucket: str) -> None:
    s3 = aws.client("s3", account=STAGING)
    rule: Any = {"ID": "r", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 0}}
    with pytest.raises(ClientError) as caught:
        s3.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": [rule]}
        )
    response: Any = caught.value.response
    error = response["Error"]
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert error["Code"] == "InvalidArgument"
    assert error["Message"] == "'Days' for Expiration action must be a positive integer"
    assert (error["ArgumentName"], error["ArgumentValue"]) == ("Days", "0")


def test_whoever_wants_no_judge_can_have_none() -> None:
    with testing.serve(judge=testing.accept_all) as aws:
        s3 = aws.client("s3", account=STAGING)
        s3.create_bucket(Bucket="acme-one")
        rule: Any = {"Status": "Enabled", "Filter": {}, "Expiration": {"Days": 0}}
        s3.put_bucket_lifecycle_configuration(
            Bucket="acme-one", LifecycleConfiguration={"Rules": [rule]}
        )


def _answer(s3: Any, bucket: str, case: dict[str, Any]) -> str | tuple[str, str] | None:
    """The code, with the words where the case has them; nothing where it is accepted."""
    try:
        s3.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration=case["config"], **case.get("header", {})
        )
    except (ParamValidationError, TypeError, ValueError, OverflowError, AttributeError):
        return "boto3"
    except ClientError as error:
        said = error.response["Error"]
        return (said["Code"], said["Message"]) if "expected_message" in case else said["Code"]
    return None


def _words(case: dict[str, Any]) -> tuple[str, str] | None:
    if "expected_message" not in case:
        return None
    return case["expected_code"], case["expected_message"]
