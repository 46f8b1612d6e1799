"""GitHub on loopback: pull requests and their comments, as REST and GraphQL answer.

It answers as its documentation says, and only what `firnline comment` may ask: REST pages by
`Link`, GraphQL by cursor and with 200 where it refuses. It keeps what it was asked, and can be told
to fail.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

REPOSITORY, FORK = "acme/data", "mallory/data"
TOKEN = "ghs_secret0123456789"
BOT, ANOTHER = "github-actions", "mallory"
HEAD, OLD_HEAD = "a" * 40, "b" * 40


@dataclass
class Stored:
    """A comment."""

    number: int
    body: str
    author: str = BOT
    hidden: str | None = None
    created: str = "2026-11-01T10:00:00Z"

    @property
    def id(self) -> str:
        return f"IC_{self.number}"

    @property
    def url(self) -> str:
        return f"https://github.com/{REPOSITORY}/pull/7#issuecomment-{self.number}"


@dataclass(frozen=True)
class Reply:
    status: int
    content: Any
    headers: Mapping[str, str] = field(default_factory=dict)


def refusal(status: int, message: str, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, {"message": message}, named)


@dataclass
class FakeGitHub:
    """`faults` are answers instead of its own, by the call; the first of a call is used up first.
    `lost` are calls that it carries out and answers with 502. `meanwhile` happens before a call.
    """

    comments: list[Stored] = field(default_factory=list)
    head: str = HEAD
    from_repository: str = REPOSITORY
    files: list[str] = field(default_factory=lambda: ["policies/logs.yaml"])
    calls: list[str] = field(default_factory=list)
    tokens: set[str | None] = field(default_factory=set)
    faults: dict[str, list[Reply]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)
    address: str = ""

    def add(self, body: str, author: str = BOT, hidden: str | None = None) -> Stored:
        number = 1000 + len(self.comments)
        created = f"2026-11-01T10:{len(self.comments) // 60:02}:{len(self.comments) % 60:02}Z"
        comment = Stored(number, body, author, hidden, created)
        self.comments.append(comment)
        return comment

    def shown(self) -> list[str]:
        """What people see of the bot."""
        return [each.body for each in self.comments if each.author == BOT and not each.hidden]

    def answer(self, method: str, path: str, content: Any) -> Reply:
        call = _called(method, path, content)
        self.calls.append(call)
        if first := self.meanwhile.pop(call, None):
            first()
        if waiting := self.faults.get(call):
            return waiting.pop(0)
        reply = self._graphql(content) if method == "POST" and "query" in (content or {}) else None
        reply = reply or self._rest(method, path, content)
        if call in self.lost:
            self.lost.remove(call)
            return refusal(502, "Server Error")
        return reply

    def _rest(self, method: str, path: str, content: Any) -> Reply:
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        place = f"/repos/{REPOSITORY}"
        match method, parts.path:
            case "GET", each if each == f"{place}/pulls/7":
                return Reply(200, self._pull())
            case "GET", each if each == f"{place}/pulls":
                owner, _, _ = query["head"].partition(":")
                same = owner == self.from_repository.partition("/")[0]
                return Reply(200, [self._pull()] if same else [])
            case "GET", each if each == f"{place}/pulls/7/files":
                return self._page(path, query, [{"filename": name} for name in self.files])
            case "POST", each if each == f"{place}/issues/7/comments":
                return self._post(content["body"])
        return refusal(404, "Not Found")

    def _page(self, path: str, query: Mapping[str, str], all_of_it: list[Any]) -> Reply:
        size, page = int(query["per_page"]), int(query["page"])
        more = len(all_of_it) > size * page
        link = {"Link": f'<{self.address}{path}>; rel="next"'} if more else {}
        return Reply(200, all_of_it[size * (page - 1) : size * page], link)

    def _pull(self) -> dict[str, Any]:
        repository = {"full_name": self.from_repository}
        head = {"sha": self.head, "ref": "shorter", "repo": repository}
        return {"number": 7, "state": "open", "head": head}

    def _post(self, body: str) -> Reply:
        if len(body) > 65_536:
            problem = {"message": "body is too long (maximum is 65536 characters)"}
            return Reply(422, {"message": "Validation Failed", "errors": [problem]})
        return Reply(201, {"html_url": self.add(body).url})

    def _graphql(self, content: Any) -> Reply:
        asked, words = content["variables"], content["query"]
        if words.startswith("query comments"):
            return self._comments(asked)
        comment = next((each for each in self.comments if each.id == asked["id"]), None)
        if comment is None:
            problem = {"type": "NOT_FOUND", "message": "Could not resolve to a node"}
            return Reply(200, {"data": None, "errors": [problem]})
        if words.startswith("mutation update"):
            comment.body = asked["body"]
            return Reply(
                200, {"data": {"updateIssueComment": {"issueComment": {"id": comment.id}}}}
            )
        assert "classifier: OUTDATED" in words
        comment.hidden = "OUTDATED"
        return Reply(
            200, {"data": {"minimizeComment": {"minimizedComment": {"isMinimized": True}}}}
        )

    def _comments(self, asked: Mapping[str, Any]) -> Reply:
        assert (asked["owner"], asked["name"], asked["number"]) == (*REPOSITORY.split("/"), 7)
        start = int(asked["after"] or 0)
        page = self.comments[start : start + 100]
        nodes = [
            {
                "id": each.id,
                "url": each.url,
                "body": each.body,
                "createdAt": each.created,
                "viewerDidAuthor": each.author == BOT,
                "isMinimized": each.hidden is not None,
                "minimizedReason": each.hidden,
            }
            for each in page
        ]
        more = {"hasNextPage": start + 100 < len(self.comments), "endCursor": str(start + 100)}
        found = {"comments": {"nodes": nodes, "pageInfo": more}}
        return Reply(200, {"data": {"repository": {"pullRequest": found}}})


def _called(method: str, path: str, content: Any) -> str:
    """Short: `comments after 100`, `hide IC_1000`, `GET pulls/7`."""
    if path == "/graphql":
        name = content["query"].split("(")[0].split()[1]
        asked = content["variables"]
        return f"{name} after {asked['after']}" if name == "comments" else f"{name} {asked['id']}"
    return f"{method} {path.removeprefix(f'/repos/{REPOSITORY}/')}"


@contextmanager
def serving(github: FakeGitHub) -> Iterator[FakeGitHub]:
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            content = json.loads(self.rfile.read(length)) if length else None
            with lock:
                github.tokens.add(self.headers.get("Authorization"))
                reply = github.answer(self.command, self.path, content)
            body = json.dumps(reply.content).encode()
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    github.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield github
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
