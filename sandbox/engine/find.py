"""Which Pulumi engine do we use, and where it has to come from when there is none?

Runs before any virtual environment exists, so it imports nothing but the standard library.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MINIMUM = (3, 250, 0)
"""`requiredPulumiVersion` of our Pulumi.yaml: resource hooks behave as tested from here on."""

EXECUTOR = "pulumi-language-python-exec"
"""The script that runs a Python program; it lies in the sdk/v3 Go module, not in the Python SDK."""

_REMEDIES = (
    "either install Pulumi {minimum} or newer (https://www.pulumi.com/docs/install/),\n"
    "or install Go (https://go.dev/dl/) and we build Pulumi {pinned} once, into {folder}"
)


@dataclass(frozen=True, slots=True)
class Engine:
    """`ours` is true for the engine we built: it needs our language host on the PATH."""

    path: Path
    ours: bool


class EngineError(Exception):
    """No usable engine; the message says what to do."""


class NoEngine(EngineError):
    """There is neither `pulumi` nor `go`."""


class EngineTooOld(EngineError):
    """The user's own `pulumi` is older than our programs require."""


class EngineBuildFailed(EngineError):
    """Go could not build the engine; the message ends with the tail of its output."""


def find_engine(root: Path) -> Engine:
    """The user's `pulumi`, else ours in `<root>/.engine`, built if it is not there."""
    if present := present_engine(root):
        return present
    go = require_go(root)
    # Imported here: most callers find an engine and never build one.
    from sandbox.engine import build

    return Engine(build.build_engine(root, go), ours=True)


def present_engine(root: Path) -> Engine | None:
    """The engine that can be used without building anything."""
    if theirs := pulumi_on_path(root):
        _refuse_if_too_old(theirs)
        return Engine(theirs, ours=False)
    if is_built(root):
        return Engine(built_path(root), ours=True)
    return None


def check(root: Path) -> None:
    """Raises `NoEngine` or `EngineTooOld` where `find_engine` would; builds nothing."""
    if present_engine(root) is None:
        require_go(root)


def require_go(root: Path) -> str:
    if go := shutil.which("go"):
        return go
    remedies = _REMEDIES.format(
        minimum=_dotted(MINIMUM), pinned=pinned_version(), folder=engine_folder(root)
    )
    raise NoEngine(f"there is neither `pulumi` nor `go` on the PATH:\n{remedies}")


def engine_folder(root: Path) -> Path:
    return root / ".engine"


def built_path(root: Path) -> Path:
    return engine_folder(root) / "pulumi"


def is_built(root: Path) -> bool:
    """Whole and of the pinned version: the executor is put there first, the engine last."""
    engine = built_path(root)
    if not (engine.is_file() and (engine_folder(root) / EXECUTOR).is_file()):
        return False
    return version_of(engine) == _parse(pinned_version())


def module_folder() -> Path:
    return Path(__file__).resolve().parent / "pulumi"


def pinned_version() -> str:
    """As `go.mod` pins it, for example `3.250.0`."""
    text = (module_folder() / "go.mod").read_text(encoding="utf-8")
    found = re.search(r"github\.com/pulumi/pulumi/pkg/v3 v(\S+)", text)
    assert found, "sandbox/engine/pulumi/go.mod requires github.com/pulumi/pulumi/pkg/v3"
    return found[1]


def pulumi_on_path(root: Path) -> Path | None:
    """The first `pulumi` on the PATH that is not our own build."""
    own = engine_folder(root).resolve()
    for folder in _path_folders():
        found = shutil.which("pulumi", path=str(folder))
        if found and own not in Path(found).resolve().parents:
            return Path(found)
    return None


def version_of(engine: Path) -> tuple[int, int, int] | None:
    """None when it cannot be run, or prints something that is no version."""
    environment = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"}
    try:
        asked = subprocess.run(
            [str(engine), "version"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except OSError:
        return None
    return _parse(asked.stdout) if asked.returncode == 0 else None


def _refuse_if_too_old(engine: Path) -> None:
    version = version_of(engine)
    if version is None:
        raise EngineTooOld(
            f"{engine} does not say its version: `{engine} version` should print {_dotted(MINIMUM)}"
            " or newer; reinstall Pulumi, or take it off the PATH"
        )
    if version < MINIMUM:
        raise EngineTooOld(
            f"{engine} is Pulumi {_dotted(version)}, but {_dotted(MINIMUM)} or newer is needed: "
            "upgrade it (https://www.pulumi.com/docs/install/), or take it off the PATH "
            f"and we build Pulumi {pinned_version()} with Go"
        )


def _path_folders() -> Iterator[Path]:
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if folder:
            yield Path(folder)


def _parse(text: str) -> tuple[int, int, int] | None:
    found = re.match(r"\s*v?(\d+)\.(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def _dotted(version: tuple[int, int, int]) -> str:
    return ".".join(map(str, version))
