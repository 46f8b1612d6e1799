"""Everything that S3 refuses: with which code and message, how sure we are, and the source."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from firnline.s3.law.facts import Confidence

_O, _D, _I = Confidence.OBSERVED, Confidence.DOCUMENTED, Confidence.INFERRED
CAPTURES: Final = "radkawar/stackd, lifecycle_control_replay.json (2026-09-21)"
_GUIDE = "S3 User Guide"
_V1_OVERLAP = "noobaa-core#8341 and #8426 (2024); aws-sdk-java v1 tests"
MALFORMED: Final = (
    "The XML you provided was not well-formed or did not validate against our published schema"
)


class Topic(Enum):
    """What a refusal is about: finer than S3's four codes, for messages to people."""

    DOCUMENT = "document"
    RULE_COUNT = "rule count"
    RULE_ID = "rule ID"
    STATUS = "status"
    SCOPE = "scope"
    NO_ACTION = "no action"
    PREDICATES = "predicates"
    FILTER_VALUE = "filter value"
    FILTER_ACTION = "filter and action"
    MARKER = "delete marker"
    DAYS_OR_DATE = "days or date"
    MIXED_TIMES = "mixed times"
    NUMBER = "number"
    DATE = "date"
    STORAGE_CLASS = "storage class"
    CHAIN = "chain"
    END_BEFORE_MOVE = "end before transition"
    OLD_VERSIONS = "noncurrent versions"
    OLD_SCHEMA = "old schema"
    BUCKET = "bucket"


@dataclass(frozen=True, slots=True, eq=False)
class Refusal:
    """A row: `text` is S3's message, with placeholders for values. Equal only to itself."""

    topic: Topic
    code: str
    text: str
    confidence: Confidence
    source: str = CAPTURES
    argument: str = ""  # S3's ArgumentName, where it adds one
    status: int = 400


def _malformed(topic: Topic, confidence: Confidence, source: str = CAPTURES) -> Refusal:
    return Refusal(topic, "MalformedXML", MALFORMED, confidence, source)


def _request(topic: Topic, text: str, confidence: Confidence, source: str = CAPTURES) -> Refusal:
    return Refusal(topic, "InvalidRequest", text, confidence, source)


def _argument(
    topic: Topic, text: str, confidence: Confidence, argument: str, source: str = CAPTURES
) -> Refusal:
    return Refusal(topic, "InvalidArgument", text, confidence, source, argument)


NOT_XML: Final = _malformed(Topic.DOCUMENT, _O)
UNKNOWN_MEMBER: Final = _malformed(
    Topic.DOCUMENT, _O, "ansible-collections/community.aws#1077 (extra element in interleave)"
)
WRONG_TYPE: Final = _malformed(Topic.DOCUMENT, _I, "the schema of the service model")
RULES_MISSING: Final = _malformed(Topic.RULE_COUNT, _O, f"{CAPTURES}; aws-sdk-js-v3#8199")
TOO_MANY_RULES: Final = _malformed(Topic.RULE_COUNT, _O, f"{CAPTURES}; flightstats/hub#529")
BAD_HEADER: Final = _request(
    Topic.DOCUMENT, "Invalid TransitionDefaultMinimumObjectSize found: {value}", _O
)

ID_TOO_LONG: Final = _argument(
    Topic.RULE_ID, "ID length should not exceed allowed limit of 255", _O, "ID"
)
ID_TWICE: Final = _argument(
    Topic.RULE_ID, "Rule ID must be unique. Found same ID for more than one rule", _O, "ID"
)
BAD_STATUS: Final = _malformed(Topic.STATUS, _O)
NO_ACTION: Final = _request(
    Topic.NO_ACTION, "At least one action needs to be specified in a rule", _O
)

NO_SCOPE: Final = _malformed(Topic.SCOPE, _O)
TWO_SCOPES: Final = _malformed(
    Topic.SCOPE, _I, "radkawar/stackd and scality/Arsenal, their parsers"
)
SIDE_BY_SIDE: Final = _malformed(Topic.PREDICATES, _O)
LONELY_AND: Final = _malformed(Topic.PREDICATES, _O)
TAG_TWICE: Final = _request(Topic.FILTER_VALUE, "Duplicate Tag Keys are not allowed.", _O)
TAG_KEY: Final = _request(Topic.FILTER_VALUE, "A Tag's Key must be a length between 1 and 128.", _O)
TAG_VALUE: Final = _request(
    Topic.FILTER_VALUE, "A Tag's Value must be a length between 0 and 256.", _O
)
HALF_A_TAG: Final = _malformed(Topic.FILTER_VALUE, _I, "the service model: both are required")
PREFIX_TOO_LONG: Final = _request(Topic.FILTER_VALUE, "The maximum size of a prefix is 1024", _O)
LARGER_BOUND: Final = _request(
    Topic.FILTER_VALUE, "'ObjectSizeGreaterThan' should be between 0 and 1099511627776000.", _O
)
SMALLER_BOUND: Final = _request(
    Topic.FILTER_VALUE, "'ObjectSizeLessThan' should be between 1 and 1099511627776000.", _O
)
EMPTY_RANGE: Final = _request(
    Topic.FILTER_VALUE,
    "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.",
    _O,
)

