"""yaml-language-server, driven over stdio as an editor drives it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.paths import CHECKOUT

SERVER = CHECKOUT / "tests/editors/node_modules/yaml-language-server/bin/yaml-language-server"
_CAPABILITIES = {
    "textDocument": {
        "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
        "publishDiagnostics": {},
    },
}
# The catalog of the schema store would be fetched.
_SETTINGS = {"yaml": {"schemaStore": {"enable": False}, "validate": True, "hover": True}}


@dataclass(frozen=True, slots=True)
class Mistake:
    """A squiggle: the text under it, and what stands beside it."""

    marked: str
    message: str


class Editor:
    """One editor window. A `│` in a text is the cursor."""

    def __init__(
        self, process: subprocess.Popen[bytes], folder: Path, schemas: dict[str, list[str]]
    ) -> None:
        self._process = process
        self._settings = {"yaml": {**_SETTINGS["yaml"], "schemas": schemas}}
        self._folder = folder
        self._asked = 0
        self._opened = 0
        self._published: dict[str, list[Any]] = {}
        self._ask("initialize", {"capabilities": _CAPABILITIES, "rootUri": folder.as_uri()})
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": self._settings})

    def mistakes(self, text: str, path: str | None = None) -> list[Mistake]:
        uri = self._open(text, path)
        while uri not in self._published:
            self._take_in(self._receive())
        lines = text.splitlines()
        return [
            Mistake(_marked(lines, each["range"]), each["message"]) for each in self._published[uri]
        ]

    def completions(self, text: str) -> list[str]:
        """What the cursor is offered."""
        uri, position = self._open_at_cursor(text)
        found = self._ask("textDocument/completion", {**uri, **position})
        return [item["label"] for item in found["items"]]

    def insertions(self, text: str) -> dict[str, str]:
        """What each of them writes; `${1:x}` is a place to fill in, with `x` in it."""
        uri, position = self._open_at_cursor(text)
        found = self._ask("textDocument/completion", {**uri, **position})
        return {item["label"]: item["insertText"] for item in found["items"]}

    def hover(self, text: str) -> str:
        uri, position = self._open_at_cursor(text)
        found = self._ask("textDocument/hover", {**uri, **position})
        return str(found["contents"]["value"]) if found else ""

    def close(self) -> None:
        self._ask("shutdown", None)
        self._tell("exit", None)
        self._process.wait(60)

    def _open_at_cursor(self, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
        before, _, after = text.partition("│")
        line, column = before.count("\n"), len(before.rpartition("\n")[2])
        uri = self._open(before + after)
        return {"textDocument": {"uri": uri}}, {"position": {"line": line, "character": column}}

    def _open(self, text: str, path: str | None = None) -> str:
        self._opened += 1
        uri = (self._folder / (path or f"policies/{self._opened}.yaml")).as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def _ask(self, method: str, params: Any) -> Any:
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._asked and "method" not in message:
                assert "error" not in message, message["error"]
                return message["result"]
            self._take_in(message)

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _take_in(self, message: dict[str, Any]) -> None:
        """What the server says by itself; what it asks of an editor gets an answer."""
        match message.get("method"):
            case "textDocument/publishDiagnostics":
                params = message["params"]
                self._published[params["uri"]] = params["diagnostics"]
            case "workspace/configuration":
                asked = message["params"]["items"]
                answer = [self._settings.get(each.get("section", ""), {}) for each in asked]
                self._send({"id": message["id"], "result": answer})
            case str() if "id" in message:
                self._send({"id": message["id"], "result": None})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        stream = self._process.stdout
        assert stream is not None
        length = 0
        while header := stream.readline().strip():
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server has ended"
        message: dict[str, Any] = json.loads(stream.read(length))
        return message


@contextmanager
def opened(
    folder: Path, node: Path, schemas: dict[str, list[str]] | None = None
) -> Iterator[Editor]:
    """`schemas` is the setting `yaml.schemas`."""
    words = [str(node), str(SERVER), "--stdio"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            editor = Editor(process, folder, schemas or {})
            yield editor
            editor.close()
        finally:
            process.kill()


def _marked(lines: list[str], place: dict[str, Any]) -> str:
    start, end = place["start"], place["end"]
    line: str = lines[start["line"]]
    return line[start["character"] : end["character"] if end["line"] == start["line"] else None]
