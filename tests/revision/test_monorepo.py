"""Several projects in one repository: each is compared with what it was itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from firnline.cli import main
from tests.revision.conftest import BEFORE, commit, git

Captured = pytest.CaptureFixture[str]
NEVER = ("--fail-on", "never")


@pytest.fixture
def projects(clone: Path) -> Path:
    """`teams/a`, `teams/b` and `ml` (whose folder of policies has a name of its own); `main` has
    them, and this branch changes `teams/a`.
    """
    git("switch", "-C", "main", "origin/main")
    git("rm", "-r", "-q", "policies")
    for number, (folder, settings, policies) in enumerate(
        (("teams/a", "", "policies"), ("teams/b", None, "policies"), ("ml", "retention", ""))
    ):
        within = Path(folder, policies or settings or "policies")
        within.mkdir(parents=True)
        text = BEFORE.replace("lab-data", f"lab-{number}")
        (within / "lab.yaml").write_text(text)
        if settings is not None:
            stated = f'policies = "{settings}"\n' if settings else ""
            Path(folder, "firnline.toml").write_text(stated)
    commit("projects")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    git("switch", "-c", "shorter-a")
    changed = Path("teams/a/policies/lab.yaml")
    changed.write_text(changed.read_text().replace("180d", "18d"))
    commit("180 days are too many")
    return clone


@pytest.mark.usefixtures("projects")
@pytest.mark.parametrize(
    ("folder", "says"),
    [
        ("teams/a", "1 change on 1 bucket: 1 deletes sooner"),
        ("teams/a/policies", "1 change on 1 bucket: 1 deletes sooner"),
        ("teams/b", "no change: what happens to objects stays the same on 1 bucket"),
        ("ml", "no change: what happens to objects stays the same on 1 bucket"),
        ("ml/retention", "no change: what happens to objects stays the same on 1 bucket"),
    ],
)
def test_each_project_is_compared_with_itself(folder: str, says: str, capsys: Captured) -> None:
    assert main(["-C", folder, "diff", *NEVER]) == 0
    told = capsys.readouterr()
    assert (told.err, told.out.splitlines()[0]) == ("", says)


@pytest.mark.usefixtures("projects")
@pytest.mark.parametrize("command", ["diff", "check"])
def test_from_the_top_the_projects_are_named(command: str, capsys: Captured) -> None:
    assert main([command]) == 2
    said = capsys.readouterr().err
    assert "3 projects are below: `-C ml`, `-C teams/a`, `-C teams/b`; run `firnline init`" in said


@pytest.mark.usefixtures("projects")
def test_names_of_projects_are_shown_so_that_they_can_be_copied(capsys: Captured) -> None:
    os.rename("teams", "the teams\x1b[2J")
    assert main(["check"]) == 2
    said = capsys.readouterr().err
    assert "`-C ml`, `-C 'the teams\\x1b[2J/a'`" in said


@pytest.mark.usefixtures("projects")
def test_what_only_looks_like_a_project_is_not_named(capsys: Captured) -> None:
    for folder in ("node_modules/x", "charts"):
        Path(folder, "policies").mkdir(parents=True)
    Path("node_modules/x/firnline.toml").touch()
    Path("charts/policies/network.yaml").write_text("apiVersion: v1\nkind: NetworkPolicy\n")
    Path("charts/pyproject.toml").write_text("[tool.ruff]\n")
    os.mkfifo("charts/policies/pipe.yaml")
    assert main(["check"]) == 2
    assert "3 projects are below" in capsys.readouterr().err


@pytest.mark.usefixtures("projects")
def test_a_project_that_was_moved_is_new_in_its_new_place(capsys: Captured) -> None:
    Path("teams/a").rename("teams/c")
    assert main(["-C", "teams/c", "diff", *NEVER]) == 0
    told = capsys.readouterr()
    assert "no policies there in policies/, so all that they do is new" in told.err
    assert "new scope" in told.out


@pytest.mark.usefixtures("projects")
def test_a_project_whose_policies_are_gone_has_lost_what_they_did(capsys: Captured) -> None:
    Path("teams/b/policies/lab.yaml").unlink()
    Path("teams/b/policies").rmdir()
    Path("teams/b/firnline.toml").touch()
    assert main(["-C", "teams/b", "diff", "--expect-no-changes"]) == 7
    told = capsys.readouterr()
    assert "no policies here any more, so all that they did is lost" in told.err
    assert "lost scope" in told.out


@pytest.mark.usefixtures("projects")
def test_other_policies_named_by_the_change_are_no_way_around_a_comparison(
    capsys: Captured,
) -> None:
    # An example with short lives was there before, and the change makes it the project's.
    git("switch", "main")
    Path("ml/example").mkdir()
    example = Path("ml/retention/lab.yaml").read_text().replace("180d", "18d")
    Path("ml/example/lab.yaml").write_text(example)
    commit("an example")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    Path("ml/firnline.toml").write_text('policies = "example"\n')
    assert main(["-C", "ml", "diff", "--expect-no-changes"]) == 7
    assert "1 deletes sooner" in capsys.readouterr().out
