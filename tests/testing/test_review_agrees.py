"""What `firnline diff` says goes because of a change is what the emulator then deletes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firnline import testing
from firnline.cli import main
from firnline.s3.terms import Versioning
from firnline.testing import seed

ACCOUNT, BUCKET = "210987654321", "acme"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MIB = 2**20
SIZES: Mapping[str, int] = {
    f"{folder}/{days:03}": (days + 1) * MIB
    for folder in ("checkpoints", "models")
    for days in (0, 5, 16, 17, 18, 19, 30, 89, 90, 178, 179, 180, 200, 400)
}


def rules(days: int) -> dict[str, Any]:
    def rule(folder: str, ends: int) -> dict[str, Any]:
        return {
            "ID": folder,
            "Status": "Enabled",
            "Filter": {"Prefix": f"{folder}/"},
            "Transitions": [{"Days": 14, "StorageClass": "GLACIER_IR"}],
            "Expiration": {"Days": ends},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
        }

    return {"Rules": [rule("checkpoints", days), rule("models", 365)]}


@pytest.mark.parametrize("versioning", [Versioning.OFF, Versioning.ENABLED])
def test_the_first_run_of_180_to_18_days_deletes_what_the_review_says(
    versioning: Versioning,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, days in (("before.json", 180), ("after.json", 18)):
        Path(name).write_text(json.dumps(rules(days)))
    kept = deleted(versioning, 180) - deleted(versioning, 18)
    assert not kept
    gone = deleted(versioning, 18) - deleted(versioning, 180)
    words = ["before.json", "after.json", "--inventory", "listing.json", "--samples", "99"]
    words += ["--as-of", NOON.isoformat(), "--versioning", versioning.value]
    assert main(["diff", *words, "--out", "json"]) in (0, 5)
    told = json.loads(capsys.readouterr().out)
    (item,) = told["items"]
    assert item["radius"]["deletes"] == {
        "objects": len(gone),
        "bytes": sum(SIZES[key] for key in gone),
    }
    assert set(item["deleted_first"]["keys"]) == gone
    assert len(gone) > 5


def deleted(versioning: Versioning, days: int) -> set[str]:
    """By the first run, with what it takes another day for. What was there is in listing.json."""
    with testing.serve(started=NOON) as aws:
        bucket = seed.create_bucket(ACCOUNT, BUCKET, "us-east-1", NOON - 500 * DAY, versioning)
        for key, size in SIZES.items():
            age = int(key[-3:])
            seed.add_version(bucket, key, size, NOON - age * DAY, f"v{age}")
        s3: Any = aws.client("s3", account=ACCOUNT)
        Path("listing.json").write_text(json.dumps(listed(s3), default=str))
        s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration=rules(days))
        # On a versioned bucket an object is moved on the first day, and hidden on the second.
        events = [event for _ in range(2) for event in aws.advance(days=1).events]
        ending = {"expire", "delete_marker"}
        return {each.key for each in events if each.action.value in ending and is_due(each, days)}


def is_due(event: testing.LifecycleEvent, days: int) -> bool:
    """At the first midnight already: ages count from the midnight after an object was created."""
    folder, age = event.key.split("/")
    return int(age) >= (days if folder == "checkpoints" else 365)


def listed(s3: Any) -> dict[str, Any]:
    found: dict[str, Any] = s3.list_object_versions(Bucket=BUCKET)
    return {"Versions": found["Versions"]}
