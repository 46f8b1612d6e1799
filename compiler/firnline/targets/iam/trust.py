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


def caller_policies(accounts: Sequence[Account]) -> list[Json]:
    """What whoever calls needs, each role by name; several where they are too many for one policy,
    none where no account has a role.
    """
    found: list[Json] = []
    roles: list[str] = []
    for role in sorted({each.role.value for each in accounts if each.role}):
        if roles and size_of(_assuming([*roles, role])) > MANAGED_POLICY:
            found.append(_assuming(roles))
            roles = []
        roles.append(role)
    return [*found, _assuming(roles)] if roles else found


def any_account(accounts: Sequence[Account]) -> Json:
    """Roles that are called the same share a pattern."""
    return _assuming(sorted({_in_any_account(each.role.value) for each in accounts if each.role}))


def _assuming(roles: Sequence[str]) -> Json:
    return policy([statement("AssumeRolesOfTheFleet", [ASSUME], roles)])


def _in_any_account(arn: str) -> str:
    head, partition, iam, region, _, role = arn.split(":", 5)
    return ":".join((head, partition, iam, region, "*", role))
