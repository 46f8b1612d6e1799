"""What S3 accepts: facts as tables, each with its source, and a judge of configurations."""

from firnline.rules.law.classes import (
    CLASSES,
    EARLIEST,
    MATRIX,
    MINIMUM_STAY,
    RANK,
    SMALL_TARGETS,
    STEPS,
    TARGETS,
    Steps,
    can_move,
    gap_after,
    reachable,
)
from firnline.rules.law.facts import PARTITIONS, Confidence, Fact, holding
from firnline.rules.law.judge import judge
from firnline.rules.law.limits import (
    LARGEST_SIZE_BOUND,
    LIMITS,
    LONGEST_ID,
    LONGEST_PREFIX,
    LONGEST_TAG_KEY,
    LONGEST_TAG_VALUE,
    MOST_DAYS,
    MOST_NEWER_VERSIONS,
    MOST_RULES,
    SMALL_OBJECT,
)
from firnline.rules.law.refusals import Refusal, Topic
from firnline.rules.law.verdict import BucketFacts, Finding, Verdict, bucket_facts

__all__ = [
    "CLASSES",
    "EARLIEST",
    "LARGEST_SIZE_BOUND",
    "LIMITS",
    "LONGEST_ID",
    "LONGEST_PREFIX",
    "LONGEST_TAG_KEY",
    "LONGEST_TAG_VALUE",
    "MATRIX",
    "MINIMUM_STAY",
    "MOST_DAYS",
    "MOST_NEWER_VERSIONS",
    "MOST_RULES",
    "PARTITIONS",
    "RANK",
    "SMALL_OBJECT",
    "SMALL_TARGETS",
    "STEPS",
    "TARGETS",
    "BucketFacts",
    "Confidence",
    "Fact",
    "Finding",
    "Refusal",
    "Steps",
    "Topic",
    "Verdict",
    "bucket_facts",
    "can_move",
    "gap_after",
    "holding",
    "judge",
    "reachable",
]
