"""Puts each configuration on a bucket of its own, by boto3; stdin and stdout are JSON.

Runs with the peers' Python, so that their boto3 sends the requests: standard library and boto3
only.
"""

import json
import sys
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError


def main(endpoint: str) -> None:
    answers = {each["id"]: answer(endpoint, each) for each in json.load(sys.stdin)}
    json.dump(answers, sys.stdout)


def answer(endpoint: str, case: dict[str, Any]) -> tuple[str, str]:
    s3 = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=case["region"],
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )
    try:
        prepare(s3, case)
    except HTTPClientError:
        raise
    except Exception as why:  # noqa: BLE001 whatever it is, the bucket is not as in the case
        return "n/a", f"such a bucket is not to be had: {why}"
    try:
        s3.put_bucket_lifecycle_configuration(
            Bucket=case["bucket"], LifecycleConfiguration=case["config"], **case["header"]
        )
    except ClientError as refusal:
        error = refusal.response["Error"]
        status = refusal.response["ResponseMetadata"]["HTTPStatusCode"]
        return "refuses", f"moto: {status} {error.get('Code')} {error.get('Message')}"
    except HTTPClientError:
        raise
    except Exception as why:  # noqa: BLE001 the SDK has several ways to refuse what it is handed
        return "refuses", f"boto3: {why}"
    return "silent", ""


def prepare(s3: Any, case: dict[str, Any]) -> None:
    """The bucket as the case says it is."""
    where = {}
    if case["directory"]:
        where = {
            "CreateBucketConfiguration": {
                "Location": {"Type": "AvailabilityZone", "Name": "use1-az4"},
                "Bucket": {"Type": "Directory", "DataRedundancy": "SingleAvailabilityZone"},
            }
        }
    elif case["region"] != "us-east-1":
        where = {"CreateBucketConfiguration": {"LocationConstraint": case["region"]}}
    s3.create_bucket(Bucket=case["bucket"], **where)
    versioning = {"Status": case["versioning"]}
    if case["mfa_delete"]:
        versioning["MFADelete"] = case["mfa_delete"]
        serial = "arn:aws:iam::123456789012:mfa/root 123456"
        s3.put_bucket_versioning(
            Bucket=case["bucket"], MFA=serial, VersioningConfiguration=versioning
        )
        kept = s3.get_bucket_versioning(Bucket=case["bucket"]).get("MFADelete", "Disabled")
        if kept != case["mfa_delete"]:
            raise RuntimeError("MFA delete is not kept")
    elif case["versioning"] in ("Enabled", "Suspended"):
        s3.put_bucket_versioning(Bucket=case["bucket"], VersioningConfiguration=versioning)


if __name__ == "__main__":
    main(sys.argv[1])
