"""What is reviewed: of which project, at which commit, and who approves it by the base?"""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from datetime import time

from firnline.cli.base import code_owners_of
from firnline.cli.base_snapshot import Base
from firnline.cli.repository_of import repository_of
from firnline.cli.snapshot_keys import ReadSnapshot
from firnline.cli.snapshots import GIT, LIVE
from firnline.cli.stored import files_in
from firnline.diagnostics.repository import Repository
from firnline.language.code_owners import owners_of
from firnline.language.model import Folder
from firnline.revision.commit import commit_of
from firnline.revision.git import Git
from firnline.revision.read import NotInRevision, read_revision
from firnline.rules.diff.base_commit import BaseCommit
from firnline.targets.review.model import Reviewed
from firnline.workspace import STDIN, path_in_repository, read_folder

_APPROVALS = "approvals.yaml"


def reviewed(
    base: BaseCommit | None, named: str, folder: str, before: ReadSnapshot, after: ReadSnapshot
) -> Reviewed:
    """`named` is the later snapshot. Its commit is known where a revision is reviewed, or all that
    differs from the base is committed. Raises `NoBaseCommit`.
    """
    project = path_in_repository(folder)
    more = not set(_agreed(after)) <= set(_agreed(before))
    return Reviewed(project, _head(base, named, folder), _owners(base, project), more)


def repository_after(
    before: ReadSnapshot, after: ReadSnapshot, named: str, folder: str
) -> Repository:
    """The one of the later snapshot, which is called so. What concerns no file is shown in the lock
    or another file of policies, of the later ones if these have any.
    """
    compilation = after.compilation or before.compilation
    policies = compilation.folder if compilation else Folder()
    files = [each.name.span.path for each in policies.policies]
    files.append(os.path.join(folder, "fleet.lock.yaml") if named in (LIVE, STDIN) else named)
    found = repository_of(policies, files)
    revision = ":".join(found.instead.split(":", 2)[:2]) + ":"
    return replace(found, revision=revision if found.instead.startswith(GIT) else "")


def options_of(arguments: Namespace) -> tuple[str, ...]:
    """What is compared and what is stored, as it was said."""
    said = {
        "--bucket": arguments.bucket,
        "--inventory": arguments.inventory,
        "--summary": arguments.summaries,
        "--cloudwatch": arguments.cloudwatch,
        "--references": [arguments.references] if arguments.references else [],
    }
    words = [word for option, values in said.items() for each in values for word in (option, each)]
    if files_in(arguments):
        words += ["--months", str(arguments.months)]
    if (at := arguments.as_of) is not None:
        words += ["--as-of", str(at.date()) if at.time() == time() else at.isoformat()]
    return tuple(words)


def _head(base: BaseCommit | None, after: str, folder: str) -> str | None:
    if after.startswith(GIT):
        revision = after.removeprefix(GIT).partition(":")[0]
        return commit_of(Git(after), revision, os.environ)
    if base is None:
        return None
    head = commit_of(Git(f"{GIT}HEAD"), "HEAD", os.environ)
    return head if _is_committed(head, folder) else None


def _is_committed(head: str, folder: str) -> bool:
    """Whether the policies are those of the commit. `git status` would tell, but it runs the
    filters that the configuration names.
    """
    try:
        there = read_revision(head, folder)
    except NotInRevision:
        return False
    here = read_folder(folder) if os.path.lexists(folder) else {}
    return here == {path.split(":", 2)[-1]: content for path, content in there.items()}


def _agreed(snapshot: ReadSnapshot) -> Iterator[tuple[object, ...]]:
    """What the approvals of a snapshot open."""
    for file in snapshot.approvals:
        for each in file.approvals:
            limit = each.deletes_up_to and each.deletes_up_to.value
            yield each.item.value, each.buckets, each.codes, limit, each.until.value
        for urgent in file.emergencies:
            yield urgent.buckets, urgent.codes, urgent.until.value


def _owners(base: BaseCommit | None, project: str) -> tuple[str, ...]:
    if base is None:
        return ()
    path = f"{project}/{_APPROVALS}"
    text = code_owners_of(Base(f"{GIT}{base.commit}", base.branch, base.commit), path)
    return owners_of(text, path) if text is not None else ()
