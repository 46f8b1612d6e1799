"""Would S3 accept this configuration? Everything that it would refuse, and nothing raised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from firnline.rules.law.facts import Confidence
from firnline.rules.law.header import judge_header
from firnline.rules.law.limits import MOST_RULES
from firnline.rules.law.verdict import BucketFacts, Finding, Verdict

MALFORMED = (
    "The XML you provided was not well-formed or did not validate against our published schema"
)


def judge(
    configuration: object,
    bucket: BucketFacts = BucketFacts(),
    partition: str = "aws",
    as_of: date | None = None,
    header: object = None,
) -> Verdict:
    """`configuration`: boto3's shape, or S3's XML as bytes. Without a day, the newest law.

    So far: the envelope and the header.
    """
    _ = bucket, partition, as_of
    return Verdict((*judge_header(header), *_envelope(configuration)))


def _envelope(configuration: object) -> Iterator[Finding]:
    rules = configuration.get("Rules") if isinstance(configuration, Mapping) else None
    if not isinstance(rules, Sequence) or not 1 <= len(rules) <= MOST_RULES:
        yield Finding("MalformedXML", MALFORMED, "Rules", 400, Confidence.OBSERVED, "document")
