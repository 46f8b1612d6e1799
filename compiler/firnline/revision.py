"""The files of a git revision, as bytes by path."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from firnline.diagnostics.remedy_words import in_words
from firnline.language.nearest import did_you_mean
from firnline.language.syntax import Content, Unreadable
from firnline.settings import policies_folder
from firnline.workspace import NoPolicies, bounded, shown_path

_MOST_NAMES = 5_000  # to compare with a mistyped one


class NoBaseCommit(NoPolicies):
    """Git does not have the requested revision; the text says how to get it."""


class NotInRevision(NoPolicies):
    """The revision has no such path; the text says which one may be meant."""


def read_revision(revision: str, path: str | None = None) -> dict[str, Content]:
    """A file as it is in a git revision, or every YAML file below a folder. Without `path`, it is
    the folder of the project's policies, and there may have been none yet. Paths are shown as
    `git:<revision>:<path>`. Raises `NoBaseCommit`, `NotInRevision`.
    """
    commit = _commit(revision)
    if path is None:
        entries = list(_entries(commit, policies_folder().path))
    else:
        entries = _named_entries(revision, commit, path)
    found: dict[str, Content] = {}
    blobs: dict[str, bytes] = {}
    for entry in entries:
        shown = f"git:{revision}:{shown_path(entry.name)}"
        if entry.is_link:
            found[shown] = Unreadable("it is a link, and those are not followed in a revision")
        else:
            blobs[shown] = entry.blob
    contents = _blobs(list(blobs.values()))
    return found | {shown: contents[blob] for shown, blob in blobs.items()}


def _commit(revision: str) -> str:
    """Raises `NoBaseCommit`."""
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None and not _git("rev-list", "--all", "--max-count=1"):
        raise NoBaseCommit(
            "no base commit: this repository has no commit yet; commit the policies first, or"
            " compare with a folder"
        )
    if commit is None:
        raise NoBaseCommit(
            f"no base commit: git has no commit `{revision}` here; run `git fetch` for it, and let"
            " a CI job check out the whole history (`fetch-depth: 0`)"
        )
    return commit.decode().strip()


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    blob: bytes
    is_link: bool


def _named_entries(revision: str, commit: str, path: str) -> list[_Entry]:
    """The path is seen from here or, where the revision has none such, from the top of the
    repository, as git itself reads it. Raises `NotInRevision`.
    """
    requested = os.path.relpath(path) if os.path.isabs(path) else os.path.normpath(path)
    for tree in ((), ("--full-tree",)):
        if requested == "." or _git("ls-tree", *tree, commit, "--", requested):
            return list(_entries(commit, requested, *tree))
    here = (_git("rev-parse", "--show-prefix") or b"").decode(errors="replace").strip()
    names = _names(commit)
    from_here = posixpath.normpath(posixpath.join(here, requested))
    near = did_you_mean(from_here, names) or did_you_mean(requested, names)
    cure = in_words((near,)) if near else "leave the path out for the policies of this project"
    raise NotInRevision(f"{revision} has no file or folder `{shown_path(requested)}`: {cure}")


def _names(commit: str) -> list[str]:
    """Folders and YAML files, seen from the top."""
    listed = _git("ls-tree", "-r", "-t", "-z", "--full-tree", commit) or b""
    entries = (entry.partition(b"\t") for entry in filter(None, listed.split(b"\0")))
    names = [(said.split()[1] == b"tree", os.fsdecode(raw)) for said, _, raw in entries]
    return [name for is_folder, name in names if is_folder or _is_yaml(name)][:_MOST_NAMES]


def _entries(commit: str, requested: str, *tree: str) -> Iterator[_Entry]:
    listed = _git("ls-tree", "-r", "-z", *tree, commit, "--", requested) or b""
    for entry in filter(None, listed.split(b"\0")):
        said, _, raw = entry.partition(b"\t")
        mode, kind, blob = said.split()
        name = os.fsdecode(raw)
        if kind == b"blob" and (name == requested or _is_yaml(name)):
            yield _Entry(name, blob, is_link=mode == b"120000")


def _is_yaml(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml"))


def _blobs(names: list[bytes]) -> dict[bytes, Content]:
    """The contents of blobs by name, from one process, with the same size limit as for files."""
    if not names:
        return {}
    printed = _git("cat-file", "--batch", given=b"\n".join([*names, b""])) or b""
    found: dict[bytes, Content] = {}
    place = 0
    for name in names:
        end = printed.index(b"\n", place)
        size = int(printed[place:end].split()[2])
        found[name] = bounded(printed[end + 1 : end + 1 + size])
        place = end + 1 + size + 1
    return found


def _git(*words: str, given: bytes = b"") -> bytes | None:
    """The output of git; None where it fails. Raises `NoBaseCommit` where there is no git."""
    import subprocess  # only needed for a revision

    plain = {**os.environ, "LC_ALL": "C"}
    try:
        ran = subprocess.run(
            ["git", *words], input=given, capture_output=True, check=False, env=plain
        )
    except FileNotFoundError as why:
        raise NoBaseCommit("no base commit: there is no `git` on this machine") from why
    if ran.returncode and b"not a git repository" in ran.stderr:
        raise NoBaseCommit("no base commit: this folder is in no git repository")
    if ran.returncode and b"dubious ownership" in ran.stderr:
        raise NoBaseCommit(f"no base commit: {ran.stderr.decode(errors='replace').strip()}")
    return ran.stdout if ran.returncode == 0 else None
