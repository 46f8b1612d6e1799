"""`python -m sandbox access-logs`: what it makes up is read as S3's own logs are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from firnline.inventory.reads.gathering import gather
from firnline.inventory.reads.log_files import log_files
from sandbox.access_logs import DAYS, write_access_logs
from tests.inventory.facts.written import MADE, VERSIONS, write

FIELDS = (*VERSIONS, "Size", "StorageClass", "LastModifiedDate")
NOW = datetime(2026, 11, 28, tzinfo=UTC)


def test_the_logs_have_no_gap_and_read_what_is_stored(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"Key": f"runs/dt={age}/a b", "VersionId": "v", "IsLatest": True, "IsDeleteMarker": False}
        | {"Size": 5, "StorageClass": "STANDARD", "LastModifiedDate": NOW - timedelta(days=age)}
        for age in (10, 40, 300)
    ]
    manifest = write(tmp_path / "inventory", rows, FIELDS, made=MADE)
    count = write_access_logs(manifest, "lab", tmp_path / "logs")
    with gather(log_files([tmp_path / "logs"])) as found:
        (bucket,) = found.buckets
        assert (bucket.requests, bucket.known.gaps, found.unreadable) == (count, (), ())
        assert DAYS - 1 < bucket.known.days < DAYS
        below = found.below("lab", ["runs/dt=10/", "runs/dt=40/"])
        assert below["runs/dt=10/"].reads
        assert below["runs/dt=40/"].keys == 1
