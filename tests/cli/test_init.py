"""`firnline init`: what it asks, what it writes, and what it leaves as it is."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from firnline import __version__
from firnline.cli import main
from firnline.cli.installed import requirement_of
from firnline.cli.questions import namespace_of
from firnline.pipeline import compile_files
from firnline.s3.simulate.batch import Batch
from firnline.s3.simulate.stored import BucketState, LifecycleAction, StoredItem
from firnline.s3.terms import Versioning
from firnline.workspace import read_folder
from sandbox.paths import CHECKOUT
from sandbox.world.accounts import DEV
from sandbox.world.objects import versions_in

FILES = {
    ".firnline/approvals.schema.json",
    ".firnline/expectations.schema.json",
    ".firnline/fleet.schema.json",
    ".firnline/policy.schema.json",
    ".firnline/settings.schema.json",
    ".vscode/settings.json",
    ".github/workflows/firnline.comment.yml",
    ".github/workflows/firnline.yml",
    ".gitignore",
    ".pre-commit-config.yaml",
    "Pulumi.sandbox.yaml",
    "Pulumi.yaml",
    "__main__.py",
    "firnline.toml",
    "policies/approvals.yaml",
    "policies/fleet.yaml",
    "policies/starter.yaml",
    "requirements.txt",
}
NOW = datetime(2026, 11, 28, tzinfo=UTC)
CHECK = ("check", "--today", f"{NOW:%F}")
MINE = "# mine\n"
OWN = ("--bucket", "acme-logs", "--account", "ml-prod=012345670123")
_GIT = ("git", "-c", "user.name=tests", "-c", "user.email=tests@firnline.invalid")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "my-retention"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def files_in(folder: Path) -> set[str]:
    found = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(folder).as_posix() for path in found}


def ci_runs(folder: Path) -> list[str]:
    """The commands of ours in the workflow."""
    workflow = yaml.safe_load((folder / ".github/workflows/firnline.yml").read_text())
    steps = workflow["jobs"]["check"]["steps"]
    return [step["run"] for step in steps if step.get("run", "").startswith("firnline")]


def on_a_terminal(folder: Path, typed: str, *options: str) -> tuple[int, str]:
    """Exit code, and what stood on the terminal. After `typed` the terminal's input ends."""
    here, there = pty.openpty()
    os.write(here, f"{typed}\x04".encode())
    words = [sys.executable, "-m", "firnline", "init", *options]
    process = subprocess.Popen(words, cwd=folder, stdin=there, stdout=subprocess.PIPE, stderr=there)
    os.close(there)
    shown = b""
    try:
        while part := os.read(here, 4096):
            shown += part
    except OSError:  # Linux says EIO once nobody has the other end
        pass
    process.communicate(timeout=60)
    os.close(here)
    return process.returncode, shown.decode().replace("\r\n", "\n")


def test_off_a_terminal_nothing_is_asked_and_every_file_is_listed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init"]) == 0
    out, err = capsys.readouterr()
    assert files_in(folder) == set(out.splitlines()) == FILES
    assert "18 files written\n" in err
    assert "?" not in err
    assert "]: " not in err


def test_on_a_terminal_three_questions_are_asked(folder: Path) -> None:
    code, shown = on_a_terminal(folder, "acme-logs\n012345670123\nsearch team\n")
    assert code == 0
    assert shown.count("[Enter: ") == 2
    assert "Id of the account that owns acme-logs, 12 digits: " in shown
    compilation = compile_files(read_folder(folder / "policies"))
    (policy,), (bucket,) = compilation.folder.policies, compilation.buckets
    assert (policy.owner.value, bucket.bucket.key) == ("search team", "main/us-east-1/acme-logs")
    assert bucket.bucket.account_id == "012345670123"
    assert "firnline:world: aws" in (folder / "Pulumi.main.yaml").read_text()


