"""`firnline conformance`: files of cases in, what differs out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from firnline.cli import main
from tests.s3.conformance.test_run_cases import CASE, changed

Captured = pytest.CaptureFixture[str]


def written(path: Path, cases: object) -> str:
    path.write_text(json.dumps(cases), encoding="utf-8")
    return str(path)


def test_agreeing_cases_end_with_0(tmp_path: Path, capsys: Captured) -> None:
    assert main(["conformance", written(tmp_path / "a.json", [CASE])]) == 0
    assert capsys.readouterr().out == "1 of 1 as S3 does (documented 1 of 1)\n"


def test_what_differs_is_a_line_and_ends_with_1(tmp_path: Path, capsys: Captured) -> None:
    cases = written(tmp_path / "a.json", [CASE, changed("expected.action", "none")])
    assert main(["conformance", cases]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "deleted-at-midnight (documented): S3 says none due 2026-05-12T00:00:00Z;"
        " here expire due 2026-05-12T00:00:00Z",
        "1 of 2 as S3 does (documented 1 of 2)",
    ]


def test_several_files_are_told_apart(tmp_path: Path, capsys: Captured) -> None:
    files = [
        written(tmp_path / "a.json", [CASE]),
        written(tmp_path / "b.json", [changed("at", None)]),
    ]
    assert main(["conformance", *files]) == 1
    assert capsys.readouterr().out.startswith(f"{files[1]}: deleted-at-midnight: cannot be run")


def test_results_as_data(tmp_path: Path, capsys: Captured) -> None:
    file = written(tmp_path / "a.json", [CASE, {"id": "odd"}])
    assert main(["conformance", file, "--out", "json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert main(["schema", "conformance"]) == 0
    Draft7Validator(json.loads(capsys.readouterr().out)).validate(told)
    assert (told["agreeing"], told["total"]) == (1, 2)
    assert told["by_confidence"]["documented"] == {"agreeing": 1, "total": 1}
    assert [(each["file"], each["kind"], each["agrees"]) for each in told["cases"]] == [
        (file, "evaluation", True),
        (file, "unreadable", False),
    ]


def test_another_wording_of_an_error_is_noted_and_no_difference(
    tmp_path: Path, capsys: Captured
) -> None:
    case = {
        "id": "v",
        "config": {"Rules": []},
        "aws_verdict": "reject",
        "expected_message": "No rules!",
    }
    assert main(["conformance", written(tmp_path / "a.json", [case])]) == 0
    out, err = capsys.readouterr()
    assert out == "1 of 1 as S3 does (unsaid 1 of 1)\n"
    assert err == "1 of them but for the wording of the error (see --out json)\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'[{"id": 1},\n {"id"', "is not JSON: line 2"),
        (b'["\xff"]', "is not UTF-8 in line 1"),
        (b"[" * 100_000, "is nested too deeply"),
        (b"[" + b"9" * 10_000 + b"]", "is not JSON"),
        (b'{"id": 1}', "is no list of cases"),
        (b"", "is not JSON: line 1"),
    ],
)
def test_a_file_that_holds_no_cases_is_told(
    content: bytes, told: str, tmp_path: Path, capsys: Captured
) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(content)
    assert main(["conformance", str(file)]) == 2
    assert told in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(capsys: Captured) -> None:
    assert main(["conformance", "nowhere.json"]) == 2
    assert "nowhere.json" in capsys.readouterr().err
