"""Where is the engine that we build ourselves, and is it complete?"""

import os
import re
import subprocess
from pathlib import Path

EXECUTOR = "pulumi-language-python-exec"
"""The script that runs a Python program; it is in the sdk/v3 Go module, not in the Python SDK."""


def engine_folder(root: Path) -> Path:
    return root / ".engine"


def built_path(root: Path) -> Path:
    return engine_folder(root) / "pulumi"


def is_built(root: Path) -> bool:
    """Whole and of the pinned version: the executor is put there first, the engine last."""
    engine = built_path(root)
    if not (engine.is_file() and (engine_folder(root) / EXECUTOR).is_file()):
        return False
    return version_of(engine) == parse_version(pinned_version())


def module_folder() -> Path:
    return Path(__file__).resolve().parent / "pulumi"


def pinned_version() -> str:
    """As `go.mod` pins it, for example `3.250.0`."""
    text = (module_folder() / "go.mod").read_text(encoding="utf-8")
    found = re.search(r"github\.com/pulumi/pulumi/pkg/v3 v(\S+)", text)
    assert found, "sandbox/engine/pulumi/go.mod requires github.com/pulumi/pulumi/pkg/v3"
    return found[1]


def version_of(engine: Path) -> tuple[int, int, int] | None:
    """None when it cannot be run, or prints something that is no version."""
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"}
    try:
        completed = subprocess.run(
            [str(engine), "version"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except OSError:
        return None
    return parse_version(completed.stdout) if completed.returncode == 0 else None


def parse_version(text: str) -> tuple[int, int, int] | None:
    found = re.match(r"\s*v?(\d+)\.(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None
