"""`firnline inventory summary`: what is stored, summed up by what rules act on, to be committed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from firnline.atomic_file import write_file
from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer
from firnline.cli.inventory_source import Age, InventorySource
from firnline.cli.item_options import now
from firnline.cli.option_types import count
from firnline.cli.out import add_out, write_out
from firnline.cli.paths import OF_THE_PROJECT
from firnline.cli.snapshot_keys import ReadSnapshot, is_wanted, name_of
from firnline.cli.snapshots import read_snapshot
from firnline.cli.stored import add_inventory_limits, is_of_many
from firnline.cli.streams import say, say_diagnostics
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.visible import visible
from firnline.inventory.forecast.cuts import cuts
from firnline.inventory.summary.breakdown import breakdown
from firnline.inventory.summary.collect import LIMIT
from firnline.inventory.summary.summary import BucketSummary, Summary
from firnline.inventory.summary.words import in_words
from firnline.rules.diff.items import NOT_KNOWN, UNNAMED
from firnline.rules.diff.owners import BucketConfig
from firnline.s3.model import RuleSet
from firnline.s3.terms import Bytes, Versioning
from firnline.settings import policies_folder
from firnline.targets.summed_up import SummedUp
from firnline.workspace import NoPolicies

SUMMARY = "sum an inventory up by what rules act on, in a small file that can be committed"
EPILOG = """\
firnline inventory summary manifest.json
firnline inventory summary manifest.json --into stored.parquet
firnline inventory summary manifest.json --for policies --for live --into stored.parquet
firnline forecast --summary stored.parquet