def test_what_comes_next_has_the_approval_before_the_deployment(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", *OWN, "--owner", "search team"]) == 0
    said = capsys.readouterr().err
    approve = said.index("firnline approve --base live --by 'search team' --deletes-up-to SIZE")
    assert said.index("firnline resolve") < approve < said.index("pulumi up")
    assert folder.exists()


def test_an_owner_that_codeowners_takes_is_asked_for_approvals(folder: Path) -> None:
    code, _ = on_a_terminal(folder, "acme-logs\n012345670123\n@acme/data-owners\n")
    assert code == 0
    assert "/policies/approvals.yaml @acme/data-owners" in (folder / "CODEOWNERS").read_text()
    assert "owner: data-owners\n" in (folder / "policies/starter.yaml").read_text()
    assert "approvals =" not in (folder / "firnline.toml").read_text()


def test_whoever_only_presses_enter_practises_in_the_sandbox(folder: Path) -> None:
    code, shown = on_a_terminal(folder, "\n\n")
    assert (code, shown.count("[Enter: ")) == (0, 2)
    assert files_in(folder) == FILES
    assert "to practise on the sandbox's bucket and account" in shown


def test_the_first_policy_of_whoever_practises_does_something_to_the_objects_there(
    folder: Path,
) -> None:
    assert main(["init"]) == 0
    (bucket,) = compile_files(read_folder(folder / "policies")).buckets
    assert bucket.bucket.name == DEV.name
    versions = [each for each in versions_in(DEV, NOW) if not each.is_marker]
    items = [StoredItem(each.key, NOW - each.age, each.size) for each in versions]
    due = Batch(bucket.rules, BucketState(Versioning.ENABLED)).actions_due(items, NOW)
    assert sum(each.action is LifecycleAction.DELETE_MARKER for each in due) > 10


def test_the_first_policy_for_a_bucket_of_ones_own_is_about_tmp(folder: Path) -> None:
    assert main(["init", *OWN]) == 0
    (policy,) = compile_files(read_folder(folder / "policies")).folder.policies
    assert [each.value for each in policy.retentions[0].prefixes] == ["tmp/"]


def test_an_answer_that_cannot_be_is_asked_for_again(folder: Path) -> None:
    code, shown = on_a_terminal(folder, "My Bucket\nacme-logs\n\n0123\n012345670123\n\n")
    assert code == 0
    assert "'My Bucket' is no bucket name\n" in shown
    assert "'' is no account id of 12 digits\n" in shown
    assert "'0123' is no account id of 12 digits\n" in shown


@pytest.mark.parametrize("options", [("--yes",), (*OWN, "--owner", "search")])
def test_what_the_options_answer_is_not_asked(folder: Path, options: tuple[str, ...]) -> None:
    code, shown = on_a_terminal(folder, "", *options)
    assert (code, "[Enter: " in shown) == (0, False)


def test_beside_policies_nothing_is_asked(folder: Path) -> None:
    assert main(["init", *OWN]) == 0
    code, shown = on_a_terminal(folder, "")
    assert (code, "[Enter: " in shown) == (0, False)
    assert shown.endswith("nothing was written: there is no file to add\n")


def test_whoever_gives_no_answer_gets_no_files(folder: Path) -> None:
    code, shown = on_a_terminal(folder, "acme-logs\n")
    assert code == 2
    assert shown.endswith("firnline init: no answer; nothing was written\n")
    assert files_in(folder) == set()


@pytest.mark.parametrize(
    "options",
    [
        (),
        OWN,
        (*OWN, "--owner", "no"),
        (*OWN, "--owner", 'Jörg: "retention" # 1'),
        ("--bucket", "123456", "--account", "0123-4567-0123"),
        (*OWN, "--region", "eu-west-1", "--region", "us-east-1"),
        (*OWN, "--role", "arn:aws:iam::012345670123:role/retention"),
        (*OWN, "--owner", "@acme/data-owners"),
        (*OWN, "--code-owner", "@ada"),
        ("--code-owner", "ada@acme.example"),
    ],
    ids=str,
)
def test_what_is_written_passes_check_and_fmt(
    folder: Path, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", *options]) == 0
    capsys.readouterr()
    assert main([*CHECK, "--fail-on", "warning", "--out", "concise"]) == 0
    out, err = capsys.readouterr()
    if "--code-owner" in options or "@acme/data-owners" in options:
        assert (out, err) == ("", "nothing wrong in 1 policy, 1 retention, 1 bucket\n")
    else:
        assert [line.split()[2] for line in out.splitlines()] == ["FL418"]
    assert main(["fmt", "--check"]) == 0
    assert folder.exists()


@pytest.mark.parametrize("versioning", ["enabled", "suspended", "off"])
def test_the_policy_holds_whatever_versioning_the_bucket_turns_out_to_have(
    folder: Path, versioning: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init"])
    policy = folder / "policies/starter.yaml"
    policy.write_text(policy.read_text().replace("retain:", f"versioning: {versioning}\nretain:"))
    capsys.readouterr()
    assert main([*CHECK, "--out", "concise"]) == 0
    said = capsys.readouterr().out
    # Noncurrent versions of which there can be none: all that is to be said, and true.
    codes = [line.split()[2] for line in said.splitlines()]
    assert codes == ["FL418", *["FL311"] * (versioning == "off")]


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_file_that_is_there_is_left_as_it_is_and_named(
    path: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(MINE)
    assert main(["init"]) == 0
    out, err = capsys.readouterr()
    assert (folder / path).read_text() == MINE
    assert f"{path} is there already and left as it is\n" in err
    assert files_in(folder) == {path, *out.splitlines()}
    assert path not in out.splitlines()


def test_where_another_tool_has_its_files_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "policies/teams").mkdir(parents=True)
    (folder / "policies/teams/accounts.yml").write_text(MINE)
    assert main(["init"]) == 2
    assert files_in(folder) == {"policies/teams/accounts.yml"}
    err = capsys.readouterr().err
    assert "`policies/` already holds other YAML (policies/teams/accounts.yml)" in err
    assert "such as `--policies retention`" in err


def test_in_another_pulumi_project_no_program_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "Pulumi.yaml").write_text("name: mine\nruntime: python\n")
    assert main(["init"]) == 0
    assert files_in(folder) & {"__main__.py", "Pulumi.sandbox.yaml"} == set()
    err = capsys.readouterr().err
    assert "skipped: __main__.py, Pulumi.sandbox.yaml: Pulumi.yaml is of another program" in err


def test_a_file_of_the_starter_that_was_lost_is_written_again(folder: Path) -> None:
    main(["init"])
    (folder / "policies/starter.yaml").unlink()
    assert main(["init"]) == 0
    assert files_in(folder) == FILES


def test_where_all_is_there_nothing_is_written_and_that_is_no_mistake(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["init"])
    before = {path: (folder / path).stat() for path in FILES}
    capsys.readouterr()
    assert main(["init"]) == 0
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[-1]) == ("", "nothing was written: there is no file to add")
    assert {path: (folder / path).stat().st_mtime_ns for path in FILES} == {
        path: stat.st_mtime_ns for path, stat in before.items()
    }


def test_a_link_that_leads_nowhere_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "firnline.toml").symlink_to(tmp_path / "elsewhere")
    assert main(["init"]) == 0
    assert not (tmp_path / "elsewhere").exists()


