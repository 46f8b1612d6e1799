"""Which registry is being read, and how far: on a terminal one line, elsewhere one now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from firnline.cli.streams import say, wants_colour
from firnline.diagnostics.visible import visible
from firnline.reach.collect import Opened
from firnline.reach.source import Found

_SECONDS = 30.0
"""Between two lines."""
_BETWEEN_LOOKS = 256
"""Of what is read: the clock takes longer than most of it."""

Tell = Callable[[str, int], None]
"""Called with what is being read, and how much of it was."""


@contextmanager
def registry_progress(registries: Sequence[Opened], when: str) -> Iterator[list[Opened]]:
    """The same registries, which tell how far they are read."""
    with _telling(when) as tell:
        yield [
            replace(each, read=partial(_read, each, f"{number} of {len(registries)}", tell))
            for number, each in enumerate(registries, 1)
        ]


def _read(registry: Opened, place: str, tell: Tell) -> Iterator[Found]:
    what = f"reading registry {visible(registry.name)} ({registry.kind}), {place}"
    tell(what, 0)
    for number, found in enumerate(registry.read(), 1):
        if number % _BETWEEN_LOOKS == 0:
            tell(what, number)
        yield found


@contextmanager
def _telling(when: str) -> Iterator[Tell]:
    if not sys.stderr.isatty():
        yield _Lines().tell
        return
    from rich.console import Console
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, no_color=not wants_colour(sys.stderr, when), highlight=False)
    columns = TextColumn("{task.description}", markup=False), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("reading registries", total=None)
        yield lambda what, number: shown.update(task, description=_in_words(what, number))


class _Lines:
    def __init__(self) -> None:
        self._last = time.monotonic()

    def tell(self, what: str, number: int) -> None:
        now = time.monotonic()
        if now - self._last >= _SECONDS:
            self._last = now
            say(_in_words(what, number))


def _in_words(what: str, number: int) -> str:
    return f"{what}: {number:,} lines" if number else what
