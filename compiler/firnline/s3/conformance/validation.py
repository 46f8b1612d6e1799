"""A validation case: would S3 accept this configuration?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from firnline.s3.conformance.fields import Fields, NotACase
from firnline.s3.conformance.outcome import CaseKind, Outcome
from firnline.s3.law.judge import judge
from firnline.s3.law.verdict import BucketFacts, Verdict
from firnline.s3.terms import BucketType, Partition

_TYPES: Final = {
    "general": BucketType.GENERAL_PURPOSE,
    "general-purpose": BucketType.GENERAL_PURPOSE,
    "directory": BucketType.DIRECTORY,
}


class Decision(StrEnum):
    """What S3 does with a configuration."""

    ACCEPT = "accept"
    REJECT = "reject"


def judge_validation(case: Mapping[str, object]) -> Outcome:
    """Raises `NotACase`.

    The verdict and the code decide. S3 names one of several faults, so its code need only be among
    ours. The wording of an error does not count, and is noted.
    """
    fields = Fields(case)
    verdict = judge(
        case["config"],
        bucket_of(fields),
        partition=Partition.called(fields.text("partition") or ""),
        as_of=_day(fields),
        header=case.get("header"),
    )
    wanted, code = _decision(fields), fields.text("expected_code")
    found = Decision.ACCEPT if verdict.accepted else Decision.REJECT
    refused_before = bool(fields.flag("client_side_rejected")) and found is Decision.REJECT
    return Outcome.of(
        fields,
        CaseKind.VALIDATION,
        refused_before or (found is wanted and _names(verdict, code)),
        expected=_in_words(wanted, [code] if code else []),
        found=_in_words(found, _codes(verdict)),
        note=_wording(verdict, fields.text("expected_message")),
    )


def bucket_of(case: Fields) -> BucketFacts:
    """General purpose unless the case says otherwise. Raises `NotACase`."""
    said = case.inner("bucket")
    type = said.text("type") or "general"
    if type.lower() not in _TYPES:
        raise NotACase(f"`bucket.type` is {type!r}, neither `general` nor `directory`")
    return BucketFacts(_TYPES[type.lower()], mfa_delete=bool(said.flag("mfa_delete")))


def _decision(fields: Fields) -> Decision:
    said = fields.text("aws_verdict")
    if said is None:
        raise fields.lacks("aws_verdict")
    try:
        return Decision(said)
    except ValueError:
        message = f"`aws_verdict` is {said!r}, neither `accept` nor `reject`"
        raise NotACase(message) from None


def _day(fields: Fields) -> date | None:
    moment = fields.moment("as_of")
    return moment.date() if moment else None


def _names(verdict: Verdict, code: str | None) -> bool:
    return code is None or verdict.accepted or code in _codes(verdict)


def _codes(verdict: Verdict) -> list[str]:
    return list(dict.fromkeys(finding.code for finding in verdict.findings))


def _wording(verdict: Verdict, message: str | None) -> str:
    if message is None or any(message in finding.message for finding in verdict.findings):
        return ""
    ours = verdict.findings[0].message if verdict.findings else "nothing"
    return f"S3 words it {message!r}, here {ours!r}"


def _in_words(decision: Decision, codes: list[str]) -> str:
    return f"{decision} with {', '.join(codes)}" if codes else decision.value
