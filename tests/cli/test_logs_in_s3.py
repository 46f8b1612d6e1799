"""`s3://…` as the place of logs: those that a bucket of the emulated S3 has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from firnline import testing
from firnline.cli import main
from tests.cli.test_inventory_reads import days, quiet
from tests.fleet.small_world import served, write_folder
from tests.inventory.reads.log_lines import log_line

Captured = pytest.CaptureFixture[str]
LOGS = "acme-logs"


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[testing.Emulator]:
    monkeypatch.chdir(tmp_path)
    with served(monkeypatch) as emulator:
        client = emulator.caller_client("s3")
        client.create_bucket(Bucket=LOGS)
        for number, line in enumerate([*quiet(0, 3), log_line("runs/a", days(2), sent=7)]):
            key = f"lake/2026-09-0{number + 1}-00-00-00-A"
            client.put_object(Bucket=LOGS, Key=key, Body=f"{line}\n".encode())
        client.put_object(Bucket=LOGS, Key="lake/empty", Body=b"")
        write_folder(tmp_path)
        yield emulator


@pytest.mark.usefixtures("aws")
def test_logs_in_s3_are_read_as_those_on_disk(capsys: Captured) -> None:
    silence = ("--longest-silence", "2d")
    assert main(["inventory", "reads", f"s3://{LOGS}/lake/", *silence, "--out", "json"]) == 0
    (bucket,) = json.loads(capsys.readouterr().out)["buckets"]
    assert (bucket["requests"], bucket["prefixes"][0]["bytes"]) == (5, 7)


@pytest.mark.usefixtures("aws")
def test_a_prefix_without_logs_and_a_bucket_that_is_not_there_are_said(capsys: Captured) -> None:
    assert main(["inventory", "reads", f"s3://{LOGS}/other/"]) == 2
    assert "has no files" in capsys.readouterr().err
    assert main(["inventory", "reads", "s3://acme-nothing/x"]) == 3
    assert "could not be read" in capsys.readouterr().err
