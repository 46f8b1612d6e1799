"""The errors that S3 would report in a lifecycle configuration that people wrote: twenty kinds."""

from __future__ import annotations

import json
from typing import Any, Final

from firnline.diagnostics.kinds import Example, Kind, Severity
from firnline.s3.law.classes import TARGETS
from firnline.s3.law.limits import (
    LARGEST_SIZE_BOUND,
    LONGEST_ID,
    LONGEST_PREFIX,
    LONGEST_TAG_KEY,
    LONGEST_TAG_VALUE,
    MOST_DAYS,
    MOST_RULES,
)
from firnline.s3.law.refusals import Topic

GOOD: Final[dict[str, Any]] = {
    "ID": "logs",
    "Status": "Enabled",
    "Filter": {"Prefix": "logs/"},
    "Expiration": {"Days": 30},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
}
TAG: Final = {"Key": "team", "Value": "ml"}


def file(*rules: dict[str, Any]) -> Example:
    """An example that is a lifecycle file."""
    return {"rules.json": json.dumps({"Rules": list(rules)}, indent=1) + "\n"}


def _rule(**members: Any) -> dict[str, Any]:
    changed = {**GOOD, **members}
    return {name: value for name, value in changed.items() if value is not None}


def _moved(**members: Any) -> dict[str, Any]:
    """A rule that only moves objects."""
    only_moves = {"Expiration": None, "NoncurrentVersionExpiration": None}
    return _rule(**{**only_moves, "Transitions": _moves((1, "GLACIER_IR")), **members})


def _moves(*steps: tuple[int, str]) -> list[dict[str, Any]]:
    return [{"Days": days, "StorageClass": name} for days, name in steps]


def _kind(
    code: str,
    name: str,
    title: str,
    why: str,
    help: str,
    wrong: Example,
    right: Example | None = None,
) -> Kind:
    return Kind(code, name, Severity.ERROR, title, why, help, wrong, right or file(GOOD))


