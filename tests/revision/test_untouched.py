"""Reading a revision touches nothing, and runs nothing that a repository may name."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from firnline.cli import main
from firnline.revision.base_commit import project_base
from firnline.revision.no_base import NoBaseCommit
from firnline.revision.read import files_at, read_revision
from tests.revision.conftest import AFTER, BEFORE, commit, git

Captured = pytest.CaptureFixture[str]


def state(folder: Path) -> dict[str, tuple[object, ...]]:
    """Every file and folder, with the moments at which folders changed: a lock file that came and
    went changes one too.
    """
    found: dict[str, tuple[object, ...]] = {}
    for each in sorted([folder, *folder.rglob("*")]):
        status = each.lstat()
        content = hashlib.sha256(each.read_bytes()).hexdigest() if each.is_file() else ""
        found[str(each)] = (status.st_mode, status.st_mtime_ns, content)
    return found


@pytest.fixture
def worked_in(clone: Path) -> Path:
    """With something staged, something stashed, something of neither, and an index whose times are
    old: `git status` would refresh it.
    """
    Path("stashed.txt").write_text("later\n")
    git("add", "stashed.txt")
    git("stash")
    Path("staged.txt").write_text("soon\n")
    git("add", "staged.txt")
    Path("policies/lab.yaml").write_text(AFTER.replace("18d", "8d"))
    os.utime("policies/lab.yaml", (1, 1))
    return clone


def every_use() -> None:
    assert main(["diff", "--fail-on", "never"]) == 0
    assert main(["diff", "git:HEAD~1", "--fail-on", "never"]) == 0
    assert (
        main(["diff", "git:HEAD~1:policies", "git:HEAD:policies/lab.yaml", "--fail-on", "never"])
        == 0
    )
    assert main(["diff", "git:nowhere"]) == 2
    assert files_at(git("rev-parse", "HEAD"), ["CODEOWNERS"]) == {}


def test_nothing_of_the_checkout_changes(worked_in: Path) -> None:
    before = state(worked_in)
    every_use()
    assert state(worked_in) == before


def test_a_linked_worktree_is_a_checkout_like_any(worked_in: Path, tmp_path: Path) -> None:
    git("worktree", "add", "-b", "linked", str(tmp_path / "linked"), "main")
    (tmp_path / "linked" / "policies" / "lab.yaml").write_text(AFTER)
    os.chdir(tmp_path / "linked")
    before = state(worked_in), state(tmp_path / "linked")
    assert main(["diff", "--fail-on", "deletes-sooner"]) == 7
    assert (state(worked_in), state(tmp_path / "linked")) == before


def test_a_worktree_of_a_bare_repository_is_read(
    upstream: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("clone", "--bare", str(upstream), str(tmp_path / "project" / ".bare"), at=tmp_path)
    bare = tmp_path / "project" / ".bare"
    git("worktree", "add", "-b", "shorter", str(tmp_path / "project" / "shorter"), at=bare)
    monkeypatch.chdir(tmp_path / "project" / "shorter")
    Path("policies/lab.yaml").write_text(AFTER)
    assert main(["diff", "--fail-on", "deletes-sooner"]) == 7


def program(path: Path, trace: Path) -> str:
    path.write_text(f"#!/bin/sh\necho {path.name} >> {trace}\ncat\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def hostile(clone: Path, tmp_path: Path) -> Path:  # noqa: ARG001  # it changes the folder
    """A repository whose configuration names a program wherever it can; returns what they write."""
    trace = tmp_path / "ran"
    ours = tmp_path / "programs"
    ours.mkdir()
    Path(".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    commit("attributes")
    for key in (
        "core.fsmonitor",
        "core.pager",
        "pager.ls-tree",
        "pager.cat-file",
        "pager.rev-parse",
        "core.editor",
        "core.sshCommand",
        "core.askPass",
        "core.gitProxy",
        "core.alternateRefsCommand",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "merge.evil.driver",
        "gpg.program",
        "credential.helper",
        "uploadpack.packObjectsHook",
        "sequence.editor",
    ):
        git("config", key, program(ours / key, trace))
    for name in ("ls-tree", "cat-file", "rev-parse", "merge-base", "for-each-ref", "config"):
        git("config", f"alias.{name}", f"!{program(ours / f'alias-{name}', trace)}")
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for name in ("post-index-change", "reference-transaction", "post-checkout", "pre-auto-gc"):
        program(hooks / name, trace)
    git("config", "core.hooksPath", str(hooks))
    trace.unlink(missing_ok=True)
    return trace


def test_no_program_of_the_configuration_runs(hostile: Path) -> None:
    every_use_of = {**os.environ, "PAGER": "false", "GIT_PAGER": "false"}
    os.utime("policies/lab.yaml", (0, 0))  # it would have to be read to tell that it is the same
    for words in (
        ["diff"],
        ["diff", "git:HEAD~1"],
        ["diff", "git:main:policies"],
        ["diff", "--out", "markdown"],
        ["check", "--base", "git:main"],
    ):
        ran = subprocess.run(
            [sys.executable, "-m", "firnline", *words, "--fail-on", "never"],
            env=every_use_of,
            capture_output=True,
        )
        assert ran.returncode == 0, ran.stderr
    assert not hostile.exists()


def test_these_programs_would_run_elsewhere(hostile: Path) -> None:
    git("status")
    assert "core.fsmonitor" in hostile.read_text()


def test_a_bare_repository_among_the_files_is_not_taken_for_one(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evil = clone / "policies" / "team"
    git("clone", "--bare", str(clone), str(evil))
    git("config", "core.fsmonitor", program(tmp_path / "evil", tmp_path / "ran"), at=evil)
    monkeypatch.chdir(evil)
    with pytest.raises(NoBaseCommit, match="bare repository"):
        project_base()
    assert not (tmp_path / "ran").exists()


@pytest.mark.usefixtures("clone")
@pytest.mark.parametrize(
    "revision",
    [
        "--upload-pack=touch ran",
        "--exec-path=.",
        "-c core.pager=x",
        "--output=ran",
        "--all",
        "-h",
        "--git-dir=/tmp",
    ],
)
def test_a_revision_is_never_an_option(revision: str) -> None:
    before = state(Path())
    with pytest.raises(NoBaseCommit, match="git has no commit"):
        read_revision(revision)
    assert state(Path()) == before


@pytest.mark.usefixtures("clone")
@pytest.mark.parametrize("path", [":(glob)**", ":(top,icase)POLICIES", ":/", "--full-tree", "*"])
def test_a_path_is_no_pattern_and_no_option(path: str) -> None:
    assert main(["diff", f"git:HEAD:{path}"]) == 2


@pytest.mark.parametrize(
    "name", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"]
)
@pytest.mark.usefixtures("clone")
def test_the_repository_is_that_of_the_folder_not_of_the_environment(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Git sets these for hooks, `GIT_DIR` as a relative path.
    wanted = project_base()
    for value in (".git", str(tmp_path / "elsewhere")):
        monkeypatch.setenv(name, value)
        assert main(["diff", "--fail-on", "deletes-sooner"]) == 7
        assert main(["-C", "policies", "diff", "--fail-on", "deletes-sooner"]) == 7
        os.chdir("..")
        assert project_base() == wanted


@pytest.mark.usefixtures("clone")
def test_a_replaced_object_is_read_as_it_was() -> None:
    blob = git("rev-parse", "main:policies/lab.yaml")
    other = git("rev-parse", "HEAD:policies/lab.yaml")
    git("replace", blob, other)
    assert list(read_revision("main").values()) == [BEFORE.encode()]


@pytest.mark.usefixtures("clone")
def test_the_processes_are_as_many_for_any_number_of_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, real = tmp_path / "calls", shutil.which("git")
    (tmp_path / "git").write_text(f'#!/bin/sh\necho "$@" >> {calls}\nexec {real} "$@"\n')
    (tmp_path / "git").chmod(0o755)
    counts = []
    for more in (1, 300):
        for number in range(more):
            text = BEFORE.replace("policy: example", f"policy: p{number}")
            Path(f"policies/p{number}.yaml").write_text(text.replace("lab-data", f"lab-{number}"))
        at = commit("more")
        names = [f"policies/p{number}.yaml" for number in range(300)]
        with monkeypatch.context() as patched:
            patched.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
            assert len(read_revision(at)) == more + 1
            assert len(files_at(at, names)) == more
            project_base()
        counts.append(len(calls.read_text().splitlines()))
        calls.unlink()
    assert counts[0] == counts[1] <= 10


@pytest.mark.usefixtures("clone")
def test_files_of_a_commit_are_bytes_from_the_top() -> None:
    Path(".github").mkdir()
    Path(".github/CODEOWNERS").write_bytes(b"* @lab\xff\r\n")
    Path("CODEOWNERS").symlink_to("/etc/passwd")
    Path("docs").mkdir()
    Path("docs/CODEOWNERS").mkdir()
    Path("docs/CODEOWNERS/x").touch()
    at = commit("owners")
    os.chdir("policies")
    names = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", "nowhere"]
    found = files_at(at, names)
    assert found.pop(".github/CODEOWNERS") == b"* @lab\xff\r\n"
    assert [*found] == ["CODEOWNERS"]
    assert not isinstance(found["CODEOWNERS"], bytes)
    assert files_at(at, []) == {}
