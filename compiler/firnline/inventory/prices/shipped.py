"""The prices that are at hand without a look at AWS: us-east-1, as it was on one day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from firnline.inventory.prices.price_list import (
    INTELLIGENT_TIERING,
    Band,
    MonitoringPrice,
    Prices,
    ReadFigure,
    ReadPrice,
    Source,
    StoragePrice,
    TransitionPrice,
)
from firnline.s3.terms import AccessTier

_PUBLISHED: Final = date(2026, 9, 28)
_RESTORED: Final = "Standard-Retrieval-Bytes"


def _s3(item: str) -> Source:
    return Source("AWS price list AmazonS3", _PUBLISHED, item)


def _deep_archive(item: str) -> Source:
    return Source("AWS price list AmazonS3GlacierDeepArchive", date(2026, 9, 11), item)


def _one(usd: str) -> tuple[Band, ...]:
    return (Band(None, Decimal(usd)),)


def _storage(storage_class: str, bands: tuple[Band, ...], source: Source) -> StoragePrice:
    return StoragePrice(storage_class, None, bands, source)


def _tier(tier: AccessTier, bands: tuple[Band, ...], usage: str) -> StoragePrice:
    return StoragePrice(INTELLIGENT_TIERING, tier, bands, _s3(f"TimedStorage-INT-{usage}-ByteHrs"))


def _transition(storage_class: str, usd_per_1000: str, item: str) -> TransitionPrice:
    return TransitionPrice(storage_class, Decimal(usd_per_1000) / 1_000, _s3(item))


def _read(
    storage_class: str, usd: str, source: Source, figure: ReadFigure = ReadFigure.READS
) -> ReadPrice:
    return ReadPrice(storage_class, figure, Decimal(usd), source)


_STANDARD: Final = (
    Band(50 * 1024, Decimal("0.023")),
    Band(500 * 1024, Decimal("0.022")),
    Band(None, Decimal("0.021")),
)

# Of REDUCED_REDUNDANCY we know only the price of the first TB, so it has none here.
US_EAST_1: Final = Prices(
    region="us-east-1",
    published=_PUBLISHED,
    storage_prices=(
        _storage("STANDARD", _STANDARD, _s3("TimedStorage-ByteHrs")),
        _storage("STANDARD_IA", _one("0.0125"), _s3("TimedStorage-SIA-ByteHrs")),
        _storage("ONEZONE_IA", _one("0.01"), _s3("TimedStorage-ZIA-ByteHrs")),
        _storage("GLACIER_IR", _one("0.004"), _s3("TimedStorage-GIR-ByteHrs")),
        _tier(AccessTier.FREQUENT, _STANDARD, "FA"),
        _tier(AccessTier.INFREQUENT, _one("0.0125"), "IA"),
        _tier(AccessTier.ARCHIVE_INSTANT, _one("0.004"), "AIA"),
        _tier(AccessTier.ARCHIVE, _one("0.0036"), "AA"),
        _tier(AccessTier.DEEP_ARCHIVE, _one("0.00099"), "DAA"),
        _storage("GLACIER", _one("0.0036"), _s3("TimedStorage-GlacierByteHrs")),
        _storage("DEEP_ARCHIVE", _one("0.00099"), _deep_archive("TimedStorage-GDA-ByteHrs")),
    ),
    transition_prices=(
        _transition("STANDARD_IA", "0.01", "Requests-Tier4 S3-SIATransition"),
        _transition("ONEZONE_IA", "0.01", "Requests-Tier4 S3-ZIATransition"),
        _transition("GLACIER_IR", "0.02", "Requests-Tier4 S3-GIRTransition"),
        _transition(INTELLIGENT_TIERING, "0.01", "Requests-Tier4 S3-INTTransition"),
        _transition("GLACIER", "0.03", "Requests-Tier3 S3-GlacierTransition"),
        _transition("DEEP_ARCHIVE", "0.05", "Requests-Tier3 S3-GDATransition"),
    ),
    monitoring_price=MonitoringPrice(Decimal("0.0025") / 1_000, _s3("Monitoring-Automation-INT")),
    read_prices=(
        _read("STANDARD", "0.0004", _s3("Requests-Tier2")),
        _read("REDUCED_REDUNDANCY", "0.0004", _s3("Requests-Tier2")),
        _read("STANDARD_IA", "0.001", _s3("Requests-SIA-Tier2")),
        _read("STANDARD_IA", "0.01", _s3("Retrieval-SIA"), ReadFigure.GB),
        _read("ONEZONE_IA", "0.001", _s3("Requests-ZIA-Tier2")),
        _read("ONEZONE_IA", "0.01", _s3("Retrieval-ZIA"), ReadFigure.GB),
        _read("GLACIER_IR", "0.01", _s3("Requests-GIR-Tier2")),
        _read("GLACIER_IR", "0.03", _s3("Retrieval-GIR"), ReadFigure.GB),
        _read(INTELLIGENT_TIERING, "0.0004", _s3("Requests-INT-Tier2")),
        _read("GLACIER", "0.0004", _s3("Requests-GLACIER-Tier2")),
        _read("GLACIER", "0.05", _s3("Requests-Tier3 RestoreObject"), ReadFigure.RESTORES),
        _read("GLACIER", "0.01", _s3(f"{_RESTORED} RestoreObject"), ReadFigure.RESTORED_GB),
        _read("DEEP_ARCHIVE", "0.0004", _s3("Requests-GDA-Tier2")),
        _read("DEEP_ARCHIVE", "0.10", _deep_archive("Requests-GDA-Tier3"), ReadFigure.RESTORES),
        _read(
            "DEEP_ARCHIVE",
            "0.02",
            _s3(f"{_RESTORED} DeepArchiveRestoreObject"),
            ReadFigure.RESTORED_GB,
        ),
    ),
)
"""The lists as they were read on 2026-10-03; the bands of STANDARD and the prices of requests were
already the same in the list AmazonS3 of 2026-07-28 (version 20260728131000).
"""
