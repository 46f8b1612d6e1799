"""The registries that the fleet file of a folder names, opened, and what reading them yields."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from firnline.cli.failed import CommandFailed
from firnline.cli.item_options import now
from firnline.cli.named_references import refuse_other_files
from firnline.cli.parser import instead_of
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.visible import visible
from firnline.language.fleet_registries import Registry
from firnline.language.model import Folder, Policy
from firnline.language.read_files import read_files
from firnline.reach.collect import Opened, collect
from firnline.reach.drop_guard import LastComplete
from firnline.reach.experiments.judge import Judging
from firnline.reach.experiments.reads import Reads
from firnline.reach.experiments.settings import run_settings
from firnline.reach.reference_file import UnusableReferences, read_head, to_lines
from firnline.reach.registries.open import kind_of, read
from firnline.reach.registries.world import World
from firnline.reach.source import Certificate
from firnline.reach.tally import Tally
from firnline.workspace import read_folder

_AN_EARLIER_ONE = "name an earlier one that `firnline gc refs --out FILE` wrote"
_ANOTHER_FILE = "--out replaces nothing else: delete it, or name another file"
_SUCH_AS = "`registries: {models: {json: {file: models.json, path: artifacts}}}`"
_NO_FLEET = "write one, which names accounts and registries, or name the folder that has it"


def registries_of(folder: str, names: Sequence[str]) -> list[Opened]:
    """Those with these names; all where none is named. Raises `CommandFailed`."""
    world, found = named(folder, names)
    return [
        Opened(each.name.value, kind_of(each), partial(read, each, world), each.guard)
        for each in found
    ]


def named(folder: str, names: Sequence[str]) -> tuple[World, list[Registry]]:
    """As `registries_of`, before they are opened."""
    if os.path.isfile(folder):
        raise CommandFailed(f"{visible(folder)} is a file: name the folder that contains it")
    found, problems = read_files(read_folder(folder))
    fleet = found.fleet
    if fleet is None:
        more = "`firnline check` says what is wrong" if has_errors(problems) else _NO_FLEET
        raise CommandFailed(f"{visible(folder)} has no fleet file that can be read: {more}")
    by_name = {each.name.value: each for each in fleet.registries}
    if not by_name:
        raise CommandFailed(
            f"the fleet file of {visible(folder)} names no registries: add some, such as {_SUCH_AS}"
        )
    for name in names:
        if name not in by_name:
            raise CommandFailed(instead_of("registry", name, by_name))
    world = World(fleet, _folder_of(found), os.environ)
    return world, [by_name[name] for name in dict.fromkeys(names or by_name)]


def last_complete(previous: str | None, replaced: str | None) -> Mapping[str, LastComplete]:
    """What is known of the last complete answers from the file that is named, or else from the one
    that is to be replaced. Raises `CommandFailed`, OSError.
    """
    file = previous or (replaced if replaced and os.path.isfile(replaced) else None)
    if file is None:
        return {}
    refuse_other_files(file, _AN_EARLIER_ONE if previous else _ANOTHER_FILE)
    try:
        with open(file, encoding="utf-8", errors="surrogatepass") as lines:
            head = read_head(lines, file)
    except (UnusableReferences, UnicodeError) as why:
        problem = why.problem if isinstance(why, UnusableReferences) else "is not UTF-8 throughout"
        raise CommandFailed(
            f"{visible(file)} {visible(problem)}, so the last complete answers are not known: to"
            " compare with nothing, delete it; with another file, name that by --previous"
        ) from None
    return {each.name: each.last for each in head.answered if each.last}


def references_lines(
    registries: Sequence[Opened],
    policies: Sequence[Policy],
    tallies: list[Tally],
    before: Mapping[str, LastComplete],
    left_out: Sequence[Opened] = (),
    reads: Reads | None = None,
) -> Iterator[str]:
    """The lines of a references file. `tallies` gets one for each registry that is read; of those
    that are `left_out` the file says that nothing is known.
    """
    began = now()

    def judge(registry: str) -> Judging:
        return Judging(run_settings(policies, registry), began, reads)

    found = collect(registries, judge, now, tallies, before)
    unread = Certificate(began, began, pages=0, count=0, problems=(_LEFT_OUT,))
    return to_lines(
        began, chain(found, ((each.name, each.kind, unread) for each in left_out)), before
    )


_LEFT_OUT: Final = "was left out by `--registry`: read all registries, without it"


def policies_of(folder: str) -> tuple[Policy, ...]:
    """Raises `CommandFailed` where something in the folder cannot be read: it might keep runs."""
    found, problems = read_files(read_folder(folder))
    if has_errors(problems):
        raise CommandFailed(
            f"the policies of {folder} have errors, so which runs they keep is not known:"
            " `firnline check` says what is wrong",
            1,
        )
    return found.policies


def _folder_of(found: Folder) -> Path:
    fleet = found.fleet
    assert fleet is not None
    return Path(fleet.namespace.span.path).parent
