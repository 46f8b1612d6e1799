"""The settings of a project, and the folder in which it says that its policies are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from firnline.folder import DEFAULT_FOLDER
from firnline.language.project import BadSettings, Project, with_settings

SETTINGS: Final = "firnline.toml"
PYPROJECT: Final = "pyproject.toml"
PYPROJECT_TABLE: Final = ("tool", "firnline")


@dataclass(frozen=True, slots=True)
class Settings:
    """`path` is the file that they stand in."""

    path: str
    project: Project


@dataclass(frozen=True, slots=True)
class PoliciesFolder:
    """Seen from the current folder. `settings` is the file of the project's settings, if any, and
    `stated` whether that file names the folder.
    """

    path: str
    settings: str | None = None
    stated: bool = False


def settings_in(folder: str) -> Settings | None:
    """From firnline.toml, or from our table in pyproject.toml. Raises `BadSettings`."""
    return settings_from(text_of, folder, _from_here)


def settings_from(
    text_of: Callable[[str], str | None],
    folder: str,
    shown: Callable[[str], str] = lambda path: path,
) -> Settings | None:
    """The same from wherever files are read, and `shown` in messages. Raises `BadSettings`."""
    if (text := text_of(path := os.path.normpath(os.path.join(folder, SETTINGS)))) is not None:
        return Settings(path, with_settings(Project(), text, shown(path)))
    text = text_of(path := os.path.normpath(os.path.join(folder, PYPROJECT)))
    if text is None or ".".join(PYPROJECT_TABLE) not in text:
        return None
    return Settings(path, with_settings(Project(), text, shown(path), below=PYPROJECT_TABLE))


def policies_folder() -> PoliciesFolder:
    """The folder that a command reads where it is given none: that of the nearest project, here or
    above, up to the top of the repository; outside of one, only beside settings of ours. A project
    with settings never takes the policies of a project above it. Raises `BadSettings`.
    """
    here = os.getcwd()
    above = list(_above(here))
    in_repository = os.path.lexists(os.path.join(above[-1], ".git"))
    nearest: Settings | None = None
    for each in above:
        settings = settings_in(each)
        nearest = nearest or settings
        stated = settings is not None and settings.project.policies is not None
        found = os.path.join(each, policies_of(settings))
        # Settings may also stand among the policies, below the folder that is looked for.
        of_nearest = nearest is None or nearest is settings or _is_in(nearest.path, found)
        if each == here:
            is_there = os.path.lexists(found)
        else:
            is_there = (in_repository or settings is not None) and os.path.isdir(found)
        if of_nearest and (stated or is_there):
            return PoliciesFolder(os.path.relpath(found, here), _shown(nearest, here), stated)
    return PoliciesFolder(DEFAULT_FOLDER, _shown(nearest, here))


def named_folder(path: str) -> str:
    """What a command is given; for `policies`, where there is none here, the `policies` that
    `policies_folder` finds above. Raises `BadSettings`.
    """
    if path != DEFAULT_FOLDER or os.path.lexists(path):
        return path
    found = policies_folder().path
    return found if os.path.basename(os.path.abspath(found)) == path else path


def policies_of(settings: Settings | None) -> str:
    """Seen from the folder of the settings."""
    return (settings and settings.project.policies) or DEFAULT_FOLDER


def text_of(path: str) -> str | None:
    """The content of a file; None where there is none. Raises `BadSettings`."""
    try:
        with open(path, "rb") as file:
            return file.read().decode()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    except UnicodeDecodeError:
        raise BadSettings(f"{path}: it is not UTF-8") from None


def _from_here(path: str) -> str:
    return os.path.relpath(path) if os.path.isabs(path) else path


def _shown(settings: Settings | None, here: str) -> str | None:
    return None if settings is None else os.path.relpath(settings.path, here)


def _is_in(path: str, folder: str) -> bool:
    return os.path.commonpath([path, folder]) == folder


def _above(folder: str) -> Iterator[str]:
    """The folder and those above it, up to the top of its repository, or to the root."""
    yield folder
    while not os.path.lexists(os.path.join(folder, ".git")) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
        yield folder
