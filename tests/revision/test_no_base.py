"""FL904: each situation in which a commit is not here, and whether the named cure is one."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from firnline.cli import main
from firnline.revision.base_commit import project_base
from firnline.revision.no_base import NoBaseCommit
from firnline.revision.read import read_revision
from tests.revision.conftest import AFTER, commit, git

Captured = pytest.CaptureFixture[str]


def refused(*words: str) -> tuple[str, str]:
    """The message and the cure of the one FL904 with which `firnline diff` ends."""
    with pytest.raises(NoBaseCommit) as why:
        project_base() if not words else read_revision(*words)
    return why.value.diagnostic.message, why.value.diagnostic.help


def run_cure(cure: str) -> None:
    """The first command in backticks that is git's."""
    (command,) = re.findall(r"`(git [^`]*)`", cure)[:1]
    subprocess.run(shlex.split(command), check=True, capture_output=True)


@pytest.fixture
def change(upstream: Path) -> Path:
    """A branch `shorter` upstream, two commits from `main`, which has gone on."""
    git("switch", "-c", "shorter", at=upstream)
    (upstream / "policies" / "lab.yaml").write_text(AFTER)
    commit("180 days are too many", at=upstream)
    commit("words", at=upstream)
    git("switch", "main", at=upstream)
    commit("of somebody else", at=upstream)
    return upstream


def shallow(upstream: Path, into: Path, branch: str, *options: str) -> None:
    git("init", "-b", "work", str(into), at=upstream)
    git("remote", "add", "origin", upstream.as_uri(), at=into)
    git("fetch", "--depth=1", *options, "origin", branch, at=into)
    git("checkout", "--detach", "FETCH_HEAD", at=into)