def test_diff_shows_as_a_patch_what_would_be_written_and_writes_nothing(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--diff"]) == 0
    shown = capsys.readouterr()
    assert files_in(folder) == set()
    assert shown.err == "18 files would be written\n"
    patched = tmp_path / "patched" / "my-retention"
    patched.mkdir(parents=True)
    subprocess.run(["git", "apply"], cwd=patched, input=shown.out, text=True, check=True)
    main(["init"])
    assert files_in(patched) == FILES
    for path in FILES:
        assert (patched / path).read_text() == (folder / path).read_text()


def test_the_program_is_that_of_this_repository(folder: Path) -> None:
    main(["init"])
    ours = (CHECKOUT / "__main__.py").read_text()
    assert (folder / "__main__.py").read_text() == ours, "copy it to cli/starter_files/program.py"


def test_what_ci_is_told_to_run_passes(folder: Path) -> None:
    main(["init"])
    commands = [run.split() for run in ci_runs(folder)]
    check = "firnline check policies --base auto --out text --out github"
    assert commands[:2] == [["firnline", "fmt", "--check"], check.split()]
    for words in (["init", "-qb", "main"], ["add", "-A"], ["commit", "-qm", "begun"]):
        subprocess.run([*_GIT, *words], cwd=folder, check=True)
    assert [main(words[1:]) for words in commands[:2]] == [0, 0]


def test_ci_shows_what_a_pull_request_does_to_objects(folder: Path) -> None:
    main(["init"])
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "before"]):
        subprocess.run([*_GIT, *words], cwd=folder, check=True)
    subprocess.run(["git", "update-ref", "refs/remotes/origin/dev", "HEAD"], cwd=folder, check=True)
    policy = folder / "policies/starter.yaml"
    before = policy.read_text()
    policy.write_text(before.replace("delete_after: 30d", "delete_after: 20d"))
    assert policy.read_text() != before
    *_, command = ci_runs(folder)
    line = command.replace("firnline", f"{sys.executable} -m firnline", 1)
    environment = {**os.environ, "GITHUB_BASE_REF": "dev", "RUNNER_TEMP": str(folder.parent)}
    ran = subprocess.run(
        ["bash", "-c", line], env=environment, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, "FL418" in ran.stdout + ran.stderr) == (5, True)
    assert "deletes sooner by 10 days" in ran.stdout
    assert "10 days" in (folder.parent / "review.md").read_text()


