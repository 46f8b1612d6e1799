"""Answers → the files of a first project; and writes them, but never over another."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import resources
from pathlib import Path
from string import Template

POLICY, FLEET = "policies/starter.yaml", "policies/fleet.yaml"
PROJECT, PROGRAM = "Pulumi.yaml", "__main__.py"
REQUIREMENTS = "requirements.txt"
_TEMPLATES = {
    POLICY: "starter.yaml",
    FLEET: "fleet.yaml",
    "firnline.toml": "firnline.toml",
    PROJECT: "Pulumi.yaml",
    PROGRAM: "program.py",
    REQUIREMENTS: "requirements.txt",
    ".github/workflows/firnline.yml": "workflow.yml",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    ".gitignore": "gitignore",
}
_PLAIN = re.compile(r"[A-Za-z]([A-Za-z0-9 ._@/-]*[A-Za-z0-9])?")
# Words that YAML 1.1 does not read as text.
_NO_TEXT = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])

Existing = Mapping[str, str | None]
"""The text of existing files, by path; None for what is not a file or not text."""


class World(Enum):
    """Where a stack deploys to, as its configuration states it."""

    AWS = "aws"
    SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class Answers:
    """`label` is the account's, for policies."""

    bucket: str
    account_id: str
    label: str
    regions: tuple[str, ...]
    role: str | None
    owner: str
    namespace: str
    stack: str
    world: World
    requirement: str


@dataclass(frozen=True, slots=True)
class Plan:
    """`new` are the files to write, in order. `kept` exist already. `left_out` are not written,
    each because of an existing file that it would conflict with.
    """

    new: Mapping[str, str]
    kept: tuple[str, ...]
    left_out: Mapping[str, str]


def files_for(answers: Answers) -> dict[str, str]:
    """Every file of a first project, whatever exists already."""
    return {
        path: _filled(template, answers)
        for path, template in {**_TEMPLATES, _stack_file(answers): "Pulumi.stack.yaml"}.items()
    }


def plan_init(answers: Answers, existing: Existing) -> Plan:
    """Only missing files, and none that would conflict with existing ones.

    `existing` has at least the paths of `files_for`, and every YAML file below `policies/`.
    """
    files = files_for(answers)
    others = [path for path in sorted(existing) if existing[path] != files.get(path)]
    policies = next((path for path in others if path.startswith("policies/")), None)
    program = next((path for path in others if path in (PROJECT, "Pulumi.yml", PROGRAM)), None)
    # A policy names accounts of the fleet file, and a stack names them too.
    conflicts = {
        **dict.fromkeys((POLICY, FLEET), policies),
        **dict.fromkeys((PROJECT, PROGRAM), program),
        _stack_file(answers): policies or program,
    }
    missing = [path for path in files if path not in existing]
    left_out = {path: other for path in missing if (other := conflicts.get(path))}
    return Plan(
        new={path: files[path] for path in missing if path not in left_out},
        kept=tuple(path for path in files if path in existing),
        left_out=left_out,
    )


def run_init(folder: Path, plan: Plan) -> Iterator[str]:
    """Writes what the plan says, and yields each path once it is written.

    Raises `FileExistsError` rather than overwrite a file that was created meanwhile.
    """
    for path in plan.new:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
    for path, text in plan.new.items():
        with open(folder / path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        yield path


def _stack_file(answers: Answers) -> str:
    return f"Pulumi.{answers.stack}.yaml"


def _filled(template: str, answers: Answers) -> str:
    text = (resources.files("firnline.cli") / "starter_files" / template).read_text("utf-8")
    if template == "program.py":
        return text
    return Template(text).substitute(
        bucket=_scalar(answers.bucket),
        account_id=answers.account_id,
        label=_scalar(answers.label),
        regions=", ".join(answers.regions),
        role=_role(answers),
        owner=_scalar(answers.owner),
        namespace=_scalar(answers.namespace),
        world=answers.world.value,
        requirement=answers.requirement,
    )


def _role(answers: Answers) -> str:
    if answers.role:
        return f"    role: {answers.role}    # assumed to read and to write"
    return (
        "    # Without a role your own credentials are used, which must be this account's:\n"
        f"    # role: arn:aws:iam::{answers.account_id}:role/retention"
    )


def _scalar(text: str) -> str:
    """As YAML, in block or in brackets, that every parser reads as this text."""
    plain = _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXT
    return text if plain else json.dumps(text, ensure_ascii=False)