A forecast of the rules that it is made for is the same as that of the inventory.
"""
_DEPTH = 2


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = EPILOG
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="+",
        help="manifest.json of S3 Inventory, or of `firnline inventory list`, on disk or s3://…,"
        " one for each bucket; a folder that S3 Inventory writes to, s3://DESTINATION/PREFIX;"
        " PATH@DATE, the Parquet files of an S3 Metadata live inventory table and when they were"
        " exported; or saved summaries",
    )
    parser.add_argument(
        "--into", metavar="PATH", help="the file to save it in, such as stored.parquet"
    )
    parser.add_argument(
        "--for",
        dest="snapshots",
        metavar="SNAPSHOT",
        action="append",
        help="the rules that it has to be exact for, as `firnline diff` takes them; repeatable"
        f" (default: {OF_THE_PROJECT}, where there are any)",
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
    add_inventory_limits(parser)
    add_out(parser, Answer.SUMMARY)


def run(arguments: argparse.Namespace) -> int:
    try:
        _refuse_to_lose(arguments)
        summaries = _summaries(arguments)
        if summaries is None:
            return 1
        if arguments.into:
            _save(summaries, arguments.into)
    except CommandFailed as why:
        say(f"firnline inventory summary: {why}")
        return why.code
    if arguments.out or not arguments.into:
        write_out(tuple(map(_told, summaries)), Answer.SUMMARY, arguments)
    return 0


def _refuse_to_lose(arguments: argparse.Namespace) -> None:
    """Raises `CommandFailed` where an inventory would be written over by its summary, or options
    would change nothing.
    """
    if arguments.into:
        into = Path(arguments.into).resolve()
        inventories = (path for path in arguments.paths if not _is_saved(path))
        if any(Path(path).resolve() == into for path in inventories):
            raise CommandFailed(f"--into {visible(arguments.into)} would write over the inventory")
    if not all(map(_is_saved, arguments.paths)):
        return
    of_inventories = {
        "--for": arguments.snapshots,
        "--tag": arguments.tags or None,
        "--depth": arguments.depth,
        "--groups": arguments.groups,
    }
    idle = [option for option, value in of_inventories.items() if value is not None]
    if idle:
        raise CommandFailed(
            f"{' and '.join(idle)} says how an inventory is summed up, and a saved summary is:"
            " name the inventory"
        )


def _told(summary: BucketSummary) -> SummedUp:
    return SummedUp(summary, in_words(summary), tuple(breakdown(summary)))


def _save(summaries: Sequence[BucketSummary], path: str) -> None:
    from firnline.inventory.summary.file import to_parquet  # an extra

    content = to_parquet(Summary(tuple(summaries)))
    try:
        write_file(path, content)
    except OSError as error:
        raise CommandFailed(f"{visible(path)} cannot be written: {error.strerror}") from None
    for each in summaries:
        say(f"{visible(path)}: {in_words(each)}")
    say(f"{visible(path)}: {Bytes(len(content)).rounded}")


def _summaries(arguments: argparse.Namespace) -> list[BucketSummary] | None:
    """None where a snapshot has errors, which were told. Raises `CommandFailed`."""
    snapshots = [] if all(map(_is_saved, arguments.paths)) else list(_snapshots(arguments))
    if has_errors([each for side in snapshots for each in side.diagnostics]):
        return None
    found: dict[str, BucketSummary] = {}
    for path in arguments.paths:
        for each in _of(path, arguments, snapshots):
            if each.bucket in found:
                raise CommandFailed(
                    f"{visible(path)} is of bucket `{visible(each.bucket)}`, as is another of"
                    " these: its objects would count twice"
                )
            found[each.bucket] = each
    return [found[name] for name in sorted(found)]


def _is_saved(path: str) -> bool:
    """An S3 Metadata table, which is Parquet too, is named with its date."""
    return path.endswith(".parquet") or not is_of_many(path)


def _of(
    path: str, arguments: argparse.Namespace, snapshots: Sequence[ReadSnapshot]
) -> Iterator[BucketSummary]:
    # Extras, and slow to import.
    if _is_saved(path):
        from firnline.cli.stored_summary import open_summary

        not_before = Age(now(), arguments.max_age).not_before
        yield from (each.summary for each in open_summary(path, not_before))
        return
    from firnline.cli.named_inventories import open_named
    from firnline.cli.stored_inventory import Detail

    source = InventorySource(arguments.account, policies_folder().path)
    age = Age(now(), arguments.max_age)
    for inventory in open_named(path, source, age, arguments.color):
        configs = list(_configs(inventory.bucket, snapshots))
        if not configs:
            say(
                f"{visible(inventory.bucket)}: no rules of it are known here, so its summary is cut"
                " only where much is stored (--for names rules)"
            )
        rule_sets: list[RuleSet] = [each.rules for each in configs]
        is_suspended = any(each.versioning is Versioning.SUSPENDED for each in configs)
        depth = _DEPTH if arguments.depth is None else arguments.depth
        groups = LIMIT if arguments.groups is None else arguments.groups
        detail = Detail(depth, groups, tuple(arguments.tags))
        found = inventory.summary(rule_sets, is_suspended, detail)
        needed = cuts(rule_sets, is_suspended).versions_act and found.all_versions
        if needed and not found.cut.together:
            say(
                f"{visible(found.bucket)}: its rules are forecast exactly where versions of a key"
                f" are kept together, which takes more than {groups:,} groups (--groups)"
            )
        yield found


def _snapshots(arguments: argparse.Namespace) -> Iterator[ReadSnapshot]:
    """Those named, or that of the project's policies, where there are any. Raises
    `CommandFailed`, `NoPolicies`.
    """
    folder = policies_folder().path
    for named in arguments.snapshots or [folder]:
        try:
            snapshot = read_snapshot(named, folder, [])
        except NoPolicies:
            if arguments.snapshots:
                raise
            return
        if snapshot.diagnostics:
            say_diagnostics(snapshot.diagnostics, arguments.color)
        yield snapshot


def _configs(bucket: str, snapshots: Sequence[ReadSnapshot]) -> Iterator[BucketConfig]:
    """Of the bucket, in each snapshot that has any. Raises `CommandFailed`."""
    configs = (pair for each in snapshots for pair in each.snapshot.items())
    for key, config in configs:
        if key != UNNAMED and not is_wanted(key, [bucket]):
            continue
        if config is NOT_KNOWN:
            raise CommandFailed(f"what the rules of {name_of(key)} do is not known yet", code=1)
        yield config
