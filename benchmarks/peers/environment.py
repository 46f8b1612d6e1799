"""The peers' virtual environment: .cache/peers, apart from ours, as their pins and ours differ."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from sandbox.paths import CHECKOUT
from sandbox.walkthrough import run, step

PINS: Final = Path(__file__).with_name("requirements.txt")
_FOLDER: Final = CHECKOUT / ".cache" / "peers"
_STAMP: Final = _FOLDER / ".installed-from"
_MEASURED: Final = ("cfn-lint", "c7n", "moto", "boto3")
_ASK_VERSIONS: Final = (
    "import json, sys; from importlib.metadata import version;"
    " print(json.dumps({name: version(name) for name in sys.argv[1:]}))"
)


class NoPeers(Exception):
    """The tools could not be installed; the text says what to do."""


def programs() -> Path:
    """The folder of the tools' commands, after installing them where the pins have changed.

    Raises `NoPeers`.
    """
    python = _FOLDER / "bin" / "python"
    wanted = hashlib.sha256(PINS.read_bytes()).hexdigest()
    if _STAMP.exists() and _STAMP.read_text(encoding="utf-8") == wanted and python.exists():
        return python.parent
    with step(f"the peers, into {_shown(_FOLDER)}, pinned by {_shown(PINS)} (325 MB, minutes)"):
        _STAMP.unlink(missing_ok=True)
        if not python.exists() and run([sys.executable, "-m", "venv", str(_FOLDER)]) != 0:
            raise NoPeers(f"no virtual environment could be made in {_shown(_FOLDER)}")
        bar = "on" if sys.stderr.isatty() else "off"
        pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
        if run([*pip, "--progress-bar", bar, "--require-hashes", "-r", str(PINS)]) != 0:
            raise NoPeers(
                "the peers could not be installed, as pip says above; where there is no network,"
                " come back with one"
            )
        _STAMP.write_text(wanted, encoding="utf-8")
    return python.parent


def versions(programs: Path) -> dict[str, str]:
    """As the environment has them."""
    command = [str(programs / "python"), "-c", _ASK_VERSIONS, *_MEASURED]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _shown(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))
