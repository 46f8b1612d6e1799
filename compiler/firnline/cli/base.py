"""`--base`: what a change is compared with, and the settings and code owners that count there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

from firnline.cli.base_snapshot import Base
from firnline.cli.failed import CommandFailed
from firnline.cli.snapshot_keys import ReadSnapshot
from firnline.cli.snapshots import GIT, read_snapshot
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.visible import visible
from firnline.language.project import Project
from firnline.revision.base_commit import project_base
from firnline.revision.commit import commit_of, shown_revision
from firnline.revision.git import Git
from firnline.revision.project_at import settings_at
from firnline.revision.read import files_at
from firnline.workspace import CODE_OWNERS, code_owners_around

NO_BASE = "none"
BY_DEFAULT = "by default"
"""As `firnline diff` finds it, whatever the settings say."""


def base_of(said: str | None, project: Project) -> Base | None:
    """`said` on the command line, or else by the settings. Raises `NoBaseCommit`, `BadSettings`,
    `CommandFailed`.
    """
    if said == NO_BASE or (said is None and project.review.base is None):
        return None
    if said in (None, BY_DEFAULT):
        found = project_base()
        return Base(f"{GIT}{found.commit}", visible(found.branch), found.commit)
    assert said is not None
    if not said.startswith(GIT):
        return Base(said, visible(said))
    revision = said.removeprefix(GIT).partition(":")[0]
    if not revision:
        raise CommandFailed("`git:` names no revision: write `git:origin/main`")
    git = Git(f"{GIT}{shown_revision(revision)}")
    return Base(said, visible(said), commit_of(git, revision, os.environ))


def settings_of_base(base: Base | None, project: Project) -> Project:
    """With the limits and levels of gates, and what is said of approvals, as they are in the commit
    that is compared with: a change that brings its own counts once it is merged. Raises
    `NoBaseCommit`, `BadSettings`.
    """
    if base is None or base.commit is None:
        return project
    git = Git(f"{GIT}{base.commit}")
    found = (settings_at(git, base.commit, folder) for folder in _folders_above())
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


def snapshot_of(base: Base, folder: str) -> ReadSnapshot:
    """Raises `CommandFailed`, `NoBaseCommit`, `NoPolicies`."""
    read = read_snapshot(base.named, folder, ())
    if has_errors(read.diagnostics):
        codes = sorted({each.kind.code for each in read.diagnostics})
        raise CommandFailed(
            f"{base.label} cannot be compared with: it has errors ({', '.join(codes)})"
        )
    return read


def _folders_above() -> Iterator[str]:
    """Seen from here, up to the top of the repository."""
    folder = os.curdir
    while True:
        yield folder
        here = os.path.realpath(folder)
        if os.path.lexists(os.path.join(here, ".git")) or os.path.dirname(here) == here:
            return
        folder = os.path.join(folder, os.pardir)
