"""The record of a rollout on disk, line by line: what it deploys, and what it has begun and ended.

It is an aid: what is deployed is what the stacks say. It survives the death of the process at any
moment; a line that is not whole does not count.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Final, Self

from firnline.atomic_file import write_file
from firnline.rollout.events import Event, Happened
from firnline.rollout.outcome import Outcome, Result
from firnline.rollout.process import Process

FOLDER: Final = ".firnline/rollouts"
LOGS: Final = "logs"
_LINES: Final = "journal.jsonl"
_LOCK: Final = "lock"
_MOMENT: Final = "%Y%m%dT%H%M%SZ"


class UnusableRecord(Exception):
    """A record cannot be used; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What a rollout is: `digest` is that of its plan, `accounts` the labels that it is limited to,
    all if empty; `undoes` is the id of the one that it takes back, `pause` the seconds after
    each wave.
    """

    id: str
    digest: str
    began: float
    process: Process
    accounts: tuple[str, ...] = ()
    waves: tuple[int, ...] = ()
    undoes: str = ""
    pause: float | None = None
    canary: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """`engines` are all that were started, by stack; `outcomes` the last ones by account. While it
    is `paused`, the event says after which wave and until when. `ended` is the result of a whole
    one, empty while it is unfinished. `furthest` is the last wave that was begun.
    """

    begun: Begun
    folder: Path
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    engines: Mapping[str, tuple[Process, ...]] = field(default_factory=dict)
    paused: Event | None = None
    furthest: int = 0
    ended: str = ""

    @property
    def pauses_over(self) -> int:
        """The wave until which no pause is to come any more, once it goes on."""
        return max(self.paused.wave if self.paused else 0, self.furthest - 1)

    @property
    def is_finished(self) -> bool:
        return self.ended == Result.APPLIED


class Journal:
    """Of the project in a folder, open in one process at a time. Safe to use from several threads.
    Raises `UnusableRecord` where another process has it.
    """

    def __init__(self, project: Path) -> None:
        self.folder = project / FOLDER
        self.folder.mkdir(parents=True, exist_ok=True)
        ignored = self.folder.parent / ".gitignore"
        if not ignored.exists():
            write_file(ignored, b"*\n")
        self._guard = Lock()
        self._lines: Any = None
        self._lock = (self.folder / _LOCK).open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            holder = self._lock.read().strip()
            self._lock.close()
            raise UnusableRecord(
                f"another rollout of this project is running ({holder}): wait until it has ended"
            ) from None
        self._lock.truncate(0)
        self._lock.write(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z")
        self._lock.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lines is not None:
            self._lines.close()
        self._lock.close()

    def records(self) -> list[Record]:
        """The oldest first. Raises `UnusableRecord`."""
        folders = sorted(each for each in self.folder.iterdir() if each.is_dir())
        return [record for each in folders if (record := _read(each)) is not None]

    def begin(self, begun: Begun) -> Path:
        """Returns the folder for the logs of its engines."""
        folder = self.folder / begun.id
        folder.mkdir()
        self._open(folder)
        self._add("begun", asdict(begun))
        return folder / LOGS

    def go_on(self, record: Record) -> Path:
        """Also without what a kill cut off."""
        path = record.folder / _LINES
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:
            write_file(path, whole)
        self._open(record.folder)
        return record.folder / LOGS

    def event(self, event: Event) -> None:
        self._add("event", asdict(event))

    def outcome(self, outcome: Outcome) -> None:
        self._add("outcome", asdict(outcome))

    def engine(self, stack: str, process: Process) -> None:
        self._add("engine", {"stack": stack, **asdict(process)})

    def _open(self, folder: Path) -> None:
        # A buffer would keep what a full disk refused, and write it again later.
        self._lines = (folder / _LINES).open("ab", buffering=0)

    def _add(self, kind: str, said: Mapping[str, Any]) -> None:
        """Raises `UnusableRecord` where the line cannot be written; then nothing of it is there."""
        line = json.dumps({kind: said}).encode() + b"\n"
        with self._guard:
            end = os.fstat(self._lines.fileno()).st_size
            try:
                written = self._lines.write(line)
                while written < len(line):
                    written += self._lines.write(line[written:])
                os.fsync(self._lines.fileno())
            except OSError as why:
                os.ftruncate(self._lines.fileno(), end)
                raise UnusableRecord(
                    f"{self._lines.name}: {why.strerror}: nothing new is begun; make room, then"
                    " `firnline rollout` reads from the stacks what is deployed, and does the rest"
                ) from why


def new_id(now: datetime) -> str:
    """They sort by time."""
    return f"{now.astimezone(UTC):{_MOMENT}}-{secrets.token_hex(2)}"


def began_at(id: str) -> datetime | None:
    """Of an ID that `new_id` made."""
    try:
        return datetime.strptime(id.partition("-")[0], _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _read(folder: Path) -> Record | None:
    """None where nothing had begun."""
    try:
        content = (folder / _LINES).read_bytes()
    except FileNotFoundError:
        return None
    lines = content[: content.rfind(b"\n") + 1].splitlines()
    try:
        return _folded(folder, map(json.loads, lines))
    except (ValueError, KeyError, TypeError) as problem:
        raise UnusableRecord(
            f"{folder / _LINES} cannot be read ({problem}): move it away; what is deployed is known"
            " without it, but not whether an engine still runs"
        ) from None


def _folded(folder: Path, lines: Iterable[Mapping[str, Any]]) -> Record | None:
    begun: Begun | None = None
    outcomes: dict[str, Outcome] = {}
    engines: dict[str, tuple[Process, ...]] = {}
    paused, ended, furthest = None, "", 0
    for kind, said in _pairs(lines):
        match kind:
            case "begun":
                begun = _read_begun(said)
            case "outcome":
                outcomes[said["account"]] = Outcome(**{**said, "result": Result(said["result"])})
            case "engine":
                process = Process(said["host"], said["pid"], said["started"])
                engines[said["stack"]] = (*engines.get(said["stack"], ()), process)
            case _:
                event = Event(**{**said, "what": Happened(said["what"])})
                paused = event if event.what is Happened.PAUSED else None
                ended = event.result if event.what is Happened.ENDED else ""
                furthest = max(furthest, event.wave if event.what is Happened.WAVE_BEGAN else 0)
    return (
        None if begun is None else Record(begun, folder, outcomes, engines, paused, furthest, ended)
    )


def _pairs(lines: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    for line in lines:
        yield from line.items()


def _read_begun(said: Mapping[str, Any]) -> Begun:
    return Begun(
        **{
            **said,
            "process": Process(**said["process"]),
            "accounts": tuple(said["accounts"]),
            "waves": tuple(said["waves"]),
        }
    )
