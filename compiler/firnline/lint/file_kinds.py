"""What is to be said of a file as a whole, whatever its rules are."""

from __future__ import annotations

import json
from typing import Final

from firnline.diagnostics.kinds import Kind, Severity
from firnline.lint.kinds import GOOD, file

_PLAN_WITH_AN_UNKNOWN_PREFIX: Final = {
    "format_version": "1.2",
    "planned_values": {
        "root_module": {
            "resources": [
                {
                    "address": "aws_s3_bucket_lifecycle_configuration.runs",
                    "type": "aws_s3_bucket_lifecycle_configuration",
                    "values": {
                        "bucket": "lab",
                        "rule": [
                            {
                                "id": "expire",
                                "status": "Enabled",
                                "filter": [{}],
                                "expiration": [{"days": 30}],
                            }
                        ],
                    },
                }
            ]
        }
    },
    "resource_changes": [
        {
            "address": "aws_s3_bucket_lifecycle_configuration.runs",
            "change": {
                "actions": ["create"],
                "after_unknown": {"rule": [{"filter": [{"prefix": True}]}]},
            },
        }
    ],
}
NOT_KNOWN: Final = Kind(
    code="FL246",
    name="not-known-yet",
    severity=Severity.NOTE,
    title="a value is not known from this file",
    why=(
        "A plan or template leaves values open until it is applied. Nothing is assumed of them."
        " Findings that depend on them are left out."
    ),
    help="check the bucket again when they are known:"
    " `aws s3api get-bucket-lifecycle-configuration --bucket NAME | firnline check -`",
    wrong={"plan.json": json.dumps(_PLAN_WITH_AN_UNKNOWN_PREFIX, indent=1) + "\n"},
    right=file(GOOD),
)
NOTHING_TO_CHECK: Final = Kind(
    code="FL247",
    name="nothing-to-check",
    severity=Severity.NOTE,
    title="this file sets no lifecycle rules",
    why=(
        "A plan or a template without lifecycle rules is normal: `firnline check` can run in"
        " every pipeline, and says so where it has nothing to check."
    ),
    help="if you expected rules, check that this is the right file",
    wrong={
        "plan.json": json.dumps(
            {"format_version": "1.2", "planned_values": {"root_module": {"resources": []}}}
        )
        + "\n"
    },
    right=file(GOOD),
)
OTHER_PROGRAM: Final = Kind(
    code="FL248",
    name="not-for-s3",
    severity=Severity.ERROR,
    title="these rules are not written for S3",
    why=(
        "Other stores and tools have lifecycle rules too, with their own names and meanings. Read"
        " as S3's, they would get findings that are wrong for them."
    ),
    help="get the rules as S3 has them:"
    " `aws s3api get-bucket-lifecycle-configuration --bucket NAME | firnline check -`",
    wrong={
        "gcs.json": json.dumps(
            {"rule": [{"action": {"type": "Delete"}, "condition": {"age": 30}}]}, indent=1
        )
        + "\n"
    },
    right=file(GOOD),
)
NULL_MEMBERS: Final = Kind(
    code="FL249",
    name="null-members",
    severity=Severity.WARNING,
    title="members without a value are written as null",
    why=(
        "They are read as members that are not there, as most programs mean them. The AWS CLI and"
        " the SDKs refuse null before they send anything."
    ),
    help="leave them out, as `jq 'del(..|nulls)'` does",
    wrong=file({**GOOD, "Prefix": None}),
    right=file(GOOD),
)
