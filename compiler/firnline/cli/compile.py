"""`firnline compile`: the rules of each bucket; reads files only, never the network."""

from __future__ import annotations

import argparse
import sys

from firnline.cli.checks import CHECKS
from firnline.cli.formats import Answer
from firnline.cli.out import add_out, write_out
from firnline.cli.paths import add_paths
from firnline.cli.streams import columns, day, say, wants_colour
from firnline.diagnostics.text import to_text
from firnline.language.check import Known
from firnline.pipeline import Compilation, compile_files
from firnline.rules.coverage import NO_FLEET
from firnline.workspace import project_around, read_paths

SUMMARY = "the rules of each bucket, in words or as S3 takes them"


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser, "- reads one policy from stdin")
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        type=day,
        help="use the limits that S3 had on this day (default: the newest known)",
    )
    parser.add_argument(
        "--proof",
        action="store_true",
        help="say what was proved and what is assumed, even if output is not a terminal",
    )
    add_out(parser, Answer.RULES)


def run(arguments: argparse.Namespace) -> int:
    known = Known(project_around(arguments.paths), as_of=arguments.as_of)
    compilation = compile_files(read_paths(arguments.paths), known, CHECKS)
    if compilation.diagnostics:
        colour = wants_colour(sys.stderr, arguments.color)
        say(to_text(compilation.diagnostics, colour=colour, columns=columns()))
    if compilation.failed:
        say("nothing was compiled")
        return 1
    if compilation.folder.fleet is None:
        say(f"no fleet file: rule IDs carry the namespace `{NO_FLEET}`")
    if not compilation.buckets:
        say("no bucket is known by name: write exact names, or run `firnline resolve`")
    if arguments.proof or sys.stderr.isatty():
        _say_proof(compilation)
    write_out(compilation, Answer.RULES, arguments)
    return 0


def _say_proof(compilation: Compilation) -> None:
    """Says what was proved, how much was compared, and under which assumptions."""
    from firnline.rules.prove.assumptions import assumptions

    proofs = {id(each.proof): each.proof for each in compilation.buckets if each.proof}
    programs = {id(each.program): each.program for each in compilation.buckets if each.program}
    buckets = sum(each.proof is not None for each in compilation.buckets)
    cells = sum(proof.cells for proof in proofs.values())
    say(
        f"proved for {buckets:,} {'bucket' if buckets == 1 else 'buckets'}, in {cells:,} cells: the"
        " rules do to every possible key,\ntag and size, from every storage class and age, what the"
        " policies require, and nothing else.\nAssumed:"
    )
    for sentence in assumptions(programs.values()):
        say(f"  - {sentence}")
    say("")
