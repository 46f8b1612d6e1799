"""The files and folders that a command is given: the same argument for every command."""

from __future__ import annotations

import argparse
import sys
from enum import Enum, auto
from typing import Any

from firnline.settings import named_folder, policies_folder

_NAMES_OF_FOLDERS = ("paths", "folder", "policies", "project", "before", "after")
OF_THE_PROJECT = "policies, or as firnline.toml says"
"""The default of an option or argument that names the folder of the policies, in its help."""


class Unnamed(Enum):
    """The default of such an argument: which folder it is depends on where the command starts."""

    POLICIES = auto()


def add_paths(parser: argparse.ArgumentParser, besides: str) -> None:
    """`besides`: what the command does with `-`, and which other files it takes."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        default=[Unnamed.POLICIES],
        help=f"files or folders (default: {OF_THE_PROJECT}); {besides}",
    )


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Of the project: the policies and the fleet file are in it."""
    parser.add_argument(
        "folder",
        metavar="PATH",
        nargs="?",
        default=Unnamed.POLICIES,
        help=f"the folder with the policies and the fleet file (default: {OF_THE_PROJECT})",
    )


def look_above(arguments: argparse.Namespace) -> argparse.Namespace:
    """With the folder of the project's policies where none is named, and with that of a folder
    above where there is no `policies` here: a command may be called anywhere in a project. A Pulumi
    program deploys what is beside it alone.
    """
    return argparse.Namespace(
        **{
            name: _found(value) if name in _NAMES_OF_FOLDERS else value
            for name, value in vars(arguments).items()
        }
    )


def read_on(found: str) -> bool:
    """Asks whether to read on below a folder in which so much was found; only on a terminal."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{found}. Read all of it? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _found(given: Any) -> Any:
    if isinstance(given, list):
        return [_found(each) for each in given]
    if given is Unnamed.POLICIES:
        return policies_folder().path
    return given and named_folder(given)
