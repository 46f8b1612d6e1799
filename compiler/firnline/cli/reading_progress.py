"""How much of an inventory is read: on a terminal a bar, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from firnline.cli.streams import say, wants_colour
from firnline.s3.terms import Bytes

_SECONDS = 30.0
"""Between two lines."""
_LARGE = 16 * 2**20
"""Of less the bar would only flash."""

OnRead = Callable[[int], None]


@contextmanager
def reading_progress(what: str, when: str) -> Iterator[Callable[[int], OnRead]]:
    """What is handed out is called with the bytes that there are, its answer with each part that
    was read, by any thread.
    """
    if not sys.stderr.isatty():
        yield lambda size: _Lines(what, size).read
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, no_color=not wants_colour(sys.stderr, when), highlight=False)
    columns = TextColumn("{task.description}", markup=False), BarColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as bar:

        def begin(size: int) -> OnRead:
            so_far = _SoFar(what, size)
            task = bar.add_task(so_far.told, total=size, visible=size >= _LARGE)

            def read(more: int) -> None:
                so_far.add(more)
                bar.update(task, description=so_far.told, completed=so_far.bytes)

            return read

        yield begin


class _SoFar:
    def __init__(self, what: str, size: int) -> None:
        self._what, self._size = what, Bytes(size).rounded
        self._began, self._lock = time.monotonic(), Lock()
        self.bytes = 0

    def add(self, more: int) -> None:
        with self._lock:
            self.bytes += more

    @property
    def told(self) -> str:
        seconds = max(time.monotonic() - self._began, 0.001)
        rate = Bytes(int(self.bytes / seconds)).rounded
        return f"reading {self._what}: {Bytes(self.bytes).rounded} of {self._size}, {rate}/s"


class _Lines:
    def __init__(self, what: str, size: int) -> None:
        self._so_far, self._last = _SoFar(what, size), time.monotonic()

    def read(self, more: int) -> None:
        self._so_far.add(more)
        now = time.monotonic()
        if now - self._last >= _SECONDS:
            self._last = now
            say(self._so_far.told)
