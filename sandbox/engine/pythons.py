"""Which Python runs a program, and what is installed there?"""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_LIST = """
import json, re
from importlib import metadata
def plain(name): return re.sub(r"[-_.]+", "-", name).lower()
found = list(metadata.distributions())
needed = {
    plain(re.match(r"[\\w.-]+", requirement)[0])
    for one in found for requirement in one.requires or () if "extra ==" not in requirement
}
names = {one.metadata["Name"]: one.version for one in found}
print(json.dumps([[name, names[name], plain(name) in needed] for name in sorted(names)]))
"""

_PLUGINS = """
import glob, json, sys
folders = [folder for folder in sys.path if folder]
found = {file for folder in folders for file in glob.glob(folder + "/*/pulumi-plugin.json")}
print(json.dumps([json.load(open(file)) for file in sorted(found)]))
"""


class UnusableOption(Exception):
    """`runtime.options` of Pulumi.yaml says something that this host cannot do."""


@dataclass(frozen=True, slots=True)
class Package:
    name: str
    version: str


def interpreter(root: str, options: Mapping[str, Any]) -> str:
    """By `virtualenv`, relative to the folder of Pulumi.yaml; without it the ambient Python."""
    toolchain = options.get("toolchain", "pip")
    if toolchain != "pip":
        raise UnusableOption(
            f"the sandbox's language host knows the toolchain `pip`, not `{toolchain}`"
        )
    virtualenv = options.get("virtualenv")
    if virtualenv is None:
        return _ambient()
    if not isinstance(virtualenv, str):
        raise UnusableOption("virtualenv option must be a string")
    folder = Path(root, virtualenv)
    python = folder / "bin" / "python"
    if not python.exists():
        raise UnusableOption(
            f"the 'virtualenv' option in Pulumi.yaml is set to '{virtualenv}', "
            f"but {folder} doesn't appear to be a virtual environment"
        )
    return str(python)


def version(python: str) -> str:
    return _asked(python, "import platform; print(platform.python_version())").strip()


def installed(python: str, *, transitive: bool) -> list[Package]:
    """Without `transitive` only what no other package requires."""
    return [
        Package(name, version)
        for name, version, needed in _asked_json(python, _LIST)
        if transitive or not needed
    ]


def pulumi_packages(python: str) -> list[Package]:
    """The providers whose SDK is installed, by the plugin file that each SDK carries."""
    return [
        Package(plugin["name"], plugin["version"])
        for plugin in _asked_json(python, _PLUGINS)
        if plugin.get("resource") and "name" in plugin and "version" in plugin
    ]


def _ambient() -> str:
    return shutil.which("python3") or shutil.which("python") or sys.executable


def _asked_json(python: str, question: str) -> Any:
    return json.loads(_asked(python, question))


def _asked(python: str, question: str) -> str:
    response = subprocess.run(
        [python, "-c", question], capture_output=True, text=True, check=True, timeout=60
    )
    return response.stdout