WITH_TAGS: Final = _request(Topic.FILTER_ACTION, "{action} cannot be specified with Tags.", _O)
WITH_SIZE: Final = _request(
    Topic.FILTER_ACTION, "{action} cannot be specified with Object Size.", _O
)

EMPTY_ACTION: Final = _malformed(Topic.DAYS_OR_DATE, _O)
DAYS_AND_DATE: Final = _malformed(Topic.DAYS_OR_DATE, _O)
MARKER_AND_TIME: Final = _malformed(Topic.MARKER, _O)
NO_INTEGER: Final = _malformed(Topic.NUMBER, _O)
NOT_POSITIVE: Final = _argument(
    Topic.NUMBER, "'{field}' for {action} action must be a positive integer", _O, "{field}"
)
NEGATIVE: Final = _argument(
    Topic.NUMBER, "'{field}' in {action} action must be nonnegative", _O, "{field}"
)
NO_DATE: Final = _malformed(Topic.DATE, _O)
NOT_MIDNIGHT: Final = _argument(Topic.DATE, "'Date' must be at midnight GMT", _O, "Date")
TOO_EARLY: Final = _argument(
    Topic.CHAIN,
    "'{field}' in {action} action must be greater than or equal to {least}"
    " for storageClass '{storage_class}'",
    _D,
    "{field}",
    "S3 User Guide of 2023-06; terraform-provider-aws#23299",
)
MIXED_MOVES: Final = _request(
    Topic.MIXED_TIMES,
    "Found mixed 'Date' and 'Days' based Transition actions in lifecycle rule for {scope}",
    _O,
)
MIXED_END: Final = _request(
    Topic.MIXED_TIMES,
    "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule"
    " for {scope}",
    _O,
)

NO_TARGET: Final = _argument(
    Topic.STORAGE_CLASS, "Invalid target Storage class for Transition action", _O, "StorageClass"
)
UNKNOWN_CLASS: Final = _malformed(Topic.STORAGE_CLASS, _O)
NO_CLASS: Final = _malformed(Topic.STORAGE_CLASS, _O)
CLASS_TWICE: Final = _request(
    Topic.CHAIN,
    "'StorageClass' must be different for '{action}' actions in same 'Rule' with {scope}",
    _O,
)
NOT_LATER: Final = _argument(
    Topic.CHAIN,
    "'{field}' in the '{action}' action for StorageClass '{colder}' for {scope} must be greater"
    " than '{field}' in the '{action}' action for StorageClass '{warmer}' for {scope}",
    _O,
    "{field}",
)
TOO_CLOSE: Final = _argument(
    Topic.CHAIN,
    "'{field}' in the '{action}' action for StorageClass '{colder}' for {scope} must be {gap} days"
    " more than '{scope}' in the '{action}' action for StorageClass '{warmer}'",
    _O,
    "{field}",
)
END_TOO_EARLY: Final = _argument(
    Topic.END_BEFORE_MOVE,
    "'{field}' in the {end} action for {scope} must be greater than '{field}' in the {action}"
    " action",
    _O,
    "{field}",
)

NO_NONCURRENT_DAYS: Final = _malformed(Topic.OLD_VERSIONS, _O)
NEWER_IN_V1: Final = _request(
    Topic.OLD_VERSIONS,
    "NewerNoncurrentVersions element can only be used in Lifecycle V2.",
    _O,
    f"{CAPTURES}; terraform-provider-aws#23228",
)

FILTER_IN_V1: Final = _request(
    Topic.OLD_SCHEMA, "Filter element can only be used in Lifecycle V2.", _O
)
PREFIX_IN_V2: Final = _request(
    Topic.OLD_SCHEMA,
    "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the Filter.",
    _O,
)
V1_OVERLAP: Final = _request(
    Topic.OLD_SCHEMA,
    "Found overlapping prefixes '{inner}' and '{outer}' for same action type '{action}'",
    _O,
    _V1_OVERLAP,
)
V1_TWICE: Final = _request(
    Topic.OLD_SCHEMA,
    "Found two rules with same prefix '{prefix}'",
    _O,
    "terraform-provider-aws#23132 (2022)",
)

# Documented only: code and message are guesses.
MFA_DELETE: Final = Refusal(
    Topic.BUCKET,
    "InvalidBucketState",
    "Lifecycle configuration is not supported on a bucket with Mfa Delete enabled",
    _I,
    f"{_GUIDE}, lifecycle-and-other-bucket-config",
    status=409,
)
DIRECTORY_LACKS: Final = _request(
    Topic.BUCKET,
    "{what} is not supported for directory buckets",
    _I,
    f"{_GUIDE}, directory-buckets-objects-lifecycle",
)
