"""A references file's lines, or what was named instead and the remedy."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from io import TextIOWrapper
from itertools import chain
from typing import Any, Final

from firnline.cli.failed import CommandFailed
from firnline.diagnostics.visible import visible
from firnline.reach.reference_file import VERSION

_WRITES: Final = "`firnline gc refs --out FILE`"
_DAMAGED: Final = 1
_COMPRESSED: Final = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ", b"PK\x03\x04")
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def lines_of(file: str) -> Iterator[str]:
    """One by one; the first is proved to be that of a references file. Raises `CommandFailed`."""
    called = visible(file)
    try:
        with open(file, "rb") as binary:  # once: it may be a pipe
            _refuse_binary(binary.peek(), called)
            lines = TextIOWrapper(binary, encoding="utf-8", newline="\n")
            first = next(lines, "")
            _refuse_other(first, called)
            yield from chain([first], lines)
    except UnicodeDecodeError:
        raise CommandFailed(
            f"{called} is not UTF-8, so it is no references file: name the one that {_WRITES} wrote"
        ) from None
    except OSError as why:
        raise CommandFailed(_unopened(file, called, why)) from None
    except ValueError:  # of a name that no file can have
        raise CommandFailed(f"{called} is no name of a file: {_name_one()}") from None


def _unopened(file: str, called: str, why: OSError) -> str:
    if not file:
        return f"the name of the references file is empty: {_name_one()}"
    if file == "-":
        return f"references are not read from stdin: save them in a file, and {_name_one()}"
    if file.startswith("s3://"):
        return f"{called} is in S3, and is read from disk alone: copy it, `aws s3 cp {called} .`"
    if isinstance(why, FileNotFoundError):
        return (
            f"{called} is not there: write it with `firnline gc refs --out {called}` where the"
            " registries can be reached, or name another file"
        )
    if isinstance(why, IsADirectoryError):
        return f"{called} is a folder: {_name_one()}"
    if isinstance(why, PermissionError):
        return f"{called} may not be read by this user: give it the right to, `chmod u+r`"
    if why.errno == errno.ENAMETOOLONG:
        return f"{called} is too long for the name of a file: {_name_one()}"
    return f"{called} cannot be read ({why.strerror}): {_name_one()}"


def _refuse_binary(start: bytes, called: str) -> None:
    """Raises `CommandFailed`."""
    if not start:
        raise CommandFailed(f"{called} is empty: write it again with {_WRITES}", _DAMAGED)
    if start.startswith(_COMPRESSED):
        raise CommandFailed(f"{called} is compressed: unpack it, and name the unpacked file")
    if start.startswith(_MARKS):
        raise CommandFailed(
            f"{called} begins with a byte order mark, so another program saved it: write it again"
            f" with {_WRITES}",
            _DAMAGED,
        )


def _refuse_other(first: str, called: str) -> None:
    """Raises `CommandFailed`."""
    line = _object(first)
    version = line.get("firnline")
    if not isinstance(version, str) or not version.startswith("references/"):
        raise CommandFailed(f"{called} is no references file: name the one that {_WRITES} wrote")
    if version != VERSION:
        raise CommandFailed(
            f"{called} is of the form {visible(version)}, and this version of firnline reads"
            f" {VERSION}: write it again with {_WRITES} of this version"
        )
    if first.endswith("\r\n"):
        raise CommandFailed(
            f"{called} has the line ends of Windows, so it was changed after it was written: write"
            " it again, and let git keep it as it is with `*.jsonl -text` in .gitattributes",
            _DAMAGED,
        )
    if not _is_moment(line.get("made")):
        raise CommandFailed(
            f"{called} does not say when it was made: write it again with {_WRITES}", _DAMAGED
        )


def _object(text: str) -> dict[str, Any]:
    """Empty where it is none."""
    with suppress(ValueError, RecursionError):
        line = json.loads(text)
        if isinstance(line, dict):
            return line
    return {}


def _is_moment(said: object) -> bool:
    with suppress(ValueError):
        return isinstance(said, str) and datetime.fromisoformat(said).tzinfo is not None
    return False


def _name_one() -> str:
    return f"name the file that {_WRITES} wrote"
