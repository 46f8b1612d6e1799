"""Data goes to stdout or files, messages to stderr, and colour only where it is visible."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from enum import StrEnum
from typing import TextIO, assert_never

from firnline.atomic_file import write_file
from firnline.cli.plain_signs import HANDLER, MOST_CELLS_MORE, has_signs
from firnline.diagnostics.kinds import Diagnostic, documented_on
from firnline.diagnostics.log_lines import Notation, without_commands
from firnline.diagnostics.wrapping import wrapped

_COLUMNS, _FEWEST, _MOST = 100, 60, 200


def prepare() -> None:
    """Once for a program: its streams take every character, and whoever stops reading them, as
    `head` does, does not stop the command: its work and its exit code are as without a reader.
    """
    sys.stdout = _prepared(sys.stdout)
    # Where there is none, `print` would write to stdout instead.
    sys.stderr = _prepared(sys.stderr) or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")


def say(text: str) -> None:
    """Prints a message for the person at the terminal."""
    said = without_commands(fitted(text, sys.stderr), Notation.WORDS)
    print(said, file=sys.stderr, flush=True)


def show(text: str) -> None:
    """Prints to the same place what is there to be copied: no line of it is broken."""
    print(text, file=sys.stderr, flush=True)


def say_diagnostics(
    found: Sequence[Diagnostic],
    colour: str,
    around: Iterable[str] | None = (),
    *,
    end: str = "\n",
) -> None:
    """Prints what is wrong with what was to be used, for a command whose answer is another. The
    settings around these paths say where codes are documented, None where it is they that are
    wrong; raises `BadSettings`.
    """
    # Seldom needed.
    from firnline.diagnostics.text import to_text
    from firnline.workspace import project_around

    site = None if around is None else project_around(around).docs_url
    documented = documented_on(site, found)
    drawn = to_text(documented, colour=wants_colour(sys.stderr, colour), columns=columns())
    print(without_commands(drawn, Notation.WORDS), file=sys.stderr, flush=True, end=end)


def fitted(text: str, stream: TextIO, *, hanging: int = 2) -> str:
    """Broken between words for a terminal; elsewhere every line is left whole."""
    if not stream.isatty():
        return text
    return "\n".join(wrapped(text, columns(), hanging=hanging))


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
    """How wide text for people may be: as COLUMNS says, or the terminal."""
    wide = min(max(_said_width() or _seen_width() or _COLUMNS, _FEWEST), _MOST)
    return wide if has_signs(sys.stdout.encoding) else wide - MOST_CELLS_MORE


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


def write_data(content: bytes) -> None:
    """Writes a patch or a script to stdout, unchanged, whatever the encoding of the screen is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _prepared(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    if not isinstance(getattr(stream.buffer, "raw", stream.buffer), io.FileIO):
        stream.reconfigure(errors=HANDLER)  # Windows' console has a class of its own
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(_Unbroken(stream.fileno(), "wb", closefd=False)),
        encoding=stream.encoding,
        errors=HANDLER,
        line_buffering=stream.line_buffering or stream.write_through,
    )


class _Unbroken(io.FileIO):
    """Drops what nobody reads any more."""

    def write(self, content: object) -> int:
        view = memoryview(content)  # type: ignore[arg-type]  # its type has no name before 3.12
        try:
            return super().write(view)
        except BrokenPipeError:
            return view.nbytes


def _said_width() -> int | None:
    said = os.environ.get("COLUMNS", "")
    return int(said) if said.isascii() and said.isdigit() else None


def _seen_width() -> int | None:
    """Of the terminal: stdout may go to `less`, and then stderr is one still."""
    for stream in filter(None, (sys.__stdout__, sys.__stderr__)):
        with suppress(OSError, ValueError):
            return os.get_terminal_size(stream.fileno()).columns
    return None


def _is_seen(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"
