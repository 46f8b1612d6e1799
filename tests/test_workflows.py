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
STARTERS = tuple(
    CHECKOUT / "compiler/firnline/cli/starter_files" / name
    for name in ("workflow.yml", "comment-workflow.yml")
)
WORKFLOWS = (*sorted(FOLDER.glob("*.yml")), *STARTERS)
DOCUMENTED, DEPLOYING = (
    {
        each.file: each.content
        for each in blocks(page)
        if each.file and each.file.startswith(".github/")
    }
    for page in ("docs/review.md", "docs/rollout.md")
)
REVIEW, POST = ".github/workflows/retention.yml", ".github/workflows/retention-comment.yml"
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in WORKFLOWS}
TEXTS |= DOCUMENTED | DEPLOYING
YAML = {name: text for name, text in TEXTS.items() if name not in [path.name for path in STARTERS]}
_USES = re.compile(r"^ *- uses: (\S+)(.*)$", re.MULTILINE)


@pytest.mark.parametrize("name", TEXTS)
def test_every_action_is_pinned_by_digest_with_its_version_beside_it(name: str) -> None:
    uses = [each for each in _USES.findall(TEXTS[name]) if not each[0].startswith("./")]
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


def test_init_writes_the_two_workflows_of_the_docs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review, post = (yaml.load(text, yaml.BaseLoader) for text in _begun(tmp_path, monkeypatch))
    documented = yaml.load(DOCUMENTED[POST], yaml.BaseLoader)
    assert post["on"]["workflow_run"] == {"workflows": [review["name"]], "types": ["completed"]}
    (ours,), (theirs,) = post["jobs"].values(), documented["jobs"].values()
    at = next(nth for nth, step in enumerate(theirs["steps"]) if "pip" in step.get("run", ""))
    install = ours["steps"].pop(at)["run"]
    del theirs["steps"][at]
    assert (ours, post["permissions"]) == (theirs, documented["permissions"])
    # What reviews is named in the workflow itself: requirements.txt is of the pull request.
    assert install.startswith("pip install ")
    assert "-r" not in install
    assert _runs(review["jobs"]["check"])[0] == install
    left = next(step for step in review["jobs"]["check"]["steps"] if "upload" in str(step))
    taken = next(step for step in ours["steps"] if "download" in str(step))
    assert left["with"]["name"] == taken["with"]["name"]
    assert left["with"]["path"] == "${{ runner.temp }}/review.md"


@pytest.mark.slow
def test_github_takes_the_workflows_of_the_docs_and_of_init(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _begun(tmp_path, monkeypatch)
    words = [str(tools() / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows"]
    files = [str(_saved(name, text, tmp_path)) for name, text in YAML.items()]
    files += [str(path) for path in tmp_path.rglob("firnline*.yml")]
    assert len(files) == len(YAML) + 4
    ran = subprocess.run([*words, *files], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.slow
def test_zizmor_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _begun(tmp_path, monkeypatch)
    written = tmp_path / ".github/workflows"
    for name, text in {**DOCUMENTED, **DEPLOYING}.items():
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
    assert ran.stdout.count("completed ") == len(WORKFLOWS) + 2 + len(DOCUMENTED) + len(DEPLOYING)


def _begun(top: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two projects of a repository, and the workflows of the first."""
    (top / ".git").mkdir()
    (top / "data & more").mkdir()
    monkeypatch.chdir(top)
    assert main(["init"]) == 0
    assert main(["-C", "data & more", "init"]) == 0
    written = top / ".github/workflows"
    review, post = (written / f"firnline{end}" for end in (".yml", ".comment.yml"))
    return review.read_text(), post.read_text()


def _runs(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def _saved(name: str, text: str, folder: Path) -> Path:
    path = folder / ".github/workflows" / Path(name).name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