def test_a_shallow_clone_of_one_commit(
    change: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    # As actions/checkout does it.
    shallow(change, tmp_path / "one", "+refs/heads/shorter:refs/remotes/pull/7/merge")
    monkeypatch.chdir(tmp_path / "one")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert main(["diff"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "error[FL904]: the commit to compare with is not here\n --> git:origin/main" in told.err
    assert "the clone is shallow" in told.err
    assert "= help: check out with `fetch-depth: 0`" in told.err
    monkeypatch.delenv("GITHUB_ACTIONS")
    run_cure(refused()[1])
    assert main(["diff", "--fail-on", "never"]) == 0
    assert "1 deletes sooner" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("system", "says"),
    [
        ("GITLAB_CI", 'set `GIT_DEPTH: "0"` in the variables of the job, and run `git fetch'),
        ("BITBUCKET_BUILD_NUMBER", "write `clone: {depth: full}` into bitbucket-pipelines.yml"),
        ("TF_BUILD", "check out with `fetchDepth: 0`"),
    ],
)
def test_each_ci_system_has_its_own_cure(
    system: str, says: str, change: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shallow(change, tmp_path / "one", "shorter")
    monkeypatch.chdir(tmp_path / "one")
    monkeypatch.setenv("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")
    monkeypatch.setenv(system, "1")
    assert says in refused()[1]


def test_a_shallow_clone_that_has_the_branch_but_not_where_it_was_left(
    change: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("clone", "--depth=1", "--no-single-branch", change.as_uri(), str(tmp_path / "shallow"))
    monkeypatch.chdir(tmp_path / "shallow")
    git("checkout", "shorter")
    message, cure = refused()
    assert message.startswith("where HEAD left origin/main is not in this clone, which is shallow")
    run_cure(cure)
    assert project_base().commit == git("merge-base", "shorter", "main")


def test_a_shallow_clone_in_which_an_older_commit_is_the_newest_in_common(
    upstream: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The branch left `main` at its tip but one, and merged another that had left it before.
    older = git("rev-parse", "HEAD", at=upstream)
    newer = commit("newer", at=upstream)
    commit("newest", at=upstream)
    git("switch", "-c", "other", older, at=upstream)
    commit("of the other", at=upstream)
    git("switch", "-c", "long", newer, at=upstream)
    for number in range(5):
        commit(str(number), at=upstream)
    git("merge", "--no-ff", "-m", "both", "other", at=upstream)
    git("switch", "main", at=upstream)
    folder = tmp_path / "shallow"
    words = ("clone", "--depth=4", "--no-single-branch", "--branch=long", upstream.as_uri())
    git(*words, str(folder), at=tmp_path)
    monkeypatch.chdir(folder)
    assert git("merge-base", "HEAD", "origin/main") == older
    message, cure = refused()
    assert "is not in this clone, which is shallow" in message
    run_cure(cure)
    assert project_base().commit == newer


def test_a_shallow_clone_that_goes_back_to_where_the_branch_was_left(
    change: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shallow"
    words = ("clone", "--depth=3", "--no-single-branch", "--branch=shorter", change.as_uri())
    git(*words, str(folder), at=tmp_path)
    monkeypatch.chdir(folder)
    assert project_base().commit == git("merge-base", "shorter", "main", at=change)


def test_a_merge_with_the_tip_of_the_branch_needs_no_history(
    change: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As `fetch-depth: 2` on a pull request of GitHub.
    git("switch", "-c", "merged", "main", at=change)
    git("merge", "--no-ff", "-m", "merge", "shorter", at=change)
    git("switch", "main", at=change)
    folder = tmp_path / "shallow"
    words = ("clone", "--depth=2", "--no-single-branch", "--branch=merged", change.as_uri())
    git(*words, str(folder), at=tmp_path)
    monkeypatch.chdir(folder)
    assert project_base().commit == git("rev-parse", "main", at=change)


def test_a_shallow_clone_without_any_branch_to_merge_into(
    change: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shallow(change, tmp_path / "one", "shorter")
    monkeypatch.chdir(tmp_path / "one")
    message, cure = refused()
    assert message.startswith("nothing says which branch changes are merged into")
    assert "main" in message
    run_cure(cure)
    assert project_base().branch == "origin/main"


@pytest.mark.parametrize("depth", [(), ("--depth=1",)])
def test_a_clone_of_a_single_branch(
    depth: tuple[str, ...], change: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("clone", *depth, "--single-branch", "--branch", "shorter", change.as_uri())
    git(*words, str(tmp_path / "single"), at=tmp_path)
    monkeypatch.chdir(tmp_path / "single")
    monkeypatch.setenv("BITBUCKET_PR_DESTINATION_BRANCH", "main")
    message, cure = refused()
    assert "`origin/main`" in message
    run_cure(cure)
    assert project_base().branch == "origin/main"


@pytest.mark.usefixtures("clone")
def test_a_branch_whose_name_a_shell_would_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_BASE_REF", "a;touch${IFS}x|`id`&&main")
    _, cure = refused()
    assert cure == (
        "run `git fetch origin '+refs/heads/a;touch${IFS}x|`id`&&main:"
        "refs/remotes/origin/a;touch${IFS}x|`id`&&main'`"
    )


def test_a_revision_is_looked_for_in_a_shallow_clone(
    change: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shallow(change, tmp_path / "one", "shorter")
    monkeypatch.chdir(tmp_path / "one")
    message, cure = refused("HEAD~1")
    assert "`HEAD~1` here: the clone is shallow" in message
    run_cure(cure)
    read_revision("HEAD~1")


@pytest.mark.usefixtures("clone")
@pytest.mark.parametrize(
    ("revision", "message", "cure"),
    [
        ("origin/mian", "git has no commit `origin/mian` here", "did you mean `origin/main`?"),
        ("shorted", "git has no commit `shorted` here", "did you mean `shorter`?"),
        (
            "origin/release-7",
            "git has no commit `origin/release-7` here",
            "run `git fetch origin +refs/heads/release-7:refs/remotes/origin/release-7`",
        ),
        ("a\x1b[2J", "git has no commit `a\\x1b[2J` here", "run `git fetch origin`, or name one"),
        ("a\0b", "git has no commit `a\\x00b` here", "run `git fetch origin`, or name one"),
        ("\udcff", "git has no commit `\\udcff` here", "run `git fetch origin`, or name one"),
        ("HEAD:policies", "git has no commit `HEAD:policies` here", "run `git fetch origin`, or"),
    ],
)
def test_a_revision_that_is_not_here(revision: str, message: str, cure: str) -> None:
    found = refused(revision)
    assert found[0] == message
    assert found[1].startswith(cure)


@pytest.mark.usefixtures("clone")
@pytest.mark.parametrize("command", ["diff", "forecast"])
def test_every_command_says_it_alike(command: str, capsys: Captured) -> None:
    ingest = ["--ingest", "logs/=1GiB/month"] if command == "forecast" else []
    assert main([command, "git:nowhere", "policies", *ingest]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "error[FL904]: the commit to compare with is not here\n --> git:nowhere" in told.err


@pytest.mark.usefixtures("clone")
def test_unrelated_histories() -> None:
    git("checkout", "--orphan", "other")
    commit("begin anew")
    message, cure = refused()
    assert message == "HEAD and origin/main have no commit in common"
    assert cure == "name the commit to compare with: `firnline diff git:origin/main`"
    assert main(["diff", "git:origin/main", "--fail-on", "never"]) == 0


def test_no_commit_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git("init", "-b", "main", at=tmp_path)
    monkeypatch.chdir(tmp_path)
    assert refused()[0] == "this repository has no commit yet"
    assert refused("main")[0] == "this repository has no commit yet"


@pytest.mark.usefixtures("clone")
def test_no_commit_of_this_branch_yet() -> None:
    git("checkout", "--orphan", "other")
    assert refused()[0] == "this branch has no commit yet"


@pytest.mark.usefixtures("clone")
def test_no_branch_of_a_usual_name() -> None:
    git("remote", "remove", "origin")
    git("branch", "-m", "main", "trunk")
    message, cure = refused()
    assert message.endswith("there is no origin/HEAD, origin/main, origin/master, main, master")
    assert '`base = "origin/…"` in the table `[review]`' in cure
    Path("firnline.toml").write_text('[review]\nbase = "trunk"\n')
    assert project_base().branch == "trunk"


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["diff"]) == 2
    assert "this folder is in no git repository" in capsys.readouterr().err


@pytest.mark.usefixtures("clone")
def test_no_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused()[0] == "there is no `git` on this machine"


@pytest.mark.usefixtures("clone")
def test_a_repository_of_another_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    message, cure = refused()
    assert message == "the repository belongs to another user, and so git does not read it"
    settings = tmp_path / "gitconfig"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    run_cure(cure)
    assert project_base().branch == "origin/main"


def test_a_bare_repository_is_read_only_where_it_is_named(
    upstream: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bare.git"
    git("clone", "--bare", str(upstream), str(bare))
    monkeypatch.chdir(bare)
    message, cure = refused("main", "policies")
    assert "in a bare repository" in message
    assert cure == "set `GIT_DIR` to its folder"
    monkeypatch.setenv("GIT_DIR", str(bare))
    assert len(read_revision("main", "policies")) == 1


def test_a_partial_clone_fetches_nothing(
    change: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("config", "uploadpack.allowFilter", "true", at=change)
    folder = tmp_path / "partial"
    words = ("clone", "--filter=blob:none", "--branch", "shorter", change.as_uri(), str(folder))
    git(*words, at=tmp_path)
    monkeypatch.chdir(folder)
    base = project_base()
    assert base.branch == "origin/main"
    # What a partial clone runs to fetch: a program of the configuration.
    git("config", "remote.origin.uploadpack", f"touch {tmp_path}/ran; git-upload-pack")
    before = sorted(os.listdir(".git/objects/pack"))
    message, cure = refused(base.commit)
    assert message.startswith("this clone is partial")
    assert not (tmp_path / "ran").exists()
    assert sorted(os.listdir(".git/objects/pack")) == before
    git("config", "--unset", "remote.origin.uploadpack")
    run_cure(cure)
    assert main(["diff", "--expect-no-changes"]) == 7


@pytest.mark.usefixtures("clone")
def test_an_object_that_is_missing_is_told() -> None:
    blob = git("rev-parse", "main:policies/lab.yaml")
    Path(f".git/objects/{blob[:2]}/{blob[2:]}").unlink()
    message, cure = refused("main")
    assert message.startswith("git cannot read it")
    assert "git fsck" in cure
