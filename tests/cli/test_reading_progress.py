"""How much of an inventory is read, on stderr: a line now and then where nobody watches a bar."""

from __future__ import annotations

from pathlib import Path

import pytest

from firnline.cli import reading_progress as progress
from firnline.inventory.facts.inventory_files import OnDisk
from firnline.inventory.facts.s3_inventory import open_inventory
from tests.inventory.facts.written import CURRENT, write

Captured = pytest.CaptureFixture[str]


def test_elsewhere_than_on_a_terminal_a_line_is_said_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(progress, "_SECONDS", 0.0)
    with progress.reading_progress("manifest.json", "never") as begin:
        read = begin(4 << 30)
        read(1 << 30)
        read(2 << 30)
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("reading manifest.json: 1GiB of 4GiB, ")
    assert second.startswith("reading manifest.json: 3GiB of 4GiB, ")
    assert second.endswith("/s")


def test_what_is_read_soon_says_nothing(capsys: Captured) -> None:
    with progress.reading_progress("manifest.json", "never") as begin:
        begin(5)(5)
    assert capsys.readouterr().err == ""


def test_it_is_told_of_every_byte_that_is_hashed(tmp_path: Path) -> None:
    manifest = write(tmp_path, [{"Key": str(number)} for number in range(9)], CURRENT, parts=3)
    told: list[int] = []

    def begin(size: int) -> progress.OnRead:
        told.append(size)
        return lambda more: told.append(-more)

    with open_inventory([OnDisk(manifest)], on_begin=begin):
        pass
    assert told[0] == sum(path.stat().st_size for path in tmp_path.rglob("*.csv.gz"))
    assert (len(told), sum(told)) == (4, 0)
