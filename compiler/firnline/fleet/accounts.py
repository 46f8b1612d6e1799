"""An account and its role → an S3 client that is proved to belong to that account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.loaders import Loader
    from mypy_boto3_s3 import S3Client

SESSION_NAME = "firnline"
THREADS = 16
"""How many requests run at a time, and so how many connections a client may need."""

_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403")


@dataclass(frozen=True, slots=True)
class Access:
    """An account and the role to use in it; without a role, the caller's own credentials must
    belong to it.
    """

    account_id: str
    role_arn: str | None
    region: str


class NoAccess(Exception):
    """AWS did not answer about an account: `permission` is what the failed request needs.

    `reason` is AWS's own text where there is one, `code` its code; None where no answer came (no
    network, no credentials) or the credentials belong to another account.
    """

    def __init__(self, account: str, permission: str, reason: str, *, code: str = "") -> None:
        super().__init__(f"account {account}: {permission}: {reason}")
        self.account = account
        self.permission = permission
        self.reason = reason
        self.code = code

    @property
    def denied(self) -> bool:
        """Whether it failed because the permission is missing."""
        return self.code in _DENIED


def can_ask() -> bool:
    """Whether boto3 is installed, which `firnline[aws]` includes."""
    return find_spec("boto3") is not None


class Clients:
    """The S3 clients of one command, or of one run of a Pulumi program: one for each account, role
    and region, as botocore is slow to make one. Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._locks: dict[object, Lock] = defaultdict(Lock)
        self._sessions: dict[object, boto3.session.Session] = {}
        self._clients: dict[Access, S3Client] = {}

    def s3(self, access: Access) -> S3Client:
        """Raises `NoAccess`. A role's credentials are renewed before they expire, so a client may
        be used for longer than an hour.
        """
        account = access.account_id, access.role_arn
        with self._lock_for(account):
            if access not in self._clients:
                if account not in self._sessions:
                    self._sessions[account] = _opened(access)
                self._clients[access] = self._sessions[account].client(
                    "s3", region_name=access.region, config=_config()
                )
            return self._clients[access]

    def _lock_for(self, account: object) -> Lock:
        """One per account: creating a client is not safe in two threads, and accounts need not
        wait for each other.
        """
        with self._guard:
            return self._locks[account]


@contextmanager
def requesting(account_id: str, permission: str) -> Iterator[None]:
    """Whatever boto3 raises inside becomes `NoAccess`, with `permission` as the missing one if
    access was denied.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        code = code_of(error)
        text = str(error)
        if isinstance(error, ClientError):
            text = error.response.get("Error", {}).get("Message", "")
        reason = ": ".join(filter(None, (code, text)))
        raise NoAccess(account_id, permission, reason, code=code) from error


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
        raise NoAccess(access.account_id, "sts:AssumeRole", str(error)) from error


def _open(access: Access) -> boto3.session.Session:
    with requesting(access.account_id, "sts:AssumeRole"):
        session = _assumed(access) if access.role_arn else _session(access.region)
    with requesting(access.account_id, "sts:GetCallerIdentity"):
        identity = session.client("sts", config=_config()).get_caller_identity()
    if identity["Account"] != access.account_id:
        raise NoAccess(
            access.account_id,
            "sts:AssumeRole",
            f"the credentials belong to account {identity['Account']} ({identity['Arn']}),"
            f" not to {access.account_id}",
        )
    return session


def _assumed(access: Access) -> boto3.session.Session:
    from botocore.credentials import RefreshableCredentials

    assert access.role_arn is not None
    role = access.role_arn
    caller = _session(access.region).client("sts", config=_config())

    def refresh() -> dict[str, str]:
        answer = caller.assume_role(RoleArn=role, RoleSessionName=SESSION_NAME)["Credentials"]
        return {
            "access_key": answer["AccessKeyId"],
            "secret_key": answer["SecretAccessKey"],
            "token": answer["SessionToken"],
            "expiry_time": answer["Expiration"].isoformat(),
        }

    credentials = RefreshableCredentials.create_from_metadata(
        metadata=refresh(), refresh_using=refresh, method="assume-role"
    )
    return _session(access.region, credentials)


def _session(region: str, credentials: object | None = None) -> boto3.session.Session:
    import boto3
    import botocore.session

    core = botocore.session.get_session()
    # Each session would load the service model of S3 again: 0.1 s for every account.
    core.register_component("data_loader", _loader())
    if credentials is not None:
        # `set_credentials` does not accept refreshable credentials.
        core._credentials = credentials  # type: ignore[attr-defined]  # not in the stubs
    return boto3.session.Session(botocore_session=core, region_name=region)


@cache
def _loader() -> Loader:
    from botocore.loaders import create_loader

    return create_loader()


@cache
def _config() -> Config:
    from botocore.config import Config

    return Config(
        connect_timeout=10,
        max_pool_connections=THREADS,
        retries={"mode": "standard", "max_attempts": 5},
    )
