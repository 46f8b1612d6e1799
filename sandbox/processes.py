"""Is a process still the one that we started? Its ID alone does not show it: IDs are reused."""

import os
import signal
import subprocess
import time
from pathlib import Path


def process_start(pid: int) -> str | None:
    """When the process began, in the system's own words; None if it has ended."""
    stat = Path(f"/proc/{pid}/stat")
    if not Path("/proc/self/stat").exists():
        return _start_by_ps(pid)
    try:
        # The command's name is in brackets and may hold anything; field 3 follows it (proc(5)).
        fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    has_ended = fields[0] in ("Z", "X")  # a zombie: its parent has not reaped it
    return None if has_ended else fields[19]


def end_process(pid: int, start: str, patience_seconds: float = 5.0) -> bool:
    """Ends exactly the process with this number and start; False if it had ended before."""
    if process_start(pid) != start:
        return False
    for how in (signal.SIGTERM, signal.SIGKILL):
        os.kill(pid, how)
        if _has_ended(pid, start, patience_seconds):
            return True
    raise TimeoutError(f"process {pid} does not end")


def _has_ended(pid: int, start: str, patience_seconds: float) -> bool:
    until = time.monotonic() + patience_seconds
    while process_start(pid) == start:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _start_by_ps(pid: int) -> str | None:
    """macOS has no /proc."""
    completed = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
        env={**os.environ, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    state, _, start = completed.stdout.strip().partition(" ")
    return None if completed.returncode != 0 or state.startswith("Z") else start.strip()
