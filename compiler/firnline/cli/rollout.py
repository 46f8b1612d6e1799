"""`firnline rollout`: deploy the rules of all accounts, wave by wave, by Pulumi. Writes to AWS."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer
from firnline.cli.option_types import positive, seconds
from firnline.cli.out import add_out
from firnline.cli.paths import add_folder
from firnline.cli.resolve import NO_BOTO3
from firnline.cli.streams import say
from firnline.fleet.accounts import can_ask

SUMMARY = "deploy all accounts, wave by wave, by Pulumi (writes to AWS)"
_EPILOG = """\
Each account has a stack of its own. All accounts are judged before the first write, and each wave
is previewed as a whole, deployed, and read back before the next one begins. Ctrl-C begins nothing
new; a second one lets engines finish the writes that they have begun.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EPILOG
    add_folder(parser)
    parser.add_argument("--plan", action="store_true", help="only print what would be deployed")
    parser.add_argument(
        "--digest",
        metavar="DIGEST",
        help="deploy only what has this digest, as --plan printed it",
    )
    _add_again(parser)
    _add_which(parser)
    _add_how(parser)
    _add_canary(parser)
    add_out(parser, Answer.ROLLOUT, Answer.ROLLOUT_PLAN, Answer.ROLLOUT_EVENTS)


def _add_again(parser: argparse.ArgumentParser) -> None:
    do = parser.add_mutually_exclusive_group()
    do.add_argument(
        "--resume",
        action="store_true",
        help="go on with the last rollout, where it stopped, was interrupted, or paused",
    )
    do.add_argument(
        "--undo",
        metavar="ROLLOUT",
        nargs="?",
        const="",
        help="write again the rules that were live before this rollout (default: the last one);"
        " no object comes back",
    )


def _add_which(parser: argparse.ArgumentParser) -> None:
    which = parser.add_argument_group("which accounts")
    which.add_argument(
        "--account",
        metavar="LABEL",
        action="append",
        default=[],
        help="only these accounts; `*` is any part of a label, `!LABEL` all others; repeatable",
    )
    which.add_argument(
        "--wave",
        metavar="N",
        type=positive,
        action="append",
        default=[],
        help="only these waves; repeatable. All waves before them must be deployed",
    )


def _add_how(parser: argparse.ArgumentParser) -> None:
    how = parser.add_argument_group("how fast")
    how.add_argument(
        "--concurrency",
        metavar="N",
        type=positive,
        default=4,
        help="deploy as many accounts at a time, if memory allows (default: %(default)s)",
    )
    how.add_argument(
        "--keep-going",
        action="store_true",
        help="finish a wave although an account of it failed; the next one is not begun",
    )
    how.add_argument(
        "--pause",
        metavar="TIME",
        type=seconds,
        help="stop after each wave; --resume goes on once that time has passed, such as 24h",
    )
    how.add_argument("--now", action="store_true", help="before the end of a pause or canary")
    how.add_argument(
        "--settle",
        metavar="TIME",
        type=seconds,
        default=180.0,
        help="how long S3 may take until it answers by the new rules everywhere (default: 3m)",
    )


def _add_canary(parser: argparse.ArgumentParser) -> None:
    canary = parser.add_argument_group("the first wave as a canary")
    canary.add_argument(
        "--canary",
        action="store_true",
        help="stop after the first wave until S3 has run; --resume goes on once S3 has done there"
        " what the rules say",
    )
    canary.add_argument(
        "--inventory",
        metavar="PLACE",
        action="append",
        default=[],
        help="with --resume: inventories that S3 made after it ran: a manifest.json, on disk or"
        " s3://…, or a folder above; repeatable",
    )
    canary.add_argument(
        "--earlier",
        metavar="PLACE",
        action="append",
        default=[],
        help="and inventories of the same buckets from before, to compare with; repeatable",
    )
    canary.add_argument(
        "--logs",
        metavar="PLACE",
        action="append",
        default=[],
        help="and server access logs, as of `firnline verify --logs`: what others than S3 deleted"
        " does not count; repeatable",
    )


def run(arguments: argparse.Namespace) -> int:
    if not can_ask():
        say(NO_BOTO3)
        return 2
    try:
        from firnline.cli.rolling_out import rolled_out  # needs an extra
    except ModuleNotFoundError as missing:
        say(f"firnline: {missing.name} is not installed; pip install 'firnline[pulumi]'")
        return 2
    try:
        return rolled_out(_project(arguments.folder), arguments)
    except CommandFailed as why:
        say(f"firnline rollout: {why}")
        return why.code


def _project(folder: str) -> Path:
    """The folder of the Pulumi program that deploys the policies: beside them or above."""
    at = Path(os.path.abspath(folder))
    for each in (at, *at.parents):
        if any((each / f"Pulumi.{ending}").exists() for ending in ("yaml", "yml", "json")):
            return each
    raise CommandFailed(
        f"there is no Pulumi.yaml beside {folder} or above it: `firnline init` makes a project"
    )
