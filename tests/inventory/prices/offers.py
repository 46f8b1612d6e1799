"""Price lists as AWS publishes them, with what misleads a reader of them. The figures are made up.

They have what the list AmazonS3 of us-east-1 (2026-07-28) was observed to have: most products
without a `productFamily`, usage types of other features that end in the same words, usage types
with several operations at different prices, and only the staging of DEEP_ARCHIVE.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

PUBLISHED = "2026-10-05T18:02:03Z"
TIMED = {
    "TimedStorage-SIA-ByteHrs": ("Standard - Infrequent Access", "0.0131000000"),
    "TimedStorage-ZIA-ByteHrs": ("One Zone - Infrequent Access", "0.0105000000"),
    "TimedStorage-GIR-ByteHrs": ("Glacier Instant Retrieval", "0.0050000000"),
    "TimedStorage-GlacierByteHrs": ("Amazon Glacier", "0.0041000000"),
    "TimedStorage-INT-IA-ByteHrs": ("Intelligent-Tiering Infrequent Access", "0.0132000000"),
    "TimedStorage-INT-AIA-ByteHrs": ("Intelligent-Tiering Archive Instant Access", "0.0051000000"),
    "TimedStorage-INT-AA-ByteHrs": ("IntelligentTieringArchiveAccess", "0.0042000000"),
    "TimedStorage-INT-DAA-ByteHrs": ("IntelligentTieringDeepArchiveAccess", "0.0018000000"),
    "TimedStorage-XZ-ByteHrs": ("Express One Zone", "0.1200000000"),
}
REQUESTS = {
    ("Requests-Tier1", "PutObject"): "0.0000054000",
    ("Requests-Tier4", "S3-SIATransition"): "0.0000100000",
    ("Requests-Tier4", "S3-ZIATransition"): "0.0000110000",
    ("Requests-Tier4", "S3-INTTransition"): "0.0000120000",
    ("Requests-Tier4", "S3-GIRTransition"): "0.0000200000",
    ("Requests-Tier3", "RestoreObject"): "0.0000600000",
    ("Requests-Tier3", "S3-GlacierTransition"): "0.0000360000",
    ("Requests-Tier3", "S3-GDATransition"): "0.0000610000",
}
READS = {
    ("Requests-Tier2", ""): "0.0000004300",
    ("Requests-SIA-Tier2", ""): "0.0000011000",
    ("Requests-ZIA-Tier2", ""): "0.0000012000",
    ("Requests-GIR-Tier2", ""): "0.0000110000",
    ("Requests-INT-Tier2", ""): "0.0000004400",
    ("Requests-GLACIER-Tier2", ""): "0.0000004500",
    ("Requests-GDA-Tier2", ""): "0.0000004600",
}
RETRIEVALS = {
    ("Retrieval-SIA", ""): "0.0110000000",
    ("Retrieval-ZIA", ""): "0.0120000000",
    ("Retrieval-GIR", ""): "0.0330000000",
    ("Standard-Retrieval-Bytes", "RestoreObject"): "0.0130000000",
    ("Standard-Retrieval-Bytes", "DeepArchiveRestoreObject"): "0.0240000000",
    ("Bulk-Retrieval-Bytes", "DeepArchiveRestoreObject"): "0.0050000000",
    ("Expedited-Retrieval-Bytes", ""): "0.0360000000",
}
# What only looks like storage.
MISLEADING = {
    "Tables-TimedStorage-ByteHrs": "0.0265000000",
    "Annotation-TimedStorage-ByteHrs": "0.0300000000",
    "Files-TimedStorage-ByteHrs": "0.1000000000",
    "Vectors-TimedStorage-ByteHrs": "0.0600000000",
    "Tables-TimedStorage-INT-IA-ByteHrs": "0.9000000000",
    "TimedStorage-GDA-Staging": "0.0210000000",
    "EarlyDelete-SIA": "0.0131000000",
}


@dataclass
class OfferFileOf:
    """`region` is written into each product, `prefix` before each usage type."""

    region: str = "eu-central-1"
    prefix: str = "EUC1-"
    code: str = "AmazonS3"
    published: str = PUBLISHED
    products: dict[str, Any] = field(default_factory=dict)
    terms: dict[str, Any] = field(default_factory=dict)

    def add(
        self,
        usage_type: str,
        *prices: tuple[str, str, str],
        unit: str = "GB-Mo",
        currency: str = "USD",
        family: str | None = None,
        **attributes: str,
    ) -> str:
        """`prices` are beginning, end and price of each range."""
        sku = f"SKU{len(self.products):013}"
        self.products[sku] = {
            "sku": sku,
            **({"productFamily": family} if family else {}),
            "attributes": {
                "servicecode": self.code,
                "regionCode": self.region,
                "usagetype": f"{self.prefix}{usage_type}",
                "operation": "",
                **attributes,
            },
        }
        term = f"{sku}.JRTCKXETXF"
        self.terms[sku] = {
            term: {
                "priceDimensions": {
                    f"{term}.{number}": {
                        "unit": unit,
                        "beginRange": begin,
                        "endRange": end,
                        "pricePerUnit": {currency: usd},
                    }
                    for number, (begin, end, usd) in enumerate(prices)
                }
            }
        }
        return sku

    def add_flat(self, usage_type: str, usd: str, **attributes: str) -> str:
        return self.add(usage_type, ("0", "Inf", usd), **attributes)

    def sku(self, usage_type: str, operation: str = "") -> str:
        found = [
            sku
            for sku, product in self.products.items()
            if product["attributes"]["usagetype"] == f"{self.prefix}{usage_type}"
            and product["attributes"]["operation"] == operation
        ]
        return found[0]

    def remove(self, usage_type: str, operation: str = "") -> None:
        sku = self.sku(usage_type, operation)
        del self.products[sku], self.terms[sku]

    def content(self) -> bytes:
        document = {
            "formatVersion": "v1.0",
            "offerCode": self.code,
            "version": "20261005180203",
            "publicationDate": self.published,
            "products": self.products,
            "terms": {"OnDemand": self.terms},
        }
        return json.dumps(document).encode()


def s3_offer(region: str = "eu-central-1", prefix: str = "EUC1-") -> OfferFileOf:
    """The list AmazonS3 of a region."""
    offer = OfferFileOf(region, prefix)
    for usage_type, usd in MISLEADING.items():
        offer.add_flat(usage_type, usd, storageClass="General Purpose", volumeType="Standard")
    # Ranges come in any order.
    offer.add(
        "TimedStorage-ByteHrs",
        ("512000", "Inf", "0.0225000000"),
        ("0", "51200", "0.0245000000"),
        ("51200", "512000", "0.0235000000"),
        family="Storage",
        storageClass="General Purpose",
        volumeType="Standard",
    )
    offer.add_flat("TimedStorage-ByteHrs", "0.0777000000", volumeType="Tags")
    offer.add_flat(
        "TimedStorage-ByteHrs",
        "0.0888000000",
        volumeType="Standard",
        operation="GlacierS3ObjectOverhead",
    )
    offer.add(
        "TimedStorage-INT-FA-ByteHrs",
        ("0", "51200", "0.0246000000"),
        ("51200", "Inf", "0.0236000000"),
        volumeType="Intelligent-Tiering Frequent Access",
    )
    offer.add(
        "TimedStorage-RRS-ByteHrs",
        ("0", "1024", "0.0260000000"),
        ("1024", "Inf", "0.0250000000"),
        family="Storage",
    )
    for usage_type, (volume_type, usd) in TIMED.items():
        offer.add_flat(usage_type, usd, volumeType=volume_type)
    for (usage_type, operation), usd in (REQUESTS | READS).items():
        offer.add(usage_type, ("0", "Inf", usd), unit="Requests", operation=operation)
    for (usage_type, operation), usd in RETRIEVALS.items():
        offer.add(usage_type, ("0", "Inf", usd), unit="GB", operation=operation)
    offer.add(
        "Monitoring-Automation-INT",
        ("0", "Inf", "0.0000027000"),
        unit="Objects",
        feeCode="S3-Monitoring and Automation-ObjectCount",
    )
    return offer


def deep_archive_offer(region: str = "eu-central-1", prefix: str = "EUC1-") -> OfferFileOf:
    """The list AmazonS3GlacierDeepArchive of a region."""
    offer = OfferFileOf(
        region, prefix, "AmazonS3GlacierDeepArchive", published="2026-09-11T00:00:00Z"
    )
    offer.add_flat("TimedStorage-GDA-ByteHrs", "0.0018100000", operation="DeepArchiveStorage")
    offer.add_flat("EarlyDelete-GDA", "0.0018100000")
    offer.add("Requests-GDA-Tier1", ("0", "Inf", "0.0000600000"), unit="Requests")
    offer.add("Requests-GDA-Tier3", ("0", "Inf", "0.0001200000"), unit="Requests")
    return offer
