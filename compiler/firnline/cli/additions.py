"""What a person adds to files that were there before `firnline init`, which it never changes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from firnline.cli.answers import Answers
from firnline.cli.code_owner import (
    SELF,
    Reviewer,
    code_owners_there,
    lines_to_add,
    reviewer,
    settings_file,
)
from firnline.cli.editor_files import POLICY_SCHEMA, SETTINGS
from firnline.cli.starter import (
    IGNORED,
    PRE_COMMIT,
    PROJECTS,
    REQUIREMENTS,
    Existing,
    Plan,
    files_for,
)
from firnline.folder import DEFAULT_FOLDER
from firnline.language.project import Project, with_settings
from firnline.settings import PYPROJECT, PYPROJECT_TABLE
from firnline.settings import SETTINGS as PROJECT_SETTINGS

_DEPLOY = """\
from firnline.targets.pulumi_aws import deploy
deploy({policies})"""
_CONFIGURE = """\
pulumi config set firnline:world {world}
pulumi config set --path 'firnline:accounts[0]' {label}"""


def additions(plan: Plan, existing: Existing, answers: Answers) -> Mapping[str, str]:
    """By file, or by what a person has to do; empty where all that is needed is there."""
    ours = files_for(answers, existing)
    place = answers.place
    pre_commit, settings = place.at_top(PRE_COMMIT), place.at_top(SETTINGS)
    # Each with what tells that it is there. Hooks and settings are shared by several projects.
    wanted = {
        REQUIREMENTS: (ours[REQUIREMENTS].splitlines()[-1], "firnline"),
        IGNORED: (ours[IGNORED].rstrip(), ".venv"),
        pre_commit: (
            ours[pre_commit].partition("repos:\n")[2].rstrip(),
            place.from_top(".venv/bin/firnline"),
        ),
        settings: (
            "\n".join(ours[settings].splitlines()[1:-1]),
            f"./{place.from_top(POLICY_SCHEMA)}",
        ),
    }
    found = {
        f"add to {path}": text
        for path, (text, told_by) in wanted.items()
        if path in plan.kept and told_by not in (existing[path] or "")
    }
    return {
        **found,
        **_of_code_owners(existing, answers),
        **_of_settings(plan, existing, answers),
        **_of_another_program(plan, existing, answers),
    }


def _of_code_owners(existing: Existing, answers: Answers) -> dict[str, str]:
    """Raises `BadSettings`."""
    place, owner = answers.place, answers.code_owner
    there = code_owners_there(place, existing)
    if there is None and reviewer(place, owner, existing) is not Reviewer.NOBODY:
        return {}
    lines = lines_to_add(place, owner, existing)
    if there is None:
        where = f"write CODEOWNERS, or `{SELF}` in [review] of {settings_file(existing)}"
    else:
        where = f"add to {there}"
    return {where: lines} if lines else {}


def _of_settings(plan: Plan, existing: Existing, answers: Answers) -> dict[str, str]:
    """Commands look in the folder that the settings name. Raises `BadSettings`."""
    below: tuple[str, ...] = ()
    if PROJECT_SETTINGS in plan.kept:
        path, where = PROJECT_SETTINGS, "before any table"
    elif PYPROJECT in plan.kept:
        path, below, where = PYPROJECT, PYPROJECT_TABLE, f"in [{'.'.join(PYPROJECT_TABLE)}]"
    else:
        return {}
    project = with_settings(Project(), existing[path] or "", path, below=below)
    if (project.policies or DEFAULT_FOLDER) == answers.place.policies:
        return {}
    what = f"in place of `{project.policies}`" if project.policies else where
    return {f"add to {path}, {what}": f'policies = "{answers.place.policies}"'}


def _of_another_program(plan: Plan, existing: Existing, answers: Answers) -> dict[str, str]:
    """A project of Pulumi can deploy the policies too where its program is Python."""
    project = next((path for path in PROJECTS if path in existing), None)
    if project is None or not set(plan.left_out.values()) & set(PROJECTS):
        return {}
    if program_of_another_language(existing):
        return {}
    policies = json.dumps(answers.place.policies)
    settings = _CONFIGURE.format(world=answers.world.value, label=answers.label)
    return {
        f"add to the Python program of {project}": _DEPLOY.format(policies=policies),
        "tell its stack what it deploys": settings,
    }


def program_of_another_language(existing: Existing) -> str | None:
    """The file of a project of Pulumi whose program is not Python."""
    project = next((path for path in PROJECTS if path in existing), None)
    text = (existing[project] if project else None) or ""
    python = re.search(r"(runtime|name):\s*[\"']?python", text)
    return project if "runtime:" in text and not python else None
