"""Pulumi's engine for one stack, by the Automation API.

Each command of the engine is a process in a session of its own, so that Ctrl-C reaches us alone and
no engine in the middle of a write; it writes to files, so that it goes on if we are killed.
"""

from __future__ import annotations

import copy
import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from pulumi.automation import CommandResult, Deployment, LocalWorkspace, PulumiCommand

from firnline.rollout.process import Process, process_of
from firnline.rollout.states import NO_STACK, StackState, state_of
from firnline.targets.pulumi_aws.rollout_run import PLANNED

OnStart = Callable[[Process], None]

_INIT = ["stack", "init"]
# As the SDK recognises them (pulumi/automation/errors.py).
_LOCKED = ("the stack is currently locked by", "Another update is currently in progress")
_NO_STACK = "no stack named"
# Of Go's reader of JSON, where a full disk let the engine write a part of its state.
_CUT_OFF = "unexpected end of JSON input"
_HOW_TO_RESTORE = (
    "the state of a stack was cut off, as by a full disk: make room, and where states are in files"
    " copy its `<stack>.json.bak`, the state before, over `<stack>.json`"
)
# How many resources of a stack are written at a time. The engine's own choice is four for each
# processor, and PULUMI_PARALLEL.
_PARALLEL = "PULUMI_PARALLEL"
_FEWEST_AT_ONCE, _MOST_AT_ONCE = 8, 50


class EngineFailed(Exception):
    """A command of the engine ended with an exit code other than 0."""

    def __init__(self, code: int, stdout: str, stderr: str) -> None:
        said = stderr.strip() or stdout.strip() or f"pulumi ended with {code}"
        super().__init__(f"{said}; {_HOW_TO_RESTORE}" if _CUT_OFF in stderr else said)
        self.code, self.stdout, self.stderr = code, stdout, stderr

    @property
    def is_locked(self) -> bool:
        """Whether another engine has the stack: in a backend of files, and in Pulumi Cloud."""
        return any(each in self.stderr for each in _LOCKED)

    @property
    def has_no_stack(self) -> bool:
        return _NO_STACK in self.stderr


class NoEngine(Exception):
    """Pulumi cannot be started; the text says why."""


class _Command(PulumiCommand):
    """As the SDK's, but for the session, for the files, and for the stack that is selected for
    people: that stays as it is.
    """

    logs: Path
    on_start: OnStart | None
    count = 0
    running: subprocess.Popen[bytes] | None = None

    def run(  # as the SDK calls it
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: Any = None,  # noqa: ARG002
        on_error: Any = None,  # noqa: ARG002
    ) -> CommandResult:
        """Raises `EngineFailed`."""
        words = _without_selecting(args)
        self.count += 1
        self.logs.mkdir(parents=True, exist_ok=True)
        name = f"{self.count:02}-{'-'.join(word for word in words[:2] if word.isalpha())}"
        out, err = self.logs / f"{name}.out", self.logs / f"{name}.err"
        environment = {**os.environ, **additional_env, "PULUMI_AUTOMATION_API": "true"}
        with out.open("wb") as stdout, err.open("wb") as stderr:
            self.running = subprocess.Popen(
                [self.command, "--non-interactive", *words],
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                cwd=cwd,
                env=environment,
                start_new_session=True,
            )
            try:
                self._tell_start(self.running.pid)
            finally:  # where it cannot be recorded, nobody else would know that it runs
                code = self.running.wait()
                self.running = None
        if code != 0:
            raise EngineFailed(code, _text(out), _text(err))
        return CommandResult(_text(out), _text(err), code)

    def _tell_start(self, pid: int) -> None:
        process = process_of(pid)
        if process is not None and self.on_start is not None:
            self.on_start(process)


