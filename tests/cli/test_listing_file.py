"""`firnline simulate` of listings as people have them: files of an inventory, or a pipe."""

from __future__ import annotations

import gzip
import io
import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main
from tests.inventory.forms import INVENTORY, Version, by_aws, by_inventory, by_mc, manifest

Captured = pytest.CaptureFixture[str]
NOW = datetime(2026, 11, 28, tzinfo=UTC)
BUCKET = [
    Version("logs/a b.gz", "v1", NOW - timedelta(days=3), 5),
    Version("logs/dt=1/c.gz", "v4", NOW - timedelta(days=20), None),
    Version("logs/dt=1/c.gz", "v3", NOW - timedelta(days=25), 7, latest=False),
    Version("other", "null", NOW - timedelta(days=50), 2**40),
]
KEY = "inventories/lab-data/daily/data/0a1b.csv.gz"
LATER = "inventories/lab-data/daily/data/2c3d.csv.gz"
RULE = {
    "ID": "logs",
    "Status": "Enabled",
    "Filter": {"Prefix": "logs/"},
    "Expiration": {"Days": 30},
    "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
}
ASKED = ("--rules", "rules.json", "--versioning", "enabled", "--since", "2026-11-28")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.json").write_text(json.dumps({"Rules": [RULE]}))
    return tmp_path


def simulated(capsys: Captured, path: str, *words: str) -> Any:
    """By key and date, since the order of the rows is each tool's own."""
    assert main(["simulate", path, *ASKED, *words, "--out", "json"]) == 0
    objects = json.loads(capsys.readouterr().out)["objects"]
    return sorted(objects, key=lambda each: (each["key"], each["created"]))


def put(path: Path, content: bytes | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def expected(folder: Path, capsys: Captured) -> Any:
    """What happens to the bucket as the AWS CLI lists it."""
    put(folder / "versions.json", json.dumps(by_aws(BUCKET)))
    found = simulated(capsys, "versions.json")
    assert sum(bool(each["steps"]) for each in found) == 4  # a marker that S3 puts is the fourth
    return found


@pytest.mark.parametrize(
    "place",
    [
        KEY,
        f"dated/{KEY}",
        f"dated/{KEY.rpartition('/')[2]}",
        "dated/data/0a1b.csv.gz",
        "data/0a1b.csv.gz",
        "0a1b.csv.gz",
    ],
)
def test_an_inventory_is_what_the_listing_is(
    place: str, expected: Any, folder: Path, capsys: Captured
) -> None:
    """Wherever its data file is put: under its whole key, as S3 has it, or beside the manifest."""
    content = by_inventory(BUCKET)
    put(folder / place, content)
    put(folder / "dated" / "manifest.json", manifest((KEY, content)))
    assert simulated(capsys, "dated/manifest.json") == expected


def test_an_inventory_of_several_files_is_one_listing(
    expected: Any, folder: Path, capsys: Captured
) -> None:
    """Versions of a key may be in different ones."""
    one, other = by_inventory(BUCKET[:2]), by_inventory(BUCKET[2:])
    put(folder / "0a1b.csv.gz", one)
    put(folder / "2c3d.csv", gzip.decompress(other))
    put(folder / "manifest.json", manifest((KEY, one), (LATER, other)))
    assert simulated(capsys, "manifest.json") == expected


def test_what_an_inventory_is_of_is_told(folder: Path, capsys: Captured) -> None:
    put(folder / "manifest.json", manifest())
    assert main(["simulate", "manifest.json", *ASKED]) == 0
    told = capsys.readouterr().err
    assert "the inventory of 2026-11-29 of bucket lab-data, 0 files: incomplete multipart" in told
    assert "the listing is empty" in told


def test_a_data_file_alone_finds_its_columns_in_the_manifest_around_it(
    expected: Any, folder: Path, capsys: Captured
) -> None:
    content = by_inventory(BUCKET)
    put(folder / "daily/data/0a1b.csv.gz", content)
    put(folder / "daily/2026-11-21T01-00Z/manifest.json", manifest((LATER, b"")))
    put(folder / "daily/2026-11-28T01-00Z/manifest.json", manifest((KEY, content), (LATER, b"")))
    assert simulated(capsys, "daily/data/0a1b.csv.gz") == expected
    assert main(["simulate", "daily/data/0a1b.csv.gz", *ASKED]) == 0
    told = capsys.readouterr().err
    assert "has its columns from daily/2026-11-28T01-00Z/manifest.json" in told
    assert "names 1 more file: give it instead" in told


def test_a_data_file_whose_columns_are_given(expected: Any, folder: Path, capsys: Captured) -> None:
    put(folder / "0a1b.csv.gz", by_inventory(BUCKET))
    assert simulated(capsys, "0a1b.csv.gz", "--schema", INVENTORY) == expected
    assert main(["simulate", "0a1b.csv.gz", *ASKED]) == 2
    assert "0a1b.csv.gz has no header with a column `Key`" in capsys.readouterr().err


def test_a_listing_may_come_from_a_pipe(
    expected: Any, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    piped = io.TextIOWrapper(io.BytesIO(by_mc(BUCKET).encode()))
    monkeypatch.setattr(sys, "stdin", piped)
    assert simulated(capsys, "-") == expected
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"text")))
    assert main(["simulate", "-", *ASKED]) == 2
    assert "<stdin> is no listing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, f"manifest.json names a file that is not here, `{KEY}`"),
        ({"0a1b.csv.gz": b"x"}, "differs from what S3 wrote, by its MD5: download it again"),
        ({"0a1b.csv": b"\xff"}, "manifest.json names 0a1b.csv, which is not UTF-8 in line 1"),
        ({"0a1b.csv": b'"b","k"\n'}, "0a1b.csv:1: lacks `LastModified`"),
    ],
)
def test_data_files_that_are_not_what_the_manifest_names_are_told(
    files: dict[str, bytes], told: str, folder: Path, capsys: Captured
) -> None:
    put(folder / "manifest.json", manifest((KEY, by_inventory(BUCKET))))
    for name, content in files.items():
        put(folder / name, content)
    assert main(["simulate", "manifest.json", *ASKED]) == 2
    assert told in capsys.readouterr().err


def test_a_long_listing_shows_at_once_how_far_it_is(folder: Path) -> None:
    rows = "".join(f"logs/{number},5,2026-11-01\n" for number in range(60_000))
    put(folder / "now.csv", f"Key,Size,LastModified\n{rows}")
    here, there = pty.openpty()
    words = [sys.executable, "-m", "firnline", "simulate", "now.csv", *ASKED]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=there, text=True) as process:
        os.close(there)
        shown = b""
        with suppress(OSError):  # Linux says EIO once nobody has the other end
            while part := os.read(here, 4096):
                shown += part
        assert process.stdout is not None
        told = process.stdout.read()
    os.close(here)
    assert shown.index(b"reading") < shown.index(b"simulating")
    assert b"%" in shown
    assert told.startswith("60,000 objects")
