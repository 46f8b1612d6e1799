"""What a rollout tells while it runs: a view on a terminal, else lines, and events for machines."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Event as Flag
from threading import Lock, Thread
from typing import Final, TextIO

from rich.console import Console, RenderableType
from rich.live import Live

from firnline.cli.formats import Answer, Format, FormatName
from firnline.cli.out import outputs
from firnline.cli.rollout_events import Told
from firnline.cli.rollout_text import line_of, so_far
from firnline.cli.streams import say, wants_colour
from firnline.rollout.events import Event
from firnline.rollout.plan import Plan
from firnline.rollout.progress import Progress

Tell = Callable[[Event], None]

_QUIET_SECONDS: Final = 60.0
"""After which a line says that it goes on: CI systems end jobs that say nothing."""


@contextmanager
def watching(plan: Plan, id: str, arguments: argparse.Namespace) -> Iterator[Tell]:
    """Tells of each event of the rollout, from whatever thread it comes."""
    pauses = arguments.canary or arguments.pause is not None
    progress = Progress(plan, arguments.concurrency, pauses=pauses)
    guard = Lock()
    with ExitStack() as open_files:
        streams = [
            (format, open_files.enter_context(_opened(file)))
            for format, file in outputs(Answer.ROLLOUT, arguments)
            if format.name is FormatName.JSON_LINES
        ]
        seen = _is_seen(any(stream is sys.stdout for _, stream in streams))
        shown = (_view if seen else _lines)(progress, guard, arguments)
        tell = open_files.enter_context(shown)

        def tell_all(event: Event) -> None:
            with guard:
                progress.take(event)
                for each in list(streams):
                    if not _written(*each, Told(id, event)):
                        streams.remove(each)
            tell(event)

        yield tell_all


def _written(format: Format, stream: TextIO, told: Told) -> bool:
    """A full disk ends the events, and not the rollout."""
    try:
        stream.write(format.render(told, colour=False, columns=0))
        stream.flush()
    except OSError as why:
        say(f"--out {format.name}: {why}; no more events are written")
        return False
    return True


@contextmanager
def _opened(file: str | None) -> Iterator[TextIO]:
    """Written while the rollout runs, so that it can be followed."""
    if file is None:
        yield sys.stdout
        return
    stream = open(file, "w", encoding="utf-8")  # noqa: SIM115  # closing may fail on a full disk
    try:
        yield stream
    finally:
        with suppress(OSError):
            stream.close()


def _is_seen(events_on_stdout: bool) -> bool:
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return False
    return not (events_on_stdout and sys.stdout.isatty())


@contextmanager
def _view(progress: Progress, guard: Lock, arguments: argparse.Namespace) -> Iterator[Tell]:
    """Lines that must not be lost stand above it."""
    from firnline.cli.rollout_view import drawn

    colour = wants_colour(sys.stderr, arguments.color)
    console = Console(stderr=True, no_color=not colour, highlight=False)

    def draw() -> RenderableType:
        with guard:
            return drawn(progress, time.time(), console.height - 1)

    with Live(
        console=console,
        get_renderable=draw,
        refresh_per_second=2,
        transient=True,
        redirect_stdout=False,
    ):
        yield _saying


@contextmanager
def _lines(progress: Progress, guard: Lock, _: argparse.Namespace) -> Iterator[Tell]:
    ended, said = Flag(), [time.monotonic()]

    def go_on() -> None:
        while not ended.wait(1.0):
            if time.monotonic() - said[0] >= _QUIET_SECONDS:
                said[0] = time.monotonic()
                with guard:
                    line = so_far(progress, time.time())
                say(line)

    def tell(event: Event) -> None:
        if line := line_of(event):
            said[0] = time.monotonic()
            say(line)

    thread = Thread(target=go_on, daemon=True, name="rollout-lines")
    thread.start()
    try:
        yield tell
    finally:
        ended.set()
        thread.join()


def _saying(event: Event) -> None:
    if line := line_of(event, seen=True):
        say(line)
