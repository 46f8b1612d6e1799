"""The files and folders that a command is given: the same argument for every command."""

from __future__ import annotations

import argparse

from firnline.workspace import DEFAULT_FOLDER


def add_paths(parser: argparse.ArgumentParser, besides: str) -> None:
    """`besides`: what the command does with `-`, and which other files it takes."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        default=[DEFAULT_FOLDER],
        help=f"files or folders (default: {DEFAULT_FOLDER}); {besides}",
    )
