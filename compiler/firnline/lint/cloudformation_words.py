"""What is wrong in a template, and what should change, in CloudFormation's own names?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from firnline.lint.paths import steps
from firnline.s3.law import refusals as no
from firnline.s3.law.refusals import Refusal
from firnline.s3.law.verdict import Finding

REFERENCE: Final = (
    "write it as the CloudFormation reference has it: AWS::S3::Bucket, LifecycleConfiguration"
)
_EXPIRATION: Final = ("ExpirationInDays", "ExpirationDate")
_TRANSITION: Final = ("TransitionInDays", "TransitionDate")
_IN_THE_RULE: Final = (
    "write `Prefix`, `TagFilters`, `ObjectSizeGreaterThan` and `ObjectSizeLessThan` directly in the"
    " rule"
)
_ONE_UNIT: Final = "write `ExpirationInDays` and `TransitionInDays` throughout, or make two rules"
_ADVICE: Final[Mapping[Refusal, str]] = {
    no.UNKNOWN_MEMBER: REFERENCE,
    no.WRONG_TYPE: REFERENCE,
    no.NOT_XML: REFERENCE,
    no.BAD_HEADER: "write one of the two",
    no.RULES_MISSING: "add a rule, or remove `LifecycleConfiguration`",
    no.ID_TOO_LONG: "give the rule another `Id`, or none: S3 then generates one",
    no.ID_TWICE: "give the rule another `Id`, or none: S3 then generates one",
    no.BAD_STATUS: "write `Status: Enabled`",
    no.NO_ACTION: "add an action, such as `ExpirationInDays`, or remove the rule",
    no.NO_SCOPE: _IN_THE_RULE,
    no.TWO_SCOPES: _IN_THE_RULE,
    no.SIDE_BY_SIDE: _IN_THE_RULE,
    no.LONELY_AND: _IN_THE_RULE,
    no.MIXED_MOVES: "write `TransitionInDays` in all transitions, or make two rules",
    no.MIXED_END: _ONE_UNIT,
}
_MESSAGES: Final[Mapping[Refusal, str]] = {
    no.MARKER_AND_TIME: "this is combined with `ExpirationInDays` or `ExpirationDate`",
}


def advice_in_cloudformation(finding: Finding) -> str | None:
    """None where the words for S3 are CloudFormation's too."""
    match finding.refusal:
        case no.EMPTY_ACTION if not _is_abort(finding):
            return f"write `{'` or `'.join(_times(finding))}`"
        case no.DAYS_AND_DATE:
            return f"keep one of `{'` and `'.join(_times(finding))}`"
        case no.EMPTY_ACTION | no.NO_NONCURRENT_DAYS:
            return f"add `{_days(finding)}`"
        case refusal:
            return _ADVICE.get(refusal)


def message_in_cloudformation(finding: Finding) -> str | None:
    match finding.refusal:
        case no.EMPTY_ACTION if not _is_abort(finding):
            return f"this has neither `{'` nor `'.join(_times(finding))}`"
        case no.DAYS_AND_DATE:
            return f"this is combined with `{_times(finding)[0]}`"
        case no.EMPTY_ACTION | no.NO_NONCURRENT_DAYS:
            return f"`{_days(finding)}` is missing"
        case refusal:
            return _MESSAGES.get(refusal)


def _block(finding: Finding) -> object:
    return next(iter(steps(finding.member)), None)


def _is_abort(finding: Finding) -> bool:
    return _block(finding) == "AbortIncompleteMultipartUpload"


def _times(finding: Finding) -> tuple[str, str]:
    return _EXPIRATION if _block(finding) == "Expiration" else _TRANSITION


def _days(finding: Finding) -> str:
    if _is_abort(finding):
        return "DaysAfterInitiation"
    return (
        "NoncurrentDays" if _block(finding) == "NoncurrentVersionExpiration" else "TransitionInDays"
    )
