"""The action, its reusable workflow and the docs of both: is what they say true, and safe?"""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.paths import CHECKOUT
from tests.action.pull_request import POLICY, SETUP_PYTHON
from tests.action.runner import Runner
from tests.docs.pages import blocks, text_of
from tests.docs.running import cloned
from tests.install import tools

PAGE = "docs/github-action.md"
ACTION = yaml.load((CHECKOUT / "action.yml").read_text(), yaml.BaseLoader)
WORKFLOW = yaml.load((CHECKOUT / ".github/workflows/review.yml").read_text(), yaml.BaseLoader)
DOCUMENTED = {each.file: each.content for each in blocks(PAGE) if each.file}
PINNED = f"acme/firnline@{'0' * 40} # v0.1.0"
REVIEW_WORKFLOW = f"acme/firnline/.github/workflows/review.yml@{'0' * 40} # v0.1.0"


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ACTION["runs"]["steps"]
    return found


def test_no_expression_becomes_part_of_a_script() -> None:
    scripts = [step["run"] for step in steps() if "run" in step]
    assert len(scripts) == 5
    assert not [script for script in scripts if "${{" in script]


def test_scripts_read_what_their_steps_hand_them_and_what_the_runner_says() -> None:
    of_the_runner = {
        "GITHUB_ACTION_PATH",
        "GITHUB_OUTPUT",
        "GITHUB_STEP_SUMMARY",
        "GITHUB_TOKEN",
        "RUNNER_TEMP",
    }
    for step in steps():
        read = set(re.findall(r"\$\{?([A-Z][A-Z_]+)", step.get("run", "")))
        assert read - of_the_runner <= step.get("env", {}).keys()
        assert step.get("env", {}).keys() - {"GITHUB_TOKEN"} <= read


def test_actions_of_others_are_pinned_by_digest_with_their_version_beside_them() -> None:
    text = (CHECKOUT / "action.yml").read_text()
    used = re.findall(r"^ *(?:- )?uses: (.*)$", text, re.MULTILINE)
    assert len(used) == 2
    for each in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each)


def test_the_page_names_every_input_and_output_and_each_default() -> None:
    named = re.findall(r"^\| `([\w-]+)` \| (.*?) \|", text_of(PAGE), re.MULTILINE)
    rows = dict(reversed(named))  # the first of a name
    assert ACTION["inputs"].keys() | ACTION["outputs"].keys() <= rows.keys()
    for name, each in ACTION["inputs"].items():
        assert each["description"]
        if "default" in each and "{" not in each["default"]:
            assert rows[name] == f"`{each['default']}`"


def test_the_workflow_hands_over_every_input_as_the_action_takes_it() -> None:
    taken = WORKFLOW["on"]["workflow_call"]["inputs"]
    assert taken.keys() == ACTION["inputs"].keys() - {"github-token"}
    for name, each in taken.items():
        assert each["default"] == ACTION["inputs"][name].get("default", "")
    job = WORKFLOW["jobs"]["review"]
    (called,) = (step for step in job["steps"] if step["uses"] == "./firnline")
    given = {name: f"${{{{ inputs.{name} }}}}" for name in taken}
    given["working-directory"] = f"repository/{given['working-directory']}"
    assert called["with"] == given
    (own,) = (step for step in job["steps"] if step.get("with", {}).get("path") == "firnline")
    assert own["with"]["repository"] == "${{ job.workflow_repository }}"
    assert own["with"]["ref"] == "${{ job.workflow_sha }}"


def test_the_workflow_tells_what_the_action_tells() -> None:
    told = WORKFLOW["on"]["workflow_call"]["outputs"]
    assert told.keys() == ACTION["outputs"].keys() - {"review", "sarif"}
    job = WORKFLOW["jobs"]["review"]
    for name, each in told.items():
        assert each["value"] == f"${{{{ jobs.review.outputs.{name} }}}}"
        assert job["outputs"][name] == f"${{{{ steps.firnline.outputs.{name} }}}}"


