"""The result of a simulation, for people: of a listing what it comes to, of one object its life."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from firnline.targets.simulated import ByVersioning, Due, Shown, Simulated
from firnline.targets.simulated_bars import MOST_BARS, bars_of, stories_of
from firnline.targets.simulated_days import days_of
from firnline.targets.simulated_due import due_of
from firnline.targets.simulated_summary import MOST_LINES, left_of, summary_of
from firnline.targets.simulated_totals import totals_of
from firnline.targets.versioning_words import UNKNOWN, clause


def to_text(shown: Shown, *, columns: int) -> str:
    def drawn(result: Due | Simulated, most: int) -> str:
        if isinstance(result, Due):
            return due_of(result, columns, every_row=shown.every_row)
        limit = None if shown.every_row else most
        return (_life if shown.of_one else summary_of)(result, columns, limit)

    return _each(shown, drawn)


def to_timelines(shown: Shown, *, columns: int) -> str:
    """What is due at one moment has no timeline."""

    def drawn(result: Due | Simulated, _most: int) -> str:
        if isinstance(result, Due):
            return due_of(result, columns, every_row=shown.every_row)
        return bars_of(stories_of(result), columns, None if shown.every_row else MOST_BARS) + "\n"

    return _each(shown, drawn)


def _each(shown: Shown, drawn: Callable[[Due | Simulated, int], str]) -> str:
    """One answer, or both: on as many lines together."""
    match shown.result:
        case Due() | Simulated():
            return drawn(shown.result, MOST_LINES)
        case ByVersioning(answers):
            parts = [
                f"if {clause(versioning)}:\n\n{drawn(answer, MOST_LINES // 2)}\n"
                for versioning, answer in answers.items()
            ]
            return "".join([*parts, UNKNOWN, "\n"])
        case _:
            assert_never(shown.result)


def _life(simulated: Simulated, columns: int, most: int | None) -> str:
    """The timeline, and below it what happens on which day."""
    totals = totals_of(simulated)
    if not totals.happenings:
        until = f" until {simulated.until:%Y-%m-%d}" if simulated.until else ""
        return f"nothing happens{until}\n"
    bars = bars_of(stories_of(simulated), columns, most)
    days = "\n".join(days_of(totals.happenings, columns, most))
    return f"{bars}\n\n{days}\n\n{left_of(simulated, totals, columns)}\n"
