"""Which commit does a person mean by a revision?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from firnline.diagnostics.remedy_words import in_words
from firnline.diagnostics.visible import visible
from firnline.language.nearest import did_you_mean
from firnline.revision.full_history import fetch_of, full_history
from firnline.revision.git import Git

_HASH: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SHOWN: Final = 12
_ORIGIN: Final = "origin/"
_MOST_NAMES: Final = 5_000  # to compare with a mistyped one


def shown_revision(revision: str) -> str:
    """Short where it is the full name of a commit."""
    return revision[:_SHOWN] if _HASH.fullmatch(revision) else visible(revision)


def commit_of(git: Git, revision: str, environment: Mapping[str, str]) -> str:
    """Its full name. Raises `NoBaseCommit`, which says what brings it here."""
    found = _found(git, revision)
    if found is not None:
        return found
    shown = f"`{shown_revision(revision)}`"
    if not git.ask("rev-list", "--all", "--max-count=1").printed:
        raise git.missing(
            "this repository has no commit yet",
            "commit the policies first, or compare with a folder",
        )
    if revision == "HEAD":
        raise git.missing(
            "this branch has no commit yet", "commit the policies first, or name a commit: git:REV"
        )
    branch = revision.removeprefix(_ORIGIN) if revision.startswith(_ORIGIN) else None
    if git.is_shallow():
        raise git.missing(
            f"git has no commit {shown} here: the clone is shallow, it has only the newest commits",
            full_history(environment, branch),
        )
    near = did_you_mean(revision, list(_names(git)))
    if near:
        raise git.missing(f"git has no commit {shown} here", in_words((near,)))
    raise git.missing(f"git has no commit {shown} here", _how_to_get(git, branch))


@dataclass(frozen=True, slots=True)
class Reference:
    """`target` is the reference that a symbolic one stands for."""

    commit: str
    target: str = ""


def resolved(git: Git, names: Iterable[str]) -> dict[str, Reference]:
    """Those references that are there, by their full names; one process for all."""
    wanted = list(names)
    form = "--format=%(refname)%00%(symref)%00%(objecttype)%00%(objectname)%00%(*objectname)"
    found = {}
    for line in git.ask("for-each-ref", form, *wanted).printed.splitlines():
        name, target, kind, itself, tagged = map(os.fsdecode, line.split(b"\0"))
        commit = itself if kind == "commit" else tagged
        if name in wanted and commit:
            found[name] = Reference(commit, target)
    return found


def _how_to_get(git: Git, branch: str | None) -> str:
    """`branch` is the one of `origin` that is missing, if it is one."""
    if git.ask("config", "remote.origin.url").code:
        return "name one that is here: `git log --all` lists them"
    if branch is not None:
        return f"run `{fetch_of(branch)}`"
    return "run `git fetch origin`, or name one that is here: `git log --all` lists them"


def _found(git: Git, revision: str) -> str | None:
    if "\0" in revision or not revision:
        return None
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    said = git.ask(*words)
    return said.printed.decode().strip() if said.code == 0 else None


def _names(git: Git) -> Iterator[str]:
    """Of branches and tags, as people write them."""
    form = "--format=%(refname:short)"
    said = git.ask(
        "for-each-ref", form, f"--count={_MOST_NAMES}", "refs/heads", "refs/tags", "refs/remotes"
    )
    yield from said.printed.decode(errors="replace").splitlines()
