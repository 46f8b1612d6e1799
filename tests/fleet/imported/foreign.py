"""Rules as people write them for S3, which S3 accepts, and as the AWS CLI prints them."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from firnline.s3.law.judge import judge
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_rules

PREFIXES = ("", "logs/", "logs/audit/", "tmp/", "models/", "models/prod/", "scratch/")
TAGS = (("class", "tmp"), ("class", "legal"), ("team", "search"))
SIZES = (0, 4_096, 131_071, 1_048_576, 1_073_741_824)
CHAINS = (
    ((30, "STANDARD_IA"),),
    ((0, "INTELLIGENT_TIERING"),),
    ((90, "GLACIER"),),
    ((1, "DEEP_ARCHIVE"),),
    ((30, "STANDARD_IA"), (90, "GLACIER_IR")),
    ((30, "STANDARD_IA"), (60, "GLACIER"), (180, "DEEP_ARCHIVE")),
    ((30, "ONEZONE_IA"), (365, "DEEP_ARCHIVE")),
)
ENDS = (7, 14, 30, 90, 366, 400, 2_557)


@st.composite
def shapes(draw: st.DrawFn, number: int, *, plain: bool) -> dict[str, Any]:
    """One rule in the shape of boto3; a `plain` one has neither tags, sizes nor dates."""
    predicates: dict[str, Any] = {"Prefix": draw(st.sampled_from(PREFIXES))}
    if not plain and draw(st.integers(0, 3)) == 0:
        tags = draw(
            st.lists(st.sampled_from(TAGS), min_size=1, max_size=2, unique_by=lambda t: t[0])
        )
        predicates["Tags"] = [{"Key": key, "Value": value} for key, value in tags]
    if not plain and draw(st.integers(0, 4)) == 0:
        predicates["ObjectSizeGreaterThan"] = draw(st.sampled_from(SIZES))
    bare = len(predicates) == 1
    rule: dict[str, Any] = {"ID": f"rule-{number}", "Filter": predicates}
    rule["Filter"] = predicates if bare else {"And": predicates}
    rule["Status"] = draw(st.sampled_from(("Enabled",) * 7 + ("Disabled",)))
    if draw(st.booleans()):
        chain = draw(st.sampled_from(CHAINS))
        rule["Transitions"] = [{"Days": d, "StorageClass": into} for d, into in chain]
    if draw(st.booleans()):
        rule["Expiration"] = {"Days": draw(st.sampled_from(ENDS))}
    elif bare and draw(st.integers(0, 2)) == 0:
        rule["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    elif not plain and draw(st.integers(0, 9)) == 0:
        rule["Expiration"] = {"Date": "2027-03-01"}
    if draw(st.booleans()):
        ends: dict[str, Any] = {"NoncurrentDays": draw(st.sampled_from(ENDS))}
        if draw(st.integers(0, 3)) == 0:
            ends["NewerNoncurrentVersions"] = draw(st.sampled_from((1, 3)))
        rule["NoncurrentVersionExpiration"] = ends
    if draw(st.integers(0, 3)) == 0:
        into = draw(st.sampled_from(("STANDARD_IA", "GLACIER")))
        moves = [{"NoncurrentDays": draw(st.sampled_from((1, 30))), "StorageClass": into}]
        rule["NoncurrentVersionTransitions"] = moves
    if bare and draw(st.integers(0, 2)) == 0:
        rule["AbortIncompleteMultipartUpload"] = {
            "DaysAfterInitiation": draw(st.sampled_from((3, 7)))
        }
    return rule


@st.composite
def accepted(draw: st.DrawFn) -> RuleSet:
    """Configurations that S3 accepts, from a single rule on."""
    plain = draw(st.booleans())
    header = draw(st.sampled_from((None, None, None, "varies_by_storage_class")))
    count = draw(st.integers(1, 5))
    drawn = [draw(shapes(number, plain=plain)) for number in range(count)]
    legal = [each for each in drawn if judge({"Rules": [each]}).accepted]
    if not legal:
        legal = [{**_FALLBACK, "ID": "rule-0"}]
    return read_rules(legal, header)


_FALLBACK = {
    "Filter": {"Prefix": "logs/"},
    "Status": "Enabled",
    "Expiration": {"Days": 30},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
}


def as_the_cli_prints(shape: dict[str, Any]) -> str:
    return json.dumps(shape, indent=4)
