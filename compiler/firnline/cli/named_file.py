"""A file that an option names: why it cannot be read, and what to do then."""

from __future__ import annotations

import errno
import os

from firnline.cli.failed import CommandFailed
from firnline.diagnostics.visible import visible

_S3 = "s3://"
_COMPRESSED = {
    b"\x1f\x8b": ("gzip", "gunzip --keep"),
    b"\x28\xb5\x2f\xfd": ("zstd", "unzstd"),
    b"BZh": ("bzip2", "bunzip2 --keep"),
    b"\xfd7zXZ": ("xz", "unxz --keep"),
    b"PK\x03\x04": ("zip", "unzip"),
}


def beginning_of(path: str, remedy: str, size: int = 4096) -> bytes:
    """The first bytes of a file that has some. `remedy` says what to name instead, or how to write
    one. Raises `CommandFailed`.
    """
    try:
        with open(path, "rb") as file:
            found = file.read(size)
    except (OSError, ValueError) as why:  # ValueError: of a name that no file can have
        raise unread(path, why, remedy) from None
    if not found:
        raise CommandFailed(f"{visible(path)} is empty: {remedy}")
    refuse_compressed(found, visible(path))
    return found


def unread(path: str, why: OSError | ValueError, remedy: str) -> CommandFailed:
    """`remedy` as above."""
    shown = visible(path)
    if path.startswith(_S3):
        name = visible(path.rstrip("/").rpartition("/")[2])
        return CommandFailed(f"{shown} is read from disk: `aws s3 cp {shown} .`, then name {name}")
    match why:
        case FileNotFoundError():
            problem = "is not there"
        case IsADirectoryError():
            problem = "is a folder, not a file"
        case PermissionError():
            return CommandFailed(f"{shown} may not be read by this user: `chmod u+r {shown}`")
        case OSError(errno=errno.ENAMETOOLONG):
            problem = "is too long for the name of a file"
        case OSError():
            problem = f"cannot be read ({why.strerror or why})"
        case _:
            problem = "is no name of a file"
    return CommandFailed(f"{shown} {problem}: {remedy}")


def refuse_compressed(start: bytes, shown: str) -> None:
    """Raises `CommandFailed`."""
    for magic, (form, command) in _COMPRESSED.items():
        if start.startswith(magic):
            raise CommandFailed(
                f"{shown} is compressed by {form}: decompress it (`{command}`), and name that file"
            )


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
