"""Imported policies → stdout, or files: none is written over another without being told."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from firnline.atomic_file import write_file
from firnline.cli.failed import CommandFailed
from firnline.cli.streams import say, write
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible

_SUFFIXES: Final = (".yaml", ".yml")
_BEGINNING: Final = 64 * 1024
_FIRST_KEY: Final = re.compile(r"firnline:\s*[\"']?policy/v1\b")


@dataclass(frozen=True, slots=True)
class Destination:
    """`file` for one policy, `folder` for any number; neither is stdout."""

    file: str | None = None
    folder: str | None = None
    overwrite: bool = False

    def path(self, policy: str) -> str | None:
        if self.folder is not None:
            return f"{self.folder}/{policy}.yaml"
        return self.file


def destination(said: str | None, *, overwrite: bool) -> Destination:
    """A folder, or a file by the end of its name. Raises `CommandFailed` where it is no folder that
    is there, or is in none: before anything is read.
    """
    if said is None:
        if overwrite:
            raise CommandFailed("--overwrite goes with --out")
        return Destination()
    is_file = said.endswith(_SUFFIXES) and not os.path.isdir(said)
    folder = os.path.dirname(said) or os.curdir if is_file else said
    if os.path.isfile(folder):
        raise CommandFailed(
            f"--out {visible(said)} is a file that is no .yaml: name a folder or a .yaml file"
        )
    if not os.path.isdir(folder):
        raise CommandFailed(
            f"--out {visible(said)}: there is no folder {visible(folder)}: make it first"
        )
    if is_file:
        return Destination(file=said, overwrite=overwrite)
    return Destination(folder=os.path.normpath(said).replace(os.sep, "/"), overwrite=overwrite)


def write_policies(texts: Mapping[str, str], to: Destination) -> Sequence[str]:
    """By name; the paths of what was written, all or nothing. Raises `CommandFailed`."""
    if to.file is None and to.folder is None:
        write(_as_stream(texts), None)
        return ()
    if to.file is not None and len(texts) > 1:
        raise CommandFailed(
            f"{how_many(len(texts), 'policy', 'policies')} do not fit into {visible(to.file)}: name"
            " a folder with --out, or one bucket with --bucket; nothing was written"
        )
    paths = {path: text for name, text in texts.items() if (path := to.path(name))}
    taken = [path for path in paths if os.path.lexists(path)]
    if taken and not to.overwrite:
        listed = ", ".join(map(visible, taken))
        raise CommandFailed(
            f"{listed} {'is' if len(taken) == 1 else 'are'} there already, so nothing was written:"
            " name another place with --out, another name with --policy, or say --overwrite"
        )
    others = [path for path in taken if not _is_policy(path)]
    if others:
        listed = ", ".join(map(visible, others))
        raise CommandFailed(
            f"{listed} {'is' if len(others) == 1 else 'are'} no policy, so nothing was written over"
            " it: name another file with --out, or the policy with --policy"
        )
    for path, text in paths.items():
        write_file(path, text.encode())
    for path in paths:
        say(f"{visible(path)}: written{', over the old one' if path in taken else ''}")
    return tuple(paths)


def _is_policy(path: str) -> bool:
    """Whether a file that is there is one, with mistakes in it or not: a fleet file, a lock and
    approvals are never replaced.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(_BEGINNING)
    except OSError as problem:
        raise CommandFailed(f"{visible(path)} cannot be read: {problem.strerror}") from None
    first = (line.strip() for line in content.decode(errors="replace").splitlines())
    return any(_FIRST_KEY.match(line) for line in first)


def _as_stream(texts: Mapping[str, str]) -> str:
    """Each begins with the name of its file where there are several."""
    if len(texts) == 1:
        return next(iter(texts.values()))
    return "---\n".join(f"# {name}.yaml\n{text}" for name, text in texts.items())
