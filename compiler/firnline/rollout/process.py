"""Is a process still the one that we started? Numbers alone do not show it: they are reused."""

from __future__ import annotations

import socket
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Process:
    """`started` is when, in seconds since 1970 as the system has it."""

    host: str
    pid: int
    started: float

    @property
    def is_here(self) -> bool:
        return self.host == socket.gethostname()

    @property
    def has_ended(self) -> bool | None:
        """None where that cannot be known: it ran on another machine."""
        return not _runs(self.pid, self.started) if self.is_here else None

    @property
    def is_gone(self) -> bool:
        """Whether it has ended on this machine, and no other process has its number."""
        import psutil

        return self.is_here and not psutil.pid_exists(self.pid)


def process_of(pid: int) -> Process | None:
    """None where it has ended already."""
    import psutil

    try:
        return Process(socket.gethostname(), pid, psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


def _runs(pid: int, started: float) -> bool:
    import psutil

    try:
        found = psutil.Process(pid)
        # Computed from ticks since the machine booted, and so rounded.
        same = abs(found.create_time() - started) < 1
        return same and found.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def free_memory() -> int:
    """Bytes that new processes may take without anything being swapped out."""
    import psutil

    return int(psutil.virtual_memory().available)
