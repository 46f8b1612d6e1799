"""Who may assume a role, under which names of sessions; and what a caller needs for it.

IAM User Guide, "Access to AWS accounts owned by third parties" (the external ID), and "IAM and AWS
STS condition context keys".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from firnline.language.fleet import Account
from firnline.s3.shape import Json
from firnline.targets.iam.documents import policy, statement
from firnline.targets.iam.limits import MANAGED_POLICY, size_of

ASSUME: Final = "sts:AssumeRole"
SESSIONS: Final = ("firnline", "firnline-*")
"""What sessions of Firnline and of its program for Pulumi are called: never after a person."""


def trust_of(account: Account, callers: Sequence[str]) -> Json:
    """`callers` are ARNs of roles, users or accounts."""
    equal = {"sts:ExternalId": account.external_id.value} if account.external_id else {}
    condition: Json = {"StringLike": {"sts:RoleSessionName": list(SESSIONS)}}
    if equal:
        condition = {"StringEquals": equal, **condition}
    principals = callers[0] if len(callers) == 1 else list(callers)
    said = {
        "Sid": "AssumedByFirnline",
        "Effect": "Allow",
        "Principal": {"AWS": principals},
        "Action": ASSUME,
        "Condition": condition,
    }
    return policy([said])


def caller_policy(accounts: Sequence[Account]) -> tuple[Json, bool] | None:
    """What whoever calls needs, and whether it names each role; None where no account has one.
    Roles of many accounts that are called the same share a pattern, once their list is too long.
    """
    roles = sorted({each.role.value for each in accounts if each.role})
    if not roles:
        return None
    exact = policy([statement("AssumeRolesOfTheFleet", [ASSUME], roles)])
    if size_of(exact) <= MANAGED_POLICY:
        return exact, True
    alike = sorted({_in_any_account(each) for each in roles})
    return policy([statement("AssumeRolesOfTheFleet", [ASSUME], alike)]), False


def _in_any_account(arn: str) -> str:
    head, partition, iam, region, _, role = arn.split(":", 5)
    return ":".join((head, partition, iam, region, "*", role))
