"""Do the stack's requests go where it belongs: to the sandbox, or to AWS?"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal
from urllib.parse import urlsplit

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import whole_file
from firnline.diagnostics.remedy import Advise
from firnline.fleet.sessions import botocore_session

AWS: Final = "aws"
SANDBOX: Final = "sandbox"

Service = Literal["s3", "sts"]
SERVICES: Final[Mapping[Service, str]] = {"s3": "S3", "sts": "STS"}
"""The services that a deployment uses, by botocore's name: S3 for rules, STS for roles."""

# D: AWS General Reference, service endpoints; the two of dual-stack endpoints last.
_OF_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn")

# Read by the AWS provider alone, not by boto3 (terraform-provider-aws, names/data/names_data.hcl,
# `tf_aws_env_var` and `deprecated_env_var`).
PROVIDER_VARIABLES: Final = {
    "s3": ("TF_AWS_S3_ENDPOINT", "AWS_S3_ENDPOINT"),
    "sts": ("TF_AWS_STS_ENDPOINT", "AWS_STS_ENDPOINT"),
}

WORLDS_MIXED = Kind(
    code="FL711",
    name="worlds-mixed",
    severity=Severity.ERROR,
    title="the stack's `firnline:world` does not match the AWS endpoints",
    why=(
        "A stack of the sandbox deployed to AWS would write practice rules on real buckets; a stack"
        " of AWS deployed to the sandbox would take its state for what is live there."
    ),
    help="change the shell's endpoint to that of the stack, or select another stack",
    wrong="{world: aws, endpoints: [[S3, 'http://127.0.0.1:5000']]}",
    right="{world: aws, endpoints: [[S3, 'https://s3.eu-west-1.amazonaws.com']]}",
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The endpoint of one service. `because` names the setting that determines it, if that is
    unambiguous.
    """

    service: str
    url: str
    because: str = ""

    @property
    def is_aws(self) -> bool:
        return (urlsplit(self.url).hostname or "").endswith(_OF_AWS)


def judge_world(
    world: str, endpoints: Iterable[Endpoint], stack: str = "stack"
) -> Diagnostic | None:
    """`world` is the stack's `firnline:world`; `endpoints` are those of every service that it
    uses.
    """
    place = whole_file(f"Pulumi.{stack}.yaml")
    if world not in (AWS, SANDBOX):
        return WORLDS_MIXED.at(
            place,
            f"`firnline:world` is `{world}`, neither `{AWS}` nor `{SANDBOX}`",
            remedy=Advise(f"write `{AWS}`, or leave the key out"),
        )
    wrong = [each for each in endpoints if each.is_aws != (world == AWS)]
    if not wrong:
        return None
    found = " and ".join(dict.fromkeys(map(_found, wrong)))
    if world == AWS:
        return WORLDS_MIXED.at(
            place,
            f"the stack belongs to AWS (`firnline:world`), but {found}",
            remedy=Advise(
                "unset AWS_ENDPOINT_URL (and AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL_STS,"
                " endpoint_url in the profile), or use a stack of the sandbox:"
                " `pulumi stack select sandbox`"
            ),
        )
    return WORLDS_MIXED.at(
        place,
        f"the stack belongs to the sandbox (`firnline:world`), but {found}",
        remedy=Advise('point the shell at the sandbox: `eval "$(python -m sandbox env)"`'),
    )


def endpoints(
    region: str, *, profile: str | None = None, declared: Mapping[str, str] | None = None
) -> list[Endpoint]:
    """The endpoint that boto3 and the AWS provider would use for each service. Sends nothing.

    `profile` and `declared` (URLs by service) are a provider's arguments in a program; without them
    it uses the environment and the files of the AWS CLI, as boto3 does. A profile that does not
    exist has no endpoints.
    """
    found = []
    for service, name in SERVICES.items():
        if declared and (url := declared.get(service)):
            found.append(Endpoint(name, url, "`endpoints` of the provider"))
            continue
        for variable in PROVIDER_VARIABLES[service]:
            if url := os.environ.get(variable):
                found.append(Endpoint(name, url, variable))
        if url := _of_boto3(service, region, profile, _settings()):
            found.append(Endpoint(name, url))
    return found


def _found(endpoint: Endpoint) -> str:
    because = f" ({endpoint.because})" if endpoint.because else ""
    return f"{endpoint.service} is looked for at {endpoint.url}{because}"


def _settings() -> frozenset[tuple[str, str]]:
    return frozenset(item for item in os.environ.items() if item[0].startswith("AWS_"))


@cache
def _of_boto3(
    service: Service, region: str, profile: str | None, settings: frozenset[tuple[str, str]]
) -> str | None:
    """Called for every bucket of a program: a client takes 8 ms, and the first one 0.2 s."""
    del settings  # part of the key: boto3 reads the environment itself
    import boto3
    from botocore.exceptions import ProfileNotFound

    try:
        session = boto3.session.Session(profile_name=profile, botocore_session=botocore_session())
        client = session.client(service, region_name=region)
    except ProfileNotFound:
        return None
    return str(client.meta.endpoint_url)
