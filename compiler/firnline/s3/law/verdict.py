"""What the law answers: accepted, or everything that S3 would refuse, its first word first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from firnline.s3.law.facts import Confidence
from firnline.s3.law.refusals import Refusal


@dataclass(frozen=True, slots=True)
class BucketFacts:
    """What the law asks of a bucket, in S3's words; read leniently, as conformance cases say it."""

    type: str = "general"  # or "directory"
    versioning: str = "Off"  # or "Enabled", "Suspended"
    mfa_delete: str | bool = "Disabled"  # or "Enabled"

    @property
    def is_directory(self) -> bool:
        return str(self.type).lower() == "directory"

    @property
    def wants_mfa(self) -> bool:
        return self.mfa_delete is True or str(self.mfa_delete).lower() == "enabled"


def bucket_facts(case: object) -> BucketFacts:
    """The `bucket` of a conformance case, or the defaults for what it does not say."""
    said = case if isinstance(case, Mapping) else {}
    return BucketFacts(
        type=str(said.get("type", "general")),
        versioning=str(said.get("versioning", "Off")),
        mfa_delete=said.get("mfa_delete", "Disabled"),
    )


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why S3 refuses. `path` leads to it, such as `Rules[3].Transitions[0].Days`.

    `code` and `message` are S3's; `details` are the elements it adds, such as `ArgumentName`;
    `refusal` is the row of the law.
    """

    code: str
    message: str
    path: str
    status: int
    confidence: Confidence
    refusal: Refusal
    details: tuple[tuple[str, str], ...] = ()


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
