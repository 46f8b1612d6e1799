"""The names of CloudFormation's lifecycle properties, and what S3 calls them.

AWS CloudFormation Template Reference, AWS::S3::Bucket LifecycleConfiguration, Rule, Transition,
NoncurrentVersionTransition, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload, TagFilter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Names = Mapping[str, str]

CONFIGURATION: Final[Names] = {
    "Rules": "Rules",
    "TransitionDefaultMinimumObjectSize": "TransitionDefaultMinimumObjectSize",
}
PLAIN: Final[Names] = {"Id": "ID", "Status": "Status"}
EXPIRATION: Final[Names] = {
    "ExpirationInDays": "Days",
    "ExpirationDate": "Date",
    "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker",
}
SIZES: Final[Names] = {
    "ObjectSizeGreaterThan": "ObjectSizeGreaterThan",
    "ObjectSizeLessThan": "ObjectSizeLessThan",
}
TRANSITION: Final[Names] = {
    "TransitionInDays": "Days",
    "TransitionDate": "Date",
    "StorageClass": "StorageClass",
}
NONCURRENT_TRANSITION: Final[Names] = {
    "TransitionInDays": "NoncurrentDays",
    "StorageClass": "StorageClass",
    "NewerNoncurrentVersions": "NewerNoncurrentVersions",
}
NONCURRENT_EXPIRATION: Final[Names] = {
    "NoncurrentDays": "NoncurrentDays",
    "NewerNoncurrentVersions": "NewerNoncurrentVersions",
}
ABORT: Final[Names] = {"DaysAfterInitiation": "DaysAfterInitiation"}
TAG: Final[Names] = {"Key": "Key", "Value": "Value"}
LISTS: Final = {
    "Transitions": ("Transition", TRANSITION),
    "NoncurrentVersionTransitions": ("NoncurrentVersionTransition", NONCURRENT_TRANSITION),
}
"""By the list: the older property for a single one, and the names inside."""
_OF_A_RULE: Final = (
    *PLAIN,
    "Prefix",
    "TagFilters",
    *SIZES,
    *EXPIRATION,
    *(name for several, (one, _) in LISTS.items() for name in (several, one)),
    "NoncurrentVersionExpiration",
    "NoncurrentVersionExpirationInDays",
    "AbortIncompleteMultipartUpload",
)
RULE: Final[Names] = {name: name for name in _OF_A_RULE}
BLOCKS: Final[Mapping[str, Names]] = {
    **{name: inside for several, (one, inside) in LISTS.items() for name in (several, one)},
    "TagFilters": TAG,
    "NoncurrentVersionExpiration": NONCURRENT_EXPIRATION,
    "AbortIncompleteMultipartUpload": ABORT,
}
"""The names inside of a rule's properties that have any."""
