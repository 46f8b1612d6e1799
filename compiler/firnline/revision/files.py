"""The files of a commit, as bytes by their paths: two processes, however many files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from firnline.folder import NEVER_ENTERED
from firnline.language.syntax import LARGEST_FILE, TOO_LARGE, Content, Unreadable
from firnline.revision.git import Git

_LINK, _SUBMODULE = b"120000", b"commit"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, a link or a submodule; `name` is seen from here, or from the top if so listed."""

    name: str
    blob: bytes
    size: int
    is_link: bool = False
    is_submodule: bool = False


def entries(
    git: Git, commit: str, paths: Sequence[str], *, from_top: bool = False
) -> tuple[Entry, ...]:
    """What is at these paths and below them. Raises `NoBaseCommit`."""
    tree = ["--full-tree"] if from_top else []
    said = git.ask("ls-tree", "-r", "-l", "-z", *tree, commit, "--", *paths)
    if "outside repository" in said.complaint:
        return ()
    if said.code:
        raise git.failed(said)
    return tuple(_entry(each) for each in filter(None, said.printed.split(b"\0")))


def yaml_entries(found: Iterable[Entry], requested: str) -> Iterator[Entry]:
    """Of those below a folder what `workspace` reads below one, and a file that is named. What is
    in a submodule is not known, so those are left to be reported.
    """
    for entry in found:
        if entry.name == requested or entry.is_submodule:
            yield entry
        elif _is_in(entry.name, requested) and is_yaml(entry.name):
            inside = os.path.relpath(entry.name, requested).split(os.sep)
            if NEVER_ENTERED.isdisjoint(inside):
                yield entry


def contents(git: Git, found: Iterable[Entry]) -> dict[str, Content]:
    """By name, with the same limit of size as for files. Raises `NoBaseCommit`."""
    every = list(found)
    wanted = [each for each in every if not _refused(each)]
    blobs = _blobs(git, list(dict.fromkeys(each.blob for each in wanted)))
    return {each.name: _refused(each) or blobs[each.blob] for each in every}


def is_yaml(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml"))


def _refused(entry: Entry) -> Unreadable | None:
    if entry.is_link:
        return Unreadable("it is a link, and those are not followed in a revision")
    if entry.is_submodule:
        return Unreadable("it is a submodule, whose files are in another repository")
    return TOO_LARGE if entry.size > LARGEST_FILE else None


def _is_in(name: str, folder: str) -> bool:
    return folder in (".", "") or name.startswith(f"{folder}/")


def _entry(listed: bytes) -> Entry:
    said, _, raw = listed.partition(b"\t")
    mode, kind, blob, size = said.split()
    return Entry(
        os.fsdecode(raw),
        blob,
        int(size) if size.isdigit() else 0,
        mode == _LINK,
        kind == _SUBMODULE,
    )


def _blobs(git: Git, names: list[bytes]) -> dict[bytes, bytes]:
    """Raises `NoBaseCommit`."""
    if not names:
        return {}
    said = git.ask("cat-file", "--batch", given=b"\n".join([*names, b""]))
    found: dict[bytes, bytes] = {}
    place = 0
    for name in names:
        end = said.printed.find(b"\n", place)
        head = said.printed[place:end].split()
        if end < 0 or len(head) != 3:  # `<name> missing`, or it gave up
            raise git.failed(said)
        size = int(head[2])
        found[name] = said.printed[end + 1 : end + 1 + size]
        place = end + 1 + size + 1
    return found
