"""What does git say? It is asked so that it runs no program, writes nothing and fetches nothing.

A repository may come from somebody else: its configuration names programs (hooks, filters, pagers,
a file system monitor, transports), and a bare repository may hide in any folder of a checkout. So
only commands that read objects are called, and what could start such a program is switched off.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from firnline.diagnostics.visible import visible
from firnline.revision.no_base import NoBaseCommit

_FOLDERS: Final = "compare two folders, such as `firnline diff before policies`"
_SWITCHED_OFF: Final = (
    "--no-pager",
    "--no-optional-locks",
    "--no-replace-objects",
    "--literal-pathspecs",
    *("-c", "safe.bareRepository=explicit"),
    *("-c", "core.fsmonitor="),
    *("-c", f"core.hooksPath={os.devnull}"),
)
# Git older than 2.45 has no `GIT_NO_LAZY_FETCH`; but a transport that is not listed is never run.
_ENVIRONMENT: Final = {
    "LC_ALL": "C",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
}
# What `git rev-parse --local-env-vars` lists, without the configuration that a person gave. Git
# sets it for hooks; there and in any shell it may mean another repository than that of this folder.
_OF_ONE_REPOSITORY: Final = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_REPLACE_REF_BASE",
)


def in_repository() -> bool:
    """Whether the current folder is in a checkout."""
    return _is_in_repository(os.getcwd())


@dataclass(frozen=True, slots=True)
class Said:
    """What git printed and how it ended."""

    code: int
    printed: bytes
    complaint: str


@dataclass(frozen=True, slots=True)
class Git:
    """The repository of the current folder; `wanted` is what it is asked for, as messages say."""

    wanted: str

    def ask(self, *words: str, given: bytes = b"") -> Said:
        """Raises `NoBaseCommit` where there is no repository that git reads."""
        import subprocess  # only needed for a revision

        command = ["git", *_SWITCHED_OFF, *words]
        try:
            ran = subprocess.run(
                command, input=given, capture_output=True, check=False, env=_environment()
            )
        except (FileNotFoundError, PermissionError):
            raise self.missing(
                "there is no `git` on this machine", f"install it, or {_FOLDERS}"
            ) from None
        complaint = ran.stderr.decode(errors="replace").strip()
        if ran.returncode:
            self._refuse(complaint)
        return Said(ran.returncode, ran.stdout, complaint)

    def reads(self) -> bool:
        """Whether git is there, and reads the repository."""
        try:
            return self.ask("rev-parse", "--git-dir").code == 0
        except NoBaseCommit:
            return False

    def missing(self, message: str, cure: str) -> NoBaseCommit:
        return NoBaseCommit(self.wanted, message, cure)

    def failed(self, said: Said) -> NoBaseCommit:
        """Why objects that must be there could not be read."""
        if self.has_parts_elsewhere():
            return self.missing(
                "this clone is partial (`git clone --filter`), and the files of that commit are"
                " not in it; Firnline fetches nothing",
                "clone without `--filter`, or run `git fetch --refetch --no-filter origin`",
            )
        why = said.complaint.splitlines()[-1] if said.complaint else "objects are missing"
        return self.missing(
            f"git cannot read it: {visible(why)}", "look what `git fsck` says, or clone again"
        )

    def has_parts_elsewhere(self) -> bool:
        names = r"^(remote\..*\.promisor|extensions\.partialclone)$"
        return self.ask("config", "--get-regexp", names).code == 0

    def is_shallow(self) -> bool:
        return self.ask("rev-parse", "--is-shallow-repository").printed.strip() == b"true"

    def is_cut_between(self, one: str, other: str) -> bool:
        """Whether a shallow clone lacks parents of commits that only one of two has: then they may
        have more in common than is here.
        """
        if not self.is_shallow():
            return False
        listed = os.fsdecode(self.ask("rev-parse", "--git-path", "shallow").printed).strip()
        with open(listed, "rb") as file:
            cut = frozenset(file.read().split())
        said = self.ask("rev-list", f"{one}...{other}")
        return said.code != 0 or not cut.isdisjoint(said.printed.split())

    def _refuse(self, complaint: str) -> None:
        """Raises `NoBaseCommit` where git does not read the repository at all."""
        if "not a git repository" in complaint:
            raise self.missing(
                "this folder is in no git repository", f"check the project out, or {_FOLDERS}"
            )
        if "dubious ownership" in complaint or "is owned by someone else" in complaint:
            found = re.search(r"repository(?: at)? \(?'([^']*)'", complaint)
            folder = shlex.quote(visible(found[1])) if found else '"$PWD"'
            raise self.missing(
                "the repository belongs to another user, and so git does not read it",
                f"run `git config --global --add safe.directory {folder}` if you trust it",
            )
        if "cannot use bare repository" in complaint:
            raise self.missing(
                "this folder is in a bare repository, and git reads those only where they are"
                " named",
                "set `GIT_DIR` to its folder",
            )


def _environment() -> Mapping[str, str]:
    """A repository around this folder is meant, whatever the environment says of another one."""
    kept = dict(os.environ)
    if _is_in_repository(os.getcwd()):
        for name in _OF_ONE_REPOSITORY:
            kept.pop(name, None)
    return {**kept, **_ENVIRONMENT}


def _is_in_repository(folder: str) -> bool:
    while not os.path.lexists(os.path.join(folder, ".git")):
        if os.path.dirname(folder) == folder:
            return False
        folder = os.path.dirname(folder)
    return True
