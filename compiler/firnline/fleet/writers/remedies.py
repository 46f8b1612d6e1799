"""What to change in a tool so that it no longer writes the lifecycle of a bucket."""

from __future__ import annotations

from typing import Final, assert_never

from firnline.diagnostics.visible import visible
from firnline.fleet.writers.words import tool_in_words
from firnline.fleet.writers.writer import Tool, Writer

_DENY: Final = "deny its principal `s3:PutLifecycleConfiguration`"


def one_of_two_ways(writer: Writer) -> str:
    """Where one writer wrote both meanings."""
    return (
        f"{tool_in_words(writer)} wrote both: find the two workspaces, branches or stacks from"
        " which it writes this bucket, and keep one of them"
    )


def stop(writer: Writer, bucket: str, called: str) -> str:
    """So that the live rules stay as they are, for the other writer."""
    return f"stop {called}: {_how(writer, visible(bucket))}"


def _how(writer: Writer, bucket: str) -> str:
    match writer.tool:
        case Tool.TERRAFORM:
            return (
                "put a `removed` block with `destroy = false` in place of its"
                " `aws_s3_bucket_lifecycle_configuration`; if that is just removed, Terraform"
                " deletes the live rules"
            )
        case Tool.PULUMI:
            return (
                "run `pulumi state delete` on its `BucketLifecycleConfiguration`, then remove that"
                " from the program; if it is just removed, Pulumi deletes the live rules"
            )
        case Tool.FIRNLINE:
            return (
                "take the bucket out of the policies of that namespace, and write it into"
                " `releases` of their fleet file with `leave: keep`"
            )
        case Tool.CUSTODIAN:
            policy = (
                f"the policy `{visible(writer.detail)}`" if writer.detail else "its policies for S3"
            )
            return (
                f"drop `configure-lifecycle` from {policy}, or exclude the bucket there with the"
                f" filter `{{type: value, key: Name, op: ne, value: {bucket}}}`"
            )
        case Tool.CLOUDFORMATION | Tool.CDK:
            return _out_of_its_stack(writer, bucket)
        case Tool.CONSOLE | Tool.AWS_CLI:
            return f"have that person change the rules in the other tool, or {_DENY}"
        case Tool.SERVICE:
            return (
                "find what is set up there to write it, such as an automation or a remediation, and"
                " take the bucket out of that"
            )
        case Tool.SDK | Tool.UNKNOWN:
            agent = visible(writer.user_agent) or "not told"
            return f"find what writes (its user agent is `{agent}`), or {_DENY}"
        case _:
            assert_never(writer.tool)


def _out_of_its_stack(writer: Writer, bucket: str) -> str:
    is_cdk = writer.tool is Tool.CDK
    retain = "`RemovalPolicy.RETAIN`" if is_cdk else "`DeletionPolicy: Retain`"
    rules = "`lifecycleRules`" if is_cdk else "`LifecycleConfiguration`"
    return (
        f"deploy the stack with {retain} on the bucket, then without the bucket, then import the"
        f" bucket without {rules}; `aws cloudformation describe-stack-resources"
        f" --physical-resource-id {bucket}` names the stack"
    )
