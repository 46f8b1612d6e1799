"""Which pull request was reviewed, and is it still at that commit?

A `workflow_run` has a token that may write, and a number in its files may be of any pull request,
since a fork wrote it. What it may write on is the pull request whose branch and head are those of
the run that it follows, as GitHub says.
"""

from __future__ import annotations

from typing import Final

from firnline.diagnostics.visible import visible
from firnline.forge.actions import Reviewed
from firnline.forge.github import MOST_FILES, GitHub, PullRequest
from firnline.forge.marker import NO_COMMIT

_WRITES_REVIEWS: Final = ".github/"


class NotThatOne(Exception):
    """The text says why nothing may be posted."""


class MovedOn(Exception):
    """The pull request has another head by now: the run for that one posts."""


def pull_request_of(
    github: GitHub, reviewed: Reviewed | None, number: int | None, head: str
) -> PullRequest:
    """`number` is what the caller says, and `head` what the file says: the latter counts only where
    no event says which commit was reviewed. Raises `NotThatOne`, `MovedOn` and `NoAnswer`.
    """
    expected = reviewed.head if reviewed else head
    if expected == NO_COMMIT:
        raise NotThatOne("the file does not say which commit it is about")
    pull = _pull(github, reviewed, number)
    if reviewed and reviewed.repository != pull.repository:
        of_run, of_pull = (each or "a deleted fork" for each in _repositories(reviewed, pull))
        raise NotThatOne(
            f"#{pull.number} is from {visible(of_pull)}, and what was reviewed from"
            f" {visible(of_run)}"
        )
    _stays(pull, expected)
    if reviewed and reviewed.in_a_second_workflow and not pull.is_from(github.repository):
        _written_by_us(github, pull)
        _stays(github.pull_request(pull.number), expected)
    return pull


def _pull(github: GitHub, reviewed: Reviewed | None, number: int | None) -> PullRequest:
    known = number if number is not None or reviewed is None else reviewed.number
    if known is not None:
        return github.pull_request(known)
    if reviewed is None:
        raise NotThatOne("which pull request? No event says so: --pull-request N")
    if reviewed.repository is None:
        raise NotThatOne("the fork was deleted")
    branch = f"{visible(reviewed.repository)}:{visible(reviewed.branch)}"
    found = github.pull_requests_from(reviewed.repository, reviewed.branch)
    same = [each for each in found if each.head == reviewed.head]
    if found and not same:
        raise MovedOn(f"{branch} is at another commit than {reviewed.head[:9]} by now")
    if not same:
        raise MovedOn(f"there is no open pull request from {branch}")
    if len(same) > 1:
        numbers = ", ".join(f"#{each.number}" for each in same)
        raise NotThatOne(f"{numbers} are from {branch}: --pull-request N says which")
    return same[0]


def _stays(pull: PullRequest, expected: str) -> None:
    if pull.head != expected:
        raise MovedOn(
            f"#{pull.number} is at {visible(pull.head[:9])}, and what was reviewed is"
            f" {visible(expected[:9])}"
        )


def _written_by_us(github: GitHub, pull: PullRequest) -> None:
    """A workflow runs as the fork has it: one that it changed can put anything into the file."""
    files = github.changed_files(pull.number)
    if len(files) >= MOST_FILES:
        raise NotThatOne(
            f"#{pull.number} changes more files than GitHub lists, so workflows perhaps, which may"
            " have written the review"
        )
    if ours := sorted(name for name in files if name.startswith(_WRITES_REVIEWS)):
        raise NotThatOne(
            f"#{pull.number}, from a fork, changes {visible(ours[0])}: a workflow of its own may"
            " have written the review"
        )


def _repositories(reviewed: Reviewed, pull: PullRequest) -> tuple[str | None, str | None]:
    return reviewed.repository, pull.repository
