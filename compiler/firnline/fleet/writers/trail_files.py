"""The writes of buckets' lifecycle in the log files of a trail. Reads files."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from firnline.fleet.writers.events import LifecycleWrite, read_event
from firnline.inventory.reads.log_files import LogFile, LogKind, log_files
from firnline.inventory.reads.problems import UnusableReads

_NAMED: Final = b"BucketLifecycle"
"""In each file with such an event: most have none, and are large."""


@dataclass(frozen=True, slots=True)
class InTrail:
    writes: tuple[LifecycleWrite, ...]
    files: int


def read_trail(named: Iterable[Path]) -> InTrail:
    """Of files and folders. Raises `UnusableReads`."""
    files = log_files(named)
    return InTrail(tuple(each for file in files for each in _writes(file)), len(files))


def _writes(file: LogFile) -> Iterator[LifecycleWrite]:
    if file.kind is not LogKind.TRAIL:
        raise UnusableReads(
            f"{file.path} is no log of CloudTrail: who writes a lifecycle is in its JSON files"
        )
    content = _content(file)
    if _NAMED not in content:
        return
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as why:
        raise UnusableReads(f"{file.path} is no whole JSON: {why}") from None
    records = document.get("Records")
    if not isinstance(records, list):
        raise UnusableReads(f"{file.path} has no `Records`, as the logs of CloudTrail have")
    yield from filter(None, map(read_event, records))


def _content(file: LogFile) -> bytes:
    try:
        content = file.path.read_bytes()
        return gzip.decompress(content) if file.is_gzip else content
    except OSError as why:
        raise UnusableReads(f"{file.path} cannot be read: {why.strerror or why}") from None
    except (EOFError, zlib.error) as why:
        raise UnusableReads(f"{file.path} is no whole gzip file: {why}") from None
