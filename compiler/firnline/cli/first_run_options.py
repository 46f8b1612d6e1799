"""Options of commands that ask of what is stored how much the first run deletes."""

from __future__ import annotations

import argparse
from argparse import Namespace
from datetime import datetime

from firnline.cli.failed import CommandFailed
from firnline.s3.terms import Days


def add_first_run(parser: argparse.ArgumentParser) -> None:
    stored = parser.add_argument_group(
        "what is stored, as for `firnline diff`: FL402 and others are judged by it"
    )
    add_files(stored)
    stored.add_argument(
        "--bucket", metavar="NAME", help="the bucket, where a listing or summary leaves it open"
    )


def add_files(stored: argparse._ActionsContainer) -> None:
    """Options that name what tells what is stored."""
    stored.add_argument(
        "--inventory",
        metavar="PATH",
        action="append",
        default=[],
        help="the manifest.json of S3 Inventory or a folder that it writes to, on disk or s3://…; a"
        " table of S3 Metadata as PATH@DATE; or a listing; repeatable",
    )
    stored.add_argument(
        "--summary",
        metavar="PATH",
        action="append",
        default=[],
        dest="summaries",
        help="as `firnline inventory summary` saved it; repeatable",
    )
    stored.add_argument(
        "--cloudwatch",
        metavar="FILE",
        action="append",
        default=[],
        help="storage metrics, as `aws cloudwatch get-metric-data` printed them; repeatable",
    )
    stored.add_argument(
        "--max-age",
        metavar="DURATION",
        type=_duration,
        help="refuse an inventory that is older, such as 7d",
    )
    stored.add_argument(
        "--account",
        metavar="LABEL",
        help="the account in the fleet file whose role reads the bucket that is named",
    )


def moment(text: str) -> datetime:
    from firnline.cli.option_types import moment  # seldom needed

    return moment(text)


def refuse_idle(arguments: Namespace, *, has_use: bool) -> None:
    """Options that would decide nothing; `has_use` where what is stored decides something. Raises
    `CommandFailed`.
    """
    given = {
        "--inventory": arguments.inventory,
        "--summary": arguments.summaries,
        "--cloudwatch": arguments.cloudwatch,
    }
    named = [option for option, paths in given.items() if paths]
    if named and not has_use:
        raise CommandFailed(
            f"{named[0]} tells what the first run of a change deletes, and nothing says what has"
            " changed: compare with a commit, such as `--base git:origin/main`"
        )
    if not named and (said := _idle(arguments)):
        raise CommandFailed(
            f"{said} is about what is stored, and nothing says it: name it with --inventory,"
            " --summary or --cloudwatch"
        )


def _idle(arguments: Namespace) -> str | None:
    given = {
        "--max-age": arguments.max_age,
        "--account": arguments.account,
        "--bucket": arguments.bucket,
    }
    return next((option for option, value in given.items() if value is not None), None)


def _duration(text: str) -> Days:
    from firnline.cli.option_types import duration  # seldom needed

    return duration(text)
