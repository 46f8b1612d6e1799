"""What helps where AWS answers a request with an error, or does not answer it?"""

from __future__ import annotations

from typing import Final

DENIED: Final = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403")
EXPIRED: Final = ("ExpiredToken", "ExpiredTokenException")

# S3 API reference, "Error responses"; the common errors of STS and CloudTrail.
_BUSY: Final = (
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "ServiceUnavailable",
    "InternalError",
    "InternalFailure",
    "RequestTimeout",
    "500",
    "503",
)
_CLOSED: Final = ("AccountProblem", "AllAccessDisabled")
_NO_CONNECTION: Final = (
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ConnectionClosedError",
    "EndpointConnectionError",
    "ProxyConnectionError",
)


ASSUME_ROLE: Final = "sts:AssumeRole"
PRINTED: Final = frozenset(
    (
        "s3:ListAllMyBuckets",
        "s3:GetLifecycleConfiguration",
        "s3:PutLifecycleConfiguration",
        "s3:GetBucketVersioning",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketTagging",
        "s3:GetReplicationConfiguration",
        "s3:GetInventoryConfiguration",
        "s3:ListBucket",
        "s3:ListBucketVersions",
        "s3:GetObject",
        "s3:GetObjectTagging",
        "cloudtrail:LookupEvents",
        "iam:SimulatePrincipalPolicy",
    )
)
"""What `firnline iam` has a row for: a test compares them."""


def how_to_allow(permission: str, role_arn: str | None) -> str:
    """Where access was denied."""
    if permission == ASSUME_ROLE:
        return (
            f"{role_arn or 'the role'} must exist and trust the caller; an external ID that it"
            " expects is the account's `external_id` in the fleet file"
        )
    allow = f"allow it to {role_arn or 'these credentials'}"
    return f"{allow} (`firnline iam` prints the policy)" if permission in PRINTED else allow


def remedy(error: str) -> str:
    """By AWS's code of the error or, where no answer came, by botocore's exception; empty where
    its text says enough.
    """
    if error in _BUSY:
        return "it was tried several times; run the same command later"
    if error in _CLOSED:
        return (
            "where the account is closed, remove it from the fleet file, and from the lock by"
            " `firnline resolve --drop-account`"
        )
    if error in _NO_CONNECTION:
        return "check the network and the proxy, then run the same command again"
    return ""


def outcome(code: str) -> str:
    """What stands before the permission that the request needs."""
    if not code:
        return "no answer to"
    return "missing permission" if code in DENIED else "error from"
