"""The last check before rules are emitted: would S3 accept them?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from firnline.rules.program import Bucket
from firnline.s3.law.judge import judge
from firnline.s3.law.verdict import BucketFacts, Finding
from firnline.s3.model import MinimumSize, RuleSet
from firnline.s3.shape import Json, rules_to_s3, to_s3


class RejectedByTheLaw(Exception):
    """Our own fault (FL901): rules that S3 would refuse. They are attached."""

    def __init__(self, bucket: Bucket, configuration: Json, findings: tuple[Finding, ...]) -> None:
        first = findings[0]
        super().__init__(
            f"S3 would refuse the rules compiled for {bucket.key}:"
            f" {first.code} at {first.path}: {first.message}"
        )
        self.bucket = bucket
        self.configuration = configuration
        self.findings = findings


def judged(rules: RuleSet, buckets: Iterable[Bucket], as_of: date | None = None) -> RuleSet:
    """The same rules, if S3 accepts them on these buckets. Raises `RejectedByTheLaw`."""
    said = rules_to_s3(rules)
    # Absent means the default, and directory buckets accept no header.
    header = None if rules.minimum_size is MinimumSize.ALL_128K else rules.minimum_size.value
    for bucket in {(each.partition, each.type): each for each in buckets}.values():
        verdict = judge(said, BucketFacts(bucket.type), bucket.partition, as_of, header)
        if not verdict.accepted:
            raise RejectedByTheLaw(bucket, to_s3(rules), verdict.findings)
    return rules
