"""A composite action, or a job → what its steps do, without GitHub: scripts are run, other actions
are not.

It does what the runner does with `action.yml` (actions/runner, src/Runner.Worker): it fills in
expressions, gives each step files for its outputs and its summary, reads those as
FileCommandManager.cs does, and skips what is left once a step has failed.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.action.expressions import filled_in, holds

Outputs = dict[str, str]
Action = Callable[[Mapping[str, str]], Outputs]
"""What stands for an action of somebody else: its inputs → its outputs."""


class Failed(Outputs):
    """The outputs of an action that fails: a composite one has them all the same."""


class BadFile(Exception):
    """What the runner would not read."""


@dataclass
class Ran:
    """`outcomes` are by the names of steps, or their numbers; `logs` and `summaries` likewise."""

    outputs: Outputs = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    logs: dict[str, str] = field(default_factory=dict)
    summaries: dict[str, str] = field(default_factory=dict)
    used: dict[str, dict[str, str]] = field(default_factory=dict)
    tolerated: set[str] = field(default_factory=set)

    @property
    def succeeded(self) -> bool:
        failed = {name for name, each in self.outcomes.items() if each == "failure"}
        return failed <= self.tolerated

    @property
    def log(self) -> str:
        return "".join(self.logs.values())


@dataclass
class Runner:
    """`stands_for` are actions by their names without version, and `instead` outputs of steps that
    are not run. `environment` is what every script sees.
    """

    action: Path
    workspace: Path
    temp: Path
    github: Mapping[str, Any]
    environment: Mapping[str, str]
    stands_for: Mapping[str, Action]
    instead: Mapping[str, Outputs] = field(default_factory=dict)

    def run(self, **inputs: str) -> Ran:
        file = yaml.load(self.action.read_text(encoding="utf-8"), yaml.BaseLoader)
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        assert given.keys() <= file["inputs"].keys()
        return self._run(file["runs"]["steps"], file["outputs"], self._defaults(file) | given)

    def run_job(self, job: Mapping[str, Any], inputs: Mapping[str, str]) -> Ran:
        """One of a workflow, whose steps are run likewise."""
        outputs = {name: {"value": each} for name, each in job.get("outputs", {}).items()}
        return self._run(job["steps"], outputs, inputs)

    def _run(self, all_steps: Any, outputs: Mapping[str, Any], inputs: Mapping[str, str]) -> Ran:
        steps: dict[str, Any] = {}
        contexts = {
            "github": self.github,
            "inputs": inputs,
            "job": {"workflow_repository": "acme/firnline", "workflow_sha": "0" * 40},
            "runner": {"temp": str(self.temp)},
            "steps": steps,
        }
        ran = Ran()
        for number, step in enumerate(all_steps):
            name = step.get("id", str(number))
            functions = {
                "success": lambda: ran.succeeded,
                "failure": lambda: not ran.succeeded,
                "always": lambda: True,
                "cancelled": lambda: False,
            }
            if holds(step.get("if", "success()"), contexts, functions):
                told = self._step(name, step, contexts, ran)
            else:
                ran.outcomes[name], told = "skipped", Outputs()
            steps[name] = {"outputs": told, "outcome": ran.outcomes[name]}
            if step.get("continue-on-error") == "true":
                ran.tolerated.add(name)
        for name, output in outputs.items():
            ran.outputs[name] = filled_in(output["value"], contexts)
        return ran

    def _defaults(self, file: Any) -> Outputs:
        only = {"github": self.github}
        return {
            name: filled_in(each.get("default", ""), only) for name, each in file["inputs"].items()
        }

    def _step(self, name: str, step: Any, contexts: Mapping[str, Any], ran: Ran) -> Outputs:
        if name in self.instead:
            ran.outcomes[name] = "success"
            return self.instead[name]
        if "uses" in step:
            action = step["uses"].partition("@")[0]
            words = {key: filled_in(each, contexts) for key, each in step.get("with", {}).items()}
            ran.used[action] = words
            found = self.stands_for[action](words)
            ran.outcomes[name] = "failure" if isinstance(found, Failed) else "success"
            return found
        return self._script(name, step, contexts, ran)

    def _script(self, name: str, step: Any, contexts: Mapping[str, Any], ran: Ran) -> Outputs:
        assert step.get("shell", "bash") == "bash"
        place = self.temp / "_runner_file_commands" / name
        place.mkdir(parents=True)
        files = {key: place / key.lower() for key in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for file in files.values():
            file.touch()
        script = place / "script.sh"
        script.write_text(filled_in(step["run"], contexts), encoding="utf-8")
        environment = {
            **self.environment,
            "GITHUB_ACTION_PATH": str(self.action.parent),
            "RUNNER_TEMP": str(self.temp),
            **{key: str(file) for key, file in files.items()},
            **{key: filled_in(each, contexts) for key, each in step.get("env", {}).items()},
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        ran.logs[name] = done.stdout.decode(errors="replace")
        ran.summaries[name] = files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
        ran.codes[name] = done.returncode
        ran.outcomes[name] = "failure" if done.returncode else "success"
        return outputs_in(files["GITHUB_OUTPUT"].read_text(encoding="utf-8"))


def outputs_in(text: str) -> Outputs:
    """Lines `name=value`, and values of several lines behind `name<<delimiter`; of the same name
    the last one. Raises `BadFile`.
    """
    found: Outputs = {}
    lines = iter(text.split("\n"))
    for line in lines:
        equals, heredoc = line.find("="), line.find("<<")
        if not line:
            continue
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            found[line[:equals]] = line[equals + 1 :]
        elif heredoc > 0:
            found[line[:heredoc]] = "\n".join(_until(line[heredoc + 2 :], lines))
        else:
            raise BadFile(f"invalid format {line!r}")
    return found


def _until(delimiter: str, lines: Iterator[str]) -> list[str]:
    value: list[str] = []
    for line in lines:
        if line == delimiter:
            return value
        value.append(line)
    raise BadFile(f"matching delimiter not found {delimiter!r}")
