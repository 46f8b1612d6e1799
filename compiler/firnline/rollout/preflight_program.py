"""Can the program of a project be started, and has the engine the AWS provider that it needs?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from firnline.rollout.finding import Finding, Weight
from firnline.rollout.settings_file import settings_in

_NO_DOWNLOADS: Final = "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"
_ON_PATH: Final = "pulumi-resource-aws"
_NEEDED: Final = ("firnline", "pulumi", "pulumi_aws")
_PROBE: Final = """
import importlib.util, json, os, sys
found = {name: importlib.util.find_spec(name) for name in sys.argv[1:]}
aws = found.get("pulumi_aws")
path = os.path.join(os.path.dirname(aws.origin), "pulumi-plugin.json") if aws else ""
version = json.load(open(path)).get("version") if os.path.exists(path) else None
print(json.dumps({"missing": [n for n, spec in found.items() if spec is None], "aws": version}))
"""


@dataclass(frozen=True, slots=True)
class Program:
    """The Python of a project: the packages that it lacks, and the version of the AWS provider that
    its package needs, None where it does not say.
    """

    python: str
    missing: tuple[str, ...] = ()
    provider: str | None = None
    problem: str = ""

    @property
    def lacks_plugin(self) -> bool:
        """Whether the engine would download the provider when it needs it (Pulumi docs, "Plugins");
        several engines that download it at a time get into each other's way (pulumi/pulumi#22784).
        """
        if self.provider is None or shutil.which(_ON_PATH):
            return False
        home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
        folder = home / "plugins" / f"resource-aws-v{self.provider}"
        return not folder.is_dir() or folder.with_name(f"{folder.name}.partial").exists()


def probed(project: Path) -> Program | None:
    """None where it is no program in Python, or a tool makes its environment."""
    options = _options(project)
    if options is None:
        return None
    python = _python(project, options)
    if not Path(python).exists() and not shutil.which(python):
        return Program(python, problem="there is no such file")
    command = [python, "-c", _PROBE, *_NEEDED]
    try:
        ran = subprocess.run(
            command, capture_output=True, check=False, text=True, timeout=60, cwd=project
        )
        said = json.loads(ran.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired) as why:
        return Program(python, problem=str(why))
    return Program(python, tuple(said["missing"]), said["aws"])


def check_program(project: Path, program: Program | None) -> Iterator[Finding]:
    if program is None:
        return
    settings = project / "Pulumi.yaml"
    if program.problem:
        yield Finding(
            Weight.STOPS,
            f"{settings} names a virtual environment, and its {program.python} cannot be started:"
            f" {program.problem}",
            f"make it: `{sys.executable} -m venv {Path(program.python).parent.parent}`, and install"
            " 'firnline[pulumi]' in it; or run `pulumi install` in the project",
        )
    elif program.missing:
        yield Finding(
            Weight.STOPS,
            f"{program.python}, which runs the program of {settings}, lacks"
            f" {', '.join(program.missing)}",
            f"run `{program.python} -m pip install 'firnline[pulumi]'`",
        )
    elif program.lacks_plugin and _is_set(_NO_DOWNLOADS):
        yield Finding(
            Weight.STOPS,
            f"the AWS provider {program.provider} is not installed, and {_NO_DOWNLOADS} is set",
            f"run `pulumi plugin install resource aws {program.provider}`",
        )


def _options(project: Path) -> Mapping[str, Any] | None:
    runtime = settings_in(project / "Pulumi.yaml").get("runtime")
    if runtime == "python":
        return {}
    if not isinstance(runtime, dict) or runtime.get("name") != "python":
        return None
    options = runtime.get("options")
    options = options if isinstance(options, dict) else {}
    return None if options.get("toolchain") in ("poetry", "uv") else options


def _python(project: Path, options: Mapping[str, Any]) -> str:
    """As the engine's language host finds it; without an environment it is that on the PATH."""
    folder = options.get("virtualenv")
    if not folder:
        return "python3"
    scripts = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
    return str(Path(project, str(folder), *scripts))


def _is_set(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true")
