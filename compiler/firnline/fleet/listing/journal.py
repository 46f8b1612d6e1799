"""How far an unfinished listing is, on disk: what it is of, and every data file that is whole.

It survives the death of the process at any moment. A data file counts once its line is in the
journal, which is written after it; a line that is not whole does not count.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Final, Self

from firnline.atomic_file import write_file
from firnline.fleet.listing.request import KeyRange, Listed, ListingRequest, Marker
from firnline.inventory.manifest import DataFile

_PLAN: Final = "plan.json"
_PARTS: Final = "parts.jsonl"


class UnusableJournal(Exception):
    """An unfinished listing cannot be continued; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class ListingPlan:
    """`id` begins the names of its data files; `began` is by the clock of S3."""

    request: ListingRequest
    id: str
    began: datetime
    ranges: tuple[KeyRange, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What was listed of a range since the part before it. `file` is None if that is no row;
    `next` is None at the end of the range.
    """

    range: int
    rows: int
    bytes: int
    file: DataFile | None
    next: Marker | None


def new_plan(request: ListingRequest, began: datetime, ranges: Sequence[KeyRange]) -> ListingPlan:
    return ListingPlan(request, secrets.token_hex(8), began, tuple(ranges))


class Journal:
    """Open in one process at a time. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._guard = Lock()
        self._file = (folder / _PARTS).open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise UnusableJournal("another process is listing into this folder") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def plan(self) -> ListingPlan | None:
        """Of the unfinished listing, if there is one."""
        try:
            return _read_plan((self._folder / _PLAN).read_bytes())
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as problem:
            raise UnusableJournal(f"{self._folder / _PLAN} cannot be read: {problem}") from None

    def begin(self, plan: ListingPlan) -> None:
        """Parts of a listing that never had a plan are forgotten."""
        self._file.truncate(0)
        write_file(self._folder / _PLAN, _written_plan(plan))

    def parts(self) -> list[Part]:
        """In the order in which they were added; a line that a kill cut off is removed."""
        self._file.seek(0)
        content = self._file.read()
        whole = content[: content.rfind(b"\n") + 1]
        self._file.truncate(len(whole))
        try:
            return [_read_part(line) for line in whole.splitlines()]
        except (ValueError, KeyError, TypeError) as problem:
            raise UnusableJournal(f"{self._folder / _PARTS} cannot be read: {problem}") from None

    def add(self, part: Part) -> None:
        """Its file must be on disk."""
        line = json.dumps(asdict(part)).encode() + b"\n"
        with self._guard:
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())

    def remove(self) -> None:
        """The listing is finished, or given up."""
        (self._folder / _PLAN).unlink(missing_ok=True)  # first: parts without a plan mean nothing
        shutil.rmtree(self._folder)


def _written_plan(plan: ListingPlan) -> bytes:
    document = {**asdict(plan), "began": plan.began.isoformat()}
    return json.dumps(document, indent=2).encode()


def _read_plan(content: bytes) -> ListingPlan:
    said = json.loads(content)
    return ListingPlan(
        ListingRequest(**said["request"]),
        said["id"],
        datetime.fromisoformat(said["began"]),
        tuple(
            KeyRange(Listed(each["listed"]), each["after"], each["until"])
            for each in said["ranges"]
        ),
    )


def _read_part(line: bytes) -> Part:
    said = json.loads(line)
    file, next = said["file"], said["next"]
    return Part(
        said["range"],
        said["rows"],
        said["bytes"],
        DataFile(**file) if file else None,
        Marker(**next) if next else None,
    )
