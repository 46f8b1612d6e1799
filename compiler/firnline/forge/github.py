"""Pull requests of a repository on GitHub, and our comments on them.

Which comments are ours, GraphQL says (`viewerDidAuthor`), whoever the token belongs to: to the
token of a workflow, `GET /user` answers 403, and its login is `github-actions[bot]`, but that of
the author of its comments `github-actions` (cli/cli#6384). Only GraphQL knows hidden comments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from firnline.forge.plan import Comment
from firnline.forge.request import Answer, Ask, NoAnswer, answer_to

_Part = TypeVar("_Part")

MOST_FILES: Final = 3000
"""GitHub Docs, "List pull requests files": there may be more than it lists."""
_PAGE: Final = 100
_COMMENTS: Final = """\
query comments($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      comments(first: 100, after: $after) {
        nodes { id url body createdAt viewerDidAuthor isMinimized minimizedReason }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}"""
_UPDATE: Final = """\
mutation update($id: ID!, $body: String!) {
  updateIssueComment(input: {id: $id, body: $body}) { issueComment { id } }
}"""
_HIDE: Final = """\
mutation hide($id: ID!) {
  minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) {
    minimizedComment { isMinimized }
  }
}"""
# How GraphQL, which answers 200, calls what REST has a status for.
_STATUSES: Final = {
    "FORBIDDEN": 403,
    "INSUFFICIENT_SCOPES": 403,
    "NOT_FOUND": 404,
    "RATE_LIMITED": 429,
    "UNPROCESSABLE": 422,
}


@dataclass(frozen=True, slots=True)
class PullRequest:
    """`repository` is where its branch is; None where that was deleted."""

    number: int
    head: str
    repository: str | None

    def is_from(self, repository: str) -> bool:
        """Names on GitHub are the same in capitals."""
        return self.repository is not None and self.repository.lower() == repository.lower()


@dataclass(frozen=True, slots=True)
class GitHub:
    """Every method raises `NoAnswer`."""

    api: str
    graphql: str
    repository: str
    token: str = field(repr=False)

    def pull_request(self, number: int) -> PullRequest:
        return _read(_pull_request, self._rest("GET", f"pulls/{number}").content)

    def pull_requests_from(self, repository: str, branch: str) -> list[PullRequest]:
        """Those that are open, of that branch of a repository."""
        head = f"{repository.partition('/')[0]}:{branch}"
        found = self._pages("pulls", {"state": "open", "head": head})
        pulls = [_read(_pull_request, each) for each in found]
        return [each for each in pulls if each.is_from(repository)]

    def changed_files(self, number: int) -> frozenset[str]:
        """With what they were called before; `MOST_FILES` at most."""
        files = self._pages(f"pulls/{number}/files", {})
        return frozenset(name for each in files for name in _read(_names, each))

    def comments(self, number: int) -> list[Comment]:
        """Ours, whatever they say."""
        owner, _, name = self.repository.partition("/")
        place = {"owner": owner, "name": name, "number": number}
        page = _read(_comments, self._ask_graphql(_COMMENTS, {**place, "after": None}))
        found = list(page.ours)
        while page.next is not None:
            page = _read(_comments, self._ask_graphql(_COMMENTS, {**place, "after": page.next}))
            found += page.ours
        return found

    def post(self, number: int, body: str) -> str:
        """The address of the new comment."""
        answer = self._rest("POST", f"issues/{number}/comments", {"body": body}, again=False)
        return _read(_address, answer.content)

    def update(self, comment: Comment, body: str) -> None:
        self._ask_graphql(_UPDATE, {"id": comment.id, "body": body})

    def hide(self, comment: Comment) -> None:
        self._ask_graphql(_HIDE, {"id": comment.id})

    def _pages(self, path: str, query: Mapping[str, str]) -> Iterator[Any]:
        page = 1
        while True:
            words = urlencode({**query, "per_page": _PAGE, "page": page})
            answer = self._rest("GET", f"{path}?{words}")
            yield from _read(list, answer.content)
            if 'rel="next"' not in answer.headers.get("Link", ""):
                return
            page += 1

    def _rest(
        self,
        method: str,
        path: str,
        payload: Mapping[str, Any] | None = None,
        *,
        again: bool = True,
    ) -> Answer:
        url = f"{self.api}/repos/{self.repository}/{path}"
        return answer_to(Ask(method, url, payload, again), self.token)

    def _ask_graphql(self, query: str, variables: Mapping[str, Any]) -> Any:
        payload = {"query": query, "variables": variables}
        content = answer_to(Ask("POST", self.graphql, payload), self.token).content
        if problem := _read(_problem, content):
            raise problem
        return content


@dataclass(frozen=True, slots=True)
class _Page:
    ours: tuple[Comment, ...]
    next: str | None


def _read(part: Callable[[Any], _Part], content: Any) -> _Part:
    try:
        return part(content)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise NoAnswer(None, "it answers something other than GitHub does") from None


def _pull_request(content: Any) -> PullRequest:
    head = content["head"]
    repository = None if head["repo"] is None else str(head["repo"]["full_name"])
    return PullRequest(int(content["number"]), head["sha"], repository)


def _names(content: Any) -> list[str]:
    names = [content["filename"], content.get("previous_filename")]
    return [name for name in names if name is not None]


def _address(content: Any) -> str:
    return str(content["html_url"])


def _problem(content: Any) -> NoAnswer | None:
    errors = content.get("errors")
    if not errors:
        return None
    message = "; ".join(str(each["message"]) for each in errors)
    return NoAnswer(_STATUSES.get(str(errors[0].get("type"))), message)


def _comments(content: Any) -> _Page:
    found = content["data"]["repository"]["pullRequest"]["comments"]
    info = found["pageInfo"]
    ours = tuple(_comment(each) for each in found["nodes"] if each["viewerDidAuthor"])
    return _Page(ours, info["endCursor"] if info["hasNextPage"] else None)


def _comment(content: Any) -> Comment:
    # The schema tells it in small letters, and those that were hidden by the API had capitals
    # (community discussion 19865).
    reason = str(content["minimizedReason"]).lower()
    return Comment(
        id=content["id"],
        url=content["url"],
        body=content["body"],
        created=content["createdAt"],
        hidden=content["isMinimized"] and reason == "outdated",
    )
