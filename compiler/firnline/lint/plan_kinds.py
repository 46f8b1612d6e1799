"""What is to be said of a plan, a state or a template besides what its rules do."""

from __future__ import annotations

import json
from typing import Any, Final

from firnline.diagnostics.kinds import Example, Kind, Severity
from firnline.lint.kinds import GOOD, file

_LIFECYCLE: Final = "aws_s3_bucket_lifecycle_configuration"
_RULE: Final = {
    "id": "logs",
    "status": "Enabled",
    "filter": [{"prefix": "logs/"}],
    "expiration": [{"days": 30}],
    "noncurrent_version_expiration": [{"noncurrent_days": 7}],
}


def _resource(name: str, **values: Any) -> dict[str, Any]:
    return {
        "address": f"{_LIFECYCLE}.{name}",
        "mode": "managed",
        "type": _LIFECYCLE,
        "schema_version": 1,
        "values": {"bucket": "lake", "rule": [_RULE], **values},
    }


def _plan(*resources: dict[str, Any], **members: Any) -> Example:
    planned = {"root_module": {"resources": list(resources)}}
    plan = {"format_version": "1.2", "planned_values": planned, **members}
    return {"plan.json": json.dumps(plan, indent=1) + "\n"}


def _changed(*actions: str) -> dict[str, Any]:
    change = {"actions": list(actions), "before": {"bucket": "lake", "rule": [_RULE]}}
    return {"address": f"{_LIFECYCLE}.logs", "type": _LIFECYCLE, "change": change}


_NEW_BUCKET: Final[dict[str, dict[str, Any]]] = {
    "planned": {"address": "aws_s3_bucket.lake", "mode": "managed", "type": "aws_s3_bucket"},
    "change": {
        "address": "aws_s3_bucket.lake",
        "type": "aws_s3_bucket",
        "change": {"actions": ["create"], "before": None, "after": {"bucket": "lake"}},
    },
}
TWO_CONFIGURATIONS: Final = Kind(
    code="FL251",
    name="two-configurations-of-one-bucket",
    severity=Severity.ERROR,
    title="a bucket has only one lifecycle configuration, and two resources set it",
    why=(
        "S3 keeps one lifecycle configuration for each bucket. Each resource replaces that of the"
        " other one: the rules of the one applied last are in force, in no order that is fixed, and"
        " every plan shows a change again (hashicorp/terraform-provider-aws#31409)."
    ),
    help="put all rules of the bucket into one resource",
    wrong=_plan(_resource("logs"), _resource("again")),
    right=_plan(_resource("logs"), _resource("again", bucket="lake-2")),
)
REMOVES_ALL_RULES: Final = Kind(
    code="FL252",
    name="removes-all-rules",
    severity=Severity.WARNING,
    title="all lifecycle rules of a bucket are removed",
    why=(
        "Destroying the resource deletes the lifecycle configuration of the bucket: nothing in it"
        " expires or moves to another storage class any more, and it grows from then on."
    ),
    help="to let the rules stay in force, remove the resource from the state instead: a `removed`"
    " block with `lifecycle { destroy = false }`, or `terraform state rm`",
    wrong=_plan(resource_changes=[_changed("delete")]),
    right=_plan(_resource("logs"), resource_changes=[_changed("update")]),
)
NOT_FOR_S3: Final = Kind(
    code="FL253",
    name="rules-of-another-service",
    severity=Severity.NOTE,
    title="these lifecycle rules are not for S3",
    why=(
        "Other services have lifecycle rules of their own, with other limits and other meanings."
        " Firnline does not check them: what it knows is true of S3 only."
    ),
    help="check them in that service",
    wrong=_plan(
        {
            "address": "google_storage_bucket.lake",
            "mode": "managed",
            "type": "google_storage_bucket",
            "values": {"name": "lake", "lifecycle_rule": [{"action": [{"type": "Delete"}]}]},
        },
        _resource("logs"),
    ),
    right=file(GOOD),
)
INCOMPLETE: Final = Kind(
    code="FL254",
    name="incomplete-plan",
    severity=Severity.WARNING,
    title="this plan is incomplete",
    why=(
        "Where Terraform or Pulumi meets an error, or Terraform defers changes, they still write"
        " down what they have planned so far. Rules may be missing from it."
    ),
    help="fix what `terraform plan` reports, plan again, and check that plan",
    wrong=_plan(_resource("logs"), errored=True),
    right=_plan(_resource("logs"), errored=False),
)
COUNTS_AS_NEVER_VERSIONED: Final = Kind(
    code="FL255",
    name="counts-as-never-versioned",
    severity=Severity.NOTE,
    title="a new bucket counts as never versioned",
    why=(
        "A plan or template that creates a bucket and sets no versioning leaves it without: what S3"
        " deletes there is gone for good, and nothing noncurrent is left behind. Where something"
        " else enables versioning later, more must be said of its rules."
    ),
    help="say what the bucket will have: `--versioning enabled`",
    wrong=_plan(
        {**_NEW_BUCKET["planned"], "values": {"bucket": "lake"}},
        _resource("logs", rule=[{**_RULE, "noncurrent_version_expiration": []}]),
        resource_changes=[_NEW_BUCKET["change"]],
    ),
    right=file(GOOD),
)
