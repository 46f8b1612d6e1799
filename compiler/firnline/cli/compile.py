"""`firnline compile`: the rules of each bucket; reads files only, never the network."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from firnline.cli.streams import add_out, columns, say, wants_colour, write
from firnline.diagnostics.text import to_text
from firnline.pipeline import compile_files
from firnline.rules.coverage import NO_FLEET
from firnline.targets import TARGETS
from firnline.workspace import DEFAULT_FOLDER, project_around, read_paths

SUMMARY = "the rules of each bucket, in words or as S3 takes them"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        default=[DEFAULT_FOLDER],
        help="files or folders (default: policies); - reads one policy from stdin",
    )
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        type=date.fromisoformat,
        help="go by what S3 took on this day (default: the newest we know)",
    )
    add_out(parser, {name: what for name, (what, _) in TARGETS.items()}, default="text")


def run(arguments: argparse.Namespace) -> int:
    project = project_around(arguments.paths)
    compilation = compile_files(read_paths(arguments.paths), project, arguments.as_of)
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
    for format, file in arguments.out or [("text", None)]:
        _, render = TARGETS[format]
        write(render(compilation), file)
    return 0
