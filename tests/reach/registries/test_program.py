"""A program that prints what is needed: what it says counts only whole, in time and well-formed."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.reach.registries.fleets import (
    answered,
    fleet_folder,
    found_in,
    gc_refs,
    problem_of,
    uris,
)

MODEL = {"reference": {"uri": "s3://acme/m/1", "because": ["model churn v1"], "owner": "ann"}}
AT = "2026-11-29T12:00:00Z"
WHOLE = {"certificate": {"began": AT, "ended": AT, "pages": 1, "count": 1, "independent_count": 1}}


def program(folder: Path, code: str, timeout: int = 60) -> tuple[int, Path]:
    command = json.dumps([sys.executable, "store.py"])
    policies = fleet_folder(
        folder, f"  store: {{exec: {{command: {command}, timeout: {timeout}}}}}\n"
    )
    (policies / "store.py").write_text(code)
    return gc_refs(folder, "--out", str(folder / "refs")), folder / "refs"


def printing(*lines: Any) -> str:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return "\n".join(f"print({text!r}, flush=True)" for text in texts) + "\n"


def test_what_a_program_prints_is_needed(tmp_path: Path) -> None:
    code, file = program(tmp_path, printing(MODEL, "", WHOLE))
    assert (code, uris(file)) == (0, {"s3://acme/m/1/"})
    ((name, found),) = found_in(file)
    assert (name, found.owner) == ("store", "ann")
    assert answered(file)["store"].kind == "exec"


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        (printing(MODEL), "without a certificate"),
        (printing(MODEL, WHOLE, MODEL), "goes on after its certificate"),
        (printing(MODEL, WHOLE, WHOLE), "goes on after its certificate"),
        (printing(MODEL, "Done!", WHOLE), "line 2 that is no JSON"),
        (printing(MODEL, "[1]", WHOLE), "line 2 that cannot be read: it is no JSON object"),
        (printing({}, WHOLE), "line 1 that cannot be read: it has none of reference"),
        (printing({"reference": {"uri": "gs://a/b", "because": []}}, WHOLE), "line 1 that"),
        (printing(MODEL, WHOLE) + "raise SystemExit(4)", "exit code 4"),
        (printing(MODEL, WHOLE) + "import os; os.abort()", "exit code -6"),
        ("", "without a certificate"),
        (printing(json.dumps(MODEL)[:30]), "line 1 that is no JSON"),
    ],
)
def test_an_answer_that_is_not_whole_does_not_count(printed: str, why: str, tmp_path: Path) -> None:
    code, file = program(tmp_path, printed)
    assert (code, why in problem_of(file, "store")) == (1, True), problem_of(file, "store")


def test_one_that_does_not_end_in_time_is_stopped_with_all_that_it_started(tmp_path: Path) -> None:
    began = time.monotonic()
    slow = printing(MODEL) + (
        "import subprocess, sys\n"
        "subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    )
    code, file = program(tmp_path, slow, timeout=1)
    assert (code, time.monotonic() - began < 30) == (1, True)
    assert "did not end within 1 seconds" in problem_of(file, "store")


def test_one_that_counts_nothing_apart_serves_for_reports_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uncounted = {"certificate": {"began": AT, "ended": AT, "pages": 1, "count": 1}}
    code, _ = program(tmp_path, printing(MODEL, uncounted))
    assert code == 1
    assert "serves for reports alone" in " ".join(capsys.readouterr().out.split())


def test_a_program_that_is_missing_is_named(tmp_path: Path) -> None:
    fleet_folder(tmp_path, "  store: {exec: {command: ./gone}}\n")
    assert gc_refs(tmp_path, "--out", str(tmp_path / "refs")) == 1
    assert "cannot be started, `./gone`" in problem_of(tmp_path / "refs", "store")


def test_its_secrets_are_in_no_message_and_in_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STORE_TOKEN", "hunter2-of-the-store")
    code, file = program(
        tmp_path,
        "import os, sys;"
        "sys.exit(f\"401 for {os.environ['STORE_TOKEN']} at https://ann:pa@ss@acme/x\")",
    )
    assert code == 1
    said = file.read_text() + "".join(capsys.readouterr())
    assert "401 for ***" in said
    assert "hunter2" not in said
    assert "pa@ss" not in said
