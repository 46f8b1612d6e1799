"""`firnline inventory`: what buckets store."""

from __future__ import annotations

import argparse

from firnline.cli import inventory_list, inventory_report, inventory_summary
from firnline.cli.parser import add_everywhere

SUMMARY = "what buckets store: list one as S3 Inventory would, and sum it up by prefix"
EPILOG = """\
firnline inventory list my-bucket --versions --uploads
firnline inventory report manifest.json
firnline inventory summary manifest.json --into stored.parquet
"""
_COMMANDS = {
    "list": inventory_list,
    "report": inventory_report,
    "summary": inventory_summary,
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    commands = parser.add_subparsers(dest="inventory", required=True, metavar="COMMAND")
    for name, module in _COMMANDS.items():
        command = commands.add_parser(name, help=module.SUMMARY, description=module.SUMMARY)
        add_everywhere(command, default=argparse.SUPPRESS)
        module.configure(command)
        command.set_defaults(parser=command)


def run(arguments: argparse.Namespace) -> int:
    return int(_COMMANDS[arguments.inventory].run(arguments))
