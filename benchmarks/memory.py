"""How much memory do the processes take that an action starts? By /proc, so on Linux alone."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

_EVERY = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")


def peak_memory(action: Callable[[], object], *, without: str) -> int:
    """The largest sum of resident bytes, measured ten times a second, of all processes below this
    one but those whose command line has `without` in it.
    """
    peak, ended = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(_EVERY):
            peak = max(peak, sum(_resident(os.getpid(), without)))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        action()
    finally:
        ended.set()
        watching.join()
    return peak


def own_peak() -> int:
    """Of this process. What `resource` tells has that of the process that started it in it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) * 1024


def _resident(parent: int, without: str) -> Iterator[int]:
    for child in _children(parent):
        try:
            command = Path(f"/proc/{child}/cmdline").read_text(encoding="utf-8", errors="replace")
            pages = int(Path(f"/proc/{child}/statm").read_text(encoding="ascii").split()[1])
        except OSError:  # it has ended meanwhile
            continue
        if without not in command:
            yield pages * _PAGE
            yield from _resident(child, without)


def _children(parent: int) -> Iterator[int]:
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        try:
            yield from map(int, task.read_text(encoding="ascii").split())
        except OSError:  # it has ended meanwhile
            continue
