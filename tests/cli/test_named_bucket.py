"""`--bucket` beside inventories that name their own bucket: of `report`, `advise`, `forecast`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from firnline.cli import main
from tests.inventory.facts.written import CURRENT, write

GIB = 2**30
AS_OF = datetime(2026, 11, 29, tzinfo=UTC)
POLICY = """\
firnline: policy/v1
policy: BUCKET
owner: platform
why: x
applies_to: [{account: "123456789012", buckets: [BUCKET]}]
versioning: off
retain:
  logs: {prefix: logs/, delete_after: 30d}
"""
INGEST = ("--ingest", "logs/=1GiB/month")

pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("policies").mkdir()
    row = {"Key": "logs/a", "Size": GIB, "LastModifiedDate": AS_OF, "StorageClass": "STANDARD"}
    for name in ("lake", "pond"):
        Path(f"policies/{name}.yaml").write_text(POLICY.replace("BUCKET", name))
        made = write(Path(name), [row], (*CURRENT, *list(row)[1:]), bucket=name, made=AS_OF)
        Path(f"{name}.path").write_text(str(made))


def run(command: str, *words: str, of: tuple[str, ...]) -> int:
    inventories = [
        word for name in of for word in ("--inventory", Path(f"{name}.path").read_text())
    ]
    return main([command, *inventories, "--as-of", "2026-11-29", *words])


@pytest.mark.parametrize("command", ["report", "advise", "forecast"])
def test_an_inventory_of_another_bucket_is_refused(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, "--bucket", "pond", of=("lake",)) == 2
    assert "is of bucket `lake`, not of `pond`" in " ".join(capsys.readouterr().err.split())


def test_of_several_inventories_advice_is_on_the_named_bucket(
    capsys: pytest.CaptureFixture[str],
) -> None:
    both = ("lake", "pond")
    assert run("advise", of=both) == 2
    assert "tell of 2 buckets: name one with --bucket" in " ".join(capsys.readouterr().err.split())
    assert run("advise", "--bucket", "pond", of=both) == 0
    assert capsys.readouterr().err.startswith("pond costs ")


@pytest.mark.parametrize("of", [("lake", "pond"), ("lake",)])
def test_what_is_written_later_is_of_the_named_bucket(of: tuple[str, ...]) -> None:
    words = ("--bucket", "pond", *INGEST, "--out", "json:report.json")
    assert run("report", *words, of=of) == 0
    found = json.loads(Path("report.json").read_text())["buckets"]
    grows = {each["bucket"]: each["before_usd"] > 12 * 0.024 for each in found}
    assert grows == {"lake": False, "pond": True}


def test_a_forecast_takes_the_bucket_of_what_is_written_from_its_option(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("forecast", "--bucket", "pond", *INGEST, of=("pond",)) == 0
    assert "1GiB a month into logs/" in capsys.readouterr().out
