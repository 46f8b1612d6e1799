"""Who sent a request to S3? The tool, the IAM principal and its session, as CloudTrail tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final


class Tool(Enum):
    """The value is its name for programs."""

    CLOUDFORMATION = "cloudformation"
    CDK = "cdk"
    CUSTODIAN = "cloud-custodian"
    FIRNLINE = "firnline"
    PULUMI = "pulumi"
    TERRAFORM = "terraform"
    CONSOLE = "console"
    AWS_CLI = "aws-cli"
    SERVICE = "aws-service"
    SDK = "sdk"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Writer:
    """`detail` is the policy of Cloud Custodian or the namespaces of Firnline, `principal` an ARN.
    The version and the session of a tool differ from run to run, and so make no other writer.
    `by_ids`: only the IDs of the rules tell which tool it was.
    """

    tool: Tool
    principal: str = ""
    detail: str = ""
    version: str = field(default="", compare=False)
    session: str = field(default="", compare=False)
    user_agent: str = field(default="", compare=False)
    by_ids: bool = False


# Cloud Custodian: `c7n/0.9.53 … c7n/policy#NAME` (cloud-custodian/cloud-custodian,
# c7n/credentials.py, `SessionFactory.update`); CloudFormation: its name in place of an address and
# of a user agent (records of what it does for stacks); Terraform: `APN/1.0 HashiCorp/1.0
# Terraform/1.5.2 … terraform-provider-aws/5.7.0 …` (records too); Pulumi: `APN/1.0 Pulumi/1.0 …`
# (pulumi/pulumi-aws-native, `pulumiUserAgent`; that its other provider says `Pulumi/` is assumed);
# the console: `S3Console/0.4, …`, or a browser. All read on 2026-11-30.
_CLOUDFORMATION: Final = "cloudformation.amazonaws.com"
_SERVICE: Final = re.compile(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?")
_SIGNS: Final = (
    (Tool.CUSTODIAN, re.compile(r"\bc7n/(?P<version>\d[\w.]*)|\bc7n/policy#")),
    (Tool.PULUMI, re.compile(r"\bPulumi[\w-]*/(?P<version>)", re.IGNORECASE)),
    (Tool.TERRAFORM, re.compile(r"\bTerraform/(?P<version>[\w.+-]*)|\bterraform-provider-aws/")),
    (Tool.CONSOLE, re.compile(r"\bS3Console/(?P<version>)|^Mozilla/")),
    (Tool.AWS_CLI, re.compile(r"\baws-cli/(?P<version>[\w.]*)")),
    (
        Tool.SDK,
        re.compile(r"\b(?P<version>(?:Boto3|Botocore|aws-sdk-[a-z-]+\w)/[\w.]+)", re.IGNORECASE),
    ),
)
_POLICY: Final = re.compile(r"\bc7n/policy#([^\s\],]+)")
_CDK_ROLE: Final = re.compile(r":role/(?:.*/)?cdk-[a-z0-9]+-cfn-exec-role-")
_OURS: Final = re.compile(r"firnline/([^/]+)/")
_OUR_SESSION: Final = "firnline"
# hashicorp/terraform-provider-aws, internal/service/s3, which Pulumi's provider is built from too:
# the IDs of rules that have none in an `aws_s3_bucket`.
_GENERATED_BY_TERRAFORM: Final = "tf-s3-lifecycle-"


def writer_of(record: Mapping[str, Any], rule_ids: Iterable[str]) -> Writer:
    """Of a record of CloudTrail; `rule_ids` are those that it writes."""
    identity = _mapping(record.get("userIdentity"))
    agent = _text(record.get("userAgent")).strip("[]")
    principal, session = _who(identity)
    ids = tuple(rule_ids)
    tool, version = _tool(record, identity, agent, principal)
    namespaces = ", ".join(sorted({found[1] for each in ids if (found := _OURS.match(each))}))
    by_ids = tool is Tool.UNKNOWN
    if namespaces and (tool in (Tool.PULUMI, Tool.UNKNOWN) or session == _OUR_SESSION):
        return Writer(Tool.FIRNLINE, principal, namespaces, "", session, agent, by_ids)
    if by_ids and any(each.startswith(_GENERATED_BY_TERRAFORM) for each in ids):
        return Writer(Tool.TERRAFORM, principal, "", "", session, agent, by_ids)
    policy = _POLICY.search(agent) if tool is Tool.CUSTODIAN else None
    return Writer(tool, principal, policy[1] if policy else "", version, session, agent)


def _tool(
    record: Mapping[str, Any], identity: Mapping[str, Any], agent: str, principal: str
) -> tuple[Tool, str]:
    by_service = agent, identity.get("invokedBy"), record.get("sourceIPAddress")
    if _CLOUDFORMATION in by_service:
        return (Tool.CDK if _CDK_ROLE.search(principal) else Tool.CLOUDFORMATION), ""
    if service := next((each for each in by_service if _SERVICE.fullmatch(_text(each))), None):
        return Tool.SERVICE, _text(service)
    if record.get("sessionCredentialFromConsole") in ("true", True):
        return Tool.CONSOLE, ""
    for tool, sign in _SIGNS:
        if found := sign.search(agent):
            return tool, found["version"] or ""
    return Tool.UNKNOWN, ""


def _who(identity: Mapping[str, Any]) -> tuple[str, str]:
    """The ARN of the role or user, and the name of the role's session."""
    arn = _text(identity.get("arn"))
    issuer = _mapping(_mapping(identity.get("sessionContext")).get("sessionIssuer"))
    if role := _text(issuer.get("arn")):
        return role, arn.rpartition("/")[2] if ":assumed-role/" in arn else ""
    others = identity.get("invokedBy"), identity.get("principalId"), identity.get("accountId")
    return arn or next(filter(None, map(_text, others)), ""), ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
