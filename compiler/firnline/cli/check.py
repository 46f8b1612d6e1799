"""`firnline check`: find mistakes; reads files only, never the network."""

from __future__ import annotations

import argparse
import sys
from datetime import date

from firnline.cli.streams import add_out, columns, say, wants_colour, write
from firnline.diagnostics.text import to_text
from firnline.pipeline import Compilation, check_files
from firnline.workspace import DEFAULT_FOLDER, read_paths

SUMMARY = "find mistakes; reads files only, never the network"
FORMATS = {"text": "drawn for people", "json": "for programs, versioned"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        default=[DEFAULT_FOLDER],
        help="files or folders (default: policies); - reads one policy from stdin",
    )
    parser.add_argument(
        "--today",
        metavar="DATE",
        type=date.fromisoformat,
        help="evaluate `review_by` as of this day, such as 2027-03-31 (default: today)",
    )
    add_out(parser, FORMATS, default="text")


def run(arguments: argparse.Namespace) -> int:
    compilation = check_files(read_paths(arguments.paths), arguments.today or date.today())
    for format, file in arguments.out or [("text", None)]:
        if format == "json":
            from firnline.diagnostics.json import to_json

            write(to_json(compilation.diagnostics), file)
        else:
            colour = file is None and wants_colour(sys.stdout, arguments.color)
            write(to_text(compilation.diagnostics, colour=colour, columns=columns()), file)
    if not compilation.diagnostics:
        say(f"nothing wrong in {_counted(compilation)}")
    return 1 if compilation.failed else 0


def _counted(compilation: Compilation) -> str:
    policies = compilation.folder.policies
    retentions = sum(len(policy.retentions) for policy in policies)
    buckets = len(compilation.buckets)
    return f"{_n(len(policies), 'policy', 'policies')}, {_n(retentions, 'retention')}, " + (
        f"{_n(buckets, 'bucket')}" if buckets else "no bucket known by name"
    )


def _n(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
