"""`firnline check` finds the same in a bucket, whatever form tells what it stores."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main
from tests.inventory.facts.written import MADE, VERSIONS, write
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("socket_disabled")]
CREATED = MADE - timedelta(days=20)
FIELDS = (*VERSIONS, "Size", "StorageClass", "LastModifiedDate")
OBJECTS = (
    [(f"experiments/a/{number}", 2**20, "") for number in range(6)]
    + [(f"runs/{number}", 2**20, "Stage=scratch") for number in range(3)]
    + [(f"runs/small/{number}", 2**10, "Stage=scratch") for number in range(3)]
    + [(f"tmp/{number}", 2**20, "") for number in range(2)]
)
POLICY = """\
retain:
  e: {prefix: experiment/a/, delete_after: 90d}
  kept: {prefix: experiments/, delete_after: never}
  scratch: {prefix: runs/, tags: {stage: scratch}, archive_after: 30d, delete_after: 365d}
  runs: {prefix: runs/, archive_after: 30d, delete_after: never}
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "policies").mkdir()
    monkeypatch.chdir(tmp_path)
    Path("policies/p.yaml").write_text(whole(POLICY))


def inventory(*more: str) -> str:
    rows = [
        {
            "Key": key,
            "VersionId": f"v{number}",
            "IsLatest": True,
            "IsDeleteMarker": False,
            "Size": size,
            "StorageClass": "STANDARD",
            "LastModifiedDate": CREATED,
            "ObjectTags": tags,
        }
        for number, (key, size, tags) in enumerate(OBJECTS)
    ]
    return str(write(Path("in" + "".join(more)), rows, (*FIELDS, *more), bucket="lab-data"))


def listing() -> str:
    rows = [{**row, "StorageClass": "STANDARD"} for row in map(_listed, OBJECTS)]
    Path("listing.json").write_text(json.dumps({"Contents": rows}))
    return "listing.json"


def _listed(stored: tuple[str, int, str]) -> dict[str, Any]:
    return {"Key": stored[0], "Size": stored[1], "LastModified": CREATED.isoformat()}


def found(capsys: Captured, *words: str, made: datetime = MADE) -> list[tuple[str, str]]:
    """The places and codes."""
    capsys.readouterr()
    today = made.date().isoformat()
    assert main(["check", "--out", "concise", "--today", today, *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    return [(line.split(": ")[0], line.split()[2]) for line in lines]


NOTHING_BELOW = ("policies/p.yaml:8:15", "FL315")
UNMATCHED = ("policies/p.yaml:2:9", "FL317")
OTHER_TAG = ("policies/p.yaml:10:35", "FL316")
TOO_SMALL = ("policies/p.yaml:11:40", "FL307")


def test_all_forms_with_tags_tell_the_same(capsys: Captured) -> None:
    told = inventory("ObjectTags")
    main(["inventory", "summary", told, "--into", "stored.parquet"])
    every = [UNMATCHED, NOTHING_BELOW, OTHER_TAG, TOO_SMALL]
    assert found(capsys, "--inventory", told) == every
    assert found(capsys, "--summary", "stored.parquet") == every


def test_all_forms_without_tags_tell_the_same_and_leave_the_rest_open(capsys: Captured) -> None:
    told = inventory()
    main(["inventory", "summary", told, "--into", "stored.parquet"])
    for words in (
        ("--inventory", told),
        ("--summary", "stored.parquet"),
        ("--inventory", listing()),
    ):
        assert found(capsys, *words) == [UNMATCHED, NOTHING_BELOW]


def test_an_old_inventory_or_summary_is_reported_with_its_age(capsys: Captured) -> None:
    told = inventory()
    main(["inventory", "summary", told, "--into", "stored.parquet"])
    stale = ("policies/p.yaml:2:9", "FL902")
    for words in (("--inventory", told), ("--summary", "stored.parquet")):
        assert stale not in found(capsys, *words, made=MADE + timedelta(days=9))
        assert stale in found(capsys, *words, made=MADE + timedelta(days=10))


def test_a_prefix_is_judged_only_where_it_is_known_in_every_bucket(capsys: Captured) -> None:
    told = inventory("ObjectTags")
    buckets = "applies_to: [{account: lab, buckets: [lab-data, lab-more]}]\n"
    Path("policies/p.yaml").write_text(whole(buckets + POLICY))
    codes = [code for _, code in found(capsys, "--inventory", told)]
    assert codes == ["FL317", "FL307"]
    main(["check", "--inventory", told])
    assert "covers buckets without an inventory or a summary here" in capsys.readouterr().err
    anywhere = "applies_to: [{account: lab, buckets: 'lab-*'}]\n"
    Path("policies/p.yaml").write_text(whole(anywhere + POLICY))
    assert [code for _, code in found(capsys, "--inventory", told)] == codes
