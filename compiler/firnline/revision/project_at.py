"""Where are the settings and the policies of this project in a commit?"""

from __future__ import annotations

import os

from firnline.language.project import BadSettings
from firnline.language.syntax import Unreadable
from firnline.revision.files import Entry, contents, entries, yaml_entries
from firnline.revision.git import Git
from firnline.settings import (
    PYPROJECT,
    SETTINGS,
    PoliciesFolder,
    Settings,
    policies_folder,
    policies_of,
    settings_from,
)


def settings_at(git: Git, commit: str, folder: str) -> Settings | None:
    """Of a folder that is seen from here. Raises `NoBaseCommit`, `BadSettings`."""
    paths = [os.path.relpath(os.path.join(folder, name)) for name in (SETTINGS, PYPROJECT)]
    found = entries(git, commit, paths)
    read = contents(git, (each for each in found if each.name in paths))

    def text(path: str) -> str | None:
        shown = f"{git.wanted}:{path}"
        match read.get(path):
            case None:
                return None
            case Unreadable(reason):
                raise BadSettings(f"{shown}: {reason}")
            case content:
                try:
                    return content.decode()
                except UnicodeDecodeError:
                    raise BadSettings(f"{shown}: it is not UTF-8") from None

    return settings_from(text, folder, shown=lambda path: f"{git.wanted}:{path}")


def policies_at(git: Git, commit: str) -> tuple[Entry, ...]:
    """In the folder that the settings of the commit name: a change that names another folder is
    compared with what was there before. Else in that of today. Raises `NoBaseCommit`,
    `BadSettings`.
    """
    today = policies_folder()
    project = _folder_of(today)
    before = policies_of(settings_at(git, commit, project))
    then = os.path.relpath(os.path.join(project, before))
    for folder in dict.fromkeys((then, os.path.relpath(today.path))):
        found = entries(git, commit, [folder])
        if found:
            return tuple(yaml_entries(found, folder))
    return ()


def _folder_of(policies: PoliciesFolder) -> str:
    """Of the project, seen from here: of its settings where they name the policies."""
    named_in = policies.settings if policies.stated and policies.settings else policies.path
    return os.path.dirname(os.path.normpath(named_in)) or os.curdir
