"""Builds the pinned Pulumi engine from its Go module, once, and shows that it is alive."""

import fcntl
import os
import shutil
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

from sandbox.engine import find

_COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_SDK = "github.com/pulumi/pulumi/sdk/v3"
_TAIL = 25
_LINE_EVERY = 10.0
_TERMINAL_EVERY = 1.0


def build_engine(root: Path, go: str) -> Path:
    """The path of the engine in `<root>/.engine`; whoever comes second waits for the first."""
    folder = find.engine_folder(root)
    folder.mkdir(exist_ok=True)
    with _only_one_build(folder / "lock"):
        _copy_executor(go, folder)
        if not find.is_built(root):
            _compile(go, find.built_path(root))
    return find.built_path(root)


@contextmanager
def _only_one_build(lock: Path) -> Iterator[None]:
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another build of the engine is running: waiting for it")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _copy_executor(go: str, folder: Path) -> None:
    target = folder / find.EXECUTOR
    if target.is_file():
        return
    _say("fetching the script that runs Python programs, from the Pulumi SDK's Go module")
    source = _sdk_folder(go) / "python" / "cmd" / find.EXECUTOR
    unfinished = folder / f"{find.EXECUTOR}.{os.getpid()}"
    shutil.copyfile(source, unfinished)
    unfinished.chmod(0o755)
    unfinished.replace(target)


def _sdk_folder(go: str) -> Path:
    # `go mod download` prints nothing; `go list` alone leaves Dir empty for a module not fetched.
    for command in (["mod", "download", _SDK], ["list", "-m", "-f", "{{.Dir}}", _SDK]):
        asked = subprocess.run(
            [go, *command],
            cwd=find.module_folder(),
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.returncode:
            raise _failed(" ".join(["go", *command]), asked.stderr.splitlines())
    return Path(asked.stdout.strip())


def _compile(go: str, target: Path) -> None:
    version = find.pinned_version()
    _say(
        f"no `pulumi` on the PATH: building Pulumi {version} with Go, once. This takes about "
        "3 minutes on two cores, and about 4 GB for Go's caches"
    )
    unfinished = target.with_name(f"pulumi.building-{os.getpid()}")
    stamp = f"-s -w -X {_SDK}/go/common/version.Version=v{version}"
    command = [go, "build", "-v", "-trimpath", "-buildvcs=false", "-ldflags", stamp]
    started = time.monotonic()
    try:
        _run_watched([*command, "-o", str(unfinished), _COMMAND], started)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    _say(f"built {target} in {_minutes(time.monotonic() - started)}")


@dataclass(slots=True)
class _Progress:
    """What Go has said so far; `go build -v` names each package on stderr when it is compiled."""

    modules: int = 0
    packages: int = 0
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=_TAIL))

    def read(self, lines: IO[str]) -> None:
        for line in lines:
            self.tail.append(line.rstrip("\n"))
            if line.startswith("go: downloading"):
                self.modules += 1
            elif " " not in line.strip():
                self.packages += 1

    def __str__(self) -> str:
        return f"{self.modules} modules fetched, {self.packages} packages compiled"


def _run_watched(command: list[str], started: float) -> None:
    progress = _Progress()
    with subprocess.Popen(
        command, cwd=find.module_folder(), stderr=subprocess.PIPE, text=True, errors="replace"
    ) as go:
        assert go.stderr is not None
        reader = threading.Thread(target=progress.read, args=(go.stderr,), daemon=True)
        reader.start()
        try:
            _show_until_done(go, progress, started)
        except BaseException:
            go.terminate()
            raise
        reader.join()
    if go.returncode:
        raise _failed("go build", list(progress.tail))


def _show_until_done(go: subprocess.Popen[str], progress: _Progress, started: float) -> None:
    terminal = sys.stderr.isatty()
    while True:
        try:
            go.wait(_TERMINAL_EVERY if terminal else _LINE_EVERY)
        except subprocess.TimeoutExpired:
            line = f"{_minutes(time.monotonic() - started)}: {progress}"
            if terminal:
                print(f"\r\x1b[Kengine: {line}", end="", file=sys.stderr, flush=True)
            else:
                _say(line)
        else:
            if terminal:
                print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            return


def _failed(command: str, output: list[str]) -> find.EngineBuildFailed:
    tail = "\n".join(f"  {line}" for line in output[-_TAIL:]) or "  (it printed nothing)"
    return find.EngineBuildFailed(
        f"building the Pulumi engine failed: `{command}` in {find.module_folder()} ended with\n"
        f"{tail}\n"
        "install Pulumi instead (https://www.pulumi.com/docs/install/), or mend what Go complains "
        "about (a proxy: `go env GOPROXY`; disk space: about 4 GB) and run this again"
    )


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _say(line: str) -> None:
    print(f"engine: {line}", file=sys.stderr, flush=True)
