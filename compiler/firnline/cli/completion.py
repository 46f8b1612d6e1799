"""`firnline completion SHELL`: a script for the shell's completion."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import shtab

from firnline.catalog import catalog
from firnline.cli import whole_parser
from firnline.cli.out import OutFormat
from firnline.cli.streams import write_data

SUMMARY = "a script that lets bash, zsh or fish complete commands, options and codes"
EPILOG = """\
in ~/.bashrc:                    source <(firnline completion bash)
in ~/.zshrc, after compinit:     eval "$(firnline completion zsh)"
in ~/.config/fish/config.fish:   firnline completion fish | source
"""
SHELLS = ("bash", "zsh", "fish")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help=", ".join(SHELLS))
    parser.epilog = EPILOG


def run(arguments: argparse.Namespace) -> int:
    parser = whole_parser()
    for action in _actions(parser):
        _say_what_fits(action)
        if arguments.shell == "zsh" and isinstance(action.metavar, str):
            # `_arguments` splits words at colons; shtab escapes only those in the help.
            action.metavar = action.metavar.replace(":", r"\:")
    write_data(f"{shtab.complete(parser, arguments.shell)}\n".encode())
    return 0


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)


def _say_what_fits(action: argparse.Action) -> None:
    """Completes files, folders, or our words, depending on how an argument is declared."""
    if isinstance(action.type, OutFormat):
        action.choices = list(action.type.formats)
    elif action.dest == "code":
        action.choices = [kind.code for kind in catalog()]
    elif action.metavar in ("PATH", "DIR"):
        wanted = shtab.FILE if action.metavar == "PATH" else shtab.DIRECTORY
        action.complete = wanted  # type: ignore[attr-defined]  # how shtab is told
