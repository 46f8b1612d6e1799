"""The inventories that docs/forecast.md compares with what was forecast: of the day of the change
in docs/examples/state.json, and of 60 days later.

One rule was disabled by hand, somebody deleted models, and one was written.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.inventory.facts.written import VERSIONS, write

BUCKET = "acme-lab"
MADE = datetime(2026, 11, 28, 1, 0, tzinfo=UTC)
LATER = MADE + timedelta(days=60)
_FIELDS = (*VERSIONS, "Size", "LastModifiedDate", "StorageClass")
_GIB = 2**30


def main() -> None:
    folder = Path("later")
    for day, rows in ((MADE, _then()), (LATER, _later())):
        around = folder / f"{day:%Y-%m-%d}"
        around.mkdir(parents=True)
        write(around, rows, _FIELDS, bucket=BUCKET, made=day)


def _then() -> list[dict[str, Any]]:
    """Checkpoints of the last hundred days, four a day, and models."""
    checkpoints = [
        _object(f"checkpoints/run-{day:03d}/step-{step}.pt", 100 - day, 2 * _GIB)
        for day in range(100)
        for step in range(4)
    ]
    models = [_object(f"models/v{number:02d}/model.bin", 200, 8 * _GIB) for number in range(20)]
    tests = [_object(f"tmp/test-{number:03d}.log", number, _GIB) for number in range(40)]
    return [*checkpoints, *models, *tests]


def _later() -> list[dict[str, Any]]:
    """The rule for checkpoints has moved and deleted what is due; that for tmp/ did nothing."""
    rows = []
    for row in _then():
        age = (LATER - row["LastModifiedDate"]).days
        if row["Key"].startswith("checkpoints/"):
            if age > 90:
                continue
            row["StorageClass"] = "GLACIER_IR" if age > 30 else "STANDARD"
        if not row["Key"].startswith("models/v0"):
            rows.append(row)
    return [*rows, _object("models/v20/model.bin", -10, 8 * _GIB)]


def _object(key: str, age: int, size: int) -> dict[str, Any]:
    """So many days old at the first inventory."""
    return {
        "Key": key,
        "VersionId": "null",
        "IsLatest": True,
        "IsDeleteMarker": False,
        "Size": size,
        "LastModifiedDate": MADE - timedelta(days=age, minutes=30),
        "StorageClass": "STANDARD",
    }


if __name__ == "__main__":
    main()
