"""A storage class that is added to one table is known everywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from firnline.language.schemas import FileKind, schema
from firnline.s3.law.classes import TARGETS

PACKAGE = Path(__file__).parents[1] / "compiler" / "firnline"
TABLE = "s3/law/classes.py"
LAST = '    TargetClass(\n        "DEEP_ARCHIVE",'
ROW = """\
    TargetClass(
        "PERMAFROST",
        rank=7,
        steps=Fact(Steps((), Days(0)), _I, "a test"),
        target=Fact("PERMAFROST", _I, "a test"),
        reading=Reading.SLOW_RESTORE,
        minimum_stay=Fact(Days(365), _I, "a test"),
    ),
"""
POLICY = """\
firnline: policy/v1
policy: cold
owner: lab
why: a test
applies_to: [{account: lab, buckets: lab-data}]
versioning: off
uploads: {abort_after: 7d}
storage_classes: {archive: PERMAFROST}
retain: {runs: {prefix: runs/, archive_after: 30d, delete_after: 900d}}
"""
BUCKET = "lab/*/lab-data"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    shutil.copytree(PACKAGE, folder / "firnline", ignore=shutil.ignore_patterns("__pycache__"))
    table = folder / "firnline" / TABLE
    text = table.read_text(encoding="utf-8")
    assert text.count(LAST) == 1
    table.write_text(text.replace(LAST, ROW + LAST), encoding="utf-8")
    (folder / "policies").mkdir()
    (folder / "policies" / "cold.yaml").write_text(POLICY, encoding="utf-8")
    before = POLICY.replace("PERMAFROST", "GLACIER")
    (folder / "before.yaml").write_text(before, encoding="utf-8")
    return folder


def firnline(folder: Path, *words: str, code: int = 0) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "firnline", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code, ran.stdout + ran.stderr
    return ran.stdout


def test_a_policy_that_uses_it_compiles_and_s3_is_told_of_it(folder: Path) -> None:
    assert "PERMAFROST after 30d" in firnline(folder, "compile")
    assert '"StorageClass": "PERMAFROST"' in firnline(folder, "compile", "--out", "s3-json")


def test_the_law_knows_how_long_it_is_charged_for(folder: Path) -> None:
    short = POLICY.replace("900d", "300d")
    (folder / "short.yaml").write_text(short, encoding="utf-8")
    assert "FL502" in firnline(folder, "check", "short.yaml")


def test_a_lifecycle_file_may_name_it(folder: Path) -> None:
    rules = firnline(folder, "compile", "--out", "s3-json")
    (folder / "rules.json").write_text(json.dumps(json.loads(rules)[BUCKET]), encoding="utf-8")
    assert "FL2" not in firnline(folder, "check", "rules.json")


def test_a_difference_tells_and_draws_it_with_a_sign_of_its_own(folder: Path) -> None:
    told = firnline(folder, "diff", "before.yaml", "policies")
    assert "archives sooner" in told
    assert "moved to PERMAFROST at 30d" in told
    assert "◆ PERMAFROST" in told


def test_a_timeline_draws_it_with_the_same_sign(folder: Path) -> None:
    words = ("--created", "2026-05-01", "--size", "5MiB")
    told = firnline(folder, "explain", "s3://lab-data/runs/x", *words)
    assert "moved to PERMAFROST" in told
    assert "◆◆◆" in told
    assert "◆ PERMAFROST" in told
    assert "???" not in told


def test_it_can_be_where_an_object_lies_and_what_an_editor_offers(folder: Path) -> None:
    key = ("--bucket", "lab-data", "--key", "runs/x", "--created", "2026-05-01")
    told = firnline(folder, "simulate", *key, "--class", "PERMAFROST", "--at", "2030-01-01")
    assert "delete for good" in told
    of_class = json.loads(firnline(folder, "schema"))["definitions"]["storage_class"]
    assert "PERMAFROST" in of_class["enum"]


def test_the_schema_that_editors_read_from_the_folder_is_up_to_date() -> None:
    written = json.loads((PACKAGE / "language/policy.schema.json").read_text(encoding="utf-8"))
    assert written == schema(FileKind.POLICY)
    assert written["definitions"]["storage_class"]["enum"] == list(TARGETS)


def test_what_is_said_of_an_unknown_class_names_it(folder: Path) -> None:
    assert "PERMAFROST" in firnline(folder, "explain", "FL231")
