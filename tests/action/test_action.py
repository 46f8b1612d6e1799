"""The action for GitHub as a workflow runs it: in a checkout of a pull request, against GitHub on
loopback. Only what it installs is what is here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.action.pull_request import GIB, LISTING, POLICY, SHORTER, UPLOAD, PullRequest
from tests.action.runner import Ran
from tests.forge.fake_github import FORK, TOKEN, FakeGitHub, refusal, serving
from tests.workflow_commands import commands_in

OWNERS = "policies/ @acme/lab\n"
BEFORE = {"policies/lab.yaml": POLICY, "CODEOWNERS": OWNERS}
AFTER = {"policies/lab.yaml": SHORTER}
FACTS = "--inventory=listing.json"


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with serving(FakeGitHub()) as github:
        yield github


@pytest.fixture
def pull_request(tmp_path: Path, github: FakeGitHub) -> PullRequest:
    return PullRequest(tmp_path, github)


def exit_code(ran: Ran) -> int:
    """Of the last step, which is the one that fails."""
    assert [name for name, each in ran.outcomes.items() if each == "failure"] in ([], [last(ran)])
    return ran.codes[last(ran)]


def last(ran: Ran) -> str:
    return list(ran.outcomes)[-1]


def test_a_review_is_posted_summed_up_and_uploaded_and_open_gates_fail_the_job(
    pull_request: PullRequest, github: FakeGitHub
) -> None:
    pull_request.brings({**BEFORE, "listing.json": LISTING}, AFTER)
    ran = pull_request.run(facts=FACTS, diff_arguments="--months=1\n")
    assert exit_code(ran) == 5
    assert ran.outputs["deletes_bytes"] == str(200 * GIB)
    assert float(ran.outputs["monthly_delta"]) < 0
    assert ran.outputs["gates"] == "FL401,FL402,FL410"
    (comment,) = github.shown()
    first_line, _, text = comment.partition("\n")
    assert f"verdict={ran.outputs['digest']}" in first_line
    assert "Deletes 200GiB" in text
    assert "**@acme/lab**" in text
    summary = ran.summaries["diff"]
    assert summary.rstrip() == text.replace("@acme", "@\u200bacme")
    (sarif,) = pull_request.uploaded
    found = {each["ruleId"] for each in json.loads(sarif)["runs"][0]["results"]}
    assert found == {"FL401", "FL402", "FL410", "FL315"}  # the listing has nothing below `logs/`
    assert {each.properties["title"][:5] for each in commands_in(ran.log)} == found
    assert ran.used[UPLOAD]["category"] == "firnline/./"
    assert ran.used[UPLOAD]["checkout_path"] == str(pull_request.workspace)
    assert Path(ran.outputs["review"]).read_text().partition("\n")[2].rstrip() == text
    assert "open gates: FL401,FL402,FL410" in ran.logs[last(ran)]
    assert TOKEN not in ran.log


@pytest.mark.slow
@pytest.mark.parametrize("fail_on", ["error", "never"])
def test_gates_fail_nothing_where_the_workflow_says_so(
    pull_request: PullRequest, github: FakeGitHub, fail_on: str
) -> None:
    pull_request.brings(BEFORE, AFTER)
    ran = pull_request.run(fail_on=fail_on)
    assert exit_code(ran) == 0
    assert ran.outputs["gates"] == "FL401,FL402,FL410"
    assert (ran.outputs["deletes_bytes"], ran.outputs["monthly_delta"]) == ("", "")
    assert len(github.shown()) == 1


@pytest.mark.slow
def test_warnings_fail_where_the_workflow_says_so(pull_request: PullRequest) -> None:
    pull_request.brings({"policies/lab.yaml": POLICY, "CODEOWNERS": "policies/ @acme/x\n"}, {})
    ran = pull_request.run(fail_on="warning")
    assert "FL602" in ran.logs["check"]
    assert exit_code(ran) == 1


@pytest.mark.slow
def test_where_nothing_changes_nothing_is_posted(
    pull_request: PullRequest, github: FakeGitHub
) -> None:
    pull_request.brings(BEFORE, {"README": "x"})
    ran = pull_request.run()
    assert exit_code(ran) == 0
    names = ("deletes_bytes", "monthly_delta", "gates", "digest")
    assert [ran.outputs[name] for name in names] == ["0", "0.00", "", "none"]
    assert github.comments == []
    assert "No change" in ran.summaries["diff"]
    assert len(pull_request.uploaded) == 1


@pytest.mark.parametrize(("fail_on", "code"), [("gate", 1), ("never", 0)])
def test_policies_with_errors_are_told_where_they_are_and_not_compared(
    pull_request: PullRequest, github: FakeGitHub, fail_on: str, code: int
) -> None:
    pull_request.brings(BEFORE, {"policies/lab.yaml": POLICY.replace("180d", "-1d")})
    ran = pull_request.run(fail_on=fail_on)
    assert exit_code(ran) == code
    (annotation, *_) = commands_in(ran.log)
    assert annotation.name == "error"
    assert annotation.properties["file"] == "policies/lab.yaml"
    assert ran.outputs["digest"] == ran.outputs["review"] == ""
    assert "nothing was compared" in ran.summaries["diff"]
    assert github.comments == []
    (sarif,) = pull_request.uploaded
    assert len(json.loads(sarif)["runs"][0]["results"]) == 1


def test_of_a_fork_no_comment_is_posted_and_nothing_uploaded_and_that_fails_nothing(
    pull_request: PullRequest, github: FakeGitHub
) -> None:
    github.from_repository = FORK
    pull_request.brings(BEFORE, {"policies/lab.yaml": POLICY.replace("180d", "360d")})
    ran = pull_request.run()
    assert exit_code(ran) == 0
    assert github.calls == pull_request.uploaded == []
    (notice,) = commands_in(ran.logs["comment"])
    assert notice.name == "notice"
    assert "two workflows post it" in notice.data
    assert Path(ran.outputs["review"]).exists()
    assert "keeps longer" in ran.summaries["diff"]


@pytest.mark.slow
def test_a_fork_that_is_gone_is_one_too(pull_request: PullRequest, github: FakeGitHub) -> None:
    pull_request.brings(BEFORE, AFTER)
    github.from_repository = ""
    assert exit_code(pull_request.run()) == 5
    assert github.calls == pull_request.uploaded == []


@pytest.mark.slow
def test_a_push_posts_nothing_and_says_which_alerts_there_are(
    pull_request: PullRequest, github: FakeGitHub
) -> None:
    pull_request.event_name = "push"
    pull_request.brings(BEFORE, {})
    ran = pull_request.run()
    assert exit_code(ran) == 0
    assert github.calls == []
    assert len(pull_request.uploaded) == 1


@pytest.mark.slow
def test_a_shallow_clone_is_explained(pull_request: PullRequest, github: FakeGitHub) -> None:
    pull_request.brings(BEFORE, AFTER, depth=1)
    ran = pull_request.run()
    assert exit_code(ran) == 2
    assert "FL904" in ran.log
    assert "fetch-depth: 0" in ran.log
    assert github.comments == []


@pytest.mark.slow
def test_one_of_several_projects(pull_request: PullRequest, github: FakeGitHub) -> None:
    pull_request.brings(
        {"data & more/rules/lab.yaml": POLICY, "other/policies/lab.yaml": POLICY},
        {"data & more/rules/lab.yaml": SHORTER, "other/policies/lab.yaml": SHORTER},
    )
    ran = pull_request.run(working_directory="data & more", policies="rules", key="of the lab")
    assert exit_code(ran) == 5
    (comment,) = github.shown()
    assert "`data & more/rules`" in comment
    assert "key=of-the-lab-" in comment.partition("\n")[0]
    assert ran.used[UPLOAD]["category"] == "firnline/data & more/rules"
    assert "1 change" in ran.summaries["diff"]


def test_a_pull_request_does_not_choose_which_policies_are_asked(
    pull_request: PullRequest,
) -> None:
    settings = {"firnline.toml": 'policies = "others"\n', "others/lab.yaml": POLICY}
    pull_request.brings(BEFORE, {**AFTER, **settings})
    ran = pull_request.run(policies="policies")
    assert exit_code(ran) == 5
    assert ran.outputs["gates"] == "FL401,FL402,FL410"


@pytest.mark.slow
def test_a_line_is_an_argument_whatever_it_has(pull_request: PullRequest) -> None:
    name = "my $(touch pwned) list.json"
    pull_request.brings({**BEFORE, name: LISTING}, AFTER)
    ran = pull_request.run(
        facts=f"\n--inventory={name}\n",
        diff_arguments="\n\n--months=1\n\n--fail-on=never",
        check_arguments="--fail-on=never",
    )
    assert exit_code(ran) == 0
    assert ran.outputs["deletes_bytes"] == str(200 * GIB)
    assert not list(pull_request.workspace.rglob("pwned"))


@pytest.mark.slow
def test_the_comment_can_be_left_out(pull_request: PullRequest, github: FakeGitHub) -> None:
    pull_request.brings(BEFORE, AFTER)
    assert exit_code(pull_request.run(comment="false")) == 5
    assert (len(github.comments), len(pull_request.uploaded)) == (0, 1)


@pytest.mark.slow
def test_so_can_the_alerts(pull_request: PullRequest, github: FakeGitHub) -> None:
    pull_request.brings(BEFORE, AFTER)
    assert exit_code(pull_request.run(sarif="false")) == 5
    assert (len(github.comments), len(pull_request.uploaded)) == (1, 0)


def test_a_comment_that_is_refused_fails_the_job_behind_all_the_rest(
    pull_request: PullRequest, github: FakeGitHub
) -> None:
    pull_request.brings(BEFORE, AFTER)
    github.faults["POST issues/7/comments"] = [
        refusal(403, "Resource not accessible by integration")
    ]
    ran = pull_request.run(fail_on="never")
    assert exit_code(ran) == 3
    assert "pull-requests: write" in ran.logs["comment"]
    assert len(pull_request.uploaded) == 1


@pytest.mark.slow
def test_where_nothing_can_be_uploaded_the_job_says_what_is_open_all_the_same(
    pull_request: PullRequest, github: FakeGitHub
) -> None:
    pull_request.brings(BEFORE, AFTER)
    pull_request.uploads = False
    ran = pull_request.run()
    assert [each for each in ran.outcomes.values() if each == "failure"] == ["failure"] * 2
    assert ran.codes[last(ran)] == 5
    assert len(github.shown()) == 1


@pytest.mark.parametrize("extras", ["aws;touch pwned", "$(touch pwned)", "aws inventory", "aws]\n"])
def test_extras_are_names_and_nothing_else(pull_request: PullRequest, extras: str) -> None:
    pull_request.brings(BEFORE, AFTER)
    ran = pull_request.run(instead={}, extras=extras)
    assert ran.codes == {"install": 2}
    assert set(ran.outcomes.values()) == {"success", "failure", "skipped"}
    (error,) = commands_in(ran.log)
    assert error.name == "error"
