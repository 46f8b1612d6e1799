"""A writer in words: `Terraform 1.9.5 as role ci-deploy (session gha-17)`."""

from __future__ import annotations

import re
from typing import Final, assert_never

from firnline.diagnostics.visible import visible
from firnline.fleet.writers.writer import Tool, Writer

_ARN: Final = re.compile(r"arn:[^:]*:(?:iam|sts)::(\d*):([^/]+)(?:/(?:.*/)?([^/]+))?")


def in_words(writer: Writer, account_id: str) -> str:
    """`account_id` is that of the bucket: a principal of another one is named with its account."""
    tool = tool_in_words(writer)
    who = principal_in_words(writer, account_id)
    return f"{tool} as {who}" if who else tool


def tool_in_words(writer: Writer) -> str:
    version = f" {visible(writer.version)}" if writer.version else ""
    by_ids = (
        " (by the IDs of its rules)" if writer.by_ids and writer.tool is not Tool.UNKNOWN else ""
    )
    return _tool(writer, version) + by_ids


def _tool(writer: Writer, version: str) -> str:
    detail = visible(writer.detail)
    match writer.tool:
        case Tool.CLOUDFORMATION:
            return "CloudFormation"
        case Tool.CDK:
            return "CDK (CloudFormation)"
        case Tool.CUSTODIAN:
            return f"Cloud Custodian{version}" + (f" (policy `{detail}`)" if detail else "")
        case Tool.FIRNLINE:
            return f"Firnline's stack of namespace `{detail}`"
        case Tool.PULUMI:
            return "Pulumi"
        case Tool.TERRAFORM:
            return f"Terraform{version}"
        case Tool.CONSOLE:
            return "the S3 console"
        case Tool.AWS_CLI:
            return f"the AWS CLI{version}"
        case Tool.SERVICE:
            return f"the AWS service{version}"
        case Tool.SDK:
            return f"a program ({visible(writer.version)})"
        case Tool.UNKNOWN:
            return "an unknown program"
        case _:
            assert_never(writer.tool)


def principal_in_words(writer: Writer, account_id: str) -> str:
    """Empty where CloudTrail tells none."""
    session = f" (session {visible(writer.session)})" if writer.session else ""
    found = _ARN.fullmatch(writer.principal)
    if found is None:
        return visible(writer.principal) + session
    account, kind, name = found.groups(default="")
    of_account = f" of account {account}" if account and account != account_id else ""
    return f"{kind} {visible(name)}".rstrip() + of_account + session
