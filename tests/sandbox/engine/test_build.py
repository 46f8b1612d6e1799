"""The build as a user sees it, with a small script in the place of Go."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.engine import build, go_build, yaml_host
from sandbox.engine.errors import EngineBuildFailed
from sandbox.engine.own_build import EXECUTOR, is_built, pinned_version

CHECKOUT = Path(__file__).resolve().parents[3]

GO = """#!/bin/sh
# A stand-in for Go: its arguments are written down, `go build` leaves a file behind.
echo "$@" >> {log}
case "$1" in
mod) exit 0 ;;
list) echo {sdk} ;;
build)
    echo "go: downloading github.com/example/one v1.0.0" >&2
    echo "github.com/example/one" >&2
    {build}
    while [ "$1" != -o ]; do shift; done
    printf '#!/bin/sh\\necho v{version}\\n' > "$2"
    chmod +x "$2"
    ;;
esac
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "calls"


def fake_go(tmp_path: Path, log: Path, build_step: str = "sleep 0.2") -> str:
    commands = tmp_path / "sdk" / "python" / "cmd"
    commands.mkdir(parents=True)
    (commands / EXECUTOR).write_text("#!/usr/bin/env python\n", encoding="utf-8")
    go = tmp_path / "go"
    go.write_text(
        GO.format(log=log, sdk=tmp_path / "sdk", build=build_step, version=pinned_version()),
        encoding="utf-8",
    )
    go.chmod(0o755)
    return str(go)


def builds(log: Path) -> int:
    return sum(line.startswith("build ") for line in log.read_text(encoding="utf-8").splitlines())


def test_the_build_leaves_the_engine_and_its_executor(
    tmp_path: Path, log: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    engine = build.build_engine(tmp_path, fake_go(tmp_path, log))
    assert engine == tmp_path / ".engine" / "pulumi"
    assert is_built(tmp_path)
    assert sorted(path.name for path in engine.parent.iterdir()) == [
        "lock",
        "pulumi",
        EXECUTOR,
    ]
    said = capfd.readouterr()
    assert said.out == ""
    assert "about 3 minutes on two cores" in said.err
    assert f"built {engine} in " in said.err


def test_two_builds_at_once_build_once(tmp_path: Path, log: Path) -> None:
    go = fake_go(tmp_path, log)
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: build.build_engine(tmp_path, go), range(2))
    assert first == second
    assert builds(log) == 1


def test_a_failing_build_shows_the_end_of_what_go_said_and_leaves_no_engine(
    tmp_path: Path, log: Path
) -> None:
    go = fake_go(tmp_path, log, "echo 'main.go:3: no space left on device' >&2; exit 1")
    with pytest.raises(EngineBuildFailed, match="no space left on device"):
        build.build_engine(tmp_path, go)
    assert not any(path.name.startswith("pulumi.") for path in (tmp_path / ".engine").iterdir())
    assert not is_built(tmp_path)


def test_a_long_build_shows_life(
    tmp_path: Path,
    log: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(go_build, "_LINE_EVERY", 0.1)
    build.build_engine(tmp_path, fake_go(tmp_path, log, "sleep 0.5"))
    assert "1 modules fetched, 1 packages compiled" in capfd.readouterr().err


def test_the_host_of_yaml_programs_is_built_once_and_again_for_another_version(
    tmp_path: Path, log: Path
) -> None:
    go, target = fake_go(tmp_path, log), tmp_path / "pulumi-language-yaml"
    for _ in range(2):
        yaml_host.build_yaml_host(target, go)
    assert target.is_file()
    assert builds(log) == 1
    target.with_name("pulumi-language-yaml.version").write_text("1.0.0", encoding="utf-8")
    yaml_host.build_yaml_host(target, go)
    assert builds(log) == 2


def test_the_command_needs_nothing_but_the_standard_library() -> None:
    completed = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _CHECK],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert completed.returncode == 0, completed.stderr


_CHECK = f"""
import sys
sys.path.insert(0, {str(CHECKOUT)!r})
import sandbox.engine.__main__
"""
