"""What does GitHub Actions say of a run: which repository, which pull request, which commit?

All of it is GitHub's own word (GitHub Docs, "Variables" and "Webhook events and payloads"), but for
what a `workflow_run` hands over in files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from firnline.forge.marker import Run

API: Final = "https://api.github.com"
_OF_PULL_REQUESTS: Final = "pull_request"


class NoPullRequest(Exception):
    """The text says why the run has nothing to do with one."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The commit that was reviewed, and where it is. `number` is None in a `workflow_run`, whose
    event names no pull request of a fork (actions/runner#3444): then the branch leads to it.
    """

    number: int | None
    head: str
    repository: str | None
    branch: str
    run: Run | None
    in_a_second_workflow: bool


def api_of(environment: Mapping[str, str]) -> tuple[str, str]:
    """The addresses of REST and of GraphQL: on a server of one's own they are siblings."""
    api = (environment.get("GITHUB_API_URL") or API).rstrip("/")
    beside = api.removesuffix("/v3") if api.endswith("/api/v3") else api
    return api, (environment.get("GITHUB_GRAPHQL_URL") or f"{beside}/graphql").rstrip("/")


def reviewed_by(event: Mapping[str, Any], environment: Mapping[str, str]) -> Reviewed | None:
    """None where the event is about no pull request. Raises `NoPullRequest` where the run that a
    `workflow_run` follows had none, and `KeyError` or `TypeError` for what is no event of GitHub's.
    """
    if earlier := event.get("workflow_run"):
        return _of_earlier(earlier)
    if pull := event.get("pull_request"):
        head = pull["head"]
        return Reviewed(
            number=pull["number"],
            head=head["sha"],
            repository=_full_name(head["repo"]),
            branch=head["ref"],
            run=_own_run(environment),
            in_a_second_workflow=False,
        )
    return None


def _of_earlier(run: Mapping[str, Any]) -> Reviewed:
    if run["event"] != _OF_PULL_REQUESTS:
        raise NoPullRequest(
            f"the run that this one follows was for `{run['event']}`, not for a pull request"
        )
    return Reviewed(
        number=None,
        head=run["head_sha"],
        repository=_full_name(run["head_repository"]),
        branch=run["head_branch"],
        run=Run(run["id"], run["run_attempt"]),
        in_a_second_workflow=True,
    )


def _full_name(repository: Mapping[str, Any] | None) -> str | None:
    """None for a fork that was deleted."""
    return None if repository is None else str(repository["full_name"])


def _own_run(environment: Mapping[str, str]) -> Run | None:
    id, attempt = environment.get("GITHUB_RUN_ID", ""), environment.get("GITHUB_RUN_ATTEMPT", "1")
    return Run(int(id), int(attempt)) if id.isdecimal() and attempt.isdecimal() else None
