"""`firnline gc refs`: what the registries of the fleet file still need, with certificates."""

from __future__ import annotations

import argparse
from typing import Final

from firnline.cli.failed import CommandFailed
from firnline.cli.gc_extra import need_extra
from firnline.cli.option_types import path
from firnline.cli.paths import add_folder
from firnline.cli.reads_file import add_reads
from firnline.cli.registry_names import add_registry_names
from firnline.cli.streams import say, write
from firnline.diagnostics.how_many import how_many
from firnline.reach.tally import Tally

SUMMARY = "read what registries still need, and prove that all of it was read"
EPILOG = """\
firnline gc refs
firnline gc refs --out refs.jsonl
firnline gc refs --registry prod-mlflow
firnline gc refs --reads reads.csv --out refs.jsonl

Exit code 1 where a registry could not be read whole, 3 where one gave no access.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    add_folder(parser)
    add_registry_names(parser, "all")
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=path,
        help="write the references with their certificates to this file, as lines of JSON",
    )
    parser.add_argument(
        "--previous",
        metavar="FILE",
        type=path,
        help="an earlier such file: a registry that names much less than it did there is not"
        " complete (default: the file that --out replaces, if there is one)",
    )
    add_reads(parser)


def run(arguments: argparse.Namespace) -> int:
    try:
        tallies = _tallies(arguments)
    except CommandFailed as why:
        say(f"firnline gc refs: {why}")
        return why.code
    return _reported(tallies, arguments.out, partly=_PARTLY if arguments.registry else "")


def _tallies(arguments: argparse.Namespace) -> list[Tally]:
    """Raises `CommandFailed`."""
    need_extra()
    # Slow to import.
    from firnline.cli.gc_reading import read_registries

    return read_registries(
        arguments.folder,
        arguments.registry,
        arguments.previous,
        arguments.out,
        arguments.reads,
        arguments.color,
    )


_PARTLY: Final = "; by a file without all registries nothing is judged"


def _reported(tallies: list[Tally], file: str | None, partly: str) -> int:
    from firnline.targets.references_text import references_text

    write(references_text(tallies), None)
    incomplete = [
        each for each in tallies if not (each.certificate and each.certificate.is_complete)
    ]
    if file:
        say(
            f"{file}: written, with {how_many(sum(map(_references, tallies)), 'reference')}{partly}"
        )
    if not incomplete:
        return 0
    names = ", ".join(each.name for each in incomplete)
    say(f"firnline gc refs: not complete: {names}; nothing may be concluded from what is missing")
    return 3 if any(each.has_no_access for each in incomplete) else 1


def _references(tally: Tally) -> int:
    return tally.references
