"""`firnline comment` against GitHub on loopback: the calls it makes, and what people then see."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from firnline.cli import main
from firnline.forge.marker import NO_CHANGE, Marker, Run, verdict_of
from tests.forge.fake_github import (
    ANOTHER,
    FORK,
    HEAD,
    OLD_HEAD,
    REPOSITORY,
    TOKEN,
    FakeGitHub,
    Reply,
    refusal,
    serving,
)

LISTED, POSTED = "comments after None", "POST issues/7/comments"
DELETES, KEEPS = verdict_of("deletes sooner"), verdict_of("keeps longer")
MENTIONED = ("@acme/ml",)
RUN = Run(500, 1)


def review(
    text: str = "Deletes 96 TiB.",
    verdict: str = DELETES,
    *,
    head: str = HEAD,
    run: Run | None = RUN,
    key: str = "data",
) -> str:
    """As it stands on the pull request."""
    return f"{Marker(key, verdict, head, run=run).line()}\n{text}"


@dataclass
class Caller:
    """Calls the command in a run of a workflow, as its event and environment say."""

    github: FakeGitHub
    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    said: str = ""
    printed: str = ""

    def event(self, content: Any) -> None:
        file = self.folder / "event.json"
        file.write_text(json.dumps(content))
        self.monkeypatch.setenv("GITHUB_EVENT_PATH", str(file))

    def of_pull_request(self, head: str = HEAD) -> None:
        repository = {"full_name": self.github.from_repository}
        where = {"sha": head, "ref": "shorter", "repo": repository}
        self.event({"pull_request": {"number": 7, "head": where}})

    def of_workflow_run(self, head: str = HEAD, *, id: int = RUN.id, **more: Any) -> None:
        run = {
            "id": id,
            "run_attempt": 1,
            "event": "pull_request",
            "head_sha": head,
            "head_branch": "shorter",
            "head_repository": {"full_name": self.github.from_repository},
            "pull_requests": [],
        }
        self.event({"workflow_run": {**run, **more}})

    def __call__(self, file: str, *options: str) -> int:
        path = self.folder / "review.md"
        path.write_text(file, encoding="utf-8", errors="surrogatepass")
        self.github.calls.clear()
        code = main(["comment", str(path), *options])
        self.printed, self.said = self.capsys.readouterr()
        assert TOKEN not in self.printed + self.said
        return code


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with serving(FakeGitHub()) as github:
        yield github


@pytest.fixture
def comment(
    github: FakeGitHub,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Caller:
    for name, value in (
        ("GITHUB_API_URL", github.address),
        ("GITHUB_GRAPHQL_URL", f"{github.address}/graphql"),
        ("GITHUB_REPOSITORY", REPOSITORY),
        ("GITHUB_TOKEN", TOKEN),
        ("GITHUB_RUN_ID", str(RUN.id)),
        ("GITHUB_RUN_ATTEMPT", str(RUN.attempt)),
    ):
        monkeypatch.setenv(name, value)
    for proxy in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    caller = Caller(github, tmp_path, monkeypatch, capsys)
    caller.of_pull_request()
    return caller


def test_the_first_review_is_posted(comment: Caller, github: FakeGitHub) -> None:
    assert comment(review(run=None)) == 0
    assert github.calls == ["GET pulls/7", LISTED, POSTED, LISTED]
    assert github.shown() == [review()]
    assert github.tokens == {f"Bearer {TOKEN}"}
    assert comment.printed == f"https://github.com/{REPOSITORY}/pull/7#issuecomment-1000\n"
    assert comment.said == "the review is posted on #7\n"


def test_one_of_the_same_verdict_is_updated_in_place(comment: Caller, github: FakeGitHub) -> None:
    github.add(review("Deletes 95 TiB.", head=OLD_HEAD))
    assert comment(review()) == 0
    assert github.calls == ["GET pulls/7", LISTED, "update IC_1000"]
    assert github.shown() == [review()]


def test_another_verdict_hides_the_old_one_and_posts_anew(
    comment: Caller, github: FakeGitHub
) -> None:
    github.add(review("Keeps all.", KEEPS, head=OLD_HEAD))
    assert comment(review()) == 0
    assert github.calls == ["GET pulls/7", LISTED, POSTED, LISTED, "hide IC_1000"]
    assert github.shown() == [review()]
    assert github.comments[0].hidden == "OUTDATED"


def test_the_same_review_again_changes_nothing(comment: Caller, github: FakeGitHub) -> None:
    github.add(review(head=OLD_HEAD).replace("\n", "\r\n") + "\r\n")
    assert comment(review()) == 0
    assert github.calls == ["GET pulls/7", LISTED]
    assert "stays as it is" in comment.said


def test_where_nothing_changes_any_more_the_old_one_shrinks(
    comment: Caller, github: FakeGitHub
) -> None:
    github.add(review())
    nothing = review("No object's retention changes.", NO_CHANGE)
    assert comment(nothing) == 0
    assert github.calls == ["GET pulls/7", LISTED, "update IC_1000"]
    assert github.shown() == [nothing]
    assert comment(nothing) == 0
    assert github.calls == ["GET pulls/7", LISTED]
    # What changes then is seen: it is no edit of the line.
    assert comment(review()) == 0
    assert github.shown() == [review()]
    assert len(github.comments) == 2


def test_where_nothing_changes_and_no_comment_is_there_none_is_posted(
    comment: Caller, github: FakeGitHub
) -> None:
    assert comment(review("No change.", NO_CHANGE)) == 0
    assert github.calls == ["GET pulls/7", LISTED]
    assert comment.printed == ""


def test_a_marker_of_another_author_or_in_other_lines_or_of_another_key_is_not_ours(
    comment: Caller, github: FakeGitHub
) -> None:
    others = [
        github.add(review("forged"), ANOTHER).body,
        github.add(f"quoted:\n{review('forged')}").body,
        github.add(review("another project", key="other")).body,
        github.add(review("hidden before"), hidden="outdated").body,
    ]
    assert comment(review()) == 0
    assert [each.body for each in github.comments] == [*others, review()]
    assert not any(call.startswith(("update", "hide")) for call in github.calls)


def test_one_that_a_person_hid_as_resolved_is_updated_where_it_is(
    comment: Caller, github: FakeGitHub
) -> None:
    github.add(review("before"), hidden="RESOLVED")
    assert comment(review("after")) == 0
    assert github.calls[-1] == "update IC_1000"


def test_it_is_found_behind_a_hundred_others(comment: Caller, github: FakeGitHub) -> None:
    for number in range(250):
        github.add(f"comment {number}", ANOTHER)
    github.add(review("before"))
    assert comment(review("after")) == 0
    assert github.calls == [
        "GET pulls/7",
        LISTED,
        "comments after 100",
        "comments after 200",
        "update IC_1250",
    ]


def test_of_several_the_newest_is_kept(comment: Caller, github: FakeGitHub) -> None:
    for text in ("one", "two", "three"):
        github.add(review(text))
    assert comment(review()) == 0
    assert github.calls[2:] == ["update IC_1002", "hide IC_1000", "hide IC_1001"]
    assert github.shown() == [review()]


@pytest.mark.parametrize(("id", "kept"), [(499, "ours"), (501, "theirs")])
def test_of_two_runs_that_post_at_once_the_later_one_keeps_its_comment(
    comment: Caller, github: FakeGitHub, id: int, kept: str
) -> None:
    theirs = review("theirs", run=Run(id, 1))
    github.meanwhile[POSTED] = lambda: (github.add(theirs), None)[1]
    assert comment(review("ours")) == 0
    assert github.shown() == [{"ours": review("ours"), "theirs": theirs}[kept]]


def test_an_earlier_run_of_the_same_commit_overwrites_nothing(
    comment: Caller, github: FakeGitHub
) -> None:
    later = review("of a newer base", KEEPS, run=Run(RUN.id + 1, 1))
    github.add(later)
    assert comment(review()) == 0
    assert github.shown() == [later]
    assert "a later run of the same commit" in comment.said


def test_a_run_of_an_earlier_commit_posts_nothing(comment: Caller, github: FakeGitHub) -> None:
    comment.of_pull_request(OLD_HEAD)
    assert comment(review(head=OLD_HEAD)) == 0
    assert github.calls == ["GET pulls/7"]
    assert comment.said == "not posted: #7 is at aaaaaaaaa, and what was reviewed is bbbbbbbbb\n"


def test_without_an_event_the_file_says_which_commit_it_is_about(
    comment: Caller, github: FakeGitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_EVENT_PATH")
    assert comment(review(), "--pull-request", "7") == 0
    assert github.shown() == [review(run=None)]
    assert comment(review(head=OLD_HEAD), "--pull-request", "7") == 0
    assert "not posted" in comment.said
    assert comment(review(head="none"), "--pull-request", "7") == 2
    assert comment(review()) == 2
    assert "--pull-request N" in comment.said


def test_a_dry_run_says_what_would_be_done(comment: Caller, github: FakeGitHub) -> None:
    github.add(review("Keeps all.", KEEPS))
    before = github.shown()
    assert comment(review(), "--dry-run") == 0
    assert github.calls == ["GET pulls/7", LISTED]
    assert github.shown() == before
    assert "would be posted on #7" in comment.said
    assert "issuecomment-1000 would be hidden as outdated" in comment.said


def test_a_key_of_its_own_keeps_two_reviews_apart(comment: Caller, github: FakeGitHub) -> None:
    assert comment(review(), "--key", "staging") == 0
    assert comment(review(), "--key", "prod -->") == 0
    keys = [body.split(" ")[3] for body in github.shown()]
    assert keys[0] == "key=staging"
    assert keys[1].startswith("key=prod-")
    assert len(github.shown()) == 2


class TestForks:
    """A second workflow posts what a run of the fork wrote."""

    @pytest.fixture(autouse=True)
    def fork(self, comment: Caller, github: FakeGitHub) -> None:
        github.from_repository = FORK
        comment.of_workflow_run()

    FOUND = (
        "GET pulls?state=open&head=mallory%3Ashorter&per_page=100&page=1",
        "GET pulls/7/files?per_page=100&page=1",
        "GET pulls/7",
    )

    def test_the_branch_of_the_run_leads_to_the_pull_request(
        self, comment: Caller, github: FakeGitHub
    ) -> None:
        assert comment(review(head="none")) == 0
        assert github.calls == [*self.FOUND, LISTED, POSTED, LISTED]
        assert github.shown() == [review()]

    def test_a_number_of_another_pull_request_is_refused(
        self, comment: Caller, github: FakeGitHub
    ) -> None:
        github.from_repository = "innocent/data"
        assert comment(review(), "--pull-request", "7") == 2
        assert github.calls == ["GET pulls/7"]
        assert "is from innocent/data, and what was reviewed from mallory/data" in comment.said

    def test_a_number_of_a_pull_request_at_another_commit_is_refused(
        self, comment: Caller, github: FakeGitHub
    ) -> None:
        github.head = OLD_HEAD
        assert comment(review(head=OLD_HEAD), "--pull-request", "7") == 0
        assert github.calls == ["GET pulls/7"]
        assert comment.said.startswith("not posted: ")

    @pytest.mark.parametrize("name", [".github/workflows/firnline.yml", ".github/actions/x/a.yml"])
    def test_a_workflow_of_its_own_could_write_anything(
        self, comment: Caller, github: FakeGitHub, name: str
    ) -> None:
        github.files = [*(f"policies/{number}.yaml" for number in range(150)), name]
        assert comment(review()) == 2
        assert github.calls[-1] == "GET pulls/7/files?per_page=100&page=2"
        assert f"changes {name}" in comment.said
        assert github.comments == []

    def test_more_files_than_are_listed_may_hide_a_workflow(
        self, comment: Caller, github: FakeGitHub
    ) -> None:
        github.files = [f"policies/{number}.yaml" for number in range(3000)]
        assert comment(review()) == 2
        assert github.comments == []

    def test_a_push_while_the_files_are_read_is_noticed(
        self, comment: Caller, github: FakeGitHub
    ) -> None:
        github.meanwhile[self.FOUND[1]] = lambda: setattr(github, "head", OLD_HEAD)
        assert comment(review()) == 0
        assert github.comments == []

    def test_its_file_mentions_nobody_whatever_it_lists(
        self, comment: Caller, github: FakeGitHub
    ) -> None:
        marker = Marker("data", DELETES, HEAD, MENTIONED)
        assert comment(f"{marker.line()}\nask @acme/ml\n") == 0
        assert github.shown()[0].endswith("ask @\u200bacme/ml")

    def test_a_run_that_was_for_no_pull_request_is_refused(self, comment: Caller) -> None:
        comment.of_workflow_run(event="push")
        assert comment(review()) == 2
        assert "for `push`, not for a pull request" in comment.said

    def test_a_pull_request_that_was_closed_meanwhile_gets_nothing(
        self, comment: Caller, github: FakeGitHub
    ) -> None:
        comment.of_workflow_run(head_repository={"full_name": "gone/data"})
        assert comment(review()) == 0
        assert github.comments == []


def test_owners_that_the_file_lists_are_mentioned_and_nobody_else(
    comment: Caller, github: FakeGitHub
) -> None:
    marker = Marker("data", DELETES, HEAD, MENTIONED)
    assert comment(f"{marker.line()}\n@acme/ml owns `runs/@mallory`, @everyone\n") == 0
    assert github.shown()[0].endswith("\n@acme/ml owns `runs/@mallory`, @\u200beveryone")


def test_a_key_that_looks_like_our_marker_blocks_no_review(
    comment: Caller, github: FakeGitHub
) -> None:
    row = f"| `{review().splitlines()[0]}` | deleted |"
    assert comment(review(row)) == 0
    assert github.shown() == [review(row)]


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("# a review\n", "its first line is no"),
        ("", "its first line is no"),
        (f"\n{review()}", "its first line is no"),
        (f"\ufeff{review()}", "its first line is no"),
        (review().replace("data", "da ta"), "its first line is no"),
        (review(f"text\n{review()}"), "line 3 begins another marker"),
        (review("text\n <!--  FIRNLINE:comment v2"), "line 3 begins another marker"),
        (review("x" * 65_500), "characters: GitHub takes 65,536, and the file should have 60,000"),
        (review("x" * 300_000), "it has more than"),
        (review("\ud800"), "it is not UTF-8"),
    ],
)
def test_what_is_no_review_of_ours_is_refused_before_anything_is_sent(
    comment: Caller, github: FakeGitHub, file: str, why: str
) -> None:
    assert comment(file) == 2
    assert why in comment.said
    assert not [call for call in github.calls if not call.startswith("GET")]


@pytest.mark.parametrize(
    ("call", "reply", "says"),
    [
        ("GET pulls/7", refusal(401, "Bad credentials"), "does not take the token"),
        (POSTED, refusal(403, "Resource not accessible by integration"), "a second workflow post"),
        (POSTED, refusal(403, "issue is locked"), "conversation is locked"),
        ("GET pulls/7", refusal(404, "Not Found"), "no such pull request of acme/data"),
        (POSTED, refusal(422, f"Validation Failed {TOKEN}"), "does not take the comment"),
        ("GET pulls/7", refusal(301, "Moved Permanently", Location="http://x/"), "has moved"),
        (
            "GET pulls/7",
            refusal(403, "API rate limit exceeded", X_RateLimit_Remaining="0", Retry_After="3000"),
            "takes no more requests for now",
        ),
    ],
)
def test_a_refusal_is_explained_at_once(
    comment: Caller, github: FakeGitHub, call: str, reply: Reply, says: str
) -> None:
    github.faults[call] = [reply]
    assert comment(review()) == 3
    assert says in comment.said
    assert github.calls.count(call) == 1
    assert github.comments == []


@pytest.mark.parametrize("status", [500, 502, 503, 429])
@pytest.mark.parametrize("call", ["GET pulls/7", LISTED, POSTED])
def test_a_passing_fault_is_waited_out(
    comment: Caller, github: FakeGitHub, call: str, status: int
) -> None:
    github.faults[call] = [refusal(status, "Server Error", Retry_After="1")] * 2
    assert comment(review()) == 0
    assert github.shown() == [review()]


@pytest.mark.parametrize("call", ["GET pulls/7", LISTED, POSTED, "update IC_1000"])
def test_a_lasting_fault_is_given_up(comment: Caller, github: FakeGitHub, call: str) -> None:
    if call.startswith("update"):
        github.add(review("before"))
    github.faults[call] = [refusal(502, "Bad Gateway") for _ in range(50)]
    assert comment(review()) == 3
    assert "answers 502 Bad Gateway" in comment.said
    assert github.calls.count(call) <= 12


def test_what_was_posted_though_the_answer_was_lost_is_not_posted_again(
    comment: Caller, github: FakeGitHub
) -> None:
    github.lost = [POSTED]
    assert comment(review()) == 0
    assert github.shown() == [review()]
    assert github.calls.count(POSTED) == 1


def test_a_refusal_of_graphql_is_one_too(comment: Caller, github: FakeGitHub) -> None:
    github.add(review("Keeps all.", KEEPS))
    problem = {"type": "FORBIDDEN", "message": "Resource not accessible by integration"}
    github.faults["hide IC_1000"] = [Reply(200, {"data": None, "errors": [problem]})]
    assert comment(review()) == 3
    assert "pull-requests: write" in comment.said
    # The new one is there, and the next run hides what is left.
    assert comment(review()) == 0
    assert github.shown() == [review()]


@pytest.mark.parametrize("content", [[], {}, {"data": None}, {"data": {"repository": None}}, "x"])
def test_an_answer_that_is_not_githubs_is_no_internal_error(
    comment: Caller, github: FakeGitHub, content: Any
) -> None:
    for call in ("GET pulls/7", LISTED):
        github.faults = {call: [Reply(200, content)]}
        assert comment(review()) == 3
        assert "something other than GitHub" in comment.said


def test_no_network_is_said(comment: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://127.0.0.1:1")
    assert comment(review()) == 3
    assert comment.said == "firnline: no answer from 127.0.0.1:1: Connection refused\n"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("GITHUB_TOKEN", "", 3),
        ("GITHUB_TOKEN", f"{TOKEN}\nX-Evil: 1", 3),
        ("GITHUB_REPOSITORY", "", 2),
        ("GITHUB_REPOSITORY", "acme/data/../../x", 2),
        ("GITHUB_API_URL", "http://api.example.com", 2),
        ("GITHUB_GRAPHQL_URL", "ftp://127.0.0.1/graphql", 2),
        ("GITHUB_EVENT_PATH", "/dev/null", 2),
    ],
)
def test_an_environment_that_cannot_be_right_is_refused_before_anything_is_sent(
    comment: Caller,
    github: FakeGitHub,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    value: str,
    code: int,
) -> None:
    monkeypatch.setenv(name, value)
    assert comment(review()) == code
    assert name in comment.said
    assert github.calls == []


@pytest.mark.parametrize("event", [[], {"pull_request": {}}, {"workflow_run": {"event": 1}}])
def test_an_event_that_is_not_githubs_is_refused(comment: Caller, event: Any) -> None:
    comment.event(event)
    assert comment(review()) == 2


def test_options_are_those_of_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    options: Sequence[str] = ("--forge", "--repository", "--pull-request", "--key", "--dry-run")
    with pytest.raises(SystemExit):
        main(["comment", "--help"])
    out = capsys.readouterr().out
    assert all(option in out for option in options)
