"""The judge that refuses what S3 would refuse, with S3's message and status."""

from __future__ import annotations

from dataclasses import dataclass

from firnline.s3.law.judge import judge
from firnline.s3.law.verdict import BucketFacts
from firnline.testing.lifecycle_xml import Configuration, shape_of


@dataclass(frozen=True, slots=True)
class Rejection:
    """What S3 says to a configuration that it does not accept."""

    code: str
    message: str
    details: tuple[tuple[str, str], ...] = ()  # such as ArgumentName, ArgumentValue
    status: int = 400


def law(configuration: Configuration) -> Rejection | None:
    """Of everything that is wrong what S3 would name, on a general purpose bucket.

    The versioning of a bucket makes no difference, and moto has no MFA delete.
    """
    verdict = judge(shape_of(configuration), BucketFacts(), header=configuration.minimum_size)
    if verdict.accepted:
        return None
    first = verdict.findings[0]
    return Rejection(first.code, first.message, first.details, first.status)
