"""Kills an `up` in the middle, with all its processes, as a lost machine would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType

from tests.end_to_end.stack import Project, Ran

WRITE = "PutBucketLifecycleConfiguration"
NO_VARIABLES: Mapping[str, str] = MappingProxyType({})
_PATIENCE_SECONDS = 120


def free_the_stack(project: Project) -> Ran:
    """What docs/troubleshooting.md says of a stack whose `up` was killed.

    Beside each file of a state in files lies one of its attributes. A kill while the engine writes
    that leaves it empty, and then it reads the state no more: "failed to load checkpoint: EOF".
    """
    for attributes in project.state_folder.rglob("*.attrs"):
        if attributes.stat().st_size == 0:
            attributes.unlink()
    return project.pulumi("cancel", "--yes")


def kill_up(
    project: Project,
    requests: int,
    *,
    after_first_write: bool = False,
    variables: Mapping[str, str] = NO_VARIABLES,
) -> bool:
    """Once so many of its requests were answered, or so many after its first write; False where it
    had ended by then."""
    with project.aws.request_log.open(encoding="utf-8") as log:
        log.seek(0, os.SEEK_END)
        engine = project.begin("up", "--yes", "--skip-preview", **variables).process
        counting, answered, unfinished, seldom = not after_first_write, 0, "", 0.02
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not (counting and answered >= requests):
            unfinished += log.readline()
            if unfinished.endswith("\n"):  # a line may be seen while it is being written
                answered += counting
                counting = counting or json.loads(unfinished)["operation"] == WRITE
                unfinished, seldom = "", 0.002  # the first request comes after seconds
            elif engine.poll() is not None:
                engine.communicate()
                return False
            else:
                assert time.monotonic() < deadline, "neither so many requests nor an end"
                time.sleep(seldom)
    kill_with_descendants(engine)
    return True


def kill_with_descendants(engine: subprocess.Popen[str]) -> None:
    """Nobody gets a chance to tell anybody."""
    for process in [engine.pid, *_descendants(engine.pid)]:
        with suppress(ProcessLookupError):  # it ended with its parent
            os.kill(process, signal.SIGKILL)
    engine.communicate()


def _descendants(process: int) -> Iterator[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True)
    pairs = [tuple(map(int, line.split())) for line in listed.stdout.splitlines()]
    parents = [process]
    while parents:
        parent = parents.pop()
        children = [child for child, its_parent in pairs if its_parent == parent]
        yield from children
        parents += children
