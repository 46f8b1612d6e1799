"""Records of CloudTrail as tests need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

ACCOUNT = "012345670123"
BUCKET = "acme-models-use1"
BEGAN = datetime(2026, 11, 1, 9, tzinfo=UTC)

TERRAFORM = (
    "[APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io)"
    " terraform-provider-aws/5.60.0 (+https://registry.terraform.io/providers/hashicorp/aws)"
    " aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 api/s3#1.58.2]"
)
CUSTODIAN = "[c7n/0.9.53 md/Botocore#1.34.7 ua/2.0 os/linux c7n/policy#s3-log-expiry]"
CLI = "[aws-cli/2.17.20 md/awscrt#0.21.2 ua/2.0 os/macos]"


def rule(days: int, id: str = "logs", prefix: str = "logs/") -> dict[str, Any]:
    expiration = {"Days": days}
    return {"ID": id, "Status": "Enabled", "Filter": {"Prefix": prefix}, "Expiration": expiration}


def record(
    rules: object,
    *,
    hours: int = 0,
    agent: str = CLI,
    role: str = "ci-deploy",
    session: str = "gha-17",
    **others: Any,
) -> dict[str, Any]:
    """A PUT of `rules` (the value of `Rule`); None for one whose configuration is not told."""
    at = BEGAN + timedelta(hours=hours)
    configuration = {"xmlns": "http://s3.amazonaws.com/doc/2006-03-01/", "Rule": rules}
    told = {} if rules is None else {"LifecycleConfiguration": configuration}
    issuer = {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}"}
    return {
        "eventVersion": "1.10",
        "userIdentity": {
            "type": "AssumedRole",
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
            "sessionContext": {"sessionIssuer": issuer},
        },
        "eventTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutBucketLifecycle",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": agent,
        "requestParameters": {"bucketName": BUCKET, "lifecycle": "", **told},
        "requestID": f"{at:%d%H}{agent[1:4]}",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        **others,
    }
