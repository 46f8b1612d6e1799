"""A virtual environment of exactly what a lock lists, made again whenever the lock has changed."""

import hashlib
import sys
from pathlib import Path

from sandbox.walkthrough import require, step


def environment(folder: Path, lock: Path, what: str) -> Path:
    """Where its commands are."""
    stamp, commands = folder / ".installed-from", folder / "bin"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return commands
    with step(what):
        require([sys.executable, "-m", "venv", "--clear", str(folder)])
        pip = [str(commands / "python"), "-m", "pip", "install", "--disable-pip-version-check"]
        require([*pip, "-q", "--require-hashes", "-r", str(lock)])
        stamp.write_text(wanted)
    return commands
