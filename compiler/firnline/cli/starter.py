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

from firnline.cli.editor_files import (
    EXPECTATIONS_SCHEMA,
    FLEET_SCHEMA,
    POLICY_SCHEMA,
    SETTINGS,
    schema_files,
    settings,
    with_modeline,
)
from firnline.cli.place import Place, seen_from_the_top, workflow
from firnline.settings import PYPROJECT
from firnline.settings import SETTINGS as PROJECT_SETTINGS

STARTER = "starter"
PROJECT, PROGRAM = "Pulumi.yaml", "__main__.py"
PROJECTS = (PROJECT, "Pulumi.yml")
REQUIREMENTS, IGNORED, PRE_COMMIT = "requirements.txt", ".gitignore", ".pre-commit-config.yaml"
_FILES = resources.files("firnline.cli") / "starter_files"
_PLAIN = re.compile(r"[A-Za-z]([A-Za-z0-9 ._@/-]*[A-Za-z0-9])?")
# Words that YAML 1.1 does not read as text.
_NO_TEXT = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])

Existing = Mapping[str, str | None]
"""The text of existing files, by path; None for what is not a file or not text."""


class World(Enum):
    """Where a stack deploys to, as its configuration states it."""

    AWS = "aws"
    SANDBOX = "sandbox"


# In the sandbox's bucket there are objects under this prefix, and none under tmp/.
_FIRST_RETENTION = {World.AWS: "tmp", World.SANDBOX: "failed-experiments"}
_FIRST_PREFIX = {World.AWS: "tmp/", World.SANDBOX: "experiments/failed/"}


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
    place: Place
    template: str = STARTER
    """The policy to begin with, one of `templates`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`new` are the files to write, in order. `kept` exist already. `left_out` are not written,
    each because of an existing file that it would conflict with.
    """

    new: Mapping[str, str]
    kept: tuple[str, ...]
    left_out: Mapping[str, str]


def templates() -> dict[str, str]:
    """The policies that `init --from` can begin with, each with its first line, which says what it
    is for.
    """
    files = (_FILES / "policies").iterdir()
    names = sorted(each.name.removesuffix(".yaml") for each in files if each.name.endswith(".yaml"))
    return {
        name: _first_line((_FILES / _policy_template(name)).read_text("utf-8")) for name in names
    }


def files_for(answers: Answers, existing: Existing) -> dict[str, str]:
    """Every file of a first project, whatever exists already; paths are seen from its folder."""
    place = answers.place
    own = {
        policy_file(answers): _policy_template(answers.template),
        fleet_file(place): "fleet.yaml",
        PROJECT_SETTINGS: "firnline.toml",
        PROJECT: "Pulumi.yaml",
        PROGRAM: "program.py",
        REQUIREMENTS: "requirements.txt",
        place.at_top(workflow(place)): "workflow.yml",
        place.at_top(PRE_COMMIT): "pre-commit-config.yaml",
        IGNORED: "gitignore",
        _stack_file(answers): "Pulumi.stack.yaml",
    }
    schemas = {policy_file(answers): POLICY_SCHEMA, fleet_file(place): FLEET_SCHEMA}
    if answers.template != STARTER:
        own[expectations_file(answers)] = f"expectations/{answers.template}.yaml"
        schemas[expectations_file(answers)] = EXPECTATIONS_SCHEMA
    files = {path: _filled(template, answers) for path, template in own.items()}
    for path, schema in schemas.items():
        files[path] = with_modeline(files[path], schema, place)
    policies = {path: text for path, text in {**files, **existing}.items() if text is not None}
    of_policies = {path: policies[path] for path in policies if path.startswith(place.policies)}
    return {
        **files,
        **schema_files(of_policies),
        place.at_top(SETTINGS): settings(place),
    }


def policy_file(answers: Answers) -> str:
    return f"{answers.place.policies}/{answers.template}.yaml"


def expectations_file(answers: Answers) -> str:
    """One for each template: several may be begun with."""
    return f"{answers.place.policies}/expectations-{answers.template}.yaml"


def fleet_file(place: Place) -> str:
    return f"{place.policies}/fleet.yaml"


def plan_init(answers: Answers, existing: Existing) -> Plan:
    """Only missing files, and none that would conflict with existing ones.

    `existing` has at least the paths of `files_for`, every YAML file among the policies, and
    pyproject.toml where our settings stand there.
    """
    files, fleet = files_for(answers, existing), fleet_file(answers.place)
    others = [path for path in sorted(existing) if existing[path] != files.get(path)]
    among = f"{answers.place.policies}/"
    policies = next((path for path in others if path.startswith(among)), None)
    program = next((path for path in others if path in (*PROJECTS, PROGRAM)), None)
    # A policy names accounts of the fleet file, and a stack names them too. A template that was
    # asked for by its name joins the policies that are there.
    joins = answers.template != STARTER and fleet in existing
    conflicts = {
        policy_file(answers): None if joins else policies,
        expectations_file(answers): None if joins else policies,
        fleet: policies,
        **dict.fromkeys((PROJECT, PROGRAM), program),
        _stack_file(answers): policies or program,
    }
    if PYPROJECT in existing:
        # A second file of settings would hide the first.
        files = {path: text for path, text in files.items() if path != PROJECT_SETTINGS}
    missing = [path for path in files if path not in existing]
    left_out = {path: other for path in missing if (other := conflicts.get(path))}
    return Plan(
        new={path: files[path] for path in missing if path not in left_out},
        kept=tuple(path for path in (*files, PYPROJECT) if path in existing),
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


def _policy_template(name: str) -> str:
    return "starter.yaml" if name == STARTER else f"policies/{name}.yaml"


def _first_line(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ")


def _stack_file(answers: Answers) -> str:
    return f"Pulumi.{answers.stack}.yaml"


def _filled(template: str, answers: Answers) -> str:
    text = (_FILES / template).read_text("utf-8")
    if template == "program.py":
        return text.replace('"policies"', json.dumps(answers.place.policies))
    return Template(text).substitute(
        **seen_from_the_top(answers.place),
        bucket=_scalar(answers.bucket),
        account_id=answers.account_id,
        label=_scalar(answers.label),
        regions=", ".join(answers.regions),
        role=_role(answers),
        owner=_scalar(answers.owner),
        namespace=_scalar(answers.namespace),
        world=answers.world.value,
        retention=_FIRST_RETENTION[answers.world],
        prefix=_FIRST_PREFIX[answers.world],
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
