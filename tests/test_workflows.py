"""The workflows of this repository, those that `init` writes and those of the docs give nobody more
than they need.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from firnline import __version__
from firnline.cli import main
from sandbox.paths import CHECKOUT
from tests.docs.pages import blocks
from tests.install import tools

FOLDER = CHECKOUT / ".github/workflows"
STARTER = CHECKOUT / "compiler/firnline/cli/starter_files/workflow.yml"
WORKFLOWS = (*sorted(FOLDER.glob("*.yml")), STARTER)
DOCUMENTED = {
    each.file: each.content
    for each in blocks("docs/review.md")
    if each.file and each.file.startswith(".github/")
}
REVIEW, POST = ".github/workflows/retention.yml", ".github/workflows/retention-comment.yml"
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in WORKFLOWS} | DOCUMENTED
YAML = {name: text for name, text in TEXTS.items() if name != STARTER.name}
_USES = re.compile(r"^ *- uses: (\S+)(.*)$", re.MULTILINE)


@pytest.mark.parametrize("name", TEXTS)
def test_every_action_is_pinned_by_digest_with_its_version_beside_it(name: str) -> None:
    uses = _USES.findall(TEXTS[name])
    assert uses
    for action, comment in uses:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)


@pytest.mark.parametrize("name", YAML)
def test_no_value_of_an_event_becomes_part_of_a_script(name: str) -> None:
    workflow = yaml.load(YAML[name], yaml.BaseLoader)
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert steps
    assert not [step["run"] for step in steps if "${{" in step.get("run", "")]


def test_the_workflow_that_posts_reviews_of_forks_runs_nothing_of_theirs() -> None:
    assert list(DOCUMENTED) == [REVIEW, POST]
    review, post = (yaml.load(DOCUMENTED[name], yaml.BaseLoader) for name in (REVIEW, POST))
    assert review["on"] == "pull_request"
    assert review["permissions"] == {"contents": "read"}
    assert post["on"] == {"workflow_run": {"workflows": [review["name"]], "types": ["completed"]}}
    assert post["permissions"] == {}
    (job,) = post["jobs"].values()
    assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
    used = [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step]
    assert used == ["actions/setup-python", "actions/download-artifact"]
    install = f"pip install firnline=={__version__}"
    assert _runs(job) == [install, 'firnline comment "$RUNNER_TEMP/review/review.md"']
    assert _runs(*review["jobs"].values())[0] == install


def test_what_the_first_workflow_leaves_is_what_the_second_one_posts() -> None:
    review, post = (yaml.load(DOCUMENTED[name], yaml.BaseLoader) for name in (REVIEW, POST))
    left = next(step for step in review["jobs"]["review"]["steps"] if "upload" in str(step))
    taken = next(step for step in post["jobs"]["comment"]["steps"] if "download" in str(step))
    assert left["with"] == {"name": taken["with"]["name"], "path": "review.md"}
    assert left["if"] == "!cancelled()"
    assert taken["id"] in post["jobs"]["comment"]["steps"][-1]["if"]
    assert taken["with"]["path"] == "${{ runner.temp }}/review"
    assert _runs(review["jobs"]["review"])[-1].endswith("--out markdown:review.md")


@pytest.mark.slow
def test_github_takes_the_workflows_of_the_docs(tmp_path: Path) -> None:
    words = [str(tools() / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows"]
    files = [str(_saved(name, text, tmp_path)) for name, text in YAML.items()]
    ran = subprocess.run([*words, *files], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.slow
def test_zizmor_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "data & more").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 0
    assert main(["-C", "data & more", "init"]) == 0
    written = tmp_path / ".github/workflows"
    for name, text in DOCUMENTED.items():
        _saved(name, text, tmp_path)
    ran = subprocess.run(
        [str(tools() / "zizmor"), "--offline", "--no-progress", str(FOLDER), str(written)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert "No findings to report" in ran.stdout
    assert ran.stdout.count("completed ") == len(WORKFLOWS) + 1 + len(DOCUMENTED)


def _runs(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def _saved(name: str, text: str, folder: Path) -> Path:
    path = folder / ".github/workflows" / Path(name).name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
