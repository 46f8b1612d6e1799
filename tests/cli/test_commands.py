"""The commands that read files only: what they print and where, exit codes, and no network."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from firnline.cli import COMMANDS, main
from tests.policies import TODAY, whole

GOOD = whole("retain: {tmp: {prefix: tmp/, delete_after: 7d}}")
CHECK = ("check", "--today", f"{TODAY}")
pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "lab.yaml").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "policies"


def test_check_reads_the_policies_folder_and_says_that_nothing_is_wrong(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*CHECK]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "nothing wrong in 1 policy, 1 retention, 1 bucket\n"
    assert folder.exists()


def test_check_draws_errors_on_stdout_and_exits_with_1(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "lab.yaml").write_text(GOOD.replace("7d", "7"))
    assert main([*CHECK]) == 1
    assert "error[FL105]" in capsys.readouterr().out


def test_a_warning_alone_is_printed_and_exits_with_0(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "lab.yaml").write_text(GOOD.replace("tmp/", "/tmp/"))
    assert main([*CHECK]) == 0
    assert "warning[FL309]" in capsys.readouterr().out


def test_one_run_gives_several_outputs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "lab.yaml").write_text(GOOD.replace("7d", "7"))
    assert main([*CHECK, "--out", "text", "--out", "json:report.json"]) == 1
    report = json.loads(Path("report.json").read_text())
    assert report["schema_version"] == 1
    assert report["counts"] == {"error": 1, "gate": 0, "warning": 0, "note": 0}
    assert report["diagnostics"][0]["at"]["path"] == "policies/lab.yaml"
    assert "error[FL105]" in capsys.readouterr().out


def test_the_help_lists_every_command_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out.partition("\nWrite\n")[2].partition("\nRules are")[0]
    assert sorted(re.findall(r"^  (\w+) ", listed, re.MULTILINE)) == sorted(COMMANDS)


def test_compile_prints_s3_json_alone_on_stdout(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compile", str(folder), "--out", "s3-json"]) == 0
    out, err = capsys.readouterr()
    assert list(json.loads(out)) == ["lab/*/lab-data"]
    assert "namespace `default`" in err


def test_compile_prints_nothing_on_stdout_when_anything_is_wrong(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "other.yaml").write_text("firnline: policy/v1\n")
    assert main(["compile", "--out", "s3-json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "error[FL102]" in err


def test_compile_in_words_says_when_the_bytes_are_gone(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "lab.yaml").write_text(
        whole(
            "versioning: enabled\n"
            "retain: {tmp: {prefix: tmp/, delete_after: 365d, old_versions: {delete_after: 30d}}}"
        )
    )
    assert main(["compile"]) == 0
    assert "unreadable after 365d, bytes gone after 395d" in capsys.readouterr().out


@pytest.mark.parametrize("asked", ["FL301", "fl301", "longer-child"])
def test_explain_takes_codes_and_names(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", asked]) == 0
    out = capsys.readouterr().out
    assert out.startswith("FL301 longer-child (error)")
    assert "wrong:" in out
    assert "right:" in out


def test_explain_of_an_unknown_code_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "FL999"]) == 2
    assert capsys.readouterr().out == ""


def test_schema_prints_what_editors_read(capsys: pytest.CaptureFixture[str]) -> None:
    for kind in ("policy", "fleet", "fleet-lock"):
        assert main(["schema", kind]) == 0
        assert json.loads(capsys.readouterr().out)["$schema"].endswith("draft-07/schema#")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["check"], "no `policies/` folder here or above"),
        (["check", "nowhere"], "no file or folder is called `nowhere`"),
        (["compile", "nowhere"], "no file or folder is called `nowhere`"),
    ],
)
def test_no_policy_at_all_exits_with_2_and_says_what_to_do(
    words: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(words) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("words", [["chek"], ["check", "--bogus"], ["check", "--out", "xml"]])
def test_wrong_use_exits_with_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_a_file_that_the_system_will_not_give_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "loop.yaml").symlink_to("loop.yaml")
    (folder / "folder.yaml").mkdir()
    assert main([*CHECK]) == 1
    out = capsys.readouterr().out
    assert "policies/loop.yaml" in out
    assert "error[FL001]" in out


@pytest.mark.parametrize("name", ["COLOR", "NO_COLOR"])
def test_colour_is_for_terminals_and_for_those_who_ask(
    name: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    (folder / "lab.yaml").write_text(GOOD.replace("7d", "7"))
    main(["check"])
    assert "\x1b" not in capsys.readouterr().out
    main(["check", "--color", "always"])
    assert "\x1b[" in capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv(name, "1")
    main(["check"])
    assert ("\x1b[" in capsys.readouterr().out) == (name == "COLOR")


def test_check_imports_neither_aws_nor_pulumi_nor_a_table_library(folder: Path) -> None:
    program = (
        "import sys; from firnline.cli import main; main(sys.argv[1:]);"
        "print([m for m in ('boto3', 'botocore', 'pulumi', 'rich', 'difflib') if m in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *CHECK, str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "[]\n"


def test_stdin_is_read_as_one_policy() -> None:
    command = [sys.executable, "-m", "firnline", "check", "-"]
    ran = subprocess.run(command, input=GOOD.replace("7d", "7"), capture_output=True, text=True)
    assert ran.returncode == 1
    assert "--> <stdin>:7:" in ran.stdout


UNBUFFERED = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}


@pytest.mark.parametrize(
    ("redirection", "code"),
    [("| head -1", 1), (">/dev/full", 2), (">&-", 2)],
    ids=["a reader that stops early", "a full disk", "no stdout"],
)
def test_what_cannot_be_written_gives_no_traceback_and_hides_no_error(
    folder: Path, redirection: str, code: int
) -> None:
    (folder / "lab.yaml").write_text(GOOD + "".join(f"key-{n}: x\n" for n in range(5_000)))
    command = (
        f"set -o pipefail; {sys.executable} -m firnline check {folder} --out json {redirection}"
    )
    ran = subprocess.run(["bash", "-c", command], env=UNBUFFERED, capture_output=True, text=True)
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr


def test_a_file_is_replaced_whole_or_not_at_all(folder: Path) -> None:
    (folder / "lab.yaml").write_text(GOOD.replace("7d", "7"))
    assert main(["check", "--out", f"json:{folder}/nowhere/report.json"]) == 2
    assert sorted(each.name for each in folder.iterdir()) == ["lab.yaml"]


def test_an_interrupted_command_says_so_and_exits_with_130() -> None:
    for seconds in (0.5, 1, 2, 4, 8):  # until Python itself is up, an interrupt is not ours
        running = subprocess.Popen(
            [sys.executable, "-m", "firnline", "check", "-"],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        time.sleep(seconds)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate()
        if running.returncode == 130:
            break
    assert (running.returncode, said) == (130, "interrupted\n")


def test_what_is_named_twice_is_read_once(folder: Path) -> None:
    assert main(["check", "policies", str(folder), str(folder / "lab.yaml")]) == 0


@pytest.mark.parametrize("what", ["pipe", "link to a folder", "upper case", "odd name"])
def test_nothing_below_the_folder_is_passed_over_in_silence(
    what: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    match what:
        case "pipe":
            os.mkfifo(folder / "pipe.yaml")
        case "link to a folder":
            (folder.parent / "elsewhere").mkdir()
            (folder / "team").symlink_to(folder.parent / "elsewhere")
        case "upper case":
            (folder / "UP.YAML").write_text("nothing")
        case _:
            os.rename(folder / "lab.yaml", os.fsencode(folder) + b"/\xff.yaml")
            Path(os.fsdecode(os.fsencode(folder) + b"/\xfe.yaml")).write_text("nothing")
    assert main([*CHECK]) == 1
    assert "error[FL001]" in capsys.readouterr().out


def test_a_policy_is_due_for_review_from_its_day_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "lab.yaml").write_text(GOOD + "review_by: 2027-03-31\n")
    assert main(["check", "--today", "2027-03-30"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["check", "--today", "2027-03-31"]) == 0
    assert "warning[FL603]" in capsys.readouterr().out


def test_the_proof_is_told_where_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policy.yaml").write_text(whole("retain: {a: {prefix: a/, delete_after: 9d}}"))
    assert main(["compile", str(tmp_path)]) == 0
    assert "proved" not in capsys.readouterr().err
    assert main(["compile", str(tmp_path), "--proof"]) == 0
    told = capsys.readouterr().err
    assert "proved for 1 bucket" in told
    assert "- the tags of an object do not change" in told


def test_check_all_draws_what_a_screen_would_not_hold(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "lab.yaml").write_text(GOOD + "".join(f"key-{n}: x\n" for n in range(30)))
    assert main([*CHECK]) == 1
    assert "10 more not shown (10 FL103): `firnline check --all`" in capsys.readouterr().out
    assert main([*CHECK, "--all"]) == 1
    assert capsys.readouterr().out.count("error[FL103]") == 30


def test_diff_all_draws_every_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def retentions(days: int) -> str:
        return "".join(f"  r{n}: {{prefix: r{n}/, delete_after: {days + n}d}}\n" for n in range(40))

    (folder / "lab.yaml").write_text(whole(f"retain:\n{retentions(100)}"))
    (folder.parent / "after.yaml").write_text(whole(f"retain:\n{retentions(50)}"))
    assert main(["diff", "policies", "after.yaml"]) == 5
    shown = capsys.readouterr().out
    assert "10 more not shown (10 deletes sooner): `firnline diff --all`" in shown
    assert "80 gates are open" in shown
    assert shown.count("    FL401") == 15
    assert "50 more not shown" in shown
    assert main(["diff", "policies", "after.yaml", "--all"]) == 5
    shown = capsys.readouterr().out
    assert shown.count("    before") == shown.count("    FL401") == 40


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["chekc"], "firnline: no command 'chekc': did you mean `check`?"),
        (
            ["check", "--verzioning", "enabled"],
            "firnline check: no option `--verzioning`: did you mean `--versioning`?",
        ),
        (["simulate", "--bukcet=b"], "no option `--bukcet`: did you mean `--bucket`?"),
        (["check", "--versioning", "enabeld"], "no value 'enabeld': did you mean `enabled`?"),
        (["check", "--out", "jsn"], "no format 'jsn': did you mean `json`?"),
        (["-C", ".", "resovle"], "no command 'resovle': did you mean `resolve`?"),
    ],
)
def test_a_mistyped_word_is_asked_about(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["deploy"], "no command 'deploy': one of advise, approve, check, comment, "),
        (["check", "--force"], "no option `--force`\n"),
        (["diff", "a", "b", "c"], "one word too many: 'c'"),
    ],
)
def test_no_other_word_is_suggested_where_none_is_near(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    err = capsys.readouterr().err
    assert says in err
    assert "did you mean" not in err
