"""What do S3, its tools and other stores call what a key of ours says? Data, each with its source.

A name is written here in small letters without anything between them, so that
`NoncurrentVersionExpiration`, `noncurrent_version_expiration` and `noncurrent-version-expiration`
are one row.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final, NamedTuple


class Origin(Enum):
    """Whose word it is, and where its meaning is documented."""

    S3 = ("S3", "https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html")
    TERRAFORM = (
        "Terraform",
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
        "s3_bucket_lifecycle_configuration",
    )
    CLOUDFORMATION = (
        "CloudFormation",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/"
        "aws-properties-s3-bucket-rule.html",
    )
    GCS = ("Google Cloud Storage", "https://cloud.google.com/storage/docs/lifecycle")
    AZURE = (
        "Azure",
        "https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-policy-structure",
    )
    MINIO = (
        "MinIO",
        "https://docs.min.io/community/minio-object-store/reference/minio-mc/mc-ilm-rule-add.html",
    )

    @property
    def called(self) -> str:
        return self.value[0]

    @property
    def source(self) -> str:
        return self.value[1]


class Means(Enum):
    """Which setting of ours says the same, and so how the value is read."""

    EXPIRATION = "delete_after"
    TRANSITIONS = "warm_after, cold_after, archive_after"
    OLD_EXPIRATION = "old_versions.delete_after"
    OLD_TRANSITIONS = "old_versions.warm_after, cold_after, archive_after"
    KEEP_NEWEST = "old_versions.keep_newest"
    DELETE_MARKERS = "delete_markers"
    UPLOADS = "uploads.abort_after"
    FILTER = "prefix, tags, size"
    PREFIX = "prefix"
    TAGS = "tags"
    OVER = "size.over"
    UNDER = "size.under"
    CLASSES = "storage_classes"
    VERSIONING = "versioning"


class Synonym(NamedTuple):
    """`is_exact` where the same value says the same here, so that a machine can rewrite it.

    `storage_class` is that of a transition whose key names it.
    """

    origin: Origin
    term: str
    means: Means
    is_exact: bool = True
    storage_class: str = ""


def plain(word: str) -> str:
    """As it stands in the tables."""
    return "".join(letter for letter in word.lower() if letter.isalnum())


def _all(names: str, row: Synonym) -> dict[str, Synonym]:
    return dict.fromkeys(names.split(), row)


_S3, _GCS, _AZURE, _MINIO = Origin.S3, Origin.GCS, Origin.AZURE, Origin.MINIO

# Of Google Cloud Storage and Azure; what it costs to read them and how fast it is differs.
NEAREST_CLASSES: Final[Mapping[str, str]] = {
    "nearline": "STANDARD_IA",
    "cool": "STANDARD_IA",
    "coldline": "GLACIER_IR",
    "cold": "GLACIER_IR",
    "archive": "DEEP_ARCHIVE",
}


def _nearest(origin: Origin, term: str, into: str) -> Synonym:
    """A transition to a class that S3 lacks."""
    return Synonym(origin, term, Means.TRANSITIONS, False, NEAREST_CLASSES[into])


# In a retention, or at the top level where ours stand there too.
SYNONYMS: Final[Mapping[str, Synonym]] = {
    # S3's actions, as its API and Terraform spell them, and as people shorten them
    **_all(
        "expiration expire expires expireafter expiresafter expireafterdays expiredays"
        " expirationdays expirationafter deletion deleteafterdays deletedays removeafter",
        Synonym(_S3, "Expiration", Means.EXPIRATION),
    ),
    "days": Synonym(_S3, "Expiration", Means.EXPIRATION),
    **_all("ttl maxage", Synonym(_S3, "Expiration", Means.EXPIRATION, is_exact=False)),
    **_all("transition transitions", Synonym(_S3, "Transitions", Means.TRANSITIONS)),
    **_all(
        "noncurrentversionexpiration noncurrentexpiration expirenoncurrentafter"
        " noncurrentversionexpirationdays deletenoncurrentafter",
        Synonym(_S3, "NoncurrentVersionExpiration", Means.OLD_EXPIRATION),
    ),
    "noncurrentdays": Synonym(_S3, "NoncurrentVersionExpiration", Means.OLD_EXPIRATION),
    **_all(
        "noncurrentversiontransition noncurrentversiontransitions",
        Synonym(_S3, "NoncurrentVersionTransitions", Means.OLD_TRANSITIONS),
    ),
    "newernoncurrentversions": Synonym(_S3, "NewerNoncurrentVersions", Means.KEEP_NEWEST),
    "expiredobjectdeletemarker": Synonym(_S3, "ExpiredObjectDeleteMarker", Means.DELETE_MARKERS),
    **_all(
        "abortincompletemultipartupload abortincompletemultipartuploads"
        " abortincompletemultipartuploaddays daysafterinitiation abortuploadsafter",
        Synonym(_S3, "AbortIncompleteMultipartUpload", Means.UPLOADS),
    ),
    # S3's filters
    "filter": Synonym(_S3, "Filter", Means.FILTER),
    **_all("prefixes keyprefix", Synonym(_S3, "Prefix", Means.PREFIX)),
    "tag": Synonym(_S3, "Tag", Means.TAGS),
    "objectsizegreaterthan": Synonym(_S3, "ObjectSizeGreaterThan", Means.OVER),
    "objectsizelessthan": Synonym(_S3, "ObjectSizeLessThan", Means.UNDER),
    **_all(  # which may include the bound itself; ours do not
        "minsize minimumsize minobjectsize",
        Synonym(_S3, "ObjectSizeGreaterThan", Means.OVER, is_exact=False),
    ),
    **_all(
        "maxsize maximumsize maxobjectsize",
        Synonym(_S3, "ObjectSizeLessThan", Means.UNDER, is_exact=False),
    ),
    # of the bucket, or of a transition whose age stands elsewhere
    **_all(
        "versioned versioningenabled versioningconfiguration bucketversioning",
        Synonym(_S3, "Versioning", Means.VERSIONING),
    ),
    "storageclass": Synonym(_S3, "StorageClass", Means.CLASSES, is_exact=False),
    # keys that name a storage class
    **_all(
        "iaafter standardiaafter infrequentaccessafter",
        Synonym(_S3, "a transition to STANDARD_IA", Means.TRANSITIONS, storage_class="STANDARD_IA"),
    ),
    "onezoneiaafter": Synonym(
        _S3, "a transition to ONEZONE_IA", Means.TRANSITIONS, storage_class="ONEZONE_IA"
    ),
    **_all(
        "intelligenttieringafter intelligentafter",
        Synonym(
            _S3,
            "a transition to INTELLIGENT_TIERING",
            Means.TRANSITIONS,
            storage_class="INTELLIGENT_TIERING",
        ),
    ),
    **_all(
        "glacierirafter glacierinstantafter glacierinstantretrievalafter",
        Synonym(_S3, "a transition to GLACIER_IR", Means.TRANSITIONS, storage_class="GLACIER_IR"),
    ),
    **_all(
        "glacierafter glacierflexibleafter flexibleretrievalafter",
        Synonym(_S3, "a transition to GLACIER", Means.TRANSITIONS, storage_class="GLACIER"),
    ),
    **_all(
        "deeparchiveafter glacierdeepafter glacierdeeparchiveafter",
        Synonym(
            _S3, "a transition to DEEP_ARCHIVE", Means.TRANSITIONS, storage_class="DEEP_ARCHIVE"
        ),
    ),
    # CloudFormation's own
    "expirationindays": Synonym(Origin.CLOUDFORMATION, "ExpirationInDays", Means.EXPIRATION),
    "noncurrentversionexpirationindays": Synonym(
        Origin.CLOUDFORMATION, "NoncurrentVersionExpirationInDays", Means.OLD_EXPIRATION
    ),
    "tagfilters": Synonym(Origin.CLOUDFORMATION, "TagFilters", Means.TAGS),
    # Terraform's old inline rules
    "abortincompletemultipartuploaddaysafterinitiation": Synonym(
        Origin.TERRAFORM, "abort_incomplete_multipart_upload", Means.UPLOADS
    ),
    # MinIO's `mc ilm rule add`
    "expiry": Synonym(_MINIO, "expiry", Means.EXPIRATION),
    "noncurrentexpiredays": Synonym(_MINIO, "noncurrent-expire-days", Means.OLD_EXPIRATION),
    "noncurrentexpirenewer": Synonym(_MINIO, "noncurrent-expire-newer", Means.KEEP_NEWEST),
    "expiredeletemarker": Synonym(_MINIO, "expire-delete-marker", Means.DELETE_MARKERS),
    "sizegreaterthan": Synonym(_S3, "ObjectSizeGreaterThan", Means.OVER),
    "sizelessthan": Synonym(_S3, "ObjectSizeLessThan", Means.UNDER),
    "sizegt": Synonym(_MINIO, "size-gt", Means.OVER),
    "sizelt": Synonym(_MINIO, "size-lt", Means.UNDER),
    # Google Cloud Storage: other classes and another day on which a thing is due
    "age": Synonym(_GCS, "age", Means.EXPIRATION, is_exact=False),
    "dayssincenoncurrenttime": Synonym(_GCS, "daysSinceNoncurrentTime", Means.OLD_EXPIRATION),
    "numnewerversions": Synonym(_GCS, "numNewerVersions", Means.KEEP_NEWEST, is_exact=False),
    "matchesprefix": Synonym(_GCS, "matchesPrefix", Means.PREFIX),
    "nearlineafter": _nearest(_GCS, "NEARLINE", "nearline"),
    "coldlineafter": _nearest(_GCS, "COLDLINE", "coldline"),
    # Azure: `daysAfterModificationGreaterThan` 30 acts on the 31st day
    **_all(
        "daysaftermodificationgreaterthan daysaftercreationgreaterthan",
        Synonym(_AZURE, "daysAfterModificationGreaterThan", Means.EXPIRATION, is_exact=False),
    ),
    "delete": Synonym(_AZURE, "delete", Means.EXPIRATION, is_exact=False),
    **_all("tiertocool coolafter", _nearest(_AZURE, "tierToCool", "cool")),
    "tiertocold": _nearest(_AZURE, "tierToCold", "cold"),
    "tiertoarchive": _nearest(_AZURE, "tierToArchive", "archive"),
    "prefixmatch": Synonym(_AZURE, "prefixMatch", Means.PREFIX),
}

# Where the place itself says whose days they are.
IN_OLD_VERSIONS: Final[Mapping[str, Synonym]] = {
    **_all(
        "days noncurrentdays expiration expire expireafter expiresafter expiredays"
        " noncurrentversionexpiration abortafter",
        Synonym(_S3, "NoncurrentVersionExpiration", Means.OLD_EXPIRATION),
    ),
    **_all(
        "transition transitions noncurrentversiontransition noncurrentversiontransitions",
        Synonym(_S3, "NoncurrentVersionTransitions", Means.OLD_TRANSITIONS),
    ),
    **_all(
        "newernoncurrentversions keep keeplast keepversions keepcount maxversions versions count"
        " newest",
        Synonym(_S3, "NewerNoncurrentVersions", Means.KEEP_NEWEST),
    ),
    **{
        name: row._replace(means=Means.OLD_TRANSITIONS)
        for name, row in SYNONYMS.items()
        if row.storage_class
    },
}
IN_UPLOADS: Final[Mapping[str, Synonym]] = _all(
    "days daysafterinitiation expireafter expiration deleteafter abortdays"
    " abortincompletemultipartupload",
    Synonym(_S3, "AbortIncompleteMultipartUpload", Means.UPLOADS),
)
IN_SIZE: Final[Mapping[str, Synonym]] = {
    **_all(
        "objectsizegreaterthan greaterthan largerthan above",
        Synonym(_S3, "ObjectSizeGreaterThan", Means.OVER),
    ),
    **_all("min minimum", Synonym(_S3, "ObjectSizeGreaterThan", Means.OVER, is_exact=False)),
    **_all(
        "objectsizelessthan lessthan smallerthan below",
        Synonym(_S3, "ObjectSizeLessThan", Means.UNDER),
    ),
    **_all("max maximum", Synonym(_S3, "ObjectSizeLessThan", Means.UNDER, is_exact=False)),
}
