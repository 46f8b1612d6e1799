"""The policies, or any files, of a git revision, as bytes by path."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable
from typing import Final

from firnline.diagnostics.remedy_words import in_words
from firnline.language.nearest import did_you_mean
from firnline.language.syntax import Content
from firnline.revision.commit import commit_of, shown_revision
from firnline.revision.files import Entry, contents, entries, is_yaml, yaml_entries
from firnline.revision.git import Git
from firnline.revision.project_at import policies_at
from firnline.workspace import NoPolicies, shown_path

_MOST_NAMES: Final = 5_000  # to compare with a mistyped one


class NotInRevision(NoPolicies):
    """The revision has no such path; the text says which one may be meant."""


def read_revision(revision: str, path: str | None = None) -> dict[str, Content]:
    """A file as it is in a git revision, or every YAML file below a folder. Without `path`, it is
    the folder of the project's policies, and there may have been none yet. Paths are shown as
    `git:<revision>:<path>`. Raises `NoBaseCommit`, `NotInRevision`, `BadSettings`.
    """
    git = Git(f"git:{shown_revision(revision)}")
    commit = commit_of(git, revision, os.environ)
    if path is None:
        found = policies_at(git, commit)
    else:
        found = _named_entries(git, revision, commit, path)
    read = contents(git, found)
    return {f"{git.wanted}:{shown_path(name)}": content for name, content in read.items()}


def files_at(commit: str, paths: Iterable[str]) -> dict[str, Content]:
    """Those of these files that a commit has, by their paths from the top of the repository; links
    and submodules are `Unreadable`. Raises `NoBaseCommit`.
    """
    git = Git(f"git:{shown_revision(commit)}")
    wanted = list(paths)
    if not wanted:
        return {}
    found = entries(git, commit, wanted, from_top=True)
    return contents(git, (each for each in found if each.name in wanted))


def _named_entries(git: Git, revision: str, commit: str, path: str) -> tuple[Entry, ...]:
    """The path is seen from here or, where the revision has none such, from the top of the
    repository, as git itself reads it. Raises `NotInRevision`.
    """
    from_here = os.path.relpath(path)
    requested = from_here if os.path.isabs(path) else os.path.normpath(path)
    for asked, from_top in ((from_here, False), (requested, True)):
        found = entries(git, commit, [asked], from_top=from_top)
        if found or asked == os.curdir:
            return tuple(yaml_entries(found, asked))
    here = os.fsdecode(git.ask("rev-parse", "--show-prefix").printed).strip()
    names = _names(git, commit)
    below = posixpath.normpath(posixpath.join(here, requested))
    near = did_you_mean(below, names) or did_you_mean(requested, names)
    cure = in_words((near,)) if near else "leave the path out for the policies of this project"
    said = shown_revision(revision)
    raise NotInRevision(f"{said} has no file or folder `{shown_path(requested)}`: {cure}")


def _names(git: Git, commit: str) -> list[str]:
    """Folders and YAML files, seen from the top."""
    listed = git.ask("ls-tree", "-r", "-t", "-z", "--full-tree", commit).printed
    found = (entry.partition(b"\t") for entry in filter(None, listed.split(b"\0")))
    names = [(said.split()[1] == b"tree", os.fsdecode(raw)) for said, _, raw in found]
    return [name for is_folder, name in names if is_folder or is_yaml(name)][:_MOST_NAMES]
