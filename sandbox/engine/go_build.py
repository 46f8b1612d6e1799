"""Builds one command of a pinned Go module, shows that Go is alive, and says why it failed."""

import fcntl
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

TAIL = 25
_LINE_EVERY = 10.0
_TERMINAL_EVERY = 1.0


class GoFailed(Exception):
    """The text has the command, its folder, and the end of its output."""


@dataclass(frozen=True, slots=True)
class GoBuild:
    """`name` begins each line of progress; `module` is the folder of its go.mod."""

    name: str
    module: Path
    package: str
    options: tuple[str, ...] = ()

    def into(self, target: Path, go: str) -> None:
        """Whole or not at all: the command appears under its name when it is built."""
        unfinished = target.with_name(f"{target.name}.building-{os.getpid()}")
        command = [go, "build", "-v", "-trimpath", "-buildvcs=false", *self.options]
        started = time.monotonic()
        try:
            self._run([*command, "-o", str(unfinished), self.package], started)
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
        self.say(f"built {target} in {_minutes(time.monotonic() - started)}")

    @contextmanager
    def only_one(self, lock: Path) -> Iterator[None]:
        """A second process waits for the first."""
        with lock.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.say("another build of it is running: waiting for it")
                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def say(self, line: str) -> None:
        print(f"{self.name}: {line}", file=sys.stderr, flush=True)

    def failed(self, command: str, output: list[str]) -> GoFailed:
        tail = "\n".join(f"  {line}" for line in output[-TAIL:]) or "  (it printed nothing)"
        return GoFailed(f"`{command}` in {self.module} ended with\n{tail}")

    def _run(self, command: list[str], started: float) -> None:
        progress = _Progress()
        with subprocess.Popen(
            command, cwd=self.module, stderr=subprocess.PIPE, text=True, errors="replace"
        ) as go:
            assert go.stderr is not None
            reader = threading.Thread(target=progress.read, args=(go.stderr,), daemon=True)
            reader.start()
            try:
                self._show_until_done(go, progress, started)
            except BaseException:
                go.terminate()
                raise
            reader.join()
        if go.returncode:
            raise self.failed("go build", list(progress.tail))

    def _show_until_done(
        self, go: subprocess.Popen[str], progress: "_Progress", started: float
    ) -> None:
        terminal = sys.stderr.isatty()
        while True:
            try:
                go.wait(_TERMINAL_EVERY if terminal else _LINE_EVERY)
            except subprocess.TimeoutExpired:
                line = f"{_minutes(time.monotonic() - started)}: {progress}"
                if terminal:
                    print(f"\r\x1b[K{self.name}: {line}", end="", file=sys.stderr, flush=True)
                else:
                    self.say(line)
            else:
                if terminal:
                    print("\r\x1b[K", end="", file=sys.stderr, flush=True)
                return


@dataclass(slots=True)
class _Progress:
    """The output of Go so far; `go build -v` names each package on stderr when it is compiled."""

    modules: int = 0
    packages: int = 0
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=TAIL))

    def read(self, lines: IO[str]) -> None:
        for line in lines:
            self.tail.append(line.rstrip("\n"))
            if line.startswith("go: downloading"):
                self.modules += 1
            elif " " not in line.strip():
                self.packages += 1

    def __str__(self) -> str:
        return f"{self.modules} modules fetched, {self.packages} packages compiled"


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
