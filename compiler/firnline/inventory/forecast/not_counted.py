"""What S3 may bill, or a rule may do, that a forecast leaves out: each by name, with its reason."""

from __future__ import annotations

from enum import Enum


class NotCounted(Enum):
    """The value is its name in JSON."""

    REQUESTS = "requests"
    RETRIEVAL = "retrieval"
    TRANSFER = "transfer"
    READS = "reads"
    REPLICATION = "replication"
    DELETE_MARKER_NAMES = "delete_marker_names"
    ARCHIVE_METADATA_EARLY = "overhead_of_early_deletion"
    OTHER_BUCKETS = "other_buckets"
    FEATURES = "features"
    DISCOUNTS = "free_tier_and_taxes"
    GROWTH = "growth"
    UPLOADS = "incomplete_uploads"


WHY = {
    NotCounted.REQUESTS: "requests that read and write objects, apart from transitions",
    NotCounted.RETRIEVAL: "retrieval fees of objects that are read from colder classes",
    NotCounted.TRANSFER: "data transfer",
    NotCounted.READS: "reads: objects in INTELLIGENT_TIERING count as never read, though what is"
    " read stays in its dearest tier (`firnline forecast --reads` counts that)",
    NotCounted.REPLICATION: "copies that replication makes in other buckets",
    NotCounted.DELETE_MARKER_NAMES: "the bytes of delete markers' names",
    NotCounted.ARCHIVE_METADATA_EARLY: "the 40 KiB beside each archived object that is deleted"
    " before its minimum duration",
    NotCounted.OTHER_BUCKETS: "other buckets of the account: with them, a byte may fall into a"
    " cheaper price band",
    NotCounted.FEATURES: "inventories, analytics, replication and tags",
    NotCounted.DISCOUNTS: "free tier, credits and taxes",
    NotCounted.GROWTH: "objects that are written later: say --ingest or --growth-from",
    NotCounted.UPLOADS: "incomplete multipart uploads: their parts are not listed",
}
"""In words."""

ALWAYS = (
    NotCounted.REQUESTS,
    NotCounted.RETRIEVAL,
    NotCounted.TRANSFER,
    NotCounted.READS,
    NotCounted.REPLICATION,
    NotCounted.DELETE_MARKER_NAMES,
    NotCounted.ARCHIVE_METADATA_EARLY,
    NotCounted.OTHER_BUCKETS,
    NotCounted.FEATURES,
    NotCounted.DISCOUNTS,
)
