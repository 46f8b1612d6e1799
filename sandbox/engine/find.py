"""Which Pulumi engine do we use, and where it has to come from when there is none?

Runs before any virtual environment exists, so it imports nothing but the standard library.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sandbox.engine.build import build_engine
from sandbox.engine.errors import EngineTooOld, NoEngine
from sandbox.engine.own_build import (
    built_path,
    engine_folder,
    is_built,
    pinned_version,
    version_of,
)

MINIMUM = (3, 250, 0)
"""`requiredPulumiVersion` of our Pulumi.yaml: resource hooks behave as tested from here on."""

_REMEDIES = (
    "either install Pulumi {minimum} or newer (https://www.pulumi.com/docs/install/),\n"
    "or install Go (https://go.dev/dl/) and we build Pulumi {pinned} once, into {folder}"
)


@dataclass(frozen=True, slots=True)
class Engine:
    """`ours` is true for the engine we built: it needs our language host on the PATH."""

    path: Path
    ours: bool


def find_engine(root: Path) -> Engine:
    """The user's `pulumi`, else ours in `<root>/.engine`, built if it is not there."""
    if present := present_engine(root):
        return present
    return Engine(build_engine(root, require_go(root)), ours=True)


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


def pulumi_on_path(root: Path) -> Path | None:
    """The first `pulumi` on the PATH that is not our own build."""
    own = engine_folder(root).resolve()
    for folder in _path_folders():
        found = shutil.which("pulumi", path=str(folder))
        if found and own not in Path(found).resolve().parents:
            return Path(found)
    return None


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


def _dotted(version: tuple[int, int, int]) -> str:
    return ".".join(map(str, version))
