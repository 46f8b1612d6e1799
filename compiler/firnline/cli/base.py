"""`--base`: what a change is compared with, and the settings and code owners that count there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace

from firnline.cli.base_snapshot import Base
from firnline.cli.failed import CommandFailed
from firnline.cli.snapshot_keys import ReadSnapshot
from firnline.cli.snapshots import GIT, read_snapshot
from firnline.cli.streams import say
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.visible import visible
from firnline.language.project import Project
from firnline.revision.base_commit import base_commit, base_of_pull_request
from firnline.revision.commit import commit_of, shown_revision
from firnline.revision.git import Git
from firnline.revision.project_at import settings_at
from firnline.revision.read import NotInRevision, files_at
from firnline.rules.diff.base_commit import BaseCommit
from firnline.settings import policies_folder, settings_in
from firnline.workspace import CODE_OWNERS, code_owners_around

NO_BASE = "none"
AUTO = "auto"
"""As `firnline diff` finds it, whatever the settings of the change say."""


def base_of(said: str | None, project: Project, paths: Sequence[str] = ()) -> Base | None:
    """`said` on the command line, or else by the settings, for what is at these paths. Raises
    `NoBaseCommit`, `BadSettings`, `CommandFailed`.
    """
    if said == NO_BASE:
        return None
    if said is None and project.review.base is None:
        found = base_of_pull_request(_folders_above(paths), os.environ)
        return None if found is None else _found(found, paths)
    if said in (None, AUTO):
        near = (settings_in(folder) for folder in _folders_above(paths))
        nearest = next((each for each in near if each is not None), None)
        return _found(base_commit(nearest, os.environ), paths)
    assert said is not None
    if not said.startswith(GIT):
        return Base(said, visible(said))
    revision, _, path = said.removeprefix(GIT).partition(":")
    if not revision:
        raise CommandFailed("`git:` names no revision: write `git:origin/main`")
    git = Git(f"{GIT}{shown_revision(revision)}")
    named = said if path else f"{said.removesuffix(':')}{_of_another_project(paths)}"
    return Base(named, visible(said), commit_of(git, revision, os.environ))


def settings_of_base(base: Base | None, project: Project, paths: Sequence[str] = ()) -> Project:
    """With the limits and levels of gates, and what is said of approvals, as they are in the commit
    that is compared with: a change that brings its own counts once it is merged. Raises
    `NoBaseCommit`, `BadSettings`.
    """
    if base is None or base.commit is None:
        return project
    git = Git(f"{GIT}{base.commit}")
    found = (settings_at(git, base.commit, folder) for folder in _folders_above(paths))
    there = next((each.project for each in found if each is not None), Project())
    review = replace(project.review, self_approved=there.review.self_approved)
    return replace(project, floor=there.floor, gates=there.gates, review=review)


def code_owners_of(base: Base | None, path: str) -> str | None:
    """The text of CODEOWNERS: in the commit that is compared with, or else beside the file. Raises
    `NoBaseCommit`, `BadSettings`.
    """
    if base is None or base.commit is None:
        return code_owners_around(path)
    found = files_at(base.commit, CODE_OWNERS)
    for name in CODE_OWNERS:
        content = found.get(name)
        if isinstance(content, bytes):
            return content.decode(errors="replace")
    return None


def snapshot_of(base: Base, folder: str, only: Sequence[str] = ()) -> ReadSnapshot:
    """`only` are the wanted buckets, all if empty. Raises `CommandFailed`, `NoBaseCommit`,
    `NoPolicies`.
    """
    try:
        read = read_snapshot(base.named, folder, only)
    except NotInRevision:
        say(f"{base.label}: no policies there in this folder, so all that they do is new")
        return ReadSnapshot({}, had_no_policies=True)
    if has_errors(read.diagnostics):
        first = next(each for each in read.diagnostics if has_errors([each]))
        raise CommandFailed(
            f"{base.label} cannot be compared with: it has errors, such as {first.kind.code} at"
            f" {visible(str(first.place))}; compare with a commit before them: `--base git:REV`"
        )
    return read


def _found(commit: BaseCommit, paths: Sequence[str]) -> Base:
    named = f"{GIT}{commit.commit}{_of_another_project(paths)}"
    return Base(named, visible(commit.branch), commit.commit)


def _of_another_project(paths: Sequence[str]) -> str:
    """`:PATH` where one folder is read that is not of the project here: it is compared with what it
    was before itself.
    """
    if len(paths) != 1 or not os.path.isdir(paths[0]):
        return ""
    own, given = (os.path.realpath(each) for each in (policies_folder().path, paths[0]))
    is_own = given == own or given.startswith(f"{own}{os.sep}")
    return "" if is_own else f":{paths[0]}"


def _folders_above(paths: Sequence[str]) -> Iterator[str]:
    """Those of the first path, seen from here, up to the top of the repository."""
    folder = next(iter(paths), os.curdir)
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder) or os.curdir
    while True:
        yield folder
        here = os.path.realpath(folder)
        if os.path.lexists(os.path.join(here, ".git")) or os.path.dirname(here) == here:
            return
        folder = os.path.join(folder, os.pardir)
