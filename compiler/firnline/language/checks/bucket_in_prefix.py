"""Does a prefix include the bucket's name, as a location does?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.remedy import WriteValue
from firnline.language.check import Check, Subject
from firnline.language.model import Policy

BUCKET_IN_PREFIX = Kind(
    code="FL321",
    name="bucket-in-prefix",
    severity=Severity.ERROR,
    title="a prefix is not a location",
    why=(
        "S3 compares the prefix with keys, and a key contains neither `s3://` nor the bucket's"
        " name."
    ),
    help="write what the keys begin with, and the bucket under `applies_to`",
    wrong="retain: {logs: {prefix: s3://lab-data/logs/, delete_after: 7d}}",
    right="retain: {logs: {prefix: logs/, delete_after: 7d}}",
)
_SCHEMES = ("s3://", "s3a://", "s3n://", "arn:aws", "https://")


def check(policy: Policy) -> Iterator[Diagnostic]:
    for prefix in policy.prefixes:
        if is_location(prefix.value):
            yield BUCKET_IN_PREFIX.at(
                prefix.span,
                f"no key begins with `{prefix.value.split('/')[0]}`",
                remedy=_key_part(prefix.value),
            )


CHECK = Check(Subject.POLICY, check, (BUCKET_IN_PREFIX,))


def is_location(prefix: str) -> bool:
    return prefix.startswith(_SCHEMES)


def _key_part(location: str) -> WriteValue | None:
    _, separator, rest = location.partition("://")
    _, _, key = rest.partition("/")
    return WriteValue(key) if separator and key else None
