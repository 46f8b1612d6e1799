"""Which commit is a change compared with, where nobody names one?"""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from firnline.cli import main
from firnline.cli.schema import printed
from firnline.language.project import BadSettings, Project, with_settings
from firnline.revision.base_commit import project_base
from firnline.revision.no_base import NoBaseCommit
from firnline.rules.diff.base_commit import FoundBy
from tests.revision.conftest import AFTER, BEFORE, commit, git

Captured = pytest.CaptureFixture[str]


@pytest.mark.usefixtures("clone", "socket_disabled")
def test_a_branch_is_compared_with_the_commit_at_which_it_left(capsys: Captured) -> None:
    left = git("rev-parse", "origin/main")
    assert main(["diff", "--fail-on", "never"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    head, since = told.out.splitlines()[:2]
    assert head == "1 change on 1 bucket: 1 deletes sooner"
    assert since == f"since {left[:12]}, where this branch left origin/main (origin/HEAD)"


def test_what_others_merged_since_is_no_change_of_this_branch(
    clone: Path, upstream: Path, capsys: Captured
) -> None:
    more = BEFORE.replace("policy: example", "policy: more").replace("lab-data", "lab-more")
    (upstream / "policies" / "more.yaml").write_text(more)
    commit("of somebody else", at=upstream)
    git("fetch", "origin", at=clone)
    assert main(["diff", "--fail-on", "never"]) == 0
    assert capsys.readouterr().out.startswith("1 change on 1 bucket: 1 deletes sooner\n")


@pytest.mark.usefixtures("clone")
def test_what_is_not_committed_counts(capsys: Captured) -> None:
    Path("policies/lab.yaml").write_text(BEFORE)
    assert main(["diff", "--expect-no-changes"]) == 0
    Path("policies/lab.yaml").write_text(AFTER.replace("18d", "8d"))
    assert main(["diff", "--fail-on", "never"]) == 0
    assert "delete 8d" in capsys.readouterr().out


@pytest.mark.usefixtures("clone")
def test_on_the_default_branch_itself_only_that_counts(capsys: Captured) -> None:
    git("switch", "main")
    assert main(["diff", "--expect-no-changes"]) == 0
    told = capsys.readouterr()
    assert "only what is not committed can differ" in told.out
    assert "`firnline diff git:HEAD~1` compares with the commit before" in told.err
    Path("policies/lab.yaml").write_text(AFTER)
    assert main(["diff", "--fail-on", "never"]) == 0
    assert "1 deletes sooner" in capsys.readouterr().out


@pytest.mark.usefixtures("clone")
def test_a_detached_head_has_left_the_branch_too() -> None:
    git("switch", "--detach")
    assert project_base().commit == git("rev-parse", "main")


@pytest.mark.usefixtures("clone")
def test_each_source_comes_before_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    git("branch", "master", "main")
    for remote in ("origin/develop", "origin/release", "origin/master"):
        git("update-ref", f"refs/remotes/{remote}", "main")
    found = []
    monkeypatch.setenv("BITBUCKET_PR_DESTINATION_BRANCH", "release")
    Path("firnline.toml").write_text('[review]\nbase = "origin/develop"\n')
    git("switch", "-c", "with-settings", "main")
    commit("settings")
    git("update-ref", "refs/remotes/origin/release", "HEAD")
    found.append(project_base())
    Path("firnline.toml").unlink()
    found.append(project_base())
    monkeypatch.setenv("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "master")
    found.append(project_base())
    monkeypatch.setenv("GITHUB_BASE_REF", "develop")
    found.append(project_base())
    for name in (
        "BITBUCKET_PR_DESTINATION_BRANCH",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
        "GITHUB_BASE_REF",
    ):
        monkeypatch.setenv(name, "")  # as it is where no pull request is meant
    for reference in (None, "HEAD", "main", "master"):
        if reference:
            git("update-ref", "--no-deref", "-d", f"refs/remotes/origin/{reference}")
        found.append(project_base())
    git("branch", "-D", "main")
    found.append(project_base())
    assert [(each.branch, each.found_by, each.named_by) for each in found] == [
        ("origin/develop", FoundBy.SETTING, "`base` of firnline.toml"),
        ("origin/release", FoundBy.PULL_REQUEST, "BITBUCKET_PR_DESTINATION_BRANCH"),
        ("origin/master", FoundBy.PULL_REQUEST, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"),
        ("origin/develop", FoundBy.PULL_REQUEST, "GITHUB_BASE_REF"),
        ("origin/main", FoundBy.REMOTE_HEAD, "origin/HEAD"),
        ("origin/main", FoundBy.USUAL_NAME, "origin/main"),
        ("origin/master", FoundBy.USUAL_NAME, "origin/master"),
        ("main", FoundBy.USUAL_NAME, "main"),
        ("master", FoundBy.USUAL_NAME, "master"),
    ]


@pytest.mark.usefixtures("clone")
@pytest.mark.parametrize("base", ["shorter", "with-a-tag"])
def test_a_pull_request_does_not_choose_what_it_is_compared_with(
    base: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    git("tag", "-a", "-m", "mine", "with-a-tag", "HEAD")
    Path("firnline.toml").write_text(f'[review]\nbase = "{base}"\n')
    commit("compare me with myself")
    assert main(["diff", "--expect-no-changes"]) == 0  # at home everybody may
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    assert main(["diff", "--expect-no-changes"]) == 7
    assert "left origin/main (GITHUB_BASE_REF)" in capsys.readouterr().out


@pytest.mark.usefixtures("clone")
def test_a_tag_or_a_local_branch_cannot_stand_for_the_branch_of_the_remote() -> None:
    git("branch", "origin/main", "shorter")
    git("tag", "origin/main", "shorter")
    git("tag", "-f", "main", "shorter")
    wanted = git("rev-parse", "refs/remotes/origin/main")
    assert project_base().commit == wanted
    git("update-ref", "--no-deref", "-d", "refs/remotes/origin/HEAD")
    assert project_base().commit == wanted
    Path("firnline.toml").write_text('[review]\nbase = "origin/main"\n')
    assert project_base().commit == wanted


@pytest.mark.usefixtures("clone")
def test_the_base_may_be_a_tag_or_a_commit() -> None:
    first = git("rev-parse", "main~1")
    git("tag", "-a", "-m", "first", "v1", first)
    for base in ("v1", first, first[:9], "refs/tags/v1", "refs/remotes/origin/main"):
        Path("firnline.toml").write_text(f'[review]\nbase = "{base}"\n')
        wanted = git("rev-parse", "main") if base.endswith("main") else first
        assert project_base().commit == wanted


@pytest.mark.parametrize(
    "base",
    [
        *('"HEAD"', '"@"', '"main~1"', '"main^{tree}"', '"main..other"', '"main@{1}"', '":/fix"'),
        *('"--upload-pack=x"', '"a b"', '"a\\u0000b"', '"a\\nb"', '""', '"a*"', "7", '["main"]'),
    ],
)
def test_a_base_that_is_no_name_is_refused(base: str) -> None:
    with pytest.raises(BadSettings, match=r"`review\.base` must be the branch"):
        with_settings(Project(), f"[review]\nbase = {base}\n", "firnline.toml")


@pytest.mark.parametrize("text", ["review = 7", "[review]\nbase_branch = 7"])
def test_a_table_that_says_something_else_is_refused(text: str) -> None:
    with pytest.raises(BadSettings, match="review"):
        with_settings(Project(), text, "firnline.toml")


@pytest.mark.usefixtures("clone")
@pytest.mark.parametrize(
    "name", ["--upload-pack=touch x", "a..b", "main^{/x}", ":/x", "../../x", "a\nb", "HEAD~1"]
)
def test_a_target_that_is_no_name_of_a_branch_is_none(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_BASE_REF", name)
    with pytest.raises(NoBaseCommit, match="GITHUB_BASE_REF"):
        project_base()


@pytest.mark.usefixtures("clone")
def test_the_settings_may_stand_in_pyproject() -> None:
    Path("pyproject.toml").write_text('[tool.firnline.review]\nbase = "main"\n')
    assert project_base().named_by == "`base` of pyproject.toml"
    Path("policies/firnline.toml").touch()  # nearer to the policies, and not to this folder
    assert project_base().named_by == "`base` of pyproject.toml"


@pytest.mark.usefixtures("clone")
def test_another_folder_of_policies_is_compared_with_itself(capsys: Captured) -> None:
    git("switch", "main")
    Path("other").mkdir()
    Path("other/lab.yaml").write_text(BEFORE)
    commit("another")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    assert main(["diff", "--policies", "other", "--expect-no-changes"]) == 0
    Path("other/lab.yaml").write_text(AFTER)
    assert main(["diff", "--policies", "other", "--expect-no-changes"]) == 7
    assert "1 deletes sooner" in capsys.readouterr().out


@pytest.mark.usefixtures("clone")
def test_the_folder_of_the_project_is_compared_with_where_it_was(capsys: Captured) -> None:
    git("mv", "policies", "retention")
    Path("firnline.toml").write_text('policies = "retention"\n')
    assert main(["diff", "--policies", "retention"]) == 5
    assert "1 deletes sooner" in capsys.readouterr().out
    Path("firnline.toml").write_text('policies = "decoy"\n')
    assert main(["diff", "--policies", "retention"]) == 2  # it is another project's


def test_names_of_256_bits_are_names_of_commits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    git("init", "-b", "main", "--object-format=sha256")
    Path("policies").mkdir()
    Path("policies/lab.yaml").write_text(BEFORE)
    commit("begin")
    git("switch", "-c", "shorter")
    Path("policies/lab.yaml").write_text(AFTER)
    commit("180 days are too many")
    assert len(project_base().commit) == 64
    assert main(["diff", "--expect-no-changes", "--out", "json"]) == 7
    jsonschema.Draft7Validator(printed("diff")).validate(json.loads(capsys.readouterr().out))


@pytest.mark.usefixtures("clone")
def test_the_json_form_says_what_was_chosen(capsys: Captured) -> None:
    assert main(["diff", "--fail-on", "never", "--out", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    jsonschema.Draft7Validator(printed("diff")).validate(report)
    left = git("rev-parse", "main")
    assert (report["from"], report["to"]) == (f"git:{left}", "policies")
    assert report["base"]["commit"] == left
    assert report["base"]["found_by"] == "remote-head"
    assert main(["diff", report["from"], "--fail-on", "never", "--out", "json"]) == 0
    again = json.loads(capsys.readouterr().out)
    jsonschema.Draft7Validator(printed("diff")).validate(again)
    assert (again["base"], again["items"]) == (None, report["items"])
