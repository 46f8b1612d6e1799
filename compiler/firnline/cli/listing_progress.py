"""How far the listing of a bucket is: on a terminal a bar, elsewhere a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from firnline.cli.streams import say, wants_colour
from firnline.fleet.listing.so_far import Report, SoFar
from firnline.s3.terms import Bytes

_SECONDS = 30.0
"""Between two lines."""


@contextmanager
def listing_progress(bucket: str, when: str) -> Iterator[Report]:
    """How many objects there are is not known before: the time left is estimated by how many
    ranges of keys are finished.
    """
    if not sys.stderr.isatty():
        yield _lines(bucket)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, no_color=not wants_colour(sys.stderr, when), highlight=False)
    text = TextColumn("{task.description}", markup=False)
    left = TimeRemainingColumn(elapsed_when_finished=True)
    with Progress(text, BarColumn(), left, console=console, transient=True) as bar:
        task = bar.add_task(f"listing {bucket}", total=None)
        rate = _Rate()

        def report(so_far: SoFar) -> None:
            told = f"listing {bucket}: {rate.told(so_far)}"
            bar.update(task, description=told, completed=so_far.finished, total=so_far.ranges)

        yield report


class _Rate:
    """Of this run: what was listed before an interruption took time that is not known."""

    def __init__(self) -> None:
        self._began, self._first = time.monotonic(), -1

    def told(self, so_far: SoFar) -> str:
        if self._first < 0:
            self._first = so_far.rows
        seconds = max(time.monotonic() - self._began, 0.001)
        each = (so_far.rows - self._first) / seconds
        return f"{so_far.rows:,} listed, {Bytes(so_far.bytes).rounded}, {each:,.0f}/s"


def _lines(bucket: str) -> Report:
    rate, last = _Rate(), time.monotonic()

    def report(so_far: SoFar) -> None:
        nonlocal last
        told = rate.told(so_far)
        if time.monotonic() - last < _SECONDS:
            return
        last = time.monotonic()
        say(f"{bucket}: {told}; {so_far.finished} of {so_far.ranges} ranges of keys are finished")

    return report
