"""A lifecycle file with nothing in it: no rules are configured, or the command before failed."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from firnline.cli import main

COMMANDS = {
    "check": ["check", "FILE"],
    "diff": ["diff", "FILE", "rules.json"],
    "simulate": ["simulate", "--key", "tmp/x", "--rules", "FILE"],
    "explain": ["explain", "s3://logs/tmp/x", "--rules", "FILE"],
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rules.json").write_text('{"Rules": []}')
    Path("empty.json").write_bytes(b"\xef\xbb\xbf \r\n")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("file", ["-", "empty.json"])
def test_nothing_given_is_no_fault_of_s3s(
    command: list[str],
    file: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\n")))
    code = main([file if word == "FILE" else word for word in command])
    printed = capsys.readouterr()
    shown = "<stdin>" if file == "-" else file
    assert printed.out == ""
    assert printed.err == (
        f"firnline: {shown}: no lifecycle rules were given (none configured, or the command"
        " before failed)\n"
    )
    assert code == 2


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize("text", ["[]", "{}", "null", "[\n]\n"])
def test_an_answer_without_rules_is_nothing_given(
    command: list[str], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("none.json").write_text(text)
    assert main(["none.json" if word == "FILE" else word for word in command]) == 2
    assert "no lifecycle rules were given" in capsys.readouterr().err


def test_only_to_check_it_matters_that_a_list_of_rules_is_empty(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("none.json").write_text('{\n  "Rules": []\n}\n')
    assert main(["check", "none.json"]) == 2
    assert "no lifecycle rules were given" in capsys.readouterr().err
    assert main(["diff", "none.json", "rules.json"]) == 0


@pytest.mark.parametrize("text", ['{"Rules": [{}]}', '{"Rules": {}}', '{"Rule": []}', "[{}]"])
def test_what_is_there_is_judged(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("some.json").write_text(text)
    assert main(["check", "some.json"]) == 1
    assert "error[FL" in capsys.readouterr().out


def test_an_empty_policy_is_still_an_error_of_a_policy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("p.yaml").write_text("\n")
    assert main(["check", "p.yaml"]) == 1
    assert "FL001" in capsys.readouterr().out
