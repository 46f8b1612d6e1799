"""Under which usage type, operation and volume type do AWS's price lists have each price?

A usage type has the region's code before it, such as `USW2-`; in us-east-1 it has none.
Sources: S3 User Guide, "Understanding your AWS billing and usage reports for Amazon S3"; the price
lists AmazonS3 of 2026-07-28 and AmazonS3GlacierDeepArchive of 2026-09-11, as they were observed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from firnline.inventory.prices.price_list import INTELLIGENT_TIERING, ReadFigure
from firnline.s3.law.classes import DIRECTORY_CLASS
from firnline.s3.terms import AccessTier


class Offer(StrEnum):
    """The price lists, by the `offerCode` that they state."""

    S3 = "AmazonS3"
    DEEP_ARCHIVE = "AmazonS3GlacierDeepArchive"


class Listed(NamedTuple):
    """`operation` is part of the key: one usage type may have several, at different prices. None is
    any. `volume_type` where other things share both.
    """

    usage_type: str
    operation: str | None = ""
    volume_type: str | None = None
    offer: Offer = Offer.S3

    def __str__(self) -> str:
        return " ".join(filter(None, (self.usage_type, self.operation)))


STANDARD: Final = Listed("TimedStorage-ByteHrs", volume_type="Standard")
GENERAL_PURPOSE: Final = "General Purpose"
"""The `storageClass` of STANDARD's storage."""

STORAGE: Final[dict[tuple[str, AccessTier | None], Listed]] = {
    ("STANDARD", None): STANDARD,
    ("REDUCED_REDUNDANCY", None): Listed("TimedStorage-RRS-ByteHrs"),
    ("STANDARD_IA", None): Listed("TimedStorage-SIA-ByteHrs"),
    ("ONEZONE_IA", None): Listed("TimedStorage-ZIA-ByteHrs"),
    ("GLACIER_IR", None): Listed("TimedStorage-GIR-ByteHrs"),
    (INTELLIGENT_TIERING, AccessTier.FREQUENT): Listed("TimedStorage-INT-FA-ByteHrs"),
    (INTELLIGENT_TIERING, AccessTier.INFREQUENT): Listed("TimedStorage-INT-IA-ByteHrs"),
    (INTELLIGENT_TIERING, AccessTier.ARCHIVE_INSTANT): Listed("TimedStorage-INT-AIA-ByteHrs"),
    (INTELLIGENT_TIERING, AccessTier.ARCHIVE): Listed("TimedStorage-INT-AA-ByteHrs"),
    (INTELLIGENT_TIERING, AccessTier.DEEP_ARCHIVE): Listed("TimedStorage-INT-DAA-ByteHrs"),
    ("GLACIER", None): Listed("TimedStorage-GlacierByteHrs"),
    # AmazonS3 has only `TimedStorage-GDA-Staging`, which is what uploads in progress cost.
    ("DEEP_ARCHIVE", None): Listed("TimedStorage-GDA-ByteHrs", None, offer=Offer.DEEP_ARCHIVE),
    (DIRECTORY_CLASS, None): Listed("TimedStorage-XZ-ByteHrs"),
}
TRANSITIONS: Final[dict[str, Listed]] = {
    "STANDARD_IA": Listed("Requests-Tier4", "S3-SIATransition"),
    "ONEZONE_IA": Listed("Requests-Tier4", "S3-ZIATransition"),
    "GLACIER_IR": Listed("Requests-Tier4", "S3-GIRTransition"),
    INTELLIGENT_TIERING: Listed("Requests-Tier4", "S3-INTTransition"),
    # The same usage type and operation `RestoreObject` is what restoring costs.
    "GLACIER": Listed("Requests-Tier3", "S3-GlacierTransition"),
    "DEEP_ARCHIVE": Listed("Requests-Tier3", "S3-GDATransition"),
}
_RESTORED: Final = "Standard-Retrieval-Bytes"
_RESTORED_DEEP: Final = "DeepArchiveRestoreObject"
READS: Final[dict[tuple[str, ReadFigure], tuple[Listed, ...]]] = {
    ("STANDARD", ReadFigure.READS): (Listed("Requests-Tier2", None),),
    ("REDUCED_REDUNDANCY", ReadFigure.READS): (Listed("Requests-Tier2", None),),
    ("STANDARD_IA", ReadFigure.READS): (Listed("Requests-SIA-Tier2", None),),
    ("STANDARD_IA", ReadFigure.GB): (Listed("Retrieval-SIA", None),),
    ("ONEZONE_IA", ReadFigure.READS): (Listed("Requests-ZIA-Tier2", None),),
    ("ONEZONE_IA", ReadFigure.GB): (Listed("Retrieval-ZIA", None),),
    ("GLACIER_IR", ReadFigure.READS): (Listed("Requests-GIR-Tier2", None),),
    ("GLACIER_IR", ReadFigure.GB): (Listed("Retrieval-GIR", None),),
    (INTELLIGENT_TIERING, ReadFigure.READS): (Listed("Requests-INT-Tier2", None),),
    ("GLACIER", ReadFigure.READS): (Listed("Requests-GLACIER-Tier2", None),),
    ("GLACIER", ReadFigure.RESTORES): (Listed("Requests-Tier3", "RestoreObject"),),
    ("GLACIER", ReadFigure.RESTORED_GB): (Listed(_RESTORED, "RestoreObject"),),
    ("DEEP_ARCHIVE", ReadFigure.READS): (Listed("Requests-GDA-Tier2", None),),
    ("DEEP_ARCHIVE", ReadFigure.RESTORES): (
        Listed("Requests-GDA-Tier3", None, offer=Offer.DEEP_ARCHIVE),
        Listed("Requests-GDA-Tier3", None),
        Listed("Requests-Tier3", _RESTORED_DEEP),
    ),
    ("DEEP_ARCHIVE", ReadFigure.RESTORED_GB): (
        Listed(_RESTORED, _RESTORED_DEEP),
        Listed(_RESTORED, None, offer=Offer.DEEP_ARCHIVE),
    ),
}
"""The first that is listed counts. Bulk and expedited restores have prices of their own."""
MONITORING: Final = Listed("Monitoring-Automation-INT", None)
