"""A headless Chromium that opens pages and says what is wrong with them.

It is spoken to in the Chrome DevTools Protocol, over two pipes: 3 to read from, 4 to write to.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firnline.s3.shape import Json
from tests.install import CHROMIUM, find_chromium, unpacked_libraries

_PATIENCE = 60.0
_NOTHING_MOVES = """
Promise.race([
  Promise.allSettled(document.getAnimations().map(each => each.finished)),
  new Promise(done => setTimeout(done, 2000)),
]).then(() => null)
"""
_OPTIONS = (
    "--headless",
    "--no-sandbox",  # only our own pages are opened, and in a container there may be none
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a page did: `errors` of its console, `requested` addresses, and its widths."""

    errors: tuple[str, ...]
    requested: tuple[str, ...]
    width: int
    needs: int


class Browser:
    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._read = b""
        self._number = 0
        self._events: list[Json] = []
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: object) -> Json:
        self._number += 1
        message: Json = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, f"{method}: {answer['error']}"
                result: Json = answer["result"]
                return result
            self._events.append(answer)

    def open(self, address: str, width: int, height: int = 900) -> Opened:
        self._screen(width, height)
        self._events.clear()
        self.call("Page.navigate", url=address)
        self._await("Page.loadEventFired")
        time.sleep(0.05)  # a timer of the page fires only where scripts run
        needs, has = self._widths()
        return Opened(tuple(self._errors()), tuple(self._requested()), has, needs)

    def resize(self, width: int, height: int = 900) -> tuple[int, int]:
        """What the open page needs on another screen, once nothing moves, and what it has."""
        self._screen(width, height)
        self.evaluate(_NOTHING_MOVES)
        return self._widths()

    def _screen(self, width: int, height: int) -> None:
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def _widths(self) -> tuple[int, int]:
        needs, has = self.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        return needs, has

    def evaluate(self, expression: str) -> Any:
        said = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in said, said["exceptionDetails"]
        return said["result"].get("value")

    def wait_for(self, expression: str) -> Any:
        """Its value, once that is true."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if value := self.evaluate(expression):
                return value
            self.evaluate("new Promise(done => setTimeout(done, 50))")
        raise AssertionError(f"never true: {expression}")

    def _errors(self) -> Iterator[str]:
        for event in self._events:
            said = event.get("params", {})
            match event.get("method"):
                case "Runtime.exceptionThrown":
                    yield str(said["exceptionDetails"])
                case "Runtime.consoleAPICalled" if said["type"] in ("error", "assert"):
                    yield str(said["args"])
                case "Log.entryAdded" if said["entry"]["level"] == "error":
                    yield f"{said['entry']['text']} {said['entry'].get('url', '')}"
                case "Network.loadingFailed" if not said.get("canceled"):
                    yield said["errorText"]
                case _:
                    pass

    def _requested(self) -> Iterator[str]:
        for event in self._events:
            if event.get("method") == "Network.requestWillBeSent":
                yield event["params"]["request"]["url"]

    def _await(self, method: str) -> None:
        while not any(event.get("method") == method for event in self._events):
            self._events.append(self._next())

    def _next(self) -> Json:
        until = time.monotonic() + _PATIENCE
        while b"\0" not in self._read:
            ready, _, _ = select.select([self._reading], [], [], until - time.monotonic())
            assert ready, "the browser does not answer"
            read = os.read(self._reading, 1 << 16)
            assert read, "the browser has ended"
            self._read += read
        message, _, self._read = self._read.partition(b"\0")
        answer: Json = json.loads(message)
        return answer


@contextmanager
def browser(profile: Path) -> Iterator[Browser]:
    chromium = find_chromium()
    assert chromium, "`make test-all` installs Chromium"
    theirs_in, ours_out = _pipe()
    ours_in, theirs_out = _pipe()
    environment = {**os.environ, "HOME": str(profile)}
    if chromium.is_relative_to(CHROMIUM):
        environment["LD_LIBRARY_PATH"] = unpacked_libraries()
    command = [str(chromium), *_OPTIONS, f"--user-data-dir={profile}", "about:blank"]
    with subprocess.Popen(
        ["bash", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "bash", *command],
        pass_fds=(theirs_in, theirs_out),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(theirs_in)
        os.close(theirs_out)
        try:
            yield Browser(ours_in, ours_out)
        finally:
            os.close(ours_out)
            process.terminate()
            process.wait()
            os.close(ours_in)


def _pipe() -> tuple[int, int]:
    """Numbered from 10 on, so that neither is 3 or 4."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]
