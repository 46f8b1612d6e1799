"""Random rules, buckets and things, over few values, so that they meet often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_rules
from firnline.s3.simulate.stored import BucketState, ItemKind, StoredItem
from firnline.s3.terms import AccessTier, ReplicationStatus, Versioning

START = datetime(2026, 1, 1, tzinfo=UTC)
PREFIXES = ["", "a", "a/", "a/b/", "a/b/c", "b/"]
KEYS = ["x", "a", "a/x", "a/b/x", "a/b/c", "a/bx", "b/x", "bb"]
CLASSES = [
    "STANDARD",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
]
SIZES = [0, 1, 500, 999, 1000, 1001, 131_071, 131_072, 5_000_000]
TAGS = [("a", "1"), ("a", "2"), ("b", "1")]
DAYS = st.integers(0, 12)
COUNTS = st.integers(1, 4)


def moments() -> st.SearchStrategy[datetime]:
    return st.builds(
        lambda days, seconds: START + timedelta(days=days, seconds=seconds),
        st.integers(0, 15),
        st.sampled_from([0, 1, 43_200, 86_399]),
    )


def dates() -> st.SearchStrategy[str]:
    return st.integers(0, 20).map(lambda days: (START + timedelta(days=days)).date().isoformat())


@st.composite
def rule_shapes(draw: st.DrawFn) -> dict[str, Any]:
    """As S3 spells them, more than S3 accepts."""
    predicates: dict[str, Any] = {"Prefix": draw(st.sampled_from(PREFIXES))}
    if draw(st.integers(0, 2)) == 0:
        tags = draw(st.lists(st.sampled_from(TAGS), min_size=1, max_size=2, unique=True))
        predicates["Tags"] = [{"Key": key, "Value": value} for key, value in tags]
    if draw(st.integers(0, 2)) == 0:
        predicates["ObjectSizeGreaterThan"] = draw(st.sampled_from([0, 500, 999, 200_000]))
    if draw(st.integers(0, 4)) == 0:
        predicates["ObjectSizeLessThan"] = draw(st.sampled_from([1, 1000, 2_000_000]))
    shape: dict[str, Any] = {"Filter": {"And": predicates}}
    shape["Status"] = "Disabled" if draw(st.integers(0, 9)) == 0 else "Enabled"
    target = st.sampled_from(CLASSES[1:])
    when: st.SearchStrategy[dict[str, Any]] = DAYS.map(lambda days: {"Days": days})
    if draw(st.integers(0, 5)) == 0:
        when = dates().map(lambda day: {"Date": day})
    if draw(st.booleans()):
        moves = draw(st.lists(st.tuples(when, target), min_size=1, max_size=3))
        shape["Transitions"] = [{**each, "StorageClass": name} for each, name in moves]
    match draw(st.integers(0, 3)):
        case 0:
            shape["Expiration"] = draw(when)
        case 1:
            shape["Expiration"] = {"ExpiredObjectDeleteMarker": True}
        case _:
            pass  # no expiration at all
    if draw(st.booleans()):
        newer = draw(st.one_of(st.none(), COUNTS))
        ends = {"NoncurrentDays": draw(DAYS), "NewerNoncurrentVersions": newer}
        shape["NoncurrentVersionExpiration"] = ends
    if draw(st.integers(0, 2)) == 0:
        moves_old = {"NoncurrentDays": draw(DAYS), "StorageClass": draw(target)}
        moves_old["NewerNoncurrentVersions"] = draw(st.one_of(st.none(), COUNTS))
        shape["NoncurrentVersionTransitions"] = [moves_old]
    if draw(st.integers(0, 2)) == 0:
        shape["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": draw(DAYS)}
    return shape


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    header = draw(st.sampled_from([None, "varies_by_storage_class"]))
    return read_rules(draw(st.lists(rule_shapes(), max_size=4)), header)


def buckets() -> st.SearchStrategy[BucketState]:
    return st.builds(BucketState, st.sampled_from(list(Versioning)))


@st.composite
def items(draw: st.DrawFn) -> StoredItem:
    kind = draw(
        st.sampled_from(
            [
                ItemKind.OBJECT_VERSION,
                ItemKind.OBJECT_VERSION,
                ItemKind.OBJECT_VERSION,
                ItemKind.DELETE_MARKER,
                ItemKind.MULTIPART_UPLOAD,
            ]
        )
    )
    current = kind is ItemKind.MULTIPART_UPLOAD or draw(st.booleans())
    created = draw(moments())
    data = kind is ItemKind.OBJECT_VERSION
    locked = data and draw(st.integers(0, 5)) == 0
    return StoredItem(
        key=draw(st.sampled_from(KEYS)),
        created=created,
        size=draw(st.sampled_from(SIZES)) if data else 0,
        storage_class=draw(st.sampled_from(CLASSES)),
        tags=tuple(draw(st.lists(st.sampled_from(TAGS[1:]), unique=True))) if data else (),
        kind=kind,
        current=current,
        null_version=draw(st.booleans()),
        noncurrent_since=None if current else created + timedelta(days=draw(DAYS), seconds=7),
        newer_noncurrent=0 if current else draw(st.integers(0, 5)),
        hidden=draw(st.integers(0, 2)) if kind is ItemKind.DELETE_MARKER and current else 0,
        retain_until=draw(moments()) if locked else None,
        legal_hold=data and draw(st.integers(0, 9)) == 0,
        replication=draw(st.sampled_from([None, None, *ReplicationStatus])),
        tier=draw(st.sampled_from([None, *AccessTier])),
    )
