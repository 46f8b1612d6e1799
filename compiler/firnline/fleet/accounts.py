"""An account and its role → clients that are proved to belong to that account."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

from firnline.diagnostics.masked import without_secrets
from firnline.fleet.client_events import expect_owner, renew_expired
from firnline.fleet.failed_requests import DENIED, EXPIRED, how_to_allow, outcome, remedy
from firnline.fleet.regions import home_of, how_to_enable, token_region
from firnline.fleet.sessions import profiles, session_of
from firnline.s3.read_shape import Unreadable
from firnline.s3.terms import Partition

if TYPE_CHECKING:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sts import STSClient
    from mypy_boto3_sts.type_defs import AssumeRoleRequestTypeDef

ASSUME_ROLE = "sts:AssumeRole"
SESSION_NAME = "firnline"
THREADS = 16
"""How many requests run at a time, and so how many connections a client may need."""

_NO_CREDENTIALS = (
    "NoCredentialsError",
    "PartialCredentialsError",
    "ProfileNotFound",
    "CredentialRetrievalError",
    "SSOTokenLoadError",
    "UnauthorizedSSOTokenError",
    "TokenRetrievalError",
    *EXPIRED,
    "RequestExpired",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "InvalidAccessKeyId",
)
"""Exceptions of botocore and codes of AWS where credentials are missing, expired or unknown."""
_OWN = ""
"""In place of the id of an account that nobody named."""


class Retries(Enum):
    """As botocore calls them. The adaptive ones slow down where S3 answers that it is too much:
    for thousands of requests to one bucket.
    """

    STANDARD = "standard"
    ADAPTIVE = "adaptive"


@dataclass(frozen=True, slots=True)
class Access:
    """An account and the role to use in it; without a role, the caller's own credentials must
    belong to it.

    `profile` is used in place of the role where this machine has a profile of that name.

    `owner` is the account of the buckets that are used, where that is known: S3 refuses each
    request about another account's (S3 User Guide, "Verifying bucket ownership").
    """

    account_id: str
    role_arn: str | None
    region: str
    external_id: str | None = None
    owner: str | None = None
    profile: str | None = None

    def to_buckets_of(self, owner: str | None) -> Access:
        """With the same credentials; None where nobody knows whose the buckets are."""
        return replace(self, owner=owner)

    @property
    def credentials(self) -> tuple[str | None, ...]:
        return self.account_id, self.role_arn, self.external_id, self.profile


class NoAccess(Exception):
    """AWS did not answer about an account: `permission` is what the failed request needs.

    `reason` is AWS's own text where there is one, `code` its code; None where no answer came (no
    network, no credentials) or the credentials belong to another account.
    """

    def __init__(
        self,
        account: str,
        permission: str,
        reason: str,
        *,
        code: str = "",
        has_credentials: bool = True,
    ) -> None:
        super().__init__(f"account {account}: {permission}: {reason}")
        self.account = account
        self.permission = permission
        self.reason = reason
        self.code = code
        self.has_credentials = has_credentials

    @property
    def denied(self) -> bool:
        """Whether it failed because the permission is missing."""
        return self.code in DENIED

    @property
    def in_words(self) -> str:
        """Which request failed how, and why."""
        return f"{outcome(self.code)} {self.permission}: {self.reason}"


def can_ask() -> bool:
    """Whether boto3 is installed, which `firnline[aws]` includes."""
    return find_spec("boto3") is not None


def own_access(partition: Partition | None = None) -> Access:
    """That of the credentials around us, where no fleet file says which account it is; in a region
    of the partition, where that is known. Raises `NoAccess`.
    """
    import boto3

    permission = "sts:GetCallerIdentity"
    with requesting(_OWN, permission):
        region = boto3.session.Session().region_name or home_of(partition or Partition.AWS)
        if partition not in (None, Partition.of_region(region)):
            region = home_of(partition)
        identity = _sts(session_of(region), region).get_caller_identity()
    return Access(identity["Account"], None, region)


class CloudWatch(Protocol):
    """What is asked of it here; its type is in no package that we need otherwise."""

    def list_metrics(self, **request: Any) -> Any: ...
    def get_metric_data(self, **request: Any) -> Any: ...


class Clients:
    """The clients of one command, or of one run of a Pulumi program: one for each account, role
    and region, as botocore is slow to make one. Safe to use from several threads.
    """

    def __init__(self, retries: Retries = Retries.STANDARD) -> None:
        self._retries = retries
        self._guard = Lock()
        self._locks: dict[object, Lock] = defaultdict(Lock)
        self._sessions: dict[object, boto3.session.Session] = {}
        self._clients: dict[Access, S3Client] = {}

    def s3(self, access: Access) -> S3Client:
        """Raises `NoAccess`. A role's credentials are renewed before they expire, so a client may
        be used for longer than an hour.
        """
        with self._lock_for(access.credentials):
            if access not in self._clients:
                client = self._session(access).client(
                    "s3", region_name=access.region, config=_config(self._retries)
                )
                if access.owner is not None:
                    expect_owner(client, access.owner)
                self._clients[access] = client
            return self._clients[access]

    def cloudwatch(self, access: Access) -> CloudWatch:
        """Made anew for each call. Raises `NoAccess`."""
        with self._lock_for(access.credentials):
            found: CloudWatch = self._session(access).client(
                "cloudwatch", region_name=access.region, config=_config(self._retries)
            )
            return found

    def client(self, service: str, access: Access) -> Any:
        """Of any service, as boto3 names it. Made anew for each call. Raises `NoAccess`."""
        with self._lock_for(access.credentials):
            untyped: Any = self._session(access)
            return untyped.client(service, region_name=access.region, config=_config(self._retries))

    def _session(self, access: Access) -> boto3.session.Session:
        if access.credentials not in self._sessions:
            self._sessions[access.credentials] = _opened(access)
        return self._sessions[access.credentials]

    def _lock_for(self, account: object) -> Lock:
        """One per account: creating a client is not safe in two threads, and accounts need not
        wait for each other.
        """
        with self._guard:
            return self._locks[account]


@contextmanager
def requesting(
    account_id: str,
    permission: str,
    role_arn: str | None = None,
    region: str = "",
    profile: str | None = None,
) -> Iterator[None]:
    """Whatever boto3 raises inside becomes `NoAccess`, with `permission` as the missing one if
    access was denied, and so do live rules that cannot be read. `role_arn` is the role that the
    credentials are to assume, `region` the one that answers, where the account may not have it,
    `profile` the one whose credentials these are, where this machine has it.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except Unreadable as error:
        reason = f"a live rule cannot be read: {error}; a newer version of Firnline may"
        raise NoAccess(account_id, permission, reason) from error
    except (BotoCoreError, ClientError) as error:
        code = code_of(error)
        text = str(error)
        if isinstance(error, ClientError):
            text = error.response.get("Error", {}).get("Message", "")
        reason = ": ".join(filter(None, (code, without_secrets(text, _our_secrets()))))
        name = code or type(error).__name__
        has_credentials = name not in _NO_CREDENTIALS
        help = remedy(name) if has_credentials else _how_to_get_them(account_id, role_arn, profile)
        if code in DENIED:
            help = how_to_allow(permission, role_arn)
        if off := how_to_enable(name, account_id, region):
            help, has_credentials = off, True
        if name in EXPIRED:
            help = f"run the same command again, with new credentials where they are old: {help}"
        reason = f"{reason.rstrip('.')}; {help}" if help else reason
        raise NoAccess(
            account_id, permission, reason, code=code, has_credentials=has_credentials
        ) from error


