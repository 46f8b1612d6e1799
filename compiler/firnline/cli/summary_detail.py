"""What a summary of an inventory has to tell: the options that say so, and the rules it is for."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence

from firnline.cli.failed import CommandFailed
from firnline.cli.option_types import count
from firnline.cli.paths import OF_THE_PROJECT
from firnline.cli.snapshot_keys import ReadSnapshot, is_wanted, name_of
from firnline.cli.snapshots import read_snapshot
from firnline.cli.streams import say, say_diagnostics
from firnline.diagnostics.visible import visible
from firnline.inventory.forecast.cuts import cuts
from firnline.inventory.summary.collect import LIMIT
from firnline.inventory.summary.cut import Detail
from firnline.inventory.summary.summary import BucketSummary
from firnline.rules.diff.items import NOT_KNOWN, UNNAMED
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.terms import Versioning
from firnline.settings import policies_folder
from firnline.workspace import NoPolicies

_DEPTH = 2


def add_detail(parser: argparse.ArgumentParser, rules: str = OF_THE_PROJECT) -> None:
    """`rules` are those that a summary is for where none are named."""
    parser.add_argument(
        "--for",
        dest="snapshots",
        metavar="SNAPSHOT",
        action="append",
        help="the rules that it has to be exact for, as `firnline diff` takes them; repeatable"
        f" (default: {rules}, where there are any)",
    )
    parser.add_argument(
        "--depth",
        type=count,
        help="beside the prefixes of the rules, cut at folders in which much is stored, at most so"
        f" many folders deep (default: {_DEPTH})",
    )
    parser.add_argument(
        "--tag",
        dest="tags",
        metavar="KEY",
        action="append",
        default=[],
        help="keep the values of this tag apart, such as an owner's, where tags are known; those"
        " that the rules name are kept anyway; repeatable",
    )
    parser.add_argument(
        "--groups",
        type=count,
        help=f"where more are needed, ages are known by week, or by 4 weeks (default: {LIMIT})",
    )


def detail_options(arguments: argparse.Namespace) -> list[str]:
    """Of these, those that were named."""
    named = {
        "--for": arguments.snapshots,
        "--tag": arguments.tags or None,
        "--depth": arguments.depth,
        "--groups": arguments.groups,
    }
    return [option for option, value in named.items() if value is not None]


def snapshots_for(
    arguments: argparse.Namespace, colour: str, usual: str | None = None
) -> Iterator[ReadSnapshot]:
    """Those named, else `usual`, or that of the project's policies, where there are any. Raises
    `CommandFailed`, `NoPolicies`.
    """
    folder = policies_folder().path
    named = arguments.snapshots or ([usual] if usual is not None else [])
    for each in named or [folder]:
        try:
            snapshot = read_snapshot(each, folder, [])
        except NoPolicies:
            if named:
                raise
            return
        if snapshot.diagnostics:
            say_diagnostics(snapshot.diagnostics, colour)
        yield snapshot


def detail_for(
    bucket: str, snapshots: Sequence[ReadSnapshot], arguments: argparse.Namespace
) -> Detail:
    """Raises `CommandFailed`."""
    configs = list(_configs(bucket, snapshots))
    if not configs:
        say(
            f"{visible(bucket)}: no rules of it are known here, so its summary is cut"
            " only where much is stored (--for names rules)"
        )
    return Detail(
        tuple(each.rules for each in configs),
        any(each.versioning is Versioning.SUSPENDED for each in configs),
        _DEPTH if arguments.depth is None else arguments.depth,
        LIMIT if arguments.groups is None else arguments.groups,
        tuple(arguments.tags),
    )


def _configs(bucket: str, snapshots: Sequence[ReadSnapshot]) -> Iterator[BucketConfig]:
    """Of the bucket, in each snapshot that has any. Raises `CommandFailed`."""
    configs = (pair for each in snapshots for pair in each.snapshot.items())
    for key, config in configs:
        if key != UNNAMED and not is_wanted(key, [bucket]):
            continue
        if config is NOT_KNOWN:
            raise CommandFailed(f"what the rules of {name_of(key)} do is not known yet", code=1)
        yield config


def say_if_apart(found: BucketSummary, detail: Detail) -> None:
    """That versions of a key are not kept together, though that would be exact."""
    needed = cuts(detail.rule_sets, detail.is_suspended).versions_act and found.all_versions
    if needed and not found.cut.together:
        say(
            f"{visible(found.bucket)}: its rules are forecast exactly where versions of a key"
            f" are kept together, which takes more than {detail.groups:,} groups (--groups)"
        )
