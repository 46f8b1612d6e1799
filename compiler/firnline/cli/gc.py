"""`firnline gc`: what registries and runs still need, and what nobody needs any more."""

from __future__ import annotations

import argparse

from firnline.cli import gc_audit, gc_mlflow_check, gc_refs, gc_why
from firnline.cli.subcommands import add_subcommands, run_subcommand

SUMMARY = "what registries and runs still need: read them, and delete nothing"
EPILOG = """\
firnline gc audit manifest.json
firnline gc refs --out refs.jsonl
firnline gc audit manifest.json --references refs.jsonl
firnline gc mlflow-check
"""
SUBCOMMANDS = {
    "refs": gc_refs,
    "audit": gc_audit,
    "why": gc_why,
    "mlflow-check": gc_mlflow_check,
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    add_subcommands(parser, SUBCOMMANDS)


def run(arguments: argparse.Namespace) -> int:
    return run_subcommand(arguments)
