"""Does the stack belong where its requests would go: to the sandbox, or to AWS?"""

from __future__ import annotations

import os
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import unplaced

AWS: Final = "aws"
SANDBOX: Final = "sandbox"

# D: AWS General Reference, service endpoints; the two of dual-stack endpoints last.
_OF_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".api.amazonwebservices.com.cn")

WORLDS_MIXED = Kind(
    code="FL711",
    name="worlds-mixed",
    severity=Severity.ERROR,
    title="the stack and the address of S3 belong to different worlds",
    why=(
        "A stack of the sandbox deployed to AWS would write practice rules on real buckets; a stack"
        " of AWS deployed to the sandbox would take its state for what is live there."
    ),
    help="point the shell at the world of the stack, or select a stack of the shell's world",
    wrong="{world: aws, endpoint: 'http://127.0.0.1:5000'}",
    right="{world: aws, endpoint: 'https://s3.eu-west-1.amazonaws.com'}",
)


def judge_world(world: str, endpoint: str, stack: str = "stack") -> Diagnostic | None:
    """`world` is the stack's `firnline:world`, `endpoint` where boto3 would find S3."""
    place = unplaced(f"Pulumi.{stack}.yaml")
    if world not in (AWS, SANDBOX):
        return WORLDS_MIXED.at(
            place,
            f"`firnline:world` is `{world}`, neither `{AWS}` nor `{SANDBOX}`",
            help=f"write `{AWS}`, or leave the key out",
        )
    host = urlsplit(endpoint).hostname or ""
    is_aws = host.endswith(_OF_AWS)
    if world == AWS and not is_aws:
        return WORLDS_MIXED.at(
            place,
            f"the stack belongs to AWS (`firnline:world`), but S3 is looked for at {endpoint}",
            help="unset AWS_ENDPOINT_URL (and AWS_ENDPOINT_URL_S3, endpoint_url in the profile), or"
            " use a stack of the sandbox: `pulumi stack select sandbox`",
        )
    if world == SANDBOX and is_aws:
        return WORLDS_MIXED.at(
            place,
            "the stack belongs to the sandbox (`firnline:world`), but S3 is looked for at"
            f" {endpoint}",
            help='point the shell at the sandbox: `eval "$(python -m sandbox env)"`',
        )
    return None


def endpoint_of_s3(region: str) -> str:
    """Where boto3 would find S3, whichever way that is configured. Sends nothing."""
    settings = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    return _endpoint(region, frozenset(settings.items()))


@cache
def _endpoint(region: str, settings: frozenset[tuple[str, str]]) -> str:
    """Asked for every bucket of a program: a client takes 8 ms, and the first one 0.2 s."""
    del settings  # part of the key: boto3 reads the environment itself
    import boto3

    return str(boto3.session.Session().client("s3", region_name=region).meta.endpoint_url)