def test_what_is_left_for_the_second_workflow_is_what_that_one_posts() -> None:
    (taken,) = re.findall(r"\{name: ([\w-]+), path: review.md\}", text_of("docs/review.md"))
    of_forks = DOCUMENTED[".github/workflows/retention-of-forks.yml"]
    for text in (of_forks, (CHECKOUT / ".github/workflows/review.yml").read_text()):
        (left,) = re.findall(r"\{name: ([\w-]+), path: \"(.*?)\"\}", text)
        assert left == (taken, "${{ steps.firnline.outputs.review }}")
    assert "review.md" in steps()[3]["run"]


@pytest.mark.parametrize("file", DOCUMENTED)
def test_the_page_uses_inputs_that_there_are(file: str) -> None:
    workflow = yaml.load(DOCUMENTED[file], yaml.BaseLoader)
    jobs = workflow["jobs"].values()
    used = [each for job in jobs for each in (job, *job.get("steps", ()))]
    ours = [each for each in used if each.get("uses", "").startswith("OWNER/firnline")]
    assert len(ours) == 1
    assert ours[0].get("with", {}).keys() <= ACTION["inputs"].keys()


@pytest.mark.slow
def test_github_takes_the_action_and_the_workflows(tmp_path: Path) -> None:
    checked("github-actions", [CHECKOUT / "action.yml"])
    checked("github-workflows", [CHECKOUT / ".github/workflows/review.yml", *saved(tmp_path)])


@pytest.mark.slow
def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    files = [CHECKOUT / "action.yml", CHECKOUT / ".github/workflows/review.yml", *saved(tmp_path)]
    words = [str(tools() / "zizmor"), "--offline", "--no-progress", *map(str, files)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert ran.stderr.count("completed ") == len(files) == 5


@pytest.mark.slow
def test_what_is_installed_are_the_sources_beside_the_action(tmp_path: Path) -> None:
    """Without the network: what builds the package and what it needs are those of the tests."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "temp").mkdir()
    (tmp_path / "workspace/policies").mkdir(parents=True)
    (tmp_path / "workspace/policies/lab.yaml").write_text(POLICY)
    (tmp_path / "workspace/venv.py").write_text("open('pwned', 'w')")
    here = sysconfig.get_path("purelib")
    with cloned(tmp_path / "sources"):
        runner = Runner(
            action=tmp_path / "sources/action.yml",
            workspace=tmp_path / "workspace",
            temp=tmp_path / "temp",
            github={"event": {}, "event_name": "push", "repository": "acme/data", "token": "x"},
            environment={
                "PATH": "/usr/bin:/bin",
                "PYTHONPATH": here,
                "PIP_NO_INDEX": "1",
                "PIP_NO_DEPS": "1",
                # To pip, this is no.
                "PIP_NO_BUILD_ISOLATION": "0",
            },
            stands_for={SETUP_PYTHON: lambda _: {"python-path": sys.executable}},
        )
        ran = runner.run(sarif="false", check_arguments="--base=none")
    assert ran.outcomes["install"] == "success", ran.log
    assert ran.logs["check"].startswith("nothing wrong in 1 policy")
    assert not (tmp_path / "workspace/pwned").exists()
    (program,) = (tmp_path / "temp").glob("firnline/bin/firnline")
    assert str(tmp_path) in program.read_text()


def checked(schema: str, files: list[Path]) -> None:
    words = [str(tools() / "check-jsonschema"), "--builtin-schema", f"vendor.{schema}"]
    ran = subprocess.run([*words, *files], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def saved(folder: Path) -> list[Path]:
    """The workflows of the page, as if it were known where the action is published."""
    paths = []
    for file, text in DOCUMENTED.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        text = text.replace("OWNER/firnline@SHA", PINNED)
        text = text.replace("OWNER/firnline/.github/workflows/review.yml@SHA", REVIEW_WORKFLOW)
        assert "OWNER" not in text
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths
