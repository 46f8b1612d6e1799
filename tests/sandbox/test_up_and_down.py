"""`python -m sandbox up`, `down` and what lies between, on a root of the test's own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox import emulator_process
from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.processes import end_process, process_start
from sandbox.state import read_state, write_state
from tests.waiting import wait_for

Sandbox = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def paths(tmp_path: Path) -> Iterator[SandboxPaths]:
    paths = SandboxPaths(tmp_path / "a root")
    paths.root.mkdir()
    yield paths
    if paths.state.exists():
        emulator_process.down(paths)


@pytest.fixture
def sandbox(paths: SandboxPaths) -> Sandbox:
    def call(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "sandbox", "--root", str(paths.root), *words],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return call


def test_up_starts_once_and_down_ends_it(paths: SandboxPaths, sandbox: Sandbox) -> None:
    first, second = sandbox("up"), sandbox("up")
    state = read_state(paths.state)
    assert state is not None
    assert first.stdout.startswith("sandbox started in ")
    assert second.stdout == f"sandbox runs already: {state.endpoint} (world {state.world})\n"
    assert state.endpoint in first.stdout
    assert paths.backend(state.world).is_dir()
    assert f"process {state.pid}" in sandbox("status").stdout

    ended, again = sandbox("down"), sandbox("down")
    assert process_start(state.pid) is None
    assert str(state.pid) in ended.stdout
    assert (again.returncode, again.stdout) == (0, "sandbox: nothing was running\n")
    assert not paths.state.exists()
    assert not paths.world(state.world).exists()
    assert paths.emulator_log.read_text() == ""
    assert sandbox("status").returncode == 1


def test_a_new_world_has_a_new_backend_and_leaves_other_worlds_alone(
    paths: SandboxPaths, sandbox: Sandbox
) -> None:
    elsewhere = paths.backend("of-somebody-else")
    elsewhere.mkdir(parents=True)
    worlds = []
    for _ in range(2):
        assert sandbox("up", "--quiet").stdout == ""
        state = read_state(paths.state)
        assert state is not None
        worlds.append(state.world)
        sandbox("down")
    assert worlds[0] != worlds[1]
    assert elsewhere.is_dir()


def test_after_a_crash_up_starts_a_new_world(paths: SandboxPaths, sandbox: Sandbox) -> None:
    sandbox("up")
    before = read_state(paths.state)
    assert before is not None
    os.kill(before.pid, signal.SIGKILL)
    wait_until_gone(before.pid)
    assert sandbox("status").returncode == 1
    sandbox("up")
    after = read_state(paths.state)
    assert after is not None
    assert after.world != before.world
    assert not paths.world(before.world).exists()


def test_down_never_ends_a_process_that_only_has_the_number(
    paths: SandboxPaths, sandbox: Sandbox
) -> None:
    sandbox("up")
    state: Any = read_state(paths.state)
    end_process(state.pid, state.process_start)
    innocent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        recorded = {**json.loads(paths.state.read_text()), "pid": innocent.pid}
        write_state(paths.state, type(state)(**recorded))
        assert sandbox("down").stdout == "sandbox: nothing was running\n"
        assert innocent.poll() is None
        assert not paths.state.exists()
    finally:
        innocent.communicate(b"\n", timeout=60)


def test_without_a_sandbox_env_says_so_and_is_harmless_to_eval(sandbox: Sandbox) -> None:
    for words in (["env"], ["run", "--", "true"], ["shell"]):
        answer = sandbox(*words)
        assert (answer.returncode, answer.stdout) == (1, "")
        assert "python -m sandbox up" in answer.stderr


def test_a_command_sees_the_sandbox_and_hands_back_its_exit_code(sandbox: Sandbox) -> None:
    sandbox("up")
    program = (
        "import boto3, sys; role = 'arn:aws:iam::345678901234:role/retention';"
        "print(boto3.client('sts').assume_role(RoleArn=role, RoleSessionName='test')"
        "['AssumedRoleUser']['Arn']); sys.exit(7)"
    )
    answer = sandbox("run", "--", "python", "-c", program)
    assert (answer.returncode, answer.stderr) == (7, "")
    assert answer.stdout == "arn:aws:sts::345678901234:assumed-role/retention/test\n"
    assert sandbox("run", "--", "no-such-command").returncode == 127
    assert sandbox("run").returncode == 2
    logged = sandbox("requests").stdout.splitlines()
    assert logged[-1].endswith(
        "200  999999999999  AssumeRole  arn:aws:iam::345678901234:role/retention"
    )


def test_a_shell_that_evaluates_env_sees_the_sandbox(paths: SandboxPaths, sandbox: Sandbox) -> None:
    sandbox("up")
    exports = sandbox("env").stdout
    shown = subprocess.run(
        [
            "/bin/sh",
            "-c",
            f'{exports}\nprintf "%s\\n" "$PULUMI_BACKEND_URL" "${{AWS_PROFILE-none}}"',
        ],
        env={**os.environ, "AWS_PROFILE": "of-a-real-account"},
        capture_output=True,
        text=True,
        check=True,
    )
    state: Any = read_state(paths.state)
    assert shown.stdout == f"file://{paths.backend(state.world)}\nnone\n"


def test_two_that_call_up_at_once_start_one(paths: SandboxPaths) -> None:
    words = [sys.executable, "-m", "sandbox", "--root", str(paths.root), "up"]
    both = [
        subprocess.Popen(words, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = sorted(process.communicate(timeout=60)[0].split(":")[0] for process in both)
    assert said[0] == "sandbox runs already"
    assert said[1].startswith("sandbox started in ")


def test_an_emulator_that_cannot_start_is_told_with_its_words(
    paths: SandboxPaths, sandbox: Sandbox
) -> None:
    (paths.root / ".sandbox").mkdir()
    paths.request_log.mkdir()  # where a file should be
    answer = sandbox("up")
    assert answer.returncode == 1
    assert "the emulator ended at once" in answer.stderr
    assert "IsADirectoryError" in answer.stderr
    assert not paths.state.exists()


def wait_until_gone(pid: int) -> None:
    wait_for(lambda: process_start(pid) is None, f"process {pid} is still there", seconds=60)
