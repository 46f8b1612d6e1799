"""What an account is at in a rollout, and how long it takes, in few words."""

from __future__ import annotations

from typing import assert_never

from firnline.rollout.events import Happened
from firnline.rollout.outcome import Result


def doing_in_words(what: Happened) -> str:
    match what:
        case Happened.PREVIEWING:
            return "previewing"
        case Happened.PREVIEWED:
            return "previewed"
        case Happened.WAITING:
            return "waiting"
        case Happened.WRITING:
            return "writing"
        case Happened.VERIFYING | Happened.NOTED:
            return "reading back and comparing"
        case Happened.PAUSED:
            return "paused"
        case Happened.STOPPING:
            return "stopping"
        case Happened.BEGAN | Happened.RESUMED | Happened.WAVE_BEGAN:
            return "beginning"
        case Happened.ACCOUNT_ENDED | Happened.WAVE_ENDED | Happened.ENDED:
            return "done"
        case _:
            assert_never(what)


def in_words(result: Result) -> str:
    return result.value.replace("-", " ")


def clock(seconds: float) -> str:
    """`4:05`, `1:02:05`."""
    minutes, rest = divmod(max(int(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def about(seconds: float) -> str:
    """Of an estimate: no more exact than it is."""
    if seconds < 60:
        return "less than a minute"
    if seconds < 3600:
        return f"about {round(seconds / 60)} min"
    hours, minutes = divmod(round(seconds / 300) * 5, 60)
    return f"about {hours} h {minutes} min" if minutes else f"about {hours} h"


def first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")
