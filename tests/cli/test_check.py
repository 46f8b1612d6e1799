"""`firnline check`: mending files, choosing kinds, and when it fails."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from firnline.cli import main
from firnline.cli.fixing import plan_fixes, run_fixes
from firnline.cli.streams import write
from firnline.language.check import Known
from firnline.pipeline import check_files
from tests.junit_rules import require_junit
from tests.policies import TODAY, whole

GOOD = whole("retain: {tmp: {prefix: tmp/, delete_after: 7d}}  # stays")
SLIP = GOOD.replace("7d", "7 days")
GATED = GOOD.replace("7d", "3d")
SLASH = GOOD.replace("tmp/", "/tmp/")
CHECK = ("check", "--today", str(TODAY))  # from 2027-09-22 on, the tables of S3's rules are old
pytestmark = pytest.mark.usefixtures("socket_disabled")
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "policies").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path / "policies" / "lab.yaml"


def test_fix_mends_the_file_and_then_nothing_is_wrong(policy: Path, capsys: Capture) -> None:
    policy.write_text(SLIP)
    policy.chmod(0o640)
    assert main([*CHECK, "--fix"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("1 fix made in 1 file\nnothing wrong in 1 policy")
    assert policy.read_text() == GOOD
    assert policy.stat().st_mode & 0o777 == 0o640
    assert os.listdir(policy.parent) == ["lab.yaml"]


def test_fix_a_second_time_does_not_even_write(policy: Path, capsys: Capture) -> None:
    policy.write_text(SLIP)
    main([*CHECK, "--fix"])
    capsys.readouterr()
    before = policy.stat()
    assert main([*CHECK, "--fix"]) == 0
    after = policy.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert "made" not in capsys.readouterr().err


def test_a_link_stays_a_link(policy: Path, tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_text(SLIP)
    policy.symlink_to(tmp_path / "real.yaml")
    assert main([*CHECK, "--fix"]) == 0
    assert policy.is_symlink()
    assert (tmp_path / "real.yaml").read_text() == GOOD


def test_what_chooses_a_meaning_is_mended_only_when_asked(policy: Path, capsys: Capture) -> None:
    policy.write_text(SLASH)
    assert main([*CHECK, "--fix"]) == 0
    assert policy.read_text() == SLASH
    assert "1 fixable with `firnline check --fix --unsafe-fixes`" in capsys.readouterr().out
    assert main([*CHECK, "--fix", "--unsafe-fixes"]) == 0
    assert policy.read_text() == GOOD


def test_unsafe_fixes_alone_is_wrong_use(policy: Path, capsys: Capture) -> None:
    policy.write_text(SLASH)
    assert main([*CHECK, "--unsafe-fixes"]) == 2
    assert policy.read_text() == SLASH
    assert "--fix" in capsys.readouterr().err


def test_diff_prints_a_patch_writes_nothing_and_judges_the_files_as_they_are(
    policy: Path, capsys: Capture
) -> None:
    policy.write_text(SLIP)
    assert main([*CHECK, "--diff"]) == 1
    out, err = capsys.readouterr()
    assert err == "1 fix would change 1 file\n"
    assert policy.read_text() == SLIP
    subprocess.run(["patch", "-p0"], input=out, text=True, check=True, capture_output=True)
    assert policy.read_text() == GOOD


def test_diff_of_a_file_without_a_last_line_end_is_a_patch_too(
    policy: Path, capsys: Capture
) -> None:
    policy.write_text(SLIP.partition("uploads:")[0].rstrip("\n"))
    main([*CHECK, "--diff"])
    assert capsys.readouterr().out.count("\\ No newline at end of file\n") == 2


def test_stdin_is_printed_mended_and_the_report_goes_to_stderr(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = SLIP.replace("tmp/", "/tmp/").encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert main([*CHECK, "-", "--fix"]) == 0
    out, err = capsys.readouterr()
    assert out == SLASH
    assert "warning[FL309]" in err


def test_a_file_that_changed_meanwhile_is_not_written(policy: Path) -> None:
    files = {"policies/lab.yaml": SLIP.encode()}
    plan = plan_fixes(
        files, lambda each: check_files(each, Known(today=TODAY)).diagnostics, unsafe=False
    )
    policy.write_text("somebody else's")
    with pytest.raises(OSError, match="nothing was written"):
        run_fixes(files, plan)
    assert policy.read_text() == "somebody else's"


def test_what_fix_leaves_is_reported_and_decides_the_exit_code(
    policy: Path, capsys: Capture
) -> None:
    policy.write_text(SLIP.replace("why: what the lab leaves behind\n", ""))
    assert main([*CHECK, "--fix", "--out", "concise"]) == 1
    assert capsys.readouterr().out.startswith("policies/lab.yaml:1:1: error FL102 ")


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["--select", "FL105"], {"FL105"}),
        (["--select", "fl1"], {"FL105"}),
        (["--select", "leading-slash"], {"FL309"}),
        (["--select", "FL1,FL3"], {"FL105", "FL309"}),
        (["--select", "FL1", "--select", "leading-slash"], {"FL105", "FL309"}),
        (["--ignore", "FL3"], {"FL105"}),
        (["--select", "FL", "--ignore", "bad-duration"], {"FL309"}),
        (["--ignore", "FL1, FL3"], set()),
    ],
)
def test_kinds_are_chosen_by_code_family_or_name(
    options: list[str], shown: set[str], policy: Path, capsys: Capture
) -> None:
    policy.write_text(SLIP.replace("tmp/", "/tmp/"))
    code = main([*CHECK, "--out", "json", *options])
    report = json.loads(capsys.readouterr().out)
    assert {each["code"] for each in report["diagnostics"]} == shown
    assert code == (1 if "FL105" in shown else 0)


@pytest.mark.parametrize("word", ["FL888", "nonsense", "FL105x", "105"])
@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_a_word_that_means_no_kind_is_wrong_use(
    option: str, word: str, policy: Path, capsys: Capture
) -> None:
    policy.write_text(GOOD)
    assert main([*CHECK, option, word]) == 2
    assert repr(word) in capsys.readouterr().err


def test_an_ignored_error_is_not_hushed_up_and_does_not_compile(
    policy: Path, capsys: Capture
) -> None:
    policy.write_text(SLIP)
    assert main([*CHECK, "--ignore", "FL105"]) == 0
    err = capsys.readouterr().err
    assert "nothing wrong" not in err
    assert "1 of other kinds; `firnline compile` refuses these files" in err
    assert main(["compile"]) == 1


def test_only_what_is_chosen_is_mended(policy: Path) -> None:
    policy.write_text(SLIP)
    main([*CHECK, "--fix", "--ignore", "FL105"])
    assert policy.read_text() == SLIP


@pytest.mark.parametrize("option", ["--ignore=FL403", "--ignore=FL", "--ignore=deleted-too-soon"])
def test_a_gate_is_never_ignored(option: str, policy: Path, capsys: Capture) -> None:
    policy.write_text(GATED)
    assert main([*CHECK, option]) == 5
    assert "gate[FL403]" in capsys.readouterr().out


def test_where_only_gates_are_open_the_exit_code_is_another_one(
    policy: Path, capsys: Capture
) -> None:
    policy.write_text(GATED)
    assert main([*CHECK, "--color", "always"]) == 5
    out = capsys.readouterr().out
    assert "\x1b[1;35mgate[FL403]" in out
    assert "1 gate. Explain a code: firnline explain FL403" in out
    assert main([*CHECK, "--fail-on", "error"]) == 0
    assert main([*CHECK, "--fail-on", "warning"]) == 5
    policy.write_text(GATED.replace("tmp/", "/tmp/"))
    assert main([*CHECK]) == 5
    assert main([*CHECK, "--fail-on", "warning"]) == 1
    policy.write_text(GATED + "waivers: 3\n")
    assert main([*CHECK]) == 1


@pytest.mark.parametrize(
    ("options", "warning", "error"),
    [
        ([], 0, 1),
        (["--fail-on", "error"], 0, 1),
        (["--fail-on", "warning"], 1, 1),
        (["--fail-on", "never"], 0, 0),
        (["--exit-zero"], 0, 0),
        (["--fail-on", "warning", "--exit-zero"], 0, 0),
    ],
)
def test_it_fails_from_the_level_on_that_was_asked(
    options: list[str], warning: int, error: int, policy: Path
) -> None:
    policy.write_text(SLASH)
    assert main([*CHECK, *options]) == warning
    policy.write_text(SLIP)
    assert main([*CHECK, *options]) == error


def test_exit_zero_does_not_hide_wrong_use(policy: Path) -> None:
    policy.write_text(GOOD)
    assert main([*CHECK, "nowhere", "--exit-zero"]) == 2


def test_the_schema_of_the_report_is_published(policy: Path, capsys: Capture) -> None:
    policy.write_text(SLIP)
    assert main(["schema", "report"]) == 0
    schema = json.loads(capsys.readouterr().out)
    main([*CHECK, "--out", "json"])
    Draft7Validator(schema).validate(json.loads(capsys.readouterr().out))


def test_a_day_that_is_none_is_refused_in_plain_words(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["check", "--today", "31.3.2027"])
    assert "'31.3.2027' is not a date; write year, month, day" in capsys.readouterr().err


def test_a_report_that_cannot_be_written_names_the_file_that_was_asked_for(
    tmp_path: Path,
) -> None:
    asked = str(tmp_path / "nowhere" / "report.txt")
    with pytest.raises(FileNotFoundError) as caught:
        write("found", asked)
    assert caught.value.filename == asked


@pytest.mark.parametrize(
    ("options", "failures", "code"),
    [
        ((), 1, 1),
        (("--fail-on", "warning"), 2, 1),
        (("--fail-on", "never"), 0, 0),
        (("--exit-zero",), 0, 0),
    ],
)
def test_a_test_of_the_junit_report_fails_where_it_makes_the_run_fail(
    options: tuple[str, ...],
    failures: int,
    code: int,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "policy.yaml").write_text(
        whole(
            "retain:\n"
            "  a: {prefix: a/, warm_after: 60d, cold_after: 30d, delete_after: 365d}\n"
            "  b: {prefix: /b/, delete_after: 30d}\n"
        )
    )
    assert main([*CHECK, str(tmp_path), "--out", "junit", *options]) == code
    root = require_junit(capsys.readouterr().out)
    cases = {case.attrib["name"].split()[0]: case for case in root.iter("testcase")}
    failed = {name for name, case in cases.items() if case.find("failure") is not None}
    printed = {name for name, case in cases.items() if case.find("system-out") is not None}
    assert len(failed) == failures
    assert failed | printed == set(cases)
    assert not failed & printed
    assert len(cases) == 2
