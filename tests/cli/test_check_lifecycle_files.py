"""`firnline check rules.json`: lifecycle files, and what is said of their buckets."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main

RULE: dict[str, Any] = {
    "ID": "tmp",
    "Status": "Enabled",
    "Filter": {"Prefix": "tmp/"},
    "Expiration": {"Days": 7},
}
EARLY = {
    "ID": "early",
    "Status": "Enabled",
    "Filter": {"Prefix": "logs/"},
    "Transitions": [{"Days": 10, "StorageClass": "STANDARD_IA"}],
}


@pytest.fixture
def lifecycle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "rules.json"


def write(file: Path, *rules: dict[str, Any]) -> None:
    file.write_text(json.dumps({"Rules": rules}, indent=2), encoding="utf-8")


def test_a_good_file_has_nothing_wrong(lifecycle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(lifecycle, RULE)
    assert main(["check", "--versioning", "off", "rules.json"]) == 0
    assert "nothing wrong in 1 lifecycle file" in capsys.readouterr().err


def test_what_s3_would_refuse_is_an_error_at_its_place(
    lifecycle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(lifecycle, {**RULE, "Expiration": {"Days": 0}})
    assert main(["check", "rules.json"]) == 1
    said = " ".join(capsys.readouterr().out.split())  # however it is wrapped
    assert "error[FL229]" in said
    assert "--> rules.json:10:17" in said
    assert "S3 answers InvalidArgument: 'Days' for Expiration action must be a positive" in said


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 0),
        (["--partition", "aws-cn"], 1),
        (["--as-of", "2026-01-01"], 1),
        (["--as-of", "2026-07-16"], 0),
    ],
)
def test_partition_and_day_decide_what_s3_takes(
    lifecycle: Path, options: list[str], code: int
) -> None:
    write(lifecycle, EARLY)
    assert main(["check", "rules.json", *options]) == code


@pytest.mark.parametrize(("versioning", "code"), [("off", 0), ("enabled", 1), ("suspended", 1)])
def test_versioning_decides_whether_a_deletion_frees_anything(
    lifecycle: Path, versioning: str, code: int
) -> None:
    write(lifecycle, RULE)
    assert main(["check", "rules.json", "--versioning", versioning]) == code


def test_stdin_may_be_json_or_xml(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for text, code in (('{"Rules": {}}', "FL239"), ("<LifecycleConfiguration/>", "FL237")):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        assert main(["check", "-"]) == 1
        assert f"error[{code}]" in capsys.readouterr().out


def test_a_folder_is_still_read_for_policies_alone(
    lifecycle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(lifecycle)
    assert main(["check", "."]) == 2
    assert "no YAML file" in capsys.readouterr().err
