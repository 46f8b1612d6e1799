"""`firnline gc why`: what still needs one object, or why nobody does and since when."""

from __future__ import annotations

import argparse

from firnline.cli.failed import CommandFailed
from firnline.cli.option_types import path
from firnline.cli.stored import add_inventory_limits
from firnline.cli.streams import columns, say, write

SUMMARY = "what still needs one object, or why nobody does and since when"
EPILOG = """\
firnline gc why s3://my-bucket/models/churn/14/model.pkl --references refs.jsonl
firnline gc why s3://my-bucket/runs/4f/model.pkl --references refs.jsonl --inventory manifest.json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.add_argument("uri", metavar="s3://BUCKET/KEY", help="the object, as its key is stored")
    parser.add_argument(
        "--references",
        metavar="FILE",
        type=path,
        required=True,
        help="what registries need, as `firnline gc refs --out FILE` wrote it",
    )
    parser.add_argument(
        "--inventory",
        metavar="PATH",
        type=path,
        help="also say what is stored there, and decide on checkpoints: as `firnline gc audit`"
        " takes it",
    )
    parser.add_argument(
        "--policies",
        metavar="PATH",
        type=path,
        help="the policies that say what is kept (default: those of the project, if there are any)",
    )
    add_inventory_limits(parser)


def run(arguments: argparse.Namespace) -> int:
    try:
        write(_explained(arguments), None)
    except CommandFailed as why:
        say(f"firnline gc why: {why}")
        return why.code
    return 0


def _explained(arguments: argparse.Namespace) -> str:
    """Raises `CommandFailed`."""
    try:
        # Extras, and slow to import.
        from firnline.cli.gc_explained import explained
    except ModuleNotFoundError as missing:
        raise CommandFailed(f"this needs {missing.name}: pip install 'firnline[gc]'") from None
    return explained(arguments, columns())
