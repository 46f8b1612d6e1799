"""Starts, finds and ends the emulator. Imports nothing but the standard library."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.processes import end_process, process_start
from sandbox.state import State, read_state

PATIENCE_SECONDS = 60.0
_LINES_SHOWN = 20


class SandboxError(Exception):
    """The message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Started:
    state: State
    was_running: bool
    seconds: float


def up(paths: SandboxPaths) -> Started:
    """The emulator runs afterwards, whether it did before or not."""
    began = time.monotonic()
    with _locked(paths):
        state = read_state(paths.state)
        if state and _runs(state):
            _require_answer(state, paths)
            return Started(state, True, time.monotonic() - began)
        if state:
            _forget(paths, state)
        state = _start(paths)
        return Started(state, False, time.monotonic() - began)


def down(paths: SandboxPaths) -> State | None:
    """Ends the process that `up` started, and no other; None if there was none to end."""
    with _locked(paths):
        state = read_state(paths.state)
        if state is None:
            return None
        was_running = end_process(state.pid, state.process_start)
        _forget(paths, state)
        return state if was_running else None


def find_running(paths: SandboxPaths) -> State | None:
    state = read_state(paths.state)
    return state if state and _runs(state) else None


def python(paths: SandboxPaths) -> Path:
    """The project's interpreter: `python -m sandbox` may be called with any."""
    own = paths.root / ".venv" / "bin" / "python"
    return own if own.exists() else Path(sys.executable)


def _runs(state: State) -> bool:
    return process_start(state.pid) == state.process_start


def _start(paths: SandboxPaths) -> State:
    paths.empty_aws_config.touch()
    environment = {**os.environ, "PYTHONPATH": _with_checkout(os.environ.get("PYTHONPATH"))}
    with paths.emulator_log.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [str(python(paths)), "-m", "sandbox.emulator", "--root", str(paths.root)],
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # outlives this terminal
        )
    try:
        state = _wait_for(paths, process)
        _require_answer(state, paths)
    except BaseException:  # also Ctrl-C: what is half started is ended
        process.kill()
        process.wait()
        raise
    process.returncode = 0  # it goes on without us, which is no oversight
    return state


def _wait_for(paths: SandboxPaths, process: "subprocess.Popen[bytes]") -> State:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        state = read_state(paths.state)
        if state and state.pid == process.pid:
            return state
        if process.poll() is not None:
            raise SandboxError(f"the emulator ended at once:\n{_last_lines(paths.emulator_log)}")
        time.sleep(0.02)
    raise SandboxError(f"no response in {PATIENCE_SECONDS:.0f} s: see {paths.emulator_log}")


def _require_answer(state: State, paths: SandboxPaths) -> None:
    # No proxy: the address is on this machine, whatever the environment says.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{state.endpoint}/_firnline/world", timeout=5) as response:
            world = json.load(response)["world"]
    except OSError as error:
        raise SandboxError(
            f"process {state.pid} runs, but {state.endpoint} does not respond ({error}): "
            f"see {paths.emulator_log}, then `python -m sandbox down`"
        ) from error
    if world != state.world:
        raise SandboxError(
            f"{state.endpoint} is the world {world}, not {state.world}: `python -m sandbox down`"
        )


def _forget(paths: SandboxPaths, state: State) -> None:
    """The buckets of a world end with it, so its Pulumi backend is of no use."""
    folder = paths.world(state.world)
    if folder.exists():
        shutil.rmtree(folder)
    paths.state.unlink()


@contextmanager
def _locked(paths: SandboxPaths) -> Iterator[None]:
    """Two that call `up` at once start one emulator."""
    paths.folder.mkdir(parents=True, exist_ok=True)
    with paths.lock.open("w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _with_checkout(python_path: str | None) -> str:
    return os.pathsep.join([str(CHECKOUT), *filter(None, [python_path])])


def _last_lines(path: Path) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8", errors="replace").splitlines()[-_LINES_SHOWN:]
    )
