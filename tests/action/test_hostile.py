"""Whatever a pull request calls its branch, itself, its files and its objects: none of it is run,
none of it becomes an output, and none of it is a command of the log.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.action.pull_request import GIB, LISTED, OF_100_DAYS, POLICY, SHORTER, PullRequest
from tests.action.runner import Ran
from tests.forge.fake_github import FakeGitHub, serving
from tests.hostile.judges import OUTPUTS, require_inert_markdown
from tests.workflow_commands import commands_in

FIGURES = ("deletes_bytes", "monthly_delta", "gates", "digest")
SHELL = "$(touch pwned)`touch pwned`;touch pwned"
LINES = "x\ndeletes_bytes=0\ngates=\n::set-output name=gates::\n::error::forged\n##[error]forged"
BRANCH = "$(touch${IFS}pwned);touch${IFS}pwned;gates="


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with serving(FakeGitHub()) as github:
        yield github


@pytest.fixture
def pull_request(tmp_path: Path, github: FakeGitHub) -> PullRequest:
    return PullRequest(tmp_path, github)


def require_honest(ran: Ran, pull_request: PullRequest) -> None:
    if told := "".join(
        f"{name}={ran.outputs[name]}\n" for name in FIGURES if ran.outputs["digest"]
    ):
        assert OUTPUTS.fullmatch(told)
    assert not list(pull_request.folder.rglob("pwned*"))
    commands = commands_in(ran.log)
    assert {each.name for each in commands} <= {"error", "warning", "notice"}
    assert {each.properties.get("title", "").split(" ")[0][:2] for each in commands} <= {"FL"}
    for summary in filter(None, ran.summaries.values()):
        require_inert_markdown(summary, markers=0)
    for comment in pull_request.github.shown():
        require_inert_markdown(comment)


@pytest.mark.slow
@pytest.mark.parametrize("text", [SHELL, LINES, f"'\"{SHELL}\"'", "@everyone <!-- firnline:"])
def test_what_policies_and_keys_say(pull_request: PullRequest, text: str) -> None:
    logs = "{prefix: logs/, "
    hostile = POLICY.replace(logs, f"{{prefix: {json.dumps(text)}, ")
    pull_request.title = text
    key = {"Key": f"checkpoints/{text}", "Size": GIB, "LastModified": OF_100_DAYS}
    listing = {"Contents": [*LISTED, key]}
    before = {"policies/lab.yaml": POLICY, "listing.json": json.dumps(listing)}
    pull_request.brings(before, {"policies/lab.yaml": hostile.replace("180d", "18d")})
    ran = pull_request.run(facts="--inventory=listing.json")
    require_honest(ran, pull_request)
    if ran.outputs["digest"]:
        assert "FL401" in ran.outputs["gates"]
        assert int(ran.outputs["deletes_bytes"]) >= 201 * GIB


@pytest.mark.slow
@pytest.mark.parametrize("text", [SHELL, LINES, "--fix"])
def test_what_a_file_of_policies_is_called(pull_request: PullRequest, text: str) -> None:
    wrong = POLICY.replace("180d", "-1d")
    after = {"policies/lab.yaml": SHORTER, f"policies/{text}.yaml": wrong}
    pull_request.brings({"policies/lab.yaml": POLICY}, after)
    ran = pull_request.run()
    require_honest(ran, pull_request)
    assert [ran.outputs[name] for name in FIGURES] == [""] * 4
    assert "failure" in ran.outcomes.values()


def test_what_a_branch_is_called(pull_request: PullRequest, github: FakeGitHub) -> None:
    pull_request.branch, pull_request.title = BRANCH, LINES
    pull_request.brings({"policies/lab.yaml": POLICY}, {"policies/lab.yaml": SHORTER})
    ran = pull_request.run()
    require_honest(ran, pull_request)
    assert ran.outputs["gates"] == "FL401,FL402,FL410"
    assert len(github.shown()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("text", [SHELL, LINES])
def test_what_a_workflow_hands_over_from_an_event(pull_request: PullRequest, text: str) -> None:
    pull_request.brings({"policies/lab.yaml": POLICY}, {"policies/lab.yaml": SHORTER})
    ran = pull_request.run(key=text, check_arguments=f"--select={text}", facts=text)
    require_honest(ran, pull_request)
    assert "failure" in ran.outcomes.values()


@pytest.mark.parametrize("name", ["working-directory", "policies", "fail-on"])
def test_nor_is_a_place_run(pull_request: PullRequest, name: str) -> None:
    pull_request.brings({"policies/lab.yaml": POLICY}, {"policies/lab.yaml": SHORTER})
    ran = pull_request.run(instead=None, **{name.replace("-", "_"): LINES + SHELL})
    require_honest(ran, pull_request)
    assert "failure" in ran.outcomes.values()


def test_no_module_of_the_checkout_stands_in_for_one_of_pythons(pull_request: PullRequest) -> None:
    modules = dict.fromkeys(("venv.py", "pip.py", "json.py"), "open('pwned', 'w')\n")
    pull_request.brings({"policies/lab.yaml": POLICY}, {"policies/lab.yaml": SHORTER, **modules})
    ran = pull_request.run()
    require_honest(ran, pull_request)
    assert ran.outputs["gates"] == "FL401,FL402,FL410"
