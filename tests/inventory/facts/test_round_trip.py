"""Whatever an inventory has, the table says the same as a naive reader of the same files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.inventory.facts.frame import Column
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from tests.inventory.facts import naive
from tests.inventory.facts.written import CURRENT, VERSIONS, write

OPTIONAL = {
    "Size": st.integers(0, 5 * 2**40),
    "ETag": st.sampled_from(["0123abcd", "0123abcd-17", ""]),
    "StorageClass": st.sampled_from(["STANDARD", "GLACIER_IR", "A_NEW_CLASS"]),
    "IsMultipartUploaded": st.booleans(),
    "ReplicationStatus": st.sampled_from(["", "PENDING", "COMPLETED"]),
    "EncryptionStatus": st.sampled_from(["SSE-S3", "NOT-SSE"]),
    "ObjectLockRetainUntilDate": st.none() | st.just(datetime(2029, 2, 28, 23, 59, 59, tzinfo=UTC)),
    "ObjectLockMode": st.sampled_from(["", "GOVERNANCE", "COMPLIANCE"]),
    "ObjectLockLegalHoldStatus": st.sampled_from(["", "On", "Off"]),
    "IntelligentTieringAccessTier": st.sampled_from(["", "FREQUENT", "ARCHIVE"]),
    "LifecycleExpirationDate": st.none() | st.just(datetime(2029, 2, 28, tzinfo=UTC)),
    "BucketKeyStatus": st.sampled_from(["ENABLED", "DISABLED"]),
    "ChecksumAlgorithm": st.sampled_from(["", "SHA256"]),
}
DATE = "LastModifiedDate"
# XML, and so S3, has no other control characters.
KEYS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
SECONDS = st.integers(0, 10**8).map(
    lambda seconds: datetime(2023, 9, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@st.composite
def inventories(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[str], str, int]:
    """Rows, fields, format, and into how many files."""
    fields = draw(st.lists(st.sampled_from(sorted(OPTIONAL)), unique=True))
    fields += draw(st.sampled_from([[DATE], [DATE], []]))
    all_versions = draw(st.booleans())
    rows: list[dict[str, Any]] = []
    for key in draw(st.lists(KEYS, unique=True, max_size=5)):
        moments = sorted(
            draw(st.lists(SECONDS, unique=True, min_size=1, max_size=4 if all_versions else 1))
        )
        # An inventory is eventually consistent: the latest version may be missing in it.
        latest = moments[-1] if draw(st.integers(0, 9)) else None
        for number, made in enumerate(moments):
            marker = number > 0 and draw(st.booleans())
            row = {field: draw(OPTIONAL[field]) for field in fields if field in OPTIONAL}
            if marker:
                row |= draw(st.sampled_from([{"Size": None, "StorageClass": None}, {"Size": 0}]))
            row |= {"Key": key, "VersionId": f"v{number}" if number else None, DATE: made}
            row |= {"IsLatest": made == latest, "IsDeleteMarker": marker}
            rows.append(row)
    order = draw(st.permutations(rows))
    form = draw(st.sampled_from(["CSV", "Parquet", "ORC"]))
    columns = [*(VERSIONS if all_versions else CURRENT), *fields]
    return list(order), columns, form, draw(st.integers(0, 3) if not rows else st.integers(1, 3))


@given(inventories())
@settings(max_examples=150)
def test_the_table_says_what_a_naive_reader_says(
    inventory: tuple[list[dict[str, Any]], list[str], str, int],
) -> None:
    rows, fields, form, parts = inventory
    with TemporaryDirectory() as name:
        manifest = write(Path(name), rows, fields, form, parts=parts)
        assert table(manifest, tuple(Column)) == by_text(naive.read(manifest))


def table(manifest: Path, columns: Sequence[Column], rows: int = 3) -> list[dict[str, Any]]:
    with open_inventory([OnDisk(manifest)]) as facts:
        return by_text(
            row for batch in facts.batches(*columns, rows=rows) for row in batch.to_pylist()
        )


def by_text(rows: Any) -> list[dict[str, Any]]:
    """Rows have no order."""
    return sorted(rows, key=lambda row: [f"{row[name]}" for name in sorted(row)])
