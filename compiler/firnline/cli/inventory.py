"""`firnline inventory`: what buckets store."""

from __future__ import annotations

import argparse

from firnline.cli import inventory_list, inventory_reads, inventory_report, inventory_summary
from firnline.cli.subcommands import add_subcommands, run_subcommand

SUMMARY = "what buckets store: list one as S3 Inventory would, and sum it up by prefix"
EPILOG = """\
firnline inventory list my-bucket --versions --uploads
firnline inventory report manifest.json
firnline inventory summary manifest.json --into stored.parquet
firnline inventory reads logs/ --into reads.csv
"""
SUBCOMMANDS = {
    "list": inventory_list,
    "report": inventory_report,
    "reads": inventory_reads,
    "summary": inventory_summary,
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    add_subcommands(parser, SUBCOMMANDS)


def run(arguments: argparse.Namespace) -> int:
    return run_subcommand(arguments)
