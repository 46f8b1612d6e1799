"""`firnline advise --reads`: what is read, and at which age, decides which tiers pay."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main
from firnline.inventory.prices.price_json import to_json
from firnline.inventory.prices.shipped import US_EAST_1
from tests.cli.test_inventory_reads import logs
from tests.inventory.facts.written import CURRENT, MADE, write
from tests.inventory.reads.log_lines import log_line

Captured = pytest.CaptureFixture[str]
GIB = 2**30
BEGIN = datetime(2026, 5, 1, tzinfo=UTC)
FIELDS = (*CURRENT, "Size", "LastModifiedDate", "StorageClass")
pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.mark.slow
def test_what_is_read_stays_and_what_nobody_reads_is_archived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    rows: list[dict[str, Any]] = [
        {"Bucket": "lab", "Key": f"{prefix}{age}", "Size": 500 * GIB, "StorageClass": "STANDARD"}
        | {"LastModifiedDate": MADE - timedelta(days=age)}
        for prefix in ("hot/", "idle/", "seldom/")
        for age in (240, 400)
    ]
    manifest = str(write(tmp_path / "inventory", rows, FIELDS, made=MADE))
    lines = [
        log_line("hot/240", BEGIN + timedelta(days=day), bucket="lab", sent=500 * GIB)
        for day in range(211)
    ]
    lines.append(log_line("seldom/400", BEGIN + timedelta(days=40), bucket="lab", sent=GIB))
    where = ["--inventory", manifest, "--reads", logs(tmp_path / "logs", *lines)]
    assert main(["advise", *where, "--owner", "ml", "--as-of", "2026-11-29"]) == 0
    policy = capsys.readouterr().out
    hot, idle, seldom = (_retention(policy, name) for name in ("hot", "idle", "seldom"))
    # `hot/240` is read each day, and soon older than it ever was in the logs.
    assert not re.search("GLACIER|_IA|DEEP_ARCHIVE", hot)
    assert "warm_after: 180d" in hot
    assert "archive_after: 180d  # DEEP_ARCHIVE" in idle
    assert "not read in" in idle
    assert "cold_after: 90d  # GLACIER_IR" in seldom
    assert "archive_after" not in seldom  # it was read when it was 229 days old
    Path("policy.yaml").write_text(policy)
    found = main(["forecast", "policy.yaml", *where, "--as-of", "2026-11-29"])
    assert "FL508" not in capsys.readouterr().err
    assert found == 0


@pytest.mark.slow
def test_where_reads_have_no_price_what_is_read_goes_only_where_reads_are_not_billed_by_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("prices").mkdir()
    Path("prices/us-east-1.json").write_text(to_json(replace(US_EAST_1, read_prices=())))
    rows: list[dict[str, Any]] = [
        {"Bucket": "lab", "Key": f"{prefix}{age}", "Size": 500 * GIB, "StorageClass": "STANDARD"}
        | {"LastModifiedDate": MADE - timedelta(days=age)}
        for prefix in ("idle/", "seldom/")
        for age in (240, 400)
    ]
    manifest = str(write(tmp_path / "inventory", rows, FIELDS, made=MADE))
    lines = [
        log_line("seldom/400", BEGIN + timedelta(days=day), bucket="lab", sent=GIB)
        for day in range(211)
    ]
    where = ["--inventory", manifest, "--reads", logs(tmp_path / "logs", *lines)]
    assert main(["advise", *where, "--owner", "ml", "--as-of", "2026-11-29"]) == 0
    shown = capsys.readouterr()
    idle, seldom = (_retention(shown.out, name) for name in ("idle", "seldom"))
    assert "DEEP_ARCHIVE" in idle
    assert not re.search("GLACIER|_IA|DEEP_ARCHIVE", seldom)
    for text in (shown.out, shown.err):
        said = " ".join(text.replace("#", " ").split())
        assert said.count("what reads cost is not counted: no price of reads in us-east-1") == 1
        assert "run `firnline prices update --region us-east-1`" in said


def _retention(policy: str, name: str) -> str:
    return re.split(r"^  \w", policy.split(f"\n  {name}:\n")[1], flags=re.MULTILINE)[0]
