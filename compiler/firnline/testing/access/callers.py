"""An access key → who signs with it, and the policies that are attached to it in moto."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from moto.iam.models import IAMBackend, Role, iam_backends
from moto.sts.models import sts_backends

from firnline.testing.access.policy import Statement, read_policy
from firnline.testing.aws_request import AwsRequest
from firnline.testing.moto_process import PARTITION


@dataclass(frozen=True, slots=True)
class Caller:
    """`principal` is the role of a session, or a user. `statements` is None where no policy is
    attached: then this emulator allows everything, as it has no reason to do otherwise.
    """

    arn: str
    principal: str
    account: str
    statements: tuple[Statement, ...] | None

    @property
    def names(self) -> tuple[str, ...]:
        """Under which a policy may name it as principal."""
        root = f"arn:{PARTITION}:iam::{self.account}:root"
        return self.arn, self.principal, root, self.account

    @property
    def context(self) -> Mapping[str, tuple[str, ...]]:
        return {
            "aws:principalarn": (self.principal,),
            "aws:principalaccount": (self.account,),
        }


def caller_of(request: AwsRequest) -> Caller | None:
    """None where nobody here has such keys."""
    backend = iam_backends[request.account][PARTITION]
    sessions = sts_backends[request.account][PARTITION]
    if session := sessions.get_assumed_role_from_access_key(request.access_key):
        name = session.role_arn.rpartition("/")[2]
        arn = f"arn:{PARTITION}:sts::{request.account}:assumed-role/{name}/{session.session_name}"
        return Caller(arn, session.role_arn, request.account, attached_to(session.role_arn))
    for user in backend.users.values():
        if any(key.access_key_id == request.access_key for key in user.access_keys):
            inline = [each["policy_document"] for each in _inline_of_user(backend, user.name)]
            managed = backend.list_attached_user_policies(user.name)[0]
            return Caller(
                user.arn, user.arn, request.account, _read([*inline, *_documents(managed)])
            )
    return None


def find_role(arn: str) -> Role | None:
    account = arn.split(":")[4] if arn.count(":") >= 5 else ""
    if account not in iam_backends:
        return None
    return next(
        (each for each in iam_backends[account][PARTITION].get_roles() if each.arn == arn), None
    )


def attached_to(role_arn: str) -> tuple[Statement, ...] | None:
    """Raises `BadPolicy`."""
    role = find_role(role_arn)
    if role is None:
        return None
    return _read([*role.policies.values(), *_documents(role.managed_policies.values())])


def trust_of(role: Role) -> tuple[Statement, ...]:
    """Empty for a role that was opened for tests alone, which everybody may assume. Raises
    `BadPolicy`.
    """
    return read_policy(role.assume_role_policy_document)


def _inline_of_user(backend: IAMBackend, name: str) -> Iterator[Mapping[str, Any]]:
    for policy in backend.list_user_policies(name):
        yield backend.get_user_policy(name, policy)


def _documents(managed: Any) -> Iterator[str]:
    for policy in managed:
        yield next(each.document for each in policy.versions if each.is_default)


def _read(documents: list[str | Mapping[str, Any]]) -> tuple[Statement, ...] | None:
    if not documents:
        return None
    texts = (each if isinstance(each, str) else json.dumps(each) for each in documents)
    return tuple(statement for text in texts for statement in read_policy(text))
