"""`--reads PATH`, a CSV of what was read in buckets and when, or logs → `Reads`."""

from __future__ import annotations

import argparse
from datetime import datetime

from firnline.cli.option_types import path
from firnline.reach.experiments.reads import Reads


def add_reads(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reads",
        metavar="PATH",
        type=path,
        help="for `keep_read_within`: what was read and when, as `firnline inventory reads --into`"
        " saves it, or the folder of S3's logs themselves",
    )


def reads_in(named: str, now: datetime) -> Reads:
    """Raises `CommandFailed`."""
    from firnline.cli.read_logs import open_reads, reads_of  # an extra

    with open_reads(named, now, counted=False) as table:
        return reads_of(table)
