"""The storage metrics of a bucket → what is known of its contents, and how it grew."""

from __future__ import annotations

from datetime import date, timedelta

from firnline.inventory.forecast.measured import grown_by, measured
from firnline.inventory.forecast.sizes_alone import OfPlace
from firnline.inventory.storage_metrics import Place, StorageMetrics
from firnline.s3.terms import AccessTier

DAY = date(2026, 11, 28)
KIB = 2**10


def metrics(objects: int, **sizes: int) -> StorageMetrics:
    return StorageMetrics(
        "acme", {name: {DAY: size} for name, size in sizes.items()}, {DAY: objects}
    )


def history(*sizes: int) -> StorageMetrics:
    """Of STANDARD, the newest first, one a day."""
    days = [DAY - timedelta(days=number) for number in range(len(sizes))]
    return StorageMetrics(
        "acme",
        {"StandardStorage": dict(zip(days, sizes, strict=True))},
        dict.fromkeys(days, 1),
    )


def test_what_is_billed_beside_bytes_says_how_many_are_archived_and_how_small_they_are() -> None:
    found = measured(
        metrics(
            100,
            StandardStorage=900,
            StandardIAStorage=1_000,
            StandardIASizeOverhead=250,
            GlacierStorage=7_000,
            GlacierObjectOverhead=3 * 32 * KIB,
            GlacierS3ObjectOverhead=3 * 8 * KIB,
            IntelligentTieringIAStorage=500,
        ),
        DAY,
    )
    assert found.places == {
        Place("STANDARD"): OfPlace(900),
        Place("STANDARD_IA"): OfPlace(1_000, 250),
        Place("GLACIER"): OfPlace(7_000, 0, 3),
        Place("INTELLIGENT_TIERING", AccessTier.INFREQUENT): OfPlace(500),
    }
    assert found.others == 97


def test_parts_of_uploads_into_an_archive_are_billed_as_standard() -> None:
    found = measured(metrics(5, StandardStorage=10, GlacierStagingStorage=4), DAY)
    assert found.places == {Place("STANDARD"): OfPlace(14)}


def test_what_is_older_than_some_days_was_there_on_each_of_them() -> None:
    found = measured(history(100, 90, 80, 70, 60, 50, 40, 35, 99), DAY)
    assert dict(found.older)[7] == 35
    assert dict(found.older)[30] == 35


def test_growth_is_what_is_more_than_on_an_earlier_day() -> None:
    found = history(100, 90, 80)
    assert grown_by(found, DAY - timedelta(days=2), DAY) == 20
    assert grown_by(found, DAY - timedelta(days=3), DAY) is None
