"""The verdict on a configuration: accepted, or all that S3 would refuse, in S3's order."""

from __future__ import annotations

from dataclasses import dataclass

from firnline.s3.law.facts import Confidence
from firnline.s3.law.refusals import Refusal
from firnline.s3.terms import BucketType


@dataclass(frozen=True, slots=True)
class BucketFacts:
    """What must be known of a bucket. Its versioning makes no difference to what S3 accepts."""

    type: BucketType = BucketType.GENERAL_PURPOSE
    mfa_delete: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why S3 refuses. `member` leads to it, such as `Transitions[0].Days` within a rule,
    or within the request where `rule` is None. `other` is the path of what it conflicts with, if
    that is a second place of the configuration.

    `code` and `message` are S3's; `details` are the elements it adds, such as `ArgumentName`;
    `refusal` is the row of the law.
    """

    code: str
    message: str
    rule: int | None
    member: str
    status: int
    confidence: Confidence
    refusal: Refusal
    details: tuple[tuple[str, str], ...] = ()
    other: str | None = None

    @property
    def path(self) -> str:
        """From the request down, such as `Rules[3].Transitions[0].Days`."""
        return self.member if self.rule is None else path_in_rule(self.rule, self.member)


def path_in_rule(rule: int, member: str) -> str:
    return f"Rules[{rule}]{'.' if member else ''}{member}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`findings` is empty exactly where S3 accepts."""

    findings: tuple[Finding, ...] = ()

    @property
    def accepted(self) -> bool:
        return not self.findings

    @property
    def code(self) -> str | None:
        """The code that S3 would name."""
        return self.findings[0].code if self.findings else None
