"""Provider configuration → clients: roles assumed, the account checked, each client made once."""

import threading
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from sandbox.engine.aws_provider.config_shape import ProviderConfig, Role
from sandbox.engine.aws_provider.errors import as_aws_error

if TYPE_CHECKING:
    import boto3
    from botocore.loaders import Loader
    from mypy_boto3_s3 import S3Client

_CONNECTIONS = 64


class Refused(Exception):
    """Configure fails with this message."""


class Account:
    """One configured provider's way to AWS; safe to use from many threads.

    boto3 is imported here, at the first call: a preview that only reads the schema has no use
    for it, and it costs a quarter of a second.
    """

    def __init__(self, config: ProviderConfig) -> None:
        self.config = config
        self._lock = threading.Lock()
        self._session: boto3.Session | None = None
        self._clients: dict[str, S3Client] = {}

    def admit(self) -> None:
        """Assumes the roles and compares the account, as the official one does."""
        config = self.config
        if config.region is None:
            raise Refused(
                "unable to validate AWS credentials.\nDetails: Missing A Region: set `aws:region`, "
                "the provider's `region`, or the AWS_REGION environment variable"
            )
        must_know = config.allowed_accounts or config.forbidden_accounts
        if config.skip_validation and config.skip_account and not must_know:
            return
        account = self._account_id()
        allowed = config.allowed_accounts
        if account in config.forbidden_accounts or (allowed and account not in allowed):
            raise Refused(f"AWS account ID not allowed: {account}")

    def s3(self, region: str | None = None) -> "S3Client":
        place = region or self.config.region
        assert place is not None, "Configure refuses a provider without a region"
        with self._lock:
            if place not in self._clients:
                self._clients[place] = self._new_s3(place)
            return self._clients[place]

    def _new_s3(self, region: str) -> "S3Client":
        from botocore.config import Config

        options = Config(
            max_pool_connections=_CONNECTIONS,
            retries=_retries(self.config),
            s3={"addressing_style": "path"} if self.config.path_style else None,
        )
        endpoint = (self.config.endpoints or {}).get("s3")
        return self._signed_in().client(
            "s3", region_name=region, config=options, endpoint_url=endpoint
        )

    def _account_id(self) -> str:
        try:
            with self._lock:
                client = self._sts(self._signed_in())
            return str(client.get_caller_identity()["Account"])
        except (ClientError, BotoCoreError) as error:
            raise Refused(_unable(as_aws_error("STS", "GetCallerIdentity", error))) from error

    def _signed_in(self) -> "boto3.Session":
        if self._session is None:
            session = _own_session(self.config)
            for place, role in enumerate(self.config.roles, start=1):
                session = self._assume(session, role, place)
            self._session = session
        return self._session

    def _assume(self, session: "boto3.Session", role: Role, place: int) -> "boto3.Session":
        if not role.arn:
            # The words of aws-sdk-go-base, as in pulumi-aws#5271.
            count = len(self.config.roles)
            raise Refused(
                _unable(
                    "Cannot assume IAM Role. IAM Role ARN not set in assume role "
                    f"{place} of {count}"
                )
            )
        try:
            response = self._sts(session).assume_role(**_request(role))
        except (ClientError, BotoCoreError) as error:
            reason = as_aws_error("STS", "AssumeRole", error)
            raise Refused(_unable(f"Cannot assume IAM Role ({role.arn}). {reason}")) from error
        given = response["Credentials"]
        return _session(
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )

    def _sts(self, session: "boto3.Session") -> Any:
        from botocore.config import Config

        endpoint = (self.config.endpoints or {}).get("sts")
        return session.client(
            "sts",
            region_name=self.config.region,
            endpoint_url=endpoint,
            config=Config(retries=_retries(self.config)),
        )


def _own_session(config: ProviderConfig) -> "boto3.Session":
    return _session(
        aws_access_key_id=config.access_key,
        aws_secret_access_key=config.secret_key,
        aws_session_token=config.token,
        profile_name=config.profile,
    )


def _session(**credentials: str | None) -> "boto3.Session":
    """They share what botocore knows of services: half of the time that a client takes."""
    import boto3
    import botocore.session

    core = botocore.session.get_session()
    core.register_component("data_loader", _loader())
    return boto3.Session(botocore_session=core, **credentials)


@cache
def _loader() -> "Loader":
    from botocore.loaders import create_loader

    return create_loader()


def _request(role: Role) -> dict[str, Any]:
    given = {
        "RoleArn": role.arn,
        "RoleSessionName": role.session_name or "aws-go-sdk",
        "ExternalId": role.external_id,
        "DurationSeconds": role.seconds,
    }
    return {key: value for key, value in given.items() if value is not None}


def _retries(config: ProviderConfig) -> Any:
    if config.max_retries is None:
        return {"mode": "standard"}
    return {"mode": "standard", "total_max_attempts": max(1, config.max_retries)}


def _unable(details: object) -> str:
    return f"unable to validate AWS credentials.\nDetails: {details}"