class Engines:
    """Those of one rollout, all of the same program. `environment` is set for each. Raises
    `NoEngine`.
    """

    def __init__(self, project: Path, logs: Path, environment: Mapping[str, str]) -> None:
        self._project, self._logs, self._environment = project, logs, environment
        try:
            self._command = _Command()
        except (OSError, subprocess.CalledProcessError, RuntimeError) as why:
            raise NoEngine(
                f"`pulumi` cannot be started ({why}): install it, and put it on the PATH"
            ) from why

    def stacks(self) -> frozenset[str]:
        """The names of those that the project's backend has. Raises `EngineFailed`."""
        engine = self.of("all")
        return frozenset(each.name for each in engine.workspace.list_stacks())

    def install_plugin(self, name: str, version: str) -> None:
        """Raises `EngineFailed`."""
        self.of("all").workspace.install_plugin(name, version)

    def of(self, stack: str, on_start: OnStart | None = None, planned: str = "") -> StackEngine:
        """`planned` is the digest of what its program may apply; empty where that is open."""
        command = copy.copy(self._command)
        command.logs, command.on_start = self._logs / stack, on_start
        command.count = len(list(command.logs.glob("*.out")))
        workspace = LocalWorkspace(
            work_dir=str(self._project),
            env_vars={**self._environment, PLANNED: planned},
            pulumi_command=command,
        )
        return StackEngine(stack, workspace, command)


class StackEngine:
    """All methods but `cancel` raise `EngineFailed`."""

    def __init__(self, stack: str, workspace: LocalWorkspace, command: _Command) -> None:
        self.stack, self.workspace, self._command = stack, workspace, command
        self._interrupted: subprocess.Popen[bytes] | None = None

    @property
    def logs(self) -> Path:
        return self._command.logs

    def state(self) -> StackState:
        """As the backend has it; nothing is written."""
        try:
            return state_of(self._exported()["deployment"] or {})
        except EngineFailed as why:
            if why.has_no_stack:
                return NO_STACK
            raise

    def make(self) -> None:
        """The stack must not be there yet. Its secrets provider is that of its file, at which the
        engine itself does not look here.
        """
        with suppress(FileNotFoundError):
            self.workspace.secrets_provider = self.workspace.stack_settings(
                self.stack
            ).secrets_provider
        self.workspace.create_stack(self.stack)

    def preview(self) -> None:
        self._run("preview")

    def up(self, writes: int) -> None:
        """Without a preview of its own. Each of the writes is a wait of a minute on AWS, and all of
        them are waited for at once.
        """
        self._run("up", "--yes", "--skip-preview", "--suppress-outputs", *_parallel(writes))

    def forget_pending(self) -> None:
        """Operations that an engine never finished, of resources that are in the state by now.

        The engine itself keeps them for ever (`pulumi refresh --clear-pending-creates` would too
        take what is live for what was written).
        """
        exported = self._exported()
        known = exported["deployment"] or {}
        there = {each["urn"] for each in known.get("resources") or ()}
        left = [
            each
            for each in known.get("pending_operations") or ()
            if each["resource"]["urn"] not in there
        ]
        changed = Deployment(exported["version"], {**known, "pending_operations": left})
        self.workspace.import_stack(self.stack, changed)

    def _exported(self) -> Any:
        """With secrets as they are stored: the SDK's would be in the clear, in a file."""
        words = ["stack", "export", "--stack", self.stack]
        workspace = self.workspace
        return json.loads(self._command.run(words, workspace.work_dir, workspace.env_vars).stdout)

    def break_lock(self) -> None:
        """Whoever has the stack loses it."""
        self._run("cancel", "--yes")

    def interrupt(self) -> None:
        """The engine finishes what it has begun, and begins nothing else. Once: at a second one it
        would end at once, in the middle of a write.
        """
        running = self._command.running
        if running is not None and running is not self._interrupted and running.poll() is None:
            self._interrupted = running
            running.send_signal(signal.SIGINT)

    def _run(self, *words: str) -> None:
        """By the SDK's `Stack` each would be preceded by a process of the engine that looks for the
        stack, and an `up` followed by three that read what nobody needs here: half a second of the
        processor each.
        """
        arguments = [*words, "--color", "never", "--stack", self.stack]
        self._command.run(arguments, self.workspace.work_dir, self.workspace.env_vars)


def _parallel(writes: int) -> list[str]:
    if _PARALLEL in os.environ:
        return []
    return ["--parallel", str(min(max(writes, _FEWEST_AT_ONCE), _MOST_AT_ONCE))]


def _without_selecting(args: list[str]) -> list[str]:
    if args[:2] == _INIT:
        return [*args, "--no-select"]
    return args


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
