"""Which files of a folder are read, how many are too many, and where `policies/` is looked for."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from firnline import folder as folders
from firnline.cli import main
from firnline.language.syntax import LARGEST_FILE
from tests.policies import TODAY, whole

GOOD = whole("retain: {tmp: {prefix: tmp/, delete_after: 7d}}")
CHECK = ("check", "--today", f"{TODAY}")
MOST = 20
NOTHING_WRONG = "nothing wrong in 1 policy, 1 retention, 1 bucket\n"
Captured = pytest.CaptureFixture[str]
_GIT = ("git", "-c", "user.name=tests", "-c", "user.email=tests@firnline.invalid")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    (project / "policies").mkdir(parents=True)
    (project / "policies/lab.yaml").write_text(GOOD)
    monkeypatch.chdir(project)
    monkeypatch.setattr(folders, "MOST_OF_OTHERS", MOST)
    return project


def add_files_of_others(folder: Path, count: int) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"{number}.yaml").write_text("replicas: 1\n")


@pytest.mark.parametrize("tool", [".git", "node_modules", ".venv", ".terraform/modules"])
def test_folders_of_tools_are_not_entered(tool: str, project: Path, capsys: Captured) -> None:
    (project / tool).mkdir(parents=True)
    (project / tool / "theirs.yaml").write_text("replicas: 1\n")
    assert main([*CHECK, "."]) == 0
    assert capsys.readouterr().err == NOTHING_WRONG


def test_a_virtual_environment_is_told_by_what_it_holds(project: Path, capsys: Captured) -> None:
    for name in ("policies/venv", "env"):
        add_files_of_others(project / name, 1)
    (project / "env/pyvenv.cfg").touch()
    assert main([*CHECK, ".", "--out", "concise"]) == 1
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "policies/venv/0.yaml"
    ]


def test_a_folder_of_tools_that_is_named_is_read(project: Path) -> None:
    add_files_of_others(project / "node_modules", 1)
    assert main([*CHECK, "node_modules"]) == 1


def test_what_git_ignores_is_read_as_it_is_deployed(project: Path, capsys: Captured) -> None:
    subprocess.run([*_GIT, "init", "-q"], check=True)
    (project / ".gitignore").write_text("generated.yaml\n")
    (project / "policies/generated.yaml").write_text(GOOD.replace("7d", "7"))
    assert main([*CHECK]) == 1
    assert "policies/generated.yaml" in capsys.readouterr().out


def test_off_a_terminal_a_folder_of_others_is_refused(project: Path, capsys: Captured) -> None:
    add_files_of_others(project / "charts", MOST + 1)
    assert main([*CHECK, "."]) == 2
    err = capsys.readouterr().err
    assert ". has more than 20 YAML files of other tools" in err
    assert "such as `firnline check policies`" in err


def test_policies_are_never_too_many(project: Path, capsys: Captured) -> None:
    for number in range(MOST + 1):
        (project / f"policies/{number}.yaml").write_text(
            f"firnline: policy/v1\npolicy: p{number}\n"
        )
    assert main(["fmt", "policies", "--check"]) in (0, 1)
    assert "has more than" not in capsys.readouterr().err


def test_large_files_of_others_are_too_much_as_well(project: Path, capsys: Captured) -> None:
    (project / "dump.yaml").write_bytes(b"#" * (folders.MOST_BYTES_OF_OTHERS + 1))
    assert main([*CHECK, "."]) == 2
    assert "more than 32MiB of YAML of other tools" in capsys.readouterr().err


def test_the_whole_disk_is_refused_before_it_is_read(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr(folders, "MOST_ENTRIES", 50)
    for number in range(60):
        (project / f"{number}.txt").touch()
    assert main([*CHECK, str(project)]) == 2
    assert "more than 50 files and folders" in capsys.readouterr().err


@pytest.mark.parametrize(("answer", "code"), [("y", 1), ("n", 2), ("", 2)])
def test_on_a_terminal_somebody_is_asked_once(answer: str, code: int, project: Path) -> None:
    add_files_of_others(project / "charts", MOST + 5)
    here, there = pty.openpty()
    os.write(here, f"{answer}\n".encode())
    program = (
        f"import sys; from firnline import cli, folder; folder.MOST_OF_OTHERS = {MOST};"
        "sys.exit(cli.main())"
    )
    words = [sys.executable, "-c", program, "check", ".", "--out", "concise"]
    running = subprocess.Popen(
        words, cwd=project, stdin=there, stdout=subprocess.PIPE, stderr=there
    )
    os.close(there)
    running.communicate(timeout=60)
    shown = os.read(here, 4096).decode()
    os.close(here)
    assert running.returncode == code
    assert shown.count("Read all of it? [y/N]") == 1


def test_a_file_that_is_too_large_is_called_so(project: Path, capsys: Captured) -> None:
    for name in ("policies/huge.yaml", "huge.json"):
        with open(project / name, "wb") as file:
            file.truncate(LARGEST_FILE + 1)
        assert main([*CHECK, name]) == 1
        out = " ".join(capsys.readouterr().out.split())
        assert "it is too large: at most 64MiB are read" in out
        assert "right to read" not in out


def test_policies_are_found_from_below_up_to_the_top_of_the_repository(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    (project / "services/search").mkdir(parents=True)
    monkeypatch.chdir(project / "services/search")
    assert main([*CHECK]) == 2
    assert "no `policies/` folder here or above" in capsys.readouterr().err
    (project / ".git").mkdir()
    assert main([*CHECK]) == 0
    assert capsys.readouterr().err == NOTHING_WRONG
    (project / "policies/lab.yaml").write_text(GOOD.replace("7d", "7"))
    assert main([*CHECK]) == 1
    assert " ../../policies/lab.yaml:" in capsys.readouterr().out


def test_policies_above_the_repository_are_another_projects(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".git").mkdir()
    (project / "submodule/.git").mkdir(parents=True)
    monkeypatch.chdir(project / "submodule")
    assert main([*CHECK]) == 2


def test_outside_of_a_repository_settings_of_ours_mark_the_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "firnline.toml").write_text('floor = "3d"\n')
    (project / "docs").mkdir()
    monkeypatch.chdir(project / "docs")
    assert main([*CHECK]) == 0


def test_settings_count_from_below_too(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    (project / "firnline.toml").write_text('floor = "60d"\n')
    (project / "docs").mkdir()
    monkeypatch.chdir(project / "docs")
    assert main([*CHECK]) == 5
    assert "gate[FL403]" in capsys.readouterr().out


def test_every_command_finds_them(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run([*_GIT, "init", "-q"], check=True)
    subprocess.run([*_GIT, "add", "."], check=True)
    subprocess.run([*_GIT, "commit", "-qm", "policies"], check=True)
    (project / "docs").mkdir()
    monkeypatch.chdir(project / "docs")
    for words in (
        ["compile"],
        ["fmt", "--check"],
        ["explain", "s3://lab-data/tmp/x"],
        ["simulate", "--bucket", "lab-data", "--key", "tmp/x"],
        ["diff", "git:HEAD", "policies", "--expect-no-changes"],
    ):
        assert main(words) == 0, words


def test_the_settings_name_the_folder_for_every_command(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    (project / "policies").rename(project / "retention")
    add_files_of_others(project / "policies", 1)
    (project / "firnline.toml").write_text('policies = "retention/"\n')
    (project / "retention/expectations.yaml").write_text(
        "firnline: expectations/v1\ncases: {tmp: {key: tmp/x, expect: {7d: gone}}}\n"
    )
    subprocess.run([*_GIT, "init", "-q"], check=True)
    subprocess.run([*_GIT, "add", "."], check=True)
    subprocess.run([*_GIT, "commit", "-qm", "policies"], check=True)
    (project / "docs").mkdir()
    for here in ("", "docs", "retention"):
        monkeypatch.chdir(project / here)
        for words in (
            ["check"],
            ["compile"],
            ["test"],
            ["fmt", "--check"],
            ["explain", "s3://lab-data/tmp/x"],
            ["simulate", "--bucket", "lab-data", "--key", "tmp/x"],
            ["schema", "--project"],
            ["diff", "git:HEAD", "--expect-no-changes"],
        ):
            assert main(words) == 0, (here, words)
    monkeypatch.chdir(project)
    for words, says in (
        (["resolve"], "no fleet file in retention:"),
        (["show"], "retention has no fleet file"),
        (["diff", "live"], "`live` needs a fleet: retention has no fleet file"),
    ):
        capsys.readouterr()
        assert main(words) == 2
        assert says in capsys.readouterr().err


def test_a_folder_that_is_named_is_the_one_that_is_read(project: Path, capsys: Captured) -> None:
    (project / "retention").mkdir()
    (project / "firnline.toml").write_text('policies = "retention"\n')
    assert main([*CHECK, "policies"]) == 0
    assert capsys.readouterr().err == NOTHING_WRONG
    assert main([*CHECK]) == 2


def test_the_table_of_pyproject_names_the_folder_too(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "policies").rename(project / "retention")
    (project / "docs").mkdir()
    monkeypatch.chdir(project / "docs")
    assert main([*CHECK]) == 2
    (project / "pyproject.toml").write_text('[tool.firnline]\npolicies = "retention"\n')
    assert main([*CHECK]) == 0


def test_a_folder_in_the_settings_that_is_not_there_is_wrong_use(
    project: Path, capsys: Captured
) -> None:
    (project / "firnline.toml").write_text('policies = "retenton"\n')
    assert main([*CHECK]) == 2
    assert "firnline.toml: `policies` names a folder that is not there: retenton" in (
        capsys.readouterr().err
    )


def test_a_project_below_never_takes_the_policies_of_the_one_above(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    (project / ".git").mkdir()
    (project / "firnline.toml").write_text('policies = "policies"\n')
    (project / "ads/src").mkdir(parents=True)
    (project / "ads/firnline.toml").touch()
    for here in ("ads", "ads/src"):
        monkeypatch.chdir(project / here)
        assert main([*CHECK]) == 2
        assert "firnline.toml, which begins a project of its own" in capsys.readouterr().err
    (project / "ads/policies").mkdir()
    (project / "ads/policies/ads.yaml").write_text(GOOD.replace("7d", "7"))
    assert main([*CHECK]) == 1
    assert " ../policies/ads.yaml:" in capsys.readouterr().out


def test_settings_among_the_policies_begin_no_other_project(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    (project / ".git").mkdir()
    (project / "policies/firnline.toml").write_text('floor = "60d"\n')
    monkeypatch.chdir(project / "policies")
    assert main([*CHECK]) == 5
    assert "gate[FL403]" in capsys.readouterr().out


def test_a_repository_without_commits_says_so(project: Path, capsys: Captured) -> None:
    subprocess.run([*_GIT, "init", "-q"], check=True)
    assert main(["diff", "git:HEAD", "policies"]) == 2
    err = capsys.readouterr().err
    assert "this repository has no commit yet" in err
    assert "git fetch" not in err
    assert project.exists()


@pytest.mark.parametrize("content", [b"k: {a: b}\n" * 100_001, b"x" * (8 * 2**20 + 1)])
def test_a_policy_that_is_too_large_is_called_so_at_once(
    content: bytes, project: Path, capsys: Captured
) -> None:
    (project / "policies/huge.yaml").write_bytes(content)
    assert main([*CHECK]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert "it is too large for a policy: at most 8MiB and 100,000 lines are read" in told
    assert "1 error." in told
