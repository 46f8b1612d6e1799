"""Data goes to stdout or files, messages to stderr, and colour only where it is visible."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from enum import StrEnum
from typing import TextIO, assert_never

from firnline.atomic_file import write_file


def say(text: str) -> None:
    """Prints a message for the person at the terminal."""
    print(text, file=sys.stderr, flush=True)


class Colour(StrEnum):
    """The choices of `--color`."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def wants_colour(stream: TextIO, when: str) -> bool:
    """`--color`, then NO_COLOR (no-color.org) and FORCE_COLOR, then whether it is a terminal."""
    chosen = Colour(when)
    match chosen:
        case Colour.ALWAYS:
            return True
        case Colour.NEVER:
            return False
        case Colour.AUTO:
            return _is_seen(stream)
        case _:
            assert_never(chosen)


def columns() -> int:
    import shutil  # slow to import, and only drawings need the width

    return min(max(shutil.get_terminal_size((100, 24)).columns, 60), 200)


def day(text: str) -> date:
    """The type of an option that takes a date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is not a date; write year, month, day, such as 2027-03-31"
        raise argparse.ArgumentTypeError(message) from None


def write(text: str, file: str | None) -> None:
    """Writes to stdout, or to a file: completely or not at all."""
    if file is None:
        sys.stdout.write(text)
        return
    write_file(file, text.encode())


def _is_seen(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"