def test_pre_commit_runs_the_hooks_and_they_pass(folder: Path) -> None:
    main(["init"])
    (folder / ".venv").symlink_to(sys.prefix)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**kept, "PRE_COMMIT_HOME": str(folder.parent / "pre-commit")}
    for words in (["init", "-q"], ["add", "-A", ":!.venv"]):
        subprocess.run([*_GIT, *words], cwd=folder, env=environment, check=True)
    words = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    ran = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert (ran.returncode, ran.stdout.count("Passed")) == (0, 2), ran.stdout + ran.stderr
    assert "deprecated" not in ran.stdout + ran.stderr


def test_a_closed_input_is_no_terminal(folder: Path) -> None:
    words = ["sh", "-c", f"exec {sys.executable} -m firnline init <&-"]
    ran = subprocess.run(words, cwd=folder, capture_output=True, check=False)
    assert (ran.returncode, files_in(folder)) == (0, FILES)


@pytest.mark.parametrize(
    "options",
    [
        ("--bucket", "acme-logs"),
        ("--account", "012345670123"),
        ("--bucket", "No_Bucket", "--account", "012345670123"),
        ("--bucket", "acme-logs", "--account", "12"),
        ("--bucket", "acme-logs", "--account", "Prod!=012345670123"),
        (*OWN, "--role", "retention"),
        (*OWN, "--region", "Ireland"),
        (*OWN, "--owner", " \n"),
        (*OWN, "--code-owner", "data-owners"),
        (*OWN, "--code-owner", "@acme/a b"),
    ],
    ids=str,
)
def test_wrong_use_exits_with_2_and_writes_nothing(folder: Path, options: tuple[str, ...]) -> None:
    try:
        code = main(["init", *options])
    except SystemExit as stopped:
        code = int(stopped.code or 0)
    assert code == 2
    assert files_in(folder) == set()


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        (None, f"firnline[pulumi]=={__version__}"),
        (
            {"url": "file:///opt/firnline", "dir_info": {}},
            "firnline[pulumi] @ file:///opt/firnline",
        ),
        (
            {
                "url": "https://git.example/firnline",
                "vcs_info": {"vcs": "git", "commit_id": "0d9a580"},
                "subdirectory": "tool",
            },
            "firnline[pulumi] @ git+https://git.example/firnline@0d9a580#subdirectory=tool",
        ),
    ],
)
def test_pip_is_sent_where_this_firnline_came_from(
    recorded: dict[str, object] | None, expected: str
) -> None:
    assert requirement_of(recorded) == expected


@pytest.mark.parametrize(
    ("name", "namespace"),
    [
        ("acme-ml", "acme-ml"),
        ("Acme Retention (new)", "acme-retention-new"),
        ("", "retention"),
        ("ÄÖ", "retention"),
        (f"{'x' * 39}-y", "x" * 39),
    ],
)
def test_the_namespace_is_the_folders_name(name: str, namespace: str) -> None:
    assert namespace_of(Path("/home/ada") / name if name else Path("/")) == namespace
