"""`firnline gc`: what registries and runs still need, and what nobody needs any more."""

from __future__ import annotations

import argparse

from firnline.cli import gc_audit, gc_mlflow_check, gc_refs, gc_why
from firnline.cli.parser import add_everywhere

SUMMARY = "what registries and runs still need: read them, and delete nothing"
EPILOG = """\
firnline gc refs
firnline gc refs --out refs.jsonl
firnline gc audit manifest.json --references refs.jsonl
firnline gc mlflow-check
"""
_COMMANDS = {
    "refs": gc_refs,
    "audit": gc_audit,
    "why": gc_why,
    "mlflow-check": gc_mlflow_check,
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    commands = parser.add_subparsers(dest="gc", required=True, metavar="COMMAND")
    for name, module in _COMMANDS.items():
        command = commands.add_parser(name, help=module.SUMMARY, description=module.SUMMARY)
        add_everywhere(command, default=argparse.SUPPRESS)
        module.configure(command)
        command.set_defaults(parser=command)


def run(arguments: argparse.Namespace) -> int:
    return int(_COMMANDS[arguments.gc].run(arguments))
