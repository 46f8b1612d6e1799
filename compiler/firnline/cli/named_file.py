"""A file that an option names: why it cannot be read, and what to do then."""

from __future__ import annotations

import os

from firnline.cli.failed import CommandFailed
from firnline.diagnostics.visible import visible

_S3 = "s3://"
_GZIP = b"\x1f\x8b"


def beginning_of(path: str, remedy: str, size: int = 4096) -> bytes:
    """The first bytes of a file that has some. `remedy` says what to name instead, or how to write
    one. Raises `CommandFailed`.
    """
    shown = visible(path)
    if path.startswith(_S3):
        name = visible(path.rstrip("/").rpartition("/")[2])
        raise CommandFailed(f"{shown} is read from disk: `aws s3 cp {shown} .`, then name {name}")
    if os.path.isdir(path):
        raise CommandFailed(f"{shown} is a folder, not a file: {remedy}")
    try:
        with open(path, "rb") as file:
            found = file.read(size)
    except FileNotFoundError:
        raise CommandFailed(f"{shown} is not there: {remedy}") from None
    except OSError as why:
        raise CommandFailed(f"{shown} cannot be read: {why.strerror or why}: {remedy}") from None
    if not found:
        raise CommandFailed(f"{shown} is empty: {remedy}")
    if found.startswith(_GZIP):
        raise CommandFailed(
            f"{shown} is compressed by gzip: decompress it (`gunzip --keep`), and name that file"
        )
    return found


def refuse_unwritable(path: str | None) -> None:
    """Before work is done for a file that cannot be written. Raises `CommandFailed`."""
    if path is None:
        return
    folder = os.path.dirname(path) or os.curdir
    if os.path.isdir(path):
        raise CommandFailed(f"{visible(path)} is a folder: name a file in it")
    if not os.path.isdir(folder):
        raise CommandFailed(
            f"{visible(path)} cannot be written, as there is no folder {visible(folder)}: make it"
            " first"
        )
