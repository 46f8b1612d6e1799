"""Files and folders that people name → log files, and of which kind each is, by how it begins."""

from __future__ import annotations

import gzip
import re
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO, Final, cast

from firnline.inventory.reads.problems import UnusableReads

_BEGINNING: Final = 4096
_PART: Final = 1 << 20
_LINE: Final = re.compile(rb"\S+ \S+ \[\d\d/\w+/\d{4}:")
_GZIP: Final = b"\x1f\x8b"
_ANY_WINDOW: Final = 47
"""Of zlib: whatever the header says, gzip too."""


class LogKind(Enum):
    ACCESS_LOG = auto()
    TRAIL = auto()


@dataclass(frozen=True, slots=True)
class LogFile:
    path: Path
    kind: LogKind
    is_gzip: bool


def begins_as_log(path: Path) -> bool:
    """Or is a folder, in which only logs are looked for."""
    if path.is_dir():
        return True
    try:
        beginning, _ = _beginning_of(path)
    except (UnusableReads, ValueError):  # ValueError: of a name that no file can have
        return False
    return _LINE.match(beginning) is not None or beginning.lstrip().startswith(b"{")


def log_files(named: Iterable[Path]) -> list[LogFile]:
    """Of folders, all files below them. Empty files are none. Raises `UnusableReads`."""
    paths = {found.resolve(): found for path in named for found in _below(path)}
    return [each for path in paths.values() if (each := _judged(path))]


def recode(files: Sequence[LogFile], into: Path) -> list[tuple[LogFile, LogFile]]:
    """Each with what it was before: of logs that are not all UTF-8, copies in which each byte is a
    character.
    """
    found = []
    for number, each in enumerate(files):
        if each.kind is LogKind.TRAIL or _is_utf8(each):
            found.append((each, each))
            continue
        copy = LogFile(into / f"log-{number}", each.kind, is_gzip=False)
        with _opened(each) as log, copy.path.open("wb") as file:
            while part := log.read(_PART):
                file.write(part.decode("latin-1").encode())
        found.append((copy, each))
    return found


def _is_utf8(log: LogFile) -> bool:
    decoder = getincrementaldecoder("utf-8")()
    try:
        with _opened(log) as file:
            while part := file.read(_PART):
                decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def refuse_cut_off(files: Iterable[LogFile]) -> None:
    """Raises `UnusableReads` for what ends too soon: compressed, or a document of a trail."""
    for each in files:
        if each.kind is not LogKind.TRAIL and not each.is_gzip:
            continue
        try:
            end = _end_of(each)
        except (EOFError, zlib.error, gzip.BadGzipFile) as why:
            raise UnusableReads(f"{each.path} is no whole gzip file: {why}") from None
        if each.kind is LogKind.TRAIL and not end.endswith(b"}"):
            raise UnusableReads(f"{each.path} is cut off: its JSON does not end")


def _end_of(log: LogFile) -> bytes:
    end = b""
    with _opened(log) as file:
        while part := file.read(_PART):
            end = part.rstrip() or end
    return end


def _opened(log: LogFile) -> BinaryIO:
    return cast(BinaryIO, gzip.open(log.path)) if log.is_gzip else log.path.open("rb")


def _below(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for each in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in each.relative_to(path).parts)
        if each.is_file() and not hidden and "CloudTrail-Digest" not in each.parts:
            yield each


def _judged(path: Path) -> LogFile | None:
    beginning, is_gzip = _beginning_of(path)
    text = beginning.lstrip()
    if not text:
        return None
    if b"\0" in text:
        raise UnusableReads(
            f"{path} is no log: name server access logs, or the JSON files of a trail, and nothing"
            " else in their folder"
        )
    return LogFile(path, LogKind.TRAIL if text.startswith(b"{") else LogKind.ACCESS_LOG, is_gzip)


def _beginning_of(path: Path) -> tuple[bytes, bool]:
    """Of its text, and whether that is compressed."""
    try:
        with path.open("rb") as file:
            beginning = file.read(_BEGINNING)
    except OSError as why:
        raise UnusableReads(f"{path} cannot be read: {why.strerror or why}") from None
    if not beginning.startswith(_GZIP):
        return beginning, False
    try:
        return zlib.decompressobj(_ANY_WINDOW).decompress(beginning, _BEGINNING), True
    except zlib.error as why:
        raise UnusableReads(f"{path} is no whole gzip file: {why}") from None