def _our_secrets() -> Iterator[str]:
    """Those that AWS or a proxy may send back in the text of an error."""
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        if secret := os.environ.get(name):
            yield secret


def _how_to_get_them(account_id: str, role_arn: str | None, profile: str | None) -> str:
    if profile in profiles():
        return f"`aws sso login --profile {profile}` renews a profile of IAM Identity Center"
    whose = f"of account {account_id}" if account_id != _OWN else "of the account of the bucket"
    if role_arn is not None:
        whose = f"that may assume {role_arn}"
    return (
        f"set AWS_PROFILE to a profile {whose}: `aws configure sso` makes one,"
        " `aws sso login` renews it"
    )


def code_of(error: BotoCoreError | ClientError) -> str:
    """AWS's code of an error, such as `NoSuchBucket`; empty where no answer came."""
    from botocore.exceptions import ClientError

    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code", "")
    return ""


def _opened(access: Access) -> boto3.session.Session:
    try:
        return _open(access)
    except ValueError as error:  # botocore: "Invalid endpoint: …"
        reason = without_secrets(str(error))
        raise NoAccess(access.account_id, ASSUME_ROLE, reason) from error


def _open(access: Access) -> boto3.session.Session:
    profile = access.profile if access.profile in profiles() else None
    role = None if profile else access.role_arn
    with requesting(access.account_id, ASSUME_ROLE, role, profile=profile):
        session = _assumed(access) if role else session_of(access.region, profile=profile)
    with requesting(access.account_id, "sts:GetCallerIdentity", role, profile=profile):
        identity = _sts(session, access.region).get_caller_identity()
    if identity["Account"] != access.account_id:
        raise NoAccess(
            access.account_id,
            ASSUME_ROLE,
            f"the credentials belong to account {identity['Account']} ({identity['Arn']}),"
            f" not to {access.account_id}",
        )
    return session


def _assumed(access: Access) -> boto3.session.Session:
    from botocore.credentials import RefreshableCredentials

    assert access.role_arn is not None
    request: AssumeRoleRequestTypeDef = {
        "RoleArn": access.role_arn,
        "RoleSessionName": SESSION_NAME,
    }
    if access.external_id is not None:
        request["ExternalId"] = access.external_id
    caller = _sts(session_of(access.region), access.region)

    def refresh() -> dict[str, str]:
        answer = caller.assume_role(**request)["Credentials"]
        return {
            "access_key": answer["AccessKeyId"],
            "secret_key": answer["SecretAccessKey"],
            "token": answer["SessionToken"],
            "expiry_time": answer["Expiration"].isoformat(),
        }

    credentials = RefreshableCredentials.create_from_metadata(
        metadata=refresh(), refresh_using=refresh, method="assume-role"
    )
    session = session_of(access.region, credentials)
    renew_expired(session, credentials)
    return session


def _sts(session: boto3.session.Session, region: str) -> STSClient:
    return session.client("sts", region_name=token_region(region), config=_config())


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a request waits for an answer, and how often it is sent again; `adaptive` where S3
    is expected to answer that it is too much.
    """

    answer_seconds: float = 20
    retries: int = 5
    adaptive: int = 10


LIMITS = Limits()


def _config(retries: Retries = Retries.STANDARD) -> Config:
    return _config_within(LIMITS, retries)


@cache
def _config_within(limits: Limits, retries: Retries) -> Config:
    from botocore.config import Config

    again = {Retries.STANDARD: limits.retries, Retries.ADAPTIVE: limits.adaptive}[retries]
    return Config(
        connect_timeout=10,
        read_timeout=limits.answer_seconds,
        max_pool_connections=THREADS,
        retries={"mode": retries.value, "max_attempts": again},
    )
