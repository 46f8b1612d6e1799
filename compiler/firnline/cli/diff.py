"""`firnline diff`: what changes for objects between two snapshots, by meaning."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from firnline.cli.failed import CommandFailed
from firnline.cli.formats import Answer
from firnline.cli.out import add_out, write_out
from firnline.cli.snapshots import folder_of, matched, names, read_snapshot
from firnline.cli.streams import columns, say, wants_colour
from firnline.diagnostics.kinds import Diagnostic
from firnline.rules.diff.category import Category
from firnline.rules.diff.items import BucketNotAnalysed, Compared, Comparison, compare

SUMMARY = "what changes for objects, not in the text: between two snapshots"
_SNAPSHOTS = """\
A snapshot is a folder or file of policies; lifecycle JSON, of one bucket as S3 has it or of many as
`firnline compile --out s3-json` prints it; git:REV or git:REV:PATH, the policies of a git revision;
live, the rules on the buckets of the fleet lock (reads AWS); or - for stdin.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _SNAPSHOTS
    parser.add_argument(
        "snapshots", metavar="SNAPSHOT", nargs=2, help="before and after, see below"
    )
    parser.add_argument(
        "--bucket",
        metavar="BUCKET",
        action="append",
        default=[],
        help="compare this bucket only, by name or account/region/name; repeatable",
    )
    parser.add_argument(
        "--policies",
        metavar="DIR",
        help="where the fleet file and the lock are that `live` means (default: the folder that is"
        " compared, or policies)",
    )
    parser.add_argument(
        "--expect-no-changes", action="store_true", help="exit with 7 where anything changes"
    )
    parser.add_argument(
        "--fail-on",
        metavar="CATEGORY",
        choices=[category.value for category in Category],
        help="exit with 7 where something changes in this category or a stricter one: "
        + ", ".join(category.value for category in Category),
    )
    add_out(parser, Answer.CHANGES)


def run(arguments: argparse.Namespace) -> int:
    named = arguments.snapshots
    for problem in names(named):
        say(f"firnline diff: {problem}")
        return 2
    folder = arguments.policies or folder_of(named)
    try:
        read = [read_snapshot(snapshot, folder, arguments.bucket) for snapshot in named]
        failed = [
            snapshot
            for snapshot, each in zip(named, read, strict=True)
            if _draw(each.diagnostics, arguments.color)
        ]
        if failed:
            say(f"nothing was compared: {' and '.join(failed)} did not compile")
            return 1
        found = compare(*matched(read[0].snapshot, read[1].snapshot, arguments.bucket))
    except CommandFailed as why:
        say(f"firnline diff: {why}")
        return why.code
    except BucketNotAnalysed as why:
        _draw([_not_analysed(why)], arguments.color)
        return 1
    if not found.buckets:
        say("neither snapshot has a bucket, so there is nothing to compare")
    write_out(Compared(named[0], named[1], found), Answer.CHANGES, arguments)
    return _code(found, arguments)


def _code(found: Comparison, arguments: argparse.Namespace) -> int:
    if arguments.expect_no_changes and found.items:
        return 7
    if arguments.fail_on:
        limit = Category(arguments.fail_on).place
        if any(item.categories[0].place <= limit for item in found.items):
            return 7
    return 0


def _draw(found: Sequence[Diagnostic], colour: str) -> bool:
    """Draws the comparison; returns whether there was anything to draw."""
    if found:
        from firnline.diagnostics.text import to_text

        say(to_text(found, colour=wants_colour(sys.stderr, colour), columns=columns()))
    return bool(found)


def _not_analysed(why: BucketNotAnalysed) -> Diagnostic:
    from firnline.diagnostics.position import BucketPlace
    from firnline.rules.checks.not_analysed import NOT_ANALYSED
    from firnline.s3.compare.cells import MOST_CELLS

    where = f"`{why.prefix}`" if why.prefix else "the whole bucket"
    return NOT_ANALYSED.at(
        BucketPlace(why.bucket.rpartition("/")[2]),
        f"more than {MOST_CELLS:,} combinations of tags and sizes under {where}",
    )
