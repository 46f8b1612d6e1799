"""In which repository are the files that a command read?"""

from __future__ import annotations

import os
from collections.abc import Iterable

from firnline.diagnostics.repository import Repository
from firnline.language.model import Folder


def repository_of(folder: Folder, files: Iterable[str]) -> Repository:
    """The one around the first of these files; outside of one, the workspace of GitHub Actions or
    the current folder. What concerns no file is shown in the lock, else in the fleet file.
    """
    here = os.getcwd()
    places = [each.digest.span.path for each in folder.locks]
    places += [each.namespace.span.path for each in folder.fleets]
    instead = next(iter((*places, *files)))
    top = _top(os.path.dirname(os.path.abspath(instead))) or _workspace(here) or here
    return Repository(_posix(top), _posix(here), instead)


def _top(folder: str) -> str | None:
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def _workspace(here: str) -> str | None:
    said = os.environ.get("GITHUB_WORKSPACE", "")
    return said if said and os.path.commonpath([said, here]) == said else None


def _posix(path: str) -> str:
    return path.replace(os.sep, "/")
