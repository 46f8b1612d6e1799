"""Writes a file completely or not at all: the only way in which files are replaced."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable


def write_file(path: str | os.PathLike[str], content: bytes) -> None:
    """Whatever happens meanwhile, the file has its old content or `content`. Links are followed,
    and an existing file keeps its permissions. A special file (a terminal, a pipe) is written to
    directly. An OSError names `path`.
    """
    write_parts(path, (content,))


def write_parts(path: str | os.PathLike[str], parts: Iterable[bytes]) -> None:
    """As `write_file`, of content that is made as it is written. What making it raises leaves the
    old content too; its own OSError must not be raised through here, as it would name `path`.
    """
    try:
        mode = _mode(path)
        if mode is None or stat.S_ISREG(mode):
            _replace(os.path.realpath(path), parts, mode)
        else:
            with open(path, "wb") as stream:
                stream.writelines(parts)
    except OSError as error:
        error.filename, error.filename2 = os.fspath(path), None
        raise


def _mode(path: str | os.PathLike[str]) -> int | None:
    """None where there is no file yet."""
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None


def _replace(target: str, parts: Iterable[bytes], mode: int | None) -> None:
    # In the same folder, because a rename is atomic only within one file system. A random name,
    # because process IDs repeat in containers, where a killed run may have left its file behind.
    unfinished = f"{target}.{os.urandom(4).hex()}"
    try:
        with open(unfinished, "xb") as stream:
            if mode is not None:
                os.chmod(unfinished, stat.S_IMODE(mode))
            stream.writelines(parts)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(unfinished, target)
    finally:  # even an interrupt leaves nothing behind; it may come after the renaming
        if os.path.exists(unfinished):
            os.unlink(unfinished)
