"""Options that say for how long, as of when and where something is forecast."""

from __future__ import annotations

import argparse
from typing import Final

from firnline.cli.failed import CommandFailed
from firnline.cli.item_options import now
from firnline.cli.known_buckets import Settings
from firnline.cli.option_types import count, moment
from firnline.s3.terms import Versioning

DEFAULT_REGION: Final = "us-east-1"
_LONGEST: Final = 60


def add_versioning(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--versioning",
        choices=[each.value for each in Versioning],
        help="of the buckets, where nothing says it (default: what the lock, the policies or the"
        " listing show, else off)",
    )


def add_when_and_where(parser: argparse._ActionsContainer) -> None:
    parser.add_argument(
        "--months", type=count, default=12, help=f"1 to {_LONGEST} (default: %(default)s)"
    )
    parser.add_argument(
        "--as-of", metavar="DATE", type=moment, help="when the rules are put (default: now)"
    )
    parser.add_argument(
        "--region",
        metavar="REGION",
        help=f"of buckets of which nothing says it (default: {DEFAULT_REGION})",
    )


def settings_of(arguments: argparse.Namespace) -> Settings:
    """Raises `CommandFailed`."""
    if not 1 <= arguments.months <= _LONGEST:
        raise CommandFailed(f"--months takes 1 to {_LONGEST}")
    return Settings(
        arguments.as_of or now(),
        arguments.months,
        arguments.versioning and Versioning(arguments.versioning),
        arguments.region or DEFAULT_REGION,
    )
