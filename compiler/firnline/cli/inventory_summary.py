"""`firnline inventory summary`: what is stored, summed up by what rules act on, to be committed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer
from firnline.cli.inventory_source import Age, InventorySource
from firnline.cli.item_options import now
from firnline.cli.out import add_out, write_out
from firnline.cli.snapshot_keys import ReadSnapshot
from firnline.cli.stored import add_inventory_limits, is_of_many
from firnline.cli.streams import say
from firnline.cli.summary_detail import (
    add_detail,
    detail_for,
    detail_options,
    say_if_apart,
    snapshots_for,
)
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.visible import visible
from firnline.inventory.summary.breakdown import breakdown
from firnline.inventory.summary.summary import BucketSummary
from firnline.inventory.summary.words import in_words
from firnline.settings import policies_folder
from firnline.targets.summed_up import SummedUp

SUMMARY = "sum an inventory up by what rules act on, in a small file that can be committed"
EPILOG = """\
firnline inventory summary manifest.json
firnline inventory summary manifest.json --into stored.parquet
firnline inventory summary manifest.json --for policies --for live --into stored.parquet
firnline forecast --summary stored.parquet

A forecast of the rules that it is made for is the same as that of the inventory.
"""


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
    add_detail(parser)
    add_inventory_limits(parser)
    add_out(parser, Answer.SUMMARY)


def run(arguments: argparse.Namespace) -> int:
    try:
        _refuse_to_lose(arguments)
        summaries = _summaries(arguments)
        if summaries is None:
            return 1
        if arguments.into:
            from firnline.cli.summary_file import save  # an extra

            save(summaries, arguments.into)
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
    idle = detail_options(arguments)
    if idle:
        raise CommandFailed(
            f"{' and '.join(idle)} says how an inventory is summed up, and a saved summary is:"
            " name the inventory"
        )


def _told(summary: BucketSummary) -> SummedUp:
    return SummedUp(summary, in_words(summary), tuple(breakdown(summary)))


def _summaries(arguments: argparse.Namespace) -> list[BucketSummary] | None:
    """None where a snapshot has errors, which were told. Raises `CommandFailed`."""
    snapshots = (
        []
        if all(map(_is_saved, arguments.paths))
        else list(snapshots_for(arguments, arguments.color))
    )
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

    source = InventorySource(arguments.account, policies_folder().path)
    age = Age(now(), arguments.max_age)
    for inventory in open_named(path, source, age, arguments.color):
        detail = detail_for(inventory.bucket, snapshots, arguments)
        found = inventory.summary(detail)
        say_if_apart(found, detail)
        yield found
