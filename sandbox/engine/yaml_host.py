"""Builds the host of Pulumi YAML programs, once: only tests of component packages need it."""

import re
import shutil
from pathlib import Path

from sandbox.engine.errors import EngineBuildFailed, NoEngine
from sandbox.engine.find import Engine, require_go
from sandbox.engine.go_build import GoBuild, GoFailed
from sandbox.engine.own_build import engine_folder

_NAME = "pulumi-language-yaml"
_MODULE = "github.com/pulumi/pulumi-yaml"


def find_yaml_host(root: Path, engine: Engine) -> Path:
    """That of an official engine, beside it; else ours in `<root>/.engine`, built if need be."""
    if not engine.ours:
        beside = engine.path.resolve().with_name(_NAME)
        found = beside if beside.is_file() else shutil.which(_NAME)
        if found is None:
            raise NoEngine(f"{engine.path} is no whole release of Pulumi: {_NAME} is missing")
        return Path(found)
    target = engine_folder(root) / _NAME
    if not _is_current(target):
        build_yaml_host(target, require_go(root))
    return target


def build_yaml_host(target: Path, go: str) -> None:
    """Whole or not at all; a second process waits for the first."""
    stamp = f"-s -w -X {_MODULE}/pkg/version.Version=v{_pinned()}"
    command = f"{_MODULE}/cmd/{_NAME}"
    build = GoBuild("YAML host", _folder(), command, ("-ldflags", stamp))
    try:
        with build.only_one(target.with_name(f"{_NAME}.lock")):
            if not _is_current(target):
                build.say(f"building {_pinned()} with Go, once: about a minute on two cores")
                build.into(target, go)
                _stamp(target).write_text(_pinned(), encoding="utf-8")
    except GoFailed as failure:
        raise EngineBuildFailed(f"building the host of YAML programs failed: {failure}") from None


def _is_current(target: Path) -> bool:
    stamp = _stamp(target)
    return target.is_file() and stamp.is_file() and stamp.read_text("utf-8") == _pinned()


def _stamp(target: Path) -> Path:
    return target.with_name(f"{_NAME}.version")


def _folder() -> Path:
    return Path(__file__).resolve().parent / "yaml"


def _pinned() -> str:
    """As its `go.mod` pins it, for example `1.25.0`."""
    text = (_folder() / "go.mod").read_text(encoding="utf-8")
    found = re.search(rf"{re.escape(_MODULE)} v(\S+)", text)
    assert found, f"sandbox/engine/yaml/go.mod requires {_MODULE}"
    return found[1]