NO_SCOPE: Final = _kind(
    code="FL220",
    name="rule-without-filter",
    title="a rule must select its objects by exactly one `Filter` or `Prefix`",
    why=(
        "S3 accepts a rule with a `Filter`, or in the older form with a `Prefix`, but not with"
        " neither or both (MalformedXML)."
    ),
    help='write `"Filter": {"Prefix": "logs/"}`, or `"Filter": {}` for the whole bucket',
    wrong=file(_rule(Filter=None)),
)
BAD_STATUS: Final = _kind(
    code="FL221",
    name="rule-without-status",
    title="the status of a rule must be `Enabled` or `Disabled`",
    why="S3 requires one of these two values, spelled like this (MalformedXML).",
    help='write `"Status": "Enabled"`',
    wrong=file(_rule(Status="enabled")),
)
NO_ACTION: Final = _kind(
    code="FL222",
    name="rule-without-action",
    title="S3 refuses a rule without an action",
    why="S3 requires at least one action in a rule, even in a disabled one (InvalidRequest).",
    help="add an action, such as `Expiration`, or remove the rule",
    wrong=file(_rule(Expiration=None, NoncurrentVersionExpiration=None)),
)
PREDICATES: Final = _kind(
    code="FL223",
    name="predicates-not-joined",
    title="two predicates or more need `And`, and it needs two or more",
    why=(
        "S3's schema accepts one predicate alone in `Filter`, or `And` with several (MalformedXML)."
    ),
    help="put two predicates or more into `And`; write a single one without it",
    wrong=file(_rule(Filter={"Prefix": "logs/", "Tag": TAG})),
    right=file(_moved(Filter={"And": {"Prefix": "logs/", "Tags": [TAG]}})),
)
FILTER_VALUE: Final = _kind(
    code="FL224",
    name="filter-out-of-bounds",
    title="a prefix, tag or size is outside of what S3 accepts",
    why=(
        f"A prefix has at most {LONGEST_PREFIX:,} bytes, a tag's key 1 to {LONGEST_TAG_KEY} and its"
        f" value up to {LONGEST_TAG_VALUE} UTF-16 units, a size up to"
        f" {LARGEST_SIZE_BOUND >> 40:,} TiB, a tag's key occurs once, and the upper size is above"
        " the lower one."
    ),
    help="write a prefix, tag or size within these bounds",
    wrong=file(_rule(Filter={"And": {"ObjectSizeGreaterThan": 9, "ObjectSizeLessThan": 5}})),
    right=file(_moved(Filter={"And": {"ObjectSizeGreaterThan": 5, "ObjectSizeLessThan": 9}})),
)
FILTER_ACTION: Final = _kind(
    code="FL225",
    name="filter-not-for-this-action",
    title="this action can be filtered by prefix only",
    why=(
        "Delete markers and incomplete multipart uploads have neither tags nor a size that S3 could"
        " filter by; it refuses the whole rule (InvalidRequest)."
    ),
    help="put this action into a rule of its own, with a prefix or without a filter",
    wrong=file(
        _rule(
            Filter={"Tag": TAG},
            Expiration=None,
            NoncurrentVersionExpiration=None,
            AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7},
        )
    ),
    right=file(
        _moved(Filter={"Tag": TAG}),
        _rule(
            ID="uploads",
            Expiration=None,
            NoncurrentVersionExpiration=None,
            AbortIncompleteMultipartUpload={"DaysAfterInitiation": 7},
        ),
    ),
)
MARKER: Final = _kind(
    code="FL226",
    name="marker-beside-days",
    title="a rule's `ExpiredObjectDeleteMarker` is combined with `Days` or `Date`",
    why="S3 accepts it only alone, whether true or false (MalformedXML).",
    help="put `ExpiredObjectDeleteMarker` into a rule of its own, or leave it out",
    wrong=file(_rule(Expiration={"Days": 30, "ExpiredObjectDeleteMarker": True})),
)
DAYS_OR_DATE: Final = _kind(
    code="FL227",
    name="days-or-date",
    title="an action needs exactly one time: a number of days, or a date",
    why=(
        "S3's schema requires either `Days` or `Date` in an action, and `DaysAfterInitiation` in"
        " `AbortIncompleteMultipartUpload` (MalformedXML)."
    ),
    help="keep one of the two",
    wrong=file(_rule(Expiration={"Days": 30, "Date": "2030-01-01T00:00:00Z"})),
)
MIXED_TIMES: Final = _kind(
    code="FL228",
    name="days-and-dates-mixed",
    title="a rule uses both days and dates",
    why=(
        "S3 requires all transitions and the expiration of a rule to use the same one"
        " (InvalidRequest)."
    ),
    help="write all of them as `Days`, or make two rules",
    wrong=file(
        _rule(
            Transitions=_moves((1, "GLACIER")),
            Expiration={"Date": "2030-01-01T00:00:00Z"},
        )
    ),
    right=file(_rule(Transitions=_moves((1, "GLACIER")), Expiration={"Days": 91})),
)
NUMBER: Final = _kind(
    code="FL229",
    name="number-not-taken",
    title="S3 does not accept this number",
    why="Days are whole numbers: from 1 for what deletes, from 0 for transitions, up to"
    f" {MOST_DAYS:,}; boto3 takes them only as numbers, not as text.",
    help="write a whole number of days",
    wrong=file(_rule(Expiration={"Days": 0})),
)
DATE: Final = _kind(
    code="FL230",
    name="date-not-taken",
    title="S3 does not accept this date",
    why="A date must be midnight in UTC (InvalidArgument: must be at midnight GMT).",
    help='write it like this: "2030-01-01T00:00:00Z"',
    wrong=file(
        _moved(Transitions=[{"Date": "2030-01-01T12:00:00Z", "StorageClass": "GLACIER_IR"}])
    ),
    right=file(
        _moved(Transitions=[{"Date": "2030-01-01T00:00:00Z", "StorageClass": "GLACIER_IR"}])
    ),
)
STORAGE_CLASS: Final = _kind(
    code="FL231",
    name="no-such-target",
    title="nothing can transition to this storage class",
    why=(
        f"Targets are {', '.join(TARGETS)}, spelled like this; no object can move back to STANDARD."
    ),
    help=f"write one of {', '.join(TARGETS)}",
    wrong=file(_rule(Transitions=_moves((1, "COLD")))),
    right=file(_rule(Transitions=_moves((1, "GLACIER_IR")), Expiration={"Days": 91})),
)
CHAIN: Final = _kind(
    code="FL232",
    name="moves-out-of-line",
    title="S3 does not accept these transitions in one rule",
    why=(
        "In one rule objects move only towards colder classes, to each class once, and no sooner"
        " than 30 days after an infrequent-access class and 90 after GLACIER_IR or GLACIER."
    ),
    help="make the later transition later, or drop one of the two",
    wrong=file(
        _rule(Transitions=_moves((30, "STANDARD_IA"), (45, "GLACIER")), Expiration={"Days": 400})
    ),
    right=file(
        _rule(Transitions=_moves((30, "STANDARD_IA"), (60, "GLACIER")), Expiration={"Days": 400})
    ),
)
END_BEFORE_MOVE: Final = _kind(
    code="FL233",
    name="end-before-move",
    title="a rule's expiration is not later than its last transition",
    why="S3 requires the expiration of a rule to be later than its transitions (InvalidArgument).",
    help="set a later expiration, or drop the transition",
    wrong=file(_rule(Transitions=_moves((90, "GLACIER")))),
    right=file(_rule(Transitions=_moves((90, "GLACIER")), Expiration={"Days": 180})),
)
OLD_VERSIONS: Final = _kind(
    code="FL234",
    name="old-versions-without-days",
    title="an action on noncurrent versions is not complete",
    why=(
        "`NewerNoncurrentVersions` is accepted only together with `NoncurrentDays`, and only in"
        " rules with a `Filter`."
    ),
    help="add `NoncurrentDays`, and use `Filter`",
    wrong=file(
        _rule(
            Expiration=None,
            NoncurrentVersionExpiration={"NewerNoncurrentVersions": 3},
        )
    ),
    right=file(
        _rule(
            Expiration={"ExpiredObjectDeleteMarker": True},
            NoncurrentVersionExpiration={"NoncurrentDays": 30, "NewerNoncurrentVersions": 3},
        )
    ),
)
RULE_ID: Final = _kind(
    code="FL235",
    name="rule-id-not-taken",
    title="the ID of a rule is too long, or another rule has it",
    why=f"IDs are unique and have at most {LONGEST_ID} characters (InvalidArgument).",
    help="give the rule another ID, or none: S3 then generates one",
    wrong=file(GOOD, _rule(Filter={"Prefix": "tmp/"})),
    right=file(GOOD, _rule(ID="tmp", Filter={"Prefix": "tmp/"})),
)
OLD_SCHEMA: Final = _kind(
    code="FL236",
    name="old-schema",
    title="rule-level prefixes conflict here",
    why=(
        "Rules with a rule-level `Prefix` cannot be combined with rules that have a `Filter`, and"
        " among themselves they must not overlap for the same action (InvalidRequest)."
    ),
    help="write `Filter` in all rules",
    wrong=file(GOOD, _rule(ID="tmp", Filter=None, Prefix="tmp/")),
    right=file(GOOD, _rule(ID="tmp", Filter={"Prefix": "tmp/"})),
)
RULE_COUNT: Final = _kind(
    code="FL237",
    name="rule-count",
    title=f"a configuration has 1 to {MOST_RULES:,} rules",
    why="S3 answers MalformedXML to none and to more; to have none, the configuration is deleted.",
    help="merge rules that do the same, or delete the configuration",
    wrong=file(),
)
BUCKET: Final = _kind(
    code="FL238",
    name="bucket-takes-no-lifecycle",
    title="a bucket of this kind does not support this",
    why=(
        "Buckets with MFA delete have no lifecycle, and directory buckets only `Expiration.Days`"
        " and `AbortIncompleteMultipartUpload` (S3 User Guide)."
    ),
    help="leave it out for this bucket",
    wrong={
        "terraform.json": json.dumps(
            {
                "format_version": "1.0",
                "values": {
                    "root_module": {
                        "resources": [
                            {
                                "address": "aws_s3_bucket_versioning.a",
                                "type": "aws_s3_bucket_versioning",
                                "values": {
                                    "bucket": "lab",
                                    "versioning_configuration": [
                                        {"status": "Suspended", "mfa_delete": "Enabled"}
                                    ],
                                },
                            },
                            {
                                "address": "aws_s3_bucket_lifecycle_configuration.a",
                                "type": "aws_s3_bucket_lifecycle_configuration",
                                "values": {
                                    "bucket": "lab",
                                    "rule": [
                                        {
                                            "id": "uploads",
                                            "status": "Enabled",
                                            "filter": [{"prefix": "a/"}],
                                            "abort_incomplete_multipart_upload": [
                                                {"days_after_initiation": 7}
                                            ],
                                        }
                                    ],
                                },
                            },
                        ]
                    }
                },
            },
            indent=1,
        )
        + "\n"
    },
)
DOCUMENT: Final = _kind(
    code="FL239",
    name="no-lifecycle-document",
    title="this is not a valid lifecycle configuration",
    why=(
        "S3 refuses any element that its schema does not define (MalformedXML), and boto3 does so"
        " before sending it."
    ),
    help="write it as the AWS CLI prints it, or as S3's XML; see the API reference of S3,"
    " PutBucketLifecycleConfiguration",
    wrong=file(_rule(Priority=1)),
)

BY_TOPIC: Final[dict[Topic, Kind]] = {
    Topic.DOCUMENT: DOCUMENT,
    Topic.RULE_COUNT: RULE_COUNT,
    Topic.RULE_ID: RULE_ID,
    Topic.STATUS: BAD_STATUS,
    Topic.SCOPE: NO_SCOPE,
    Topic.NO_ACTION: NO_ACTION,
    Topic.PREDICATES: PREDICATES,
    Topic.FILTER_VALUE: FILTER_VALUE,
    Topic.FILTER_ACTION: FILTER_ACTION,
    Topic.MARKER: MARKER,
    Topic.DAYS_OR_DATE: DAYS_OR_DATE,
    Topic.MIXED_TIMES: MIXED_TIMES,
    Topic.NUMBER: NUMBER,
    Topic.DATE: DATE,
    Topic.STORAGE_CLASS: STORAGE_CLASS,
    Topic.CHAIN: CHAIN,
    Topic.END_BEFORE_MOVE: END_BEFORE_MOVE,
    Topic.OLD_VERSIONS: OLD_VERSIONS,
    Topic.OLD_SCHEMA: OLD_SCHEMA,
    Topic.BUCKET: BUCKET,
}
