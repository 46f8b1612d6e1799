"""A rollout as a person watches it: what is done, what runs, what fails, and how long it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, assert_never

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from firnline.cli.rollout_words import about, clock, doing_in_words, first_line, in_words
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.rollout.outcome import Result
from firnline.rollout.progress import Progress

_HEAD: Final = 3
_MOST_FAILING: Final = 6
_MARGIN: Final = 3
"""For the `^C` that terminals show: at the edge it would break the line, and the drawing.
"""


def drawn(progress: Progress, now: float, rows: int) -> RenderableType:
    """Not more than so many rows, of a screen of any width."""
    failing = list(_failing(progress))
    room = max(rows - _HEAD - len(failing), 3)
    parts = (_where(progress, now), _bar(progress), _sums(progress))
    return Padding(Group(*parts, *_running(progress, now, room), *failing), (0, _MARGIN, 0, 0))


def _where(progress: Progress, now: float) -> RenderableType:
    title = Text(f"wave {progress.wave}" if progress.wave else "beginning", "bold")
    if progress.wave in progress.waves:
        done = sum(progress.counts(progress.wave).values())
        accounts = how_many(len(progress.accounts(progress.wave)), "account")
        title.append(f" (last: {progress.waves[-1]}): {done:,} of {accounts}", "not bold")
    if progress.stopping:
        title.append("  stopping: Ctrl-C again cancels what runs", "yellow")
    elif progress.of_wave is not None and not progress.running and progress.wave:
        title.append(f"  {doing_in_words(progress.of_wave.what)}", "cyan")
    passed = now - (progress.began if progress.began is not None else now)
    left = progress.seconds_left(now)
    time = clock(passed) + (f", {about(left)} left" if left is not None else "")
    return _row(title, Text(time))


def _bar(progress: Progress) -> RenderableType:
    total, done = _total(progress), len(progress.results)
    table = Table.grid(expand=True, padding=(0, 2, 0, 0))
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    table.add_row(
        ProgressBar(total=max(total, 1), completed=done),
        f"{done:,} of {how_many(total, 'account')}",
    )
    return table


def _sums(progress: Progress) -> RenderableType:
    counts = progress.counts()
    line = Text()
    for result in Result:
        if counts.get(result):
            line.append(f"{counts[result]:,} {in_words(result)}  ", _style(result))
    waiting = _total(progress) - len(progress.results) - len(progress.running)
    if progress.running:
        line.append(f"{len(progress.running):,} running  ", "cyan")
    if waiting:
        line.append(f"{waiting:,} to go", "dim")
    return line


def _total(progress: Progress) -> int:
    return sum(len(progress.accounts(each)) for each in progress.waves)


def _running(progress: Progress, now: float, room: int) -> Iterator[RenderableType]:
    """The slowest first."""
    running = sorted(progress.running.items(), key=lambda each: each[1].since)
    shown = running if len(running) <= room else running[: room - 1]
    for label, doing in shown:
        text = Text("  ")
        text.append(visible(label), "bold")
        text.append(f"  {doing_in_words(doing.what)}")
        if doing.text:
            text.append(f": {visible(first_line(doing.text))}", "yellow")
        yield _row(text, Text(clock(now - doing.since), "dim"))
    if len(shown) < len(running):
        yield Text(f"  and {len(running) - len(shown):,} more", "dim")


def _failing(progress: Progress) -> Iterator[RenderableType]:
    """One line for each: the whole text stands above the view."""
    labels = progress.failing
    for label in labels[:_MOST_FAILING]:
        result = progress.results[label]
        text = Text("  ", no_wrap=True, overflow="ellipsis")
        text.append(visible(label), "bold")
        text.append(f"  {in_words(result)}", _style(result))
        text.append(f": {visible(first_line(progress.reasons[label]))}")
        yield text
    if len(labels) > _MOST_FAILING:
        yield Text(f"  and {len(labels) - _MOST_FAILING:,} more that failed", "red")


def _row(left: Text, right: Text) -> RenderableType:
    """What does not fit is cut on the left: the time is always seen."""
    left.no_wrap, left.overflow = True, "ellipsis"
    table = Table.grid(expand=True, padding=(0, 2, 0, 0))
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    table.add_column(justify="right", no_wrap=True)
    table.add_row(left, right)
    return table


def _style(result: Result) -> str:
    match result:
        case Result.APPLIED | Result.UP_TO_DATE:
            return "green"
        case Result.REFUSED | Result.FAILED | Result.UNSURE:
            return "red"
        case Result.INTERRUPTED | Result.NOT_STARTED:
            return "yellow"
        case _:
            assert_never(result)
