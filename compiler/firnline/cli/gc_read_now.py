"""What registries need: as a file says, else as they answer now."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from firnline.cli.failed import CommandFailed
from firnline.cli.gc_reading import read_registries
from firnline.cli.gc_references import SavedReferences
from firnline.cli.streams import say
from firnline.reach.mark.lines import Lines
from firnline.reach.tally import Tally
from firnline.settings import policies_folder
from firnline.targets.references_text import references_text
from firnline.workspace import NoPolicies

_NO_BASELINE = (
    "no earlier answers were compared with these: --save-references FILE keeps them, so that the"
    " next audit sees a registry that shrank"
)


@contextmanager
def references_of(
    arguments: argparse.Namespace, on_lines: Callable[[Lines], None]
) -> Iterator[SavedReferences]:
    """Of the file that is named; else what the registries answer now, through a file that is kept
    only if `--save-references` names it. Raises `CommandFailed`.
    """
    if arguments.references:
        yield SavedReferences(arguments.references, on_lines)
        return
    with TemporaryDirectory(prefix="firnline-") as folder:
        file = arguments.save_references or str(Path(folder) / "references.jsonl")
        yield _read_now(arguments, file, on_lines)


def _read_now(
    arguments: argparse.Namespace, file: str, on_lines: Callable[[Lines], None]
) -> SavedReferences:
    tallies = _tallies(arguments, file)
    try:
        found = SavedReferences(file, on_lines, read_now=True)
    except CommandFailed as why:
        denied = any(each.has_no_access for each in tallies)
        raise CommandFailed(str(why), 3 if denied else why.code) from None
    say(references_text(tallies, examples=False).rstrip())
    if not arguments.save_references:
        say(_NO_BASELINE)
    return found


def _tallies(arguments: argparse.Namespace, file: str) -> list[Tally]:
    folder = os.path.normpath(arguments.policies or policies_folder().path)
    try:
        return read_registries(folder, (), None, file, arguments.reads, arguments.color)
    except NoPolicies as why:
        raise CommandFailed(
            f"{why}; registries are named in the fleet file of a project: say where it is with"
            " --policies PATH, or name what `firnline gc refs --out FILE` wrote with --references"
        ) from None
