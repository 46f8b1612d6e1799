"""Builds the pinned Pulumi engine from its Go module, once."""

import os
import shutil
import subprocess
from pathlib import Path

from sandbox.engine.errors import EngineBuildFailed
from sandbox.engine.go_build import GoBuild, GoFailed
from sandbox.engine.own_build import (
    EXECUTOR,
    built_path,
    engine_folder,
    is_built,
    module_folder,
    pinned_version,
)

_COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_SDK = "github.com/pulumi/pulumi/sdk/v3"


def build_engine(root: Path, go: str) -> Path:
    """The path of the engine in `<root>/.engine`; a second process waits for the first."""
    folder = engine_folder(root)
    folder.mkdir(exist_ok=True)
    build = _pulumi()
    with build.only_one(folder / "lock"):
        try:
            _copy_executor(build, go, folder)
            if not is_built(root):
                build.say(f"no `pulumi` on the PATH: building {pinned_version()} with Go, once")
                build.say("this takes about 3 minutes on two cores, and 4 GB for Go's caches")
                build.into(built_path(root), go)
        except GoFailed as failure:
            raise _failed(failure) from None
    return built_path(root)


def _pulumi() -> GoBuild:
    stamp = f"-s -w -X {_SDK}/go/common/version.Version=v{pinned_version()}"
    return GoBuild("engine", module_folder(), _COMMAND, ("-ldflags", stamp))


def _copy_executor(build: GoBuild, go: str, folder: Path) -> None:
    target = folder / EXECUTOR
    if target.is_file():
        return
    build.say("fetching the script that runs Python programs, from Pulumi's SDK")
    source = _sdk_folder(build, go) / "python" / "cmd" / EXECUTOR
    unfinished = folder / f"{EXECUTOR}.{os.getpid()}"
    shutil.copyfile(source, unfinished)
    unfinished.chmod(0o755)
    unfinished.replace(target)


def _sdk_folder(build: GoBuild, go: str) -> Path:
    # `go mod download` prints nothing; `go list` alone leaves Dir empty for a module not fetched.
    for command in (["mod", "download", _SDK], ["list", "-m", "-f", "{{.Dir}}", _SDK]):
        completed = subprocess.run(
            [go, *command], cwd=build.module, capture_output=True, text=True, check=False
        )
        if completed.returncode:
            raise build.failed(" ".join(["go", *command]), completed.stderr.splitlines())
    return Path(completed.stdout.strip())


def _failed(failure: GoFailed) -> EngineBuildFailed:
    return EngineBuildFailed(
        f"building the Pulumi engine failed: {failure}\n"
        "install Pulumi instead (https://www.pulumi.com/docs/install/), or fix what Go complains "
        "about (a proxy: `go env GOPROXY`; disk space: about 4 GB) and run this again"
    )
