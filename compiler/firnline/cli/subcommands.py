"""The commands of a command, such as `firnline gc audit`: each is a module, like a command."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from types import ModuleType

from firnline.cli.parser import add_everywhere


def add_subcommands(parser: argparse.ArgumentParser, modules: Mapping[str, ModuleType]) -> None:
    """`modules` by the name of the command."""
    commands = parser.add_subparsers(dest="subcommand", required=True, metavar="COMMAND")
    for name, module in modules.items():
        command = commands.add_parser(name, help=module.SUMMARY, description=module.SUMMARY)
        add_everywhere(command, default=argparse.SUPPRESS)
        module.configure(command)
        command.set_defaults(parser=command, run_subcommand=module.run)


def run_subcommand(arguments: argparse.Namespace) -> int:
    return int(arguments.run_subcommand(arguments))
