"""Answers → the files of a first project; and writes them, but never over another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from firnline.cli.answers import STARTER, Answers
from firnline.cli.code_owner import (
    CODE_OWNERS_FILE,
    Reviewer,
    approvals_file,
    lines_to_add,
    review_settings,
    reviewer,
)
from firnline.cli.editor_files import (
    APPROVALS_SCHEMA,
    EXPECTATIONS_SCHEMA,
    FLEET_SCHEMA,
    POLICY_SCHEMA,
    SETTINGS,
    schema_files,
    settings,
    with_modeline,
)
from firnline.cli.filled import filled, policy_template
from firnline.cli.place import Place, comment_workflow, workflow
from firnline.settings import PYPROJECT
from firnline.settings import SETTINGS as PROJECT_SETTINGS

PROJECT, PROGRAM = "Pulumi.yaml", "__main__.py"
PROJECTS = (PROJECT, "Pulumi.yml")
REQUIREMENTS, IGNORED, PRE_COMMIT = "requirements.txt", ".gitignore", ".pre-commit-config.yaml"
Existing = Mapping[str, str | None]
"""The text of existing files, by path; None for what is not a file or not text."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`new` are the files to write, in order. `kept` exist already. `left_out` are not written,
    each because of an existing file that it would conflict with.
    """

    new: Mapping[str, str]
    kept: tuple[str, ...]
    left_out: Mapping[str, str]


def files_for(answers: Answers, existing: Existing) -> dict[str, str]:
    """Every file of a first project, whatever exists already; paths are seen from its folder.
    Approvals that nobody owns are none of them. Raises `BadSettings`.
    """
    place = answers.place
    who = reviewer(place, answers.code_owner, existing)
    own = {
        policy_file(answers): policy_template(answers.template),
        fleet_file(place): "fleet.yaml",
        approvals_file(place): "approvals.yaml",
        place.at_top(CODE_OWNERS_FILE): "CODEOWNERS",
        PROJECT_SETTINGS: "firnline.toml",
        PROJECT: "Pulumi.yaml",
        PROGRAM: "program.py",
        REQUIREMENTS: "requirements.txt",
        place.at_top(workflow(place)): "workflow.yml",
        place.at_top(comment_workflow(place)): "comment-workflow.yml",
        place.at_top(PRE_COMMIT): "pre-commit-config.yaml",
        IGNORED: "gitignore",
        _stack_file(answers): "Pulumi.stack.yaml",
    }
    schemas = {policy_file(answers): POLICY_SCHEMA, fleet_file(place): FLEET_SCHEMA}
    schemas[approvals_file(place)] = APPROVALS_SCHEMA
    if who is not Reviewer.NEW_OWNER:
        del own[place.at_top(CODE_OWNERS_FILE)]
    if who is Reviewer.NOBODY or _has_approvals(answers, existing):
        del own[approvals_file(place)], schemas[approvals_file(place)]
    if answers.template != STARTER:
        own[expectations_file(answers)] = f"expectations/{answers.template}.yaml"
        schemas[expectations_file(answers)] = EXPECTATIONS_SCHEMA
    said = {
        "approvals": review_settings(who),
        "owned": lines_to_add(place, answers.code_owner, existing),
    }
    files = {path: filled(template, answers, said) for path, template in own.items()}
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
    approvals = approvals_file(answers.place)
    policies = next((path for path in others if path.startswith(among) and path != approvals), None)
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


def _stack_file(answers: Answers) -> str:
    return f"Pulumi.{answers.stack}.yaml"


def _has_approvals(answers: Answers, existing: Existing) -> bool:
    """In a file of another name, of which there may be one."""
    ours = approvals_file(answers.place)
    among = (existing[each] or "" for each in existing if each != ours)
    return any(re.search("^firnline: approvals/", text, re.MULTILINE) for text in among)
