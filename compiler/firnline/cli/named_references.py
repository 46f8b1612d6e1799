"""A references file that an option names: its lines, or what it is instead and what to do then."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import BufferedReader, TextIOWrapper
from os import fstat
from typing import Any, Final

from firnline.cli.failed import CommandFailed
from firnline.cli.named_file import refuse_compressed, unread
from firnline.diagnostics.visible import visible
from firnline.reach.reference_file import VERSION

_WRITES: Final = "`firnline gc refs --out FILE`"
_NAME_ONE: Final = f"name the file that {_WRITES} wrote"
_DAMAGED: Final = 1
_LONGEST_FIRST: Final = 4096
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def lines_of(file: str) -> Iterator[str]:
    """One by one, of a file or a pipe; the first is proved to be that of a references file. Raises
    `CommandFailed`.
    """
    with _opened(file, None) as (first, binary):
        yield first
        try:
            yield from TextIOWrapper(binary, encoding="utf-8", newline="\n")
        except UnicodeDecodeError:
            raise CommandFailed(
                f"{visible(file)} is damaged: it is not UTF-8 throughout: write it again with"
                f" {_WRITES}",
                _DAMAGED,
            ) from None


def refuse_other_files(file: str, instead: str | None = None) -> None:
    """Than references files, which can be read more than once. `instead` says what else to name,
    where writing it again is no remedy. Raises `CommandFailed`.
    """
    with _opened(file, instead) as (_, binary):
        if not stat.S_ISREG(fstat(binary.fileno()).st_mode):
            raise CommandFailed(
                f"{visible(file)} is a pipe or a device, and references are read more than once:"
                " save them in a file, and name that"
            )


@contextmanager
def _opened(file: str, instead: str | None) -> Iterator[tuple[str, BufferedReader]]:
    """Its first line, and the others. Raises `CommandFailed`."""
    if not file:
        raise CommandFailed(f"the name of the references file is empty: {_NAME_ONE}")
    if file == "-":
        raise CommandFailed(
            f"references are not read from stdin: save them in a file, and {_NAME_ONE}"
        )
    called = visible(file)
    try:
        with open(file, "rb") as binary:  # once: it may be a pipe
            yield _first_of(binary, called, instead), binary
    except FileNotFoundError as why:
        write = f"write it with `firnline gc refs --out {called}` where the registries can be"
        raise unread(file, why, instead or f"{write} reached, or name another file") from None
    except (OSError, ValueError) as why:  # ValueError: of a name that no file can have
        raise unread(file, why, instead or _NAME_ONE) from None


def _first_of(binary: BufferedReader, called: str, instead: str | None) -> str:
    """Raises `CommandFailed`."""
    again = instead or f"write it again with {_WRITES}"
    start = binary.readline(_LONGEST_FIRST)
    if not start:
        raise CommandFailed(f"{called} is empty: {again}", _DAMAGED)
    refuse_compressed(start, called)
    if start.startswith(_MARKS):
        raise CommandFailed(
            f"{called} begins with a byte order mark, so another program saved it: {again}",
            _DAMAGED,
        )
    line = _object(start)
    version = line.get("firnline")
    if not isinstance(version, str) or not version.startswith("references/"):
        raise CommandFailed(f"{called} is no references file: {instead or _NAME_ONE}")
    if version != VERSION:
        raise CommandFailed(
            f"{called} is of the form {visible(version)}, and this version of Firnline reads"
            f" {VERSION}: {instead or f'{again} of this version'}"
        )
    if start.endswith(b"\r\n"):
        raise CommandFailed(
            f"{called} has the line ends of Windows, so it was changed after it was written:"
            f" {again}, and let git keep it as it is with `*.jsonl -text` in .gitattributes",
            _DAMAGED,
        )
    if not _is_moment(line.get("made")):
        raise CommandFailed(f"{called} does not say when it was made: {again}", _DAMAGED)
    return start.decode("utf-8")


def _object(text: bytes) -> dict[str, Any]:
    """Empty where it is none."""
    with suppress(ValueError, RecursionError):
        line = json.loads(text.decode("utf-8"))
        if isinstance(line, dict):
            return line
    return {}


def _is_moment(said: object) -> bool:
    with suppress(ValueError):
        return isinstance(said, str) and datetime.fromisoformat(said).tzinfo is not None
    return False
