"""The configuration of the provider: its keys, and what they say.

Names as in the Python SDK of pulumi-aws 7.51.1 (pulumi_aws/provider.py). Many are known but change
nothing here; README.md lists those that do something.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.engine.aws_provider.properties import Properties, is_unknown
from sandbox.engine.aws_provider.shape import (
    Failure,
    Kind,
    Shape,
    boolean,
    integer,
    many,
    mapping,
    misfits,
    record,
    text,
)
from sandbox.engine.aws_provider.waiting import seconds

_ROLE = record(
    "ProviderAssumeRole",
    duration=text(),
    externalId=text(),
    policy=text(),
    policyArns=many(text()),
    roleArn=text(),
    sessionName=text(),
    sourceIdentity=text(),
    tags=mapping(text()),
    transitiveTagKeys=many(text()),
)

_ANYTHING: dict[str, Shape] = {
    name: record(f"Provider{name[0].upper()}{name[1:]}")
    for name in ("assumeRoleWithWebIdentity", "defaultTags", "ignoreTags")
}

_TEXTS = (
    "accessKey",
    "customCaBundle",
    "ec2MetadataServiceEndpoint",
    "ec2MetadataServiceEndpointMode",
    "httpProxy",
    "httpsProxy",
    "noProxy",
    "profile",
    "region",
    "retryMode",
    "s3UsEast1RegionalEndpoint",
    "secretKey",
    "stsRegion",
    "tagPolicyCompliance",
    "token",
)

_SWITCHES = (
    "insecure",
    "s3UsePathStyle",
    "skipCredentialsValidation",
    "skipMetadataApiCheck",
    "skipRegionValidation",
    "skipRequestingAccountId",
    "useDualstackEndpoint",
    "useFipsEndpoint",
)

_LISTS = (
    "allowedAccountIds",
    "forbiddenAccountIds",
    "sharedConfigFiles",
    "sharedCredentialsFiles",
)

_USER_AGENT = record("ProviderUserAgent", productName=text(), productVersion=text(), comment=text())

SHAPE = Shape(
    Kind.OBJECT,
    type_name="Provider",
    fields={
        **{name: text() for name in _TEXTS},
        **{name: boolean() for name in _SWITCHES},
        **{name: many(text()) for name in _LISTS},
        **_ANYTHING,
        "assumeRoles": many(_ROLE),
        "endpoints": many(mapping(text())),
        "maxRetries": integer(),
        "tokenBucketRateLimiterCapacity": integer(),
        "userAgents": many(_USER_AGENT),
    },
)

_OF_THE_ENGINE = {"version", "pluginDownloadURL"}


@dataclass(frozen=True, slots=True)
class Role:
    arn: str
    session_name: str | None
    external_id: str | None
    seconds: int | None


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    region: str | None
    access_key: str | None = None
    secret_key: str | None = None
    token: str | None = None
    profile: str | None = None
    roles: tuple[Role, ...] = ()
    allowed_accounts: frozenset[str] = frozenset()
    forbidden_accounts: frozenset[str] = frozenset()
    skip_validation: bool = False
    skip_account: bool = False
    path_style: bool = False
    max_retries: int | None = None
    endpoints: Mapping[str, str] | None = None


def decoded(given: Properties) -> Properties:
    """Values that are not strings arrive as JSON text (pulumi-terraform-bridge#1032)."""
    return {
        key: _decoded(value, SHAPE.fields.get(key))
        for key, value in given.items()
        if key not in _OF_THE_ENGINE
    }


def failures(config: Properties) -> list[Failure]:
    loose = {key: value for key, value in config.items() if key not in _ANYTHING}
    return list(misfits(loose, SHAPE))


def read(config: Properties, environment: Mapping[str, str]) -> ProviderConfig:
    """From configuration without failures and without unknowns."""
    return ProviderConfig(
        region=config.get("region")
        or environment.get("AWS_REGION")
        or environment.get("AWS_DEFAULT_REGION"),
        access_key=config.get("accessKey"),
        secret_key=config.get("secretKey"),
        token=config.get("token"),
        profile=config.get("profile"),
        roles=tuple(_role(role) for role in config.get("assumeRoles", [])),
        allowed_accounts=frozenset(config.get("allowedAccountIds", [])),
        forbidden_accounts=frozenset(config.get("forbiddenAccountIds", [])),
        skip_validation=config.get("skipCredentialsValidation", False),
        skip_account=config.get("skipRequestingAccountId", False),
        path_style=config.get("s3UsePathStyle", False),
        max_retries=config.get("maxRetries"),
        endpoints={k: v for one in config.get("endpoints", []) for k, v in one.items() if v},
    )


def _role(given: Properties) -> Role:
    duration = given.get("duration")
    return Role(
        arn=given.get("roleArn", ""),
        session_name=given.get("sessionName"),
        external_id=given.get("externalId"),
        seconds=int(seconds(duration)) if duration else None,
    )


def _decoded(value: Any, shape: Shape | None) -> Any:
    if shape is None or shape.kind is Kind.STRING or not isinstance(value, str):
        return value
    if is_unknown(value):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
