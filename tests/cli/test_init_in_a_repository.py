"""`firnline init` in a repository that already has things; and all that it writes is used."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from firnline.cli import main
from firnline.cli.code_owner import SELF
from firnline.language.code_owners import owners_of

OWN = ("--bucket", "acme-logs", "--account", "ml-prod=012345670123")
MODELINE = re.compile(r"^# yaml-language-server: \$schema=(.+)$", re.MULTILINE)
Captured = pytest.CaptureFixture[str]
_ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
_ENVIRONMENT |= {
    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    **{f"GIT_{who}_NAME": "tests" for who in ("AUTHOR", "COMMITTER")},
    **{f"GIT_{who}_EMAIL": "tests@firnline.invalid" for who in ("AUTHOR", "COMMITTER")},
}


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    top = tmp_path / "monorepo"
    top.mkdir()
    run("git", "init", "-q", "-b", "main", within=top)
    monkeypatch.chdir(top)
    return top


def run(*words: str, within: Path, **environment: str) -> str:
    ran = subprocess.run(
        words,
        cwd=within,
        env={**_ENVIRONMENT, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


def commit(top: Path) -> None:
    run("git", "add", "-A", ":!*.venv", within=top)
    run("git", "commit", "-qm", "a step", within=top)


def init_in(folder: Path, *options: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    assert main(["-C", str(folder), "init", *OWN, *options]) == 0


def workflow_in(top: Path) -> Path:
    """The one that checks."""
    found = (top / ".github/workflows").iterdir()
    (workflow,) = (each for each in found if ".comment." not in each.name)
    return workflow


def steps_of(workflow: Path, top: Path) -> list[tuple[dict[str, Any], Path]]:
    """Those of ours, and where each is run."""
    said = yaml.safe_load(workflow.read_text())
    within = top / said.get("defaults", {}).get("run", {}).get("working-directory", "")
    steps = said["jobs"]["check"]["steps"]
    return [(step, within) for step in steps if step.get("run", "").startswith("firnline")]


PLACES = [
    ("", ()),
    ("", ("--policies", "retention")),
    ("infra/s3", ()),
    ("infra/s3", ("--policies", "config/retention")),
    ("data & more/s3 #1", ()),
]
_IN_EVERY_TEST_RUN = [("infra/s3", ("--policies", "config/retention")), ("data & more/s3 #1", ())]
# Each starts a dozen processes there.
STEP_BY_STEP = [
    pytest.param(*place, marks=() if place in _IN_EVERY_TEST_RUN else pytest.mark.slow)
    for place in PLACES
]


@pytest.mark.parametrize(("below", "options"), STEP_BY_STEP)
def test_ci_checks_and_shows_what_a_pull_request_does(
    below: str, options: tuple[str, ...], top: Path
) -> None:
    (top / "README.md").write_text("of others\n")
    commit(top)
    init_in(top / below, *options)
    commit(top)
    run("git", "update-ref", "refs/remotes/origin/main", "main", within=top)
    (policy,) = (top / below).rglob("starter.yaml")
    policy.write_text(policy.read_text().replace("delete_after: 30d ", "delete_after: 20d "))
    shown = ci_of_a_pull_request(top)
    assert list(shown) == ["fmt", "check", "diff"]
    assert [code for code, _ in shown.values()] == [0, 5, 5]
    assert "::error title=FL401 (gate)" in shown["check"][1]
    assert "1 change on 1 bucket: 1 deletes sooner" in shown["diff"][1]
    assert "deletes sooner" in (top.parent / "review.md").read_text()


def ci_of_a_pull_request(top: Path) -> dict[str, tuple[int, str]]:
    """What each command of ours says in it, and its exit code."""
    shown = {}
    for step, within in steps_of(workflow_in(top), top):
        environment = {"GITHUB_BASE_REF": "main", "RUNNER_TEMP": str(top.parent)}
        ran = subprocess.run(
            ["bash", "-ec", step["run"]],
            cwd=within,
            env={**_ENVIRONMENT, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        shown[step["run"].split()[1]] = (ran.returncode, ran.stdout)
    return shown


HOSTILE = {
    "no base any more": {"firnline.toml": ""},
    "a base of its own": {"firnline.toml": '[review]\nbase = "origin/mine"\n'},
    "another folder": {"firnline.toml": 'policies = "decoy"\n'},
    "nothing is a gate": {
        "firnline.toml": '[gates.levels]\nFL401 = {level = "off", why = "no"}\n'
        'FL402 = {level = "off", why = "no"}\nFL410 = {level = "off", why = "no"}\n'
    },
    "settings among the policies": {
        "policies/firnline.toml": '[gates.levels]\nFL401 = "warning"\nFL402 = "warning"\n'
    },
}
_IN_EVERY_TEST_RUN_TOO = ("another folder", "nothing is a gate")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(change, marks=() if change in _IN_EVERY_TEST_RUN_TOO else pytest.mark.slow)
        for change in HOSTILE
    ],
)
def test_a_pull_request_does_not_choose_what_it_is_judged_by(change: str, top: Path) -> None:
    project = top / "infra/s3"
    init_in(project, "--code-owner", "@acme/data-owners")
    settings = project / "firnline.toml"
    settings.write_text(settings.read_text().replace("# base =", "base ="))
    assert 'base = "origin/main"' in settings.read_text().splitlines()
    commit(top)
    shutil.copytree(project / "policies", project / "decoy")
    run("git", "update-ref", "refs/remotes/origin/main", "main", within=top)
    policy = project / "policies/starter.yaml"
    policy.write_text(policy.read_text().replace("delete_after: 30d ", "delete_after: 20d "))
    run("git", "update-ref", "refs/remotes/origin/mine", "main", within=top)
    for path, text in HOSTILE[change].items():
        (project / path).write_text(text)
    commit(top)
    run("git", "update-ref", "refs/remotes/origin/mine", "HEAD", within=top)
    shown = ci_of_a_pull_request(top)
    assert [code for code, _ in shown.values()] == [0, 5, 5], shown


@pytest.mark.parametrize("options", [(), ("--code-owner", "@acme/data-owners")])
def test_the_pull_request_that_brings_the_project_has_gates_and_no_errors(
    options: tuple[str, ...], top: Path
) -> None:
    (top / "README.md").write_text("of others\n")
    commit(top)
    run("git", "update-ref", "refs/remotes/origin/main", "main", within=top)
    run("git", "checkout", "-qb", "retention", within=top)
    init_in(top, *options)
    assert main(["check"]) == 0
    commit(top)
    assert [code for code, _ in ci_of_a_pull_request(top).values()] == [0, 5, 5]


def test_owners_are_added_to_a_codeowners_that_is_there_by_a_person(
    top: Path, capsys: Captured
) -> None:
    there = top / ".github/CODEOWNERS"
    there.parent.mkdir()
    there.write_text("*.tf @acme/infra\n")
    init_in(top / "data & more", "--code-owner", "@acme/data-owners")
    assert there.read_text() == "*.tf @acme/infra\n"
    assert not (top / "CODEOWNERS").exists()
    assert not (top / "data & more/policies/approvals.yaml").exists()
    assert main(["-C", str(top / "data & more"), "check"]) == 0
    added = advice(capsys.readouterr().err)["add to ../.github/CODEOWNERS"]
    there.write_text(there.read_text() + added + "\n")
    owned = ["data & more/policies/approvals.yaml", "data & more/firnline.toml"]
    owned += [each.relative_to(top).as_posix() for each in (top / ".github").rglob("*.*")]
    assert len(owned) == 4
    for path in (*owned, ".github/CODEOWNERS"):
        assert owners_of(there.read_text(), path) == ("@acme/data-owners",)
    init_in(top / "data & more")
    assert "add to ../.github" not in capsys.readouterr().err
    assert (top / "data & more/policies/approvals.yaml").exists()
    assert main(["-C", str(top / "data & more"), "check"]) == 0


def test_what_an_owner_of_everything_owns_already_is_not_asked_for(
    top: Path, capsys: Captured
) -> None:
    (top / "CODEOWNERS").write_text("* @acme/platform\n")
    init_in(top)
    assert "CODEOWNERS" not in capsys.readouterr().err
    assert SELF not in (top / "firnline.toml").read_text()
    assert main(["check", "--fail-on", "warning", "--today", "2026-11-28"]) == 0
    assert "nothing wrong" in capsys.readouterr().err


def test_settings_that_are_there_are_not_told_that_nobody_reviews(
    top: Path, capsys: Captured
) -> None:
    (top / "firnline.toml").write_text('floor = "7d"\n')
    init_in(top)
    assert not (top / "policies/approvals.yaml").exists()
    where = f"write CODEOWNERS, or `{SELF}` in [review] of firnline.toml"
    lines = advice(capsys.readouterr().err)[where].splitlines()
    assert lines[0] == "/policies/approvals.yaml @OWNER"
    assert main(["check"]) == 0


@pytest.mark.parametrize(("below", "options"), PLACES)
def test_ci_looks_only_at_changes_of_the_project(
    below: str, options: tuple[str, ...], top: Path
) -> None:
    init_in(top / below, *options)
    workflow = workflow_in(top)
    said = yaml.safe_load(workflow.read_text())[True]  # `on`, to YAML 1.1
    own = workflow.relative_to(top).as_posix()
    paths = {"paths": [f"{below}/**", own]} if below else {}
    assert said == {"push": {"branches": ["main"], **paths}, "pull_request": paths or None}


@pytest.mark.parametrize(("below", "options"), STEP_BY_STEP)
def test_pre_commit_runs_at_the_top(below: str, options: tuple[str, ...], top: Path) -> None:
    init_in(top / below, *options)
    (top / below / ".venv").symlink_to(sys.prefix)
    assert hooks_that_pass(top) == ["firnline fmt", "firnline check"]


def hooks_that_pass(top: Path) -> list[str]:
    run("git", "add", "-A", ":!*.venv", within=top)
    words = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    shown = run(*words, within=top, PRE_COMMIT_HOME=str(top.parent / "pre-commit"))
    return re.findall(r"^(.+?)\.+Passed$", shown, re.MULTILINE)


def test_a_second_project_has_its_own_workflow_and_says_what_to_add_to_shared_files(
    top: Path, capsys: Captured
) -> None:
    for name in ("search", "ads"):
        capsys.readouterr()
        init_in(top / name)
        (top / name / ".venv").symlink_to(sys.prefix)
    workflows = sorted(each.name for each in (top / ".github/workflows").iterdir())
    names = ("firnline-ads", "firnline-search")
    assert workflows == [f"{name}{end}" for name in names for end in (".comment.yml", ".yml")]
    for name in names:
        review, post = (
            yaml.load((top / ".github/workflows" / f"{name}{end}").read_text(), yaml.BaseLoader)
            for end in (".yml", ".comment.yml")
        )
        assert post["on"]["workflow_run"]["workflows"] == [review["name"]] == [name]
    to_add = advice(capsys.readouterr().err)
    config = top / ".pre-commit-config.yaml"
    hooks = to_add["add to ../.pre-commit-config.yaml"]
    config.write_text(f"{config.read_text()}{hooks}\n")
    assert hooks_that_pass(top) == ["firnline fmt", "firnline check"] * 2
    assert "./ads/.firnline/" in to_add["add to ../.vscode/settings.json"]
    assert "./ads/.firnline/" not in (top / ".vscode/settings.json").read_text()


def test_what_is_to_be_added_can_be_pasted(top: Path, capsys: Captured) -> None:
    (top / ".pre-commit-config.yaml").write_text("repos:\n")
    (top / ".vscode").mkdir()
    (top / ".vscode/settings.json").write_text('{\n  "editor.tabSize": 2\n}\n')
    (top / "ads").mkdir()
    (top / "ads/requirements.txt").write_text("pulumi\n")
    (top / "ads/.gitignore").write_text("*.log\n")
    before = {path: path.read_text() for path in top.rglob("*") if path.suffix and path.is_file()}
    init_in(top / "ads")
    assert {path: path.read_text() for path in before} == before
    to_add = advice(capsys.readouterr().err)
    assert to_add["add to .gitignore"].splitlines() == [".venv/", "__pycache__/"]
    assert to_add["add to requirements.txt"].startswith("firnline[pulumi]")
    (top / ".pre-commit-config.yaml").write_text(
        f"repos:\n{to_add['add to ../.pre-commit-config.yaml']}\n"
    )
    (top / "ads/.venv").symlink_to(sys.prefix)
    assert hooks_that_pass(top) == ["firnline fmt", "firnline check"]
    added = "{\n" + to_add["add to ../.vscode/settings.json"] + "\n}"
    assert list(json.loads(added)["yaml.schemas"]) == [
        "./ads/.firnline/policy.schema.json",
        "./ads/.firnline/fleet.schema.json",
        "./ads/.firnline/expectations.schema.json",
        "./ads/.firnline/approvals.schema.json",
    ]


def advice(said: str) -> dict[str, str]:
    """What stands below each line that ends in a colon, up to an empty line."""
    return dict(re.findall(r"^(\S[^\n]*):\n(.*?)\n\n", said, re.MULTILINE | re.DOTALL))


def test_what_was_added_is_not_asked_for_again(top: Path, capsys: Captured) -> None:
    init_in(top)
    capsys.readouterr()
    init_in(top)
    assert "add to" not in capsys.readouterr().err


def test_a_python_project_of_pulumi_is_told_what_to_add(top: Path, capsys: Captured) -> None:
    (top / "Pulumi.yaml").write_text("name: infra\nruntime:\n  name: python\n")
    (top / "__main__.py").write_text("import pulumi\n")
    init_in(top)
    said = capsys.readouterr().err
    assert (top / "__main__.py").read_text() == "import pulumi\n"
    assert not (top / "Pulumi.ml-prod.yaml").exists()
    program = advice(said)["add to the Python program of Pulumi.yaml"]
    assert program.splitlines()[-1] == 'deploy("policies")'
    compile(program, "__main__.py", "exec")
    assert advice(said)["tell its stack what it deploys"].splitlines() == [
        "pulumi config set firnline:world aws",
        "pulumi config set --path 'firnline:accounts[0]' ml-prod",
    ]
    assert "firnline compile" in said
    assert "pulumi stack init" not in said


def test_a_project_of_pulumi_in_another_language_gets_one_beside_it(
    top: Path, capsys: Captured
) -> None:
    (top / "Pulumi.yaml").write_text("name: infra\nruntime: nodejs\n")
    assert main(["init", *OWN]) == 2
    why, cure = capsys.readouterr().err.splitlines()
    assert "the program of Pulumi.yaml is not Python" in why
    assert "nothing was written" in why
    assert sorted(each.name for each in top.iterdir()) == [".git", "Pulumi.yaml"]
    make_folder, begin = cure.strip().split(" && ")
    run(*make_folder.split(), within=top)
    assert main([*begin.split()[1:], *OWN]) == 0
    assert (top / "retention/__main__.py").exists()


def test_policies_beside_a_program_in_another_language_are_checked_in_ci(top: Path) -> None:
    (top / "Pulumi.yaml").write_text("name: infra\nruntime: nodejs\n")
    (top / "policies").mkdir()
    (top / "policies/logs.yaml").write_text("firnline: policy/v1\npolicy: logs\n")
    assert main(["init", *OWN]) == 0
    assert (top / ".github/workflows/firnline.yml").exists()
    assert not (top / "__main__.py").exists()


def test_settings_in_pyproject_are_not_hidden_by_others(top: Path, capsys: Captured) -> None:
    settings = top / "pyproject.toml"
    settings.write_text('[tool.firnline]\nfloor = "45d"\n')
    init_in(top, "--policies", "retention")
    assert not (top / "firnline.toml").exists()
    added = advice(capsys.readouterr().err)["add to pyproject.toml, in [tool.firnline]"]
    settings.write_text(f"{settings.read_text()}{added}\n")
    assert main(["check"]) == 5
    assert "FL403" in capsys.readouterr().out  # the starter deletes after 30 days


@pytest.mark.parametrize("columns", ["60", "80"])
def test_what_is_there_to_be_copied_is_not_broken_on_a_narrow_terminal(
    columns: str, top: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    init_in(top)
    capsys.readouterr()
    monkeypatch.setenv("COLUMNS", columns)
    init_in(top / "services/of-the-search-team")
    off_a_terminal = advice(capsys.readouterr().err)
    shutil.rmtree(top / "services")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    init_in(top / "services/of-the-search-team")
    assert advice(capsys.readouterr().err) == off_a_terminal
    (hooks,) = (text for where, text in off_a_terminal.items() if "pre-commit" in where)
    assert max(map(len, hooks.splitlines())) > int(columns)


def test_beside_policies_of_another_tool_ours_go_elsewhere(top: Path, capsys: Captured) -> None:
    (top / "policies").mkdir()
    (top / "policies/require-labels.yaml").write_text("apiVersion: kyverno.io/v1\n")
    assert main(["init", *OWN]) == 2
    assert "take another folder, such as `--policies retention`" in capsys.readouterr().err
    init_in(top, "--policies", "retention")
    capsys.readouterr()
    assert main(["check"]) == 0
    assert main(["fmt", "--check"]) == 0
    assert 'deploy("retention")' in (top / "__main__.py").read_text()


def test_a_second_time_init_takes_the_folder_of_the_first(top: Path) -> None:
    init_in(top, "--policies", "retention")
    init_in(top, "--from", "backups")
    assert (top / "retention/backups.yaml").exists()
    assert not (top / "policies").exists()


def test_settings_that_are_there_are_told_which_folder_to_name(top: Path, capsys: Captured) -> None:
    settings = top / "firnline.toml"
    settings.write_text('floor = "3d"\n')
    init_in(top, "--policies", "retention")
    added = advice(capsys.readouterr().err)["add to firnline.toml, before any table"]
    settings.write_text(f"{added}\n{settings.read_text()}")
    assert main(["check"]) == 0
    capsys.readouterr()
    init_in(top)
    assert "firnline.toml," not in capsys.readouterr().err


def test_beside_policies_of_ours_no_starter_is_written(top: Path, capsys: Captured) -> None:
    (top / "policies").mkdir()
    (top / "policies/logs.yaml").write_text("firnline: policy/v1\npolicy: logs\n")
    init_in(top)
    said = capsys.readouterr().err
    assert "`policies/` already has policies (policies/logs.yaml)" in said
    assert "next:\n  write policies/fleet.yaml" in said


def test_policies_at_the_top_are_not_those_of_a_project_below(top: Path) -> None:
    init_in(top)
    init_in(top / "ads")
    assert (top / "ads/policies/starter.yaml").exists()


@pytest.mark.parametrize("folder", ["..", "/tmp/policies", "a/../../b", ".", "", "a b"])
def test_the_folder_of_the_policies_is_one_of_the_project(folder: str, top: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["init", "--policies", folder])
    assert stopped.value.code == 2
    assert [each.name for each in top.iterdir()] == [".git"]


def test_from_below_the_patch_is_one_for_the_top(top: Path, capsys: Captured) -> None:
    (top / "ads").mkdir()
    assert main(["-C", str(top / "ads"), "init", "--diff", *OWN]) == 0
    patch = capsys.readouterr().out
    os.chdir(top)
    subprocess.run(["git", "apply"], cwd=top, input=patch, text=True, check=True)
    assert (top / "ads/policies/starter.yaml").exists()
    assert (top / ".github/workflows/firnline-ads.yml").exists()


@pytest.mark.parametrize(("below", "options"), PLACES)
def test_the_modeline_of_a_file_leads_to_a_schema_that_it_fits(
    below: str, options: tuple[str, ...], top: Path
) -> None:
    init_in(top / below, *options)
    found = list((top / below).rglob("*/starter.yaml")) + list((top / below).rglob("*/fleet.yaml"))
    assert len(found) == 2
    for file in found:
        text = file.read_text()
        (leads,) = MODELINE.findall(text)
        schema = json.loads((file.parent / leads).read_text())
        jsonschema.validate(yaml.load(text, yaml.BaseLoader), schema)
    assert "ml-prod" in (top / below / ".firnline/policy.schema.json").read_text()


def test_the_first_line_of_the_settings_leads_to_a_schema_that_they_fit(top: Path) -> None:
    init_in(top / "ads", "--policies", "retention")
    text = (top / "ads/firnline.toml").read_text()
    leads = text.splitlines()[0].removeprefix("#:schema ")
    schema = json.loads((top / "ads" / leads).read_text())
    jsonschema.validate(tomllib.loads(text), schema)


@pytest.mark.parametrize(("below", "options"), PLACES)
def test_the_settings_of_vs_code_lead_there_from_the_top(
    below: str, options: tuple[str, ...], top: Path
) -> None:
    init_in(top / below, *options)
    (fleet,) = top.glob("**/fleet.yaml")
    fleet.with_name("expectations.yaml").touch()
    said = json.loads((top / ".vscode/settings.json").read_text())["yaml.schemas"]
    for schema, (files, *_) in said.items():
        assert (top / schema).is_file()
        assert list(top.glob(files))
